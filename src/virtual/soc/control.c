/* A run that is led step by step: after the image, standard input carries one command a line, and
 * each is answered by what happened and `at US`. Guest time only passes in `run`, so whoever leads
 * decides how it relates to the clock on the wall, and a sequence of commands always gives the same
 * answers.
 *
 *   run US            lets US microseconds pass
 *   send UART HEX     bytes arrive on a UART, at the rate that the guest has set
 *   drive PIN LEVEL   a level from outside: 0, 1, or -1 for let go
 *   status HEX        the flash chip's status register, as an earlier life left it
 *   power             power off and on
 *   regs, set N HEX   the core's registers; one of them
 *   read HEX COUNT    guest memory, answered as `memory`
 *   poke HEX BYTES    and written
 *   break HEX WIDTH, unbreak HEX, step
 *                     as debuggers know them; `run` ends early with `stopped`
 *   quit              the run is over */
#include "virtual/soc/debug.h"
#include "virtual/soc/report.h"
#include "virtual/soc/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEND_MAX = 8192, COMMAND_MAX = 2 * SEND_MAX + 64, RUN_MAX_US = 10000000, MEMORY_MAX = 4096 };

static int hex_digit(char c) {
    const char *digits = "0123456789ABCDEF", *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Bytes of the hex digits at `rest`. */
static int take_hex(const char *rest, uint8_t *out, int most) {
    int count = 0;
    for (; count < most; rest += 2) {
        int high = hex_digit(rest[0]), low = high < 0 ? -1 : hex_digit(rest[1]);
        if (low < 0)
            break;
        out[count++] = (uint8_t)(high << 4 | low);
    }
    return count;
}

static void command_send(struct board *b, char *rest) {
    static uint8_t bytes[SEND_MAX];
    long uart = strtol(rest, &rest, 10);
    rest += *rest == ' ';
    int count = take_hex(rest, bytes, SEND_MAX);
    if (uart >= 1 && uart <= SOC_UARTS)
        board_uart_send(b, (int)uart - 1, bytes, count);
}

static void command_drive(struct board *b, char *rest) {
    long pin = strtol(rest, &rest, 10), level = strtol(rest, &rest, 10);
    if (pin >= 0 && pin < SOC_PINS && level >= -1 && level <= 1)
        board_pin_drive(b, (int)pin, (int)level);
}

static enum status command_run(struct board *b, const char *rest) {
    unsigned long long us = strtoull(rest, NULL, 10);
    us = us < RUN_MAX_US ? us : RUN_MAX_US;
    debug_resume(b);
    enum status status = board_run(b, b->now + us * b->ticks_per_us);
    if (b->debug.hit)
        report_line("stopped %" PRIu64, board_us(b));
    return status;
}

static void command_registers(struct board *b) {
    uint32_t words[SOC_REGISTERS_COUNT];
    debug_registers(b, words);
    report_hex("registers ", (const uint8_t *)words, sizeof words);
}

static void command_read(struct board *b, char *rest) {
    uint8_t bytes[MEMORY_MAX];
    uint32_t address = (uint32_t)strtoul(rest, &rest, 16);
    size_t count = strtoul(rest, NULL, 10);
    if (count <= sizeof bytes && debug_read(b, address, bytes, count))
        report_hex("memory ", bytes, count);
}

static void command_poke(struct board *b, char *rest) {
    uint8_t bytes[MEMORY_MAX];
    uint32_t address = (uint32_t)strtoul(rest, &rest, 16);
    int count = take_hex(rest + (*rest == ' '), bytes, MEMORY_MAX);
    if (!debug_write(b, address, bytes, (size_t)count))
        report_line("refused");
}

static void command_break(struct board *b, char *rest) {
    uint32_t address = (uint32_t)strtoul(rest, &rest, 16);
    if (!debug_break(b, address, (uint32_t)strtoul(rest, NULL, 10)))
        report_line("refused");
}

/* What debuggers ask for. */
static void obey_debugger(struct board *b, const char *word, char *rest) {
    if (strcmp(word, "regs") == 0)
        command_registers(b);
    else if (strcmp(word, "set") == 0) {
        unsigned n = (unsigned)strtoul(rest, &rest, 10);
        debug_set_register(b, n, (uint32_t)strtoul(rest, NULL, 16));
    } else if (strcmp(word, "read") == 0)
        command_read(b, rest);
    else if (strcmp(word, "poke") == 0)
        command_poke(b, rest);
    else if (strcmp(word, "break") == 0)
        command_break(b, rest);
    else if (strcmp(word, "unbreak") == 0)
        debug_unbreak(b, (uint32_t)strtoul(rest, NULL, 16));
    else if (strcmp(word, "step") == 0)
        debug_step(b);
}

/* One command; false when it ends the run. */
static bool obey(struct session *s, char *line, enum status *status) {
    struct board *b = s->board;
    char *rest = line + strcspn(line, " ");
    bool more = *rest != '\0';
    *rest = '\0';
    rest += more;
    if (strcmp(line, "quit") == 0)
        return false;
    if (strcmp(line, "run") == 0)
        *status = command_run(b, rest);
    else if (strcmp(line, "send") == 0)
        command_send(b, rest);
    else if (strcmp(line, "drive") == 0)
        command_drive(b, rest);
    else if (strcmp(line, "status") == 0)
        b->flash.status = (uint16_t)strtoul(rest, NULL, 16);
    else if (strcmp(line, "power") == 0)
        board_power_cycle(b);
    else
        obey_debugger(b, line, rest);
    session_flush(s, 0);
    report_line("at %" PRIu64, board_us(b));
    report_flush();
    return !*status && !s->ended;
}

enum status session_control(struct session *s) {
    static char line[COMMAND_MAX];
    enum status status = STATUS_OK;
    report_line("at %" PRIu64, board_us(s->board));
    report_flush();
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (!obey(s, line, &status))
            break;
    }
    return status;
}
