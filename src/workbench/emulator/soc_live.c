/* Lockstep over two pipes: a command line out, records in up to the line that acknowledges it. */
#include "workbench/emulator/soc_live.h"

#include "workbench/emulator/soc_process.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_SIZE = 16384, SEND_MAX = 2048 };

struct soc_live {
    struct soc_live_options options;
    struct soc_process process;
    FILE *commands, *lines;
    uint64_t us;
    bool ended; /* by itself */
    bool stopped, refused;
    uint8_t answer[SOC_LIVE_MEMORY_MAX]; /* registers or memory */
    size_t answer_size;
    char reason[128];
    char line[LINE_SIZE];
};

/* Keeps what a debugger asked for; false: somebody else's record. */
static bool take_answer(struct soc_live *live, const struct soc_record *r) {
    live->stopped |= r->kind == SOC_STOPPED;
    live->refused |= r->kind == SOC_REFUSED;
    if (r->kind == SOC_REGISTERS || r->kind == SOC_MEMORY) {
        live->answer_size = r->text_size < sizeof live->answer ? r->text_size : sizeof live->answer;
        memcpy(live->answer, r->text, live->answer_size);
    }
    return r->kind == SOC_STOPPED || r->kind == SOC_REFUSED || r->kind == SOC_REGISTERS ||
           r->kind == SOC_MEMORY;
}

static void hand_out(struct soc_live *live, const struct soc_record *r) {
    if (take_answer(live, r))
        return;
    if (r->kind == SOC_END) {
        live->ended = true;
        snprintf(live->reason, sizeof live->reason, "%s", r->text);
    }
    if (live->options.on && r->kind != SOC_AT)
        live->options.on(live->options.context, r);
}

/* Hands out records up to the acknowledgement. */
static bool wait_for(struct soc_live *live) {
    while (fgets(live->line, sizeof live->line, live->lines)) {
        struct soc_record record;
        live->line[strcspn(live->line, "\n")] = '\0';
        if (!soc_parse_line(live->line, &record))
            continue;
        if (record.kind == SOC_AT) {
            live->us = record.us;
            return true;
        }
        hand_out(live, &record);
        if (live->ended)
            return false;
    }
    return false;
}

static bool command(struct soc_live *live) {
    live->stopped = live->refused = false;
    live->answer_size = 0;
    return !live->ended && fflush(live->commands) == 0 && wait_for(live);
}

struct soc_live *soc_live_start(const struct soc_live_options *options, const uint8_t *image,
                                size_t size, char *why, size_t why_size) {
    struct soc_live *live = calloc(1, sizeof *live);
    if (!live)
        return NULL;
    live->options = *options;
    signal(SIGPIPE, SIG_IGN);
    if (!soc_process_start(&live->process, &options->request, true, size, why, why_size)) {
        free(live);
        return NULL;
    }
    live->commands = fdopen(live->process.in, "w");
    live->lines = fdopen(live->process.lines, "r");
    if (fwrite(image, 1, size, live->commands) != size || !command(live)) {
        snprintf(why, why_size, "%s", *live->reason ? live->reason : "the emulator gave up");
        soc_live_end(live, NULL, 0);
        return NULL;
    }
    return live;
}

bool soc_live_run(struct soc_live *live, uint64_t us) {
    fprintf(live->commands, "run %" PRIu64 "\n", us);
    return command(live);
}

bool soc_live_send(struct soc_live *live, int uart, const uint8_t *bytes, size_t size) {
    for (size_t at = 0; at < size; at += SEND_MAX) {
        fprintf(live->commands, "send %d ", uart);
        for (size_t i = at; i < size && i < at + SEND_MAX; i++)
            fprintf(live->commands, "%02X", bytes[i]);
        fputc('\n', live->commands);
        if (!command(live))
            return false;
    }
    return true;
}

bool soc_live_drive(struct soc_live *live, int pin, int level) {
    fprintf(live->commands, "drive %d %d\n", pin, level);
    return command(live);
}

bool soc_live_flash_status(struct soc_live *live, unsigned status) {
    fprintf(live->commands, "status %X\n", status);
    return command(live);
}

bool soc_live_power(struct soc_live *live) {
    fputs("power\n", live->commands);
    return command(live);
}

bool soc_live_registers(struct soc_live *live, uint32_t out[SOC_LIVE_REGISTERS]) {
    fputs("regs\n", live->commands);
    if (!command(live) || live->answer_size != SOC_LIVE_REGISTERS * sizeof *out)
        return false;
    memcpy(out, live->answer, live->answer_size);
    return true;
}

bool soc_live_set_register(struct soc_live *live, unsigned n, uint32_t value) {
    fprintf(live->commands, "set %u %X\n", n, value);
    return command(live);
}

size_t soc_live_read(struct soc_live *live, uint32_t address, uint8_t *out, size_t size) {
    fprintf(live->commands, "read %X %zu\n", address, size);
    if (!command(live) || live->answer_size > size)
        return 0;
    memcpy(out, live->answer, live->answer_size);
    return live->answer_size;
}

bool soc_live_write(struct soc_live *live, uint32_t address, const uint8_t *bytes, size_t size) {
    fprintf(live->commands, "poke %X ", address);
    for (size_t i = 0; i < size; i++)
        fprintf(live->commands, "%02X", bytes[i]);
    fputc('\n', live->commands);
    return command(live) && !live->refused;
}

bool soc_live_break(struct soc_live *live, uint32_t address, unsigned width) {
    fprintf(live->commands, "break %X %u\n", address, width);
    return command(live);
}

bool soc_live_unbreak(struct soc_live *live, uint32_t address) {
    fprintf(live->commands, "unbreak %X\n", address);
    return command(live);
}

bool soc_live_refused(const struct soc_live *live) {
    return live->refused;
}

bool soc_live_step(struct soc_live *live) {
    fputs("step\n", live->commands);
    return command(live);
}

bool soc_live_stopped(const struct soc_live *live) {
    return live->stopped;
}

uint64_t soc_live_us(const struct soc_live *live) {
    return live->us;
}

static size_t read_flash(int fd, uint8_t *flash, size_t size) {
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(fd, flash + have, size - have);
        if (got <= 0 && errno != EINTR)
            break;
        have += got > 0 ? (size_t)got : 0;
    }
    return have;
}

size_t soc_live_end(struct soc_live *live, uint8_t *flash, size_t size) {
    int state;
    fputs("quit\n", live->commands);
    fclose(live->commands);
    while (!live->ended && fgets(live->line, sizeof live->line, live->lines)) {
        struct soc_record record;
        live->line[strcspn(live->line, "\n")] = '\0';
        if (soc_parse_line(live->line, &record))
            hand_out(live, &record);
    }
    size_t have = flash ? read_flash(live->process.flash, flash, size) : 0;
    fclose(live->lines);
    close(live->process.flash);
    waitpid(live->process.pid, &state, 0);
    free(live);
    return have;
}
