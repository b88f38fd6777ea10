/* Runs the board and turns what happens into protocol lines: UART bytes are collected into lines
 * of text, or into frames when they are not text. */
#include "virtual/soc/session.h"

#include "virtual/soc/report.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DEFAULT_MS = 5000,
    DEFAULT_TICKS_PER_US = 30,
    SCAN_TICKS = 5000000,
    FRAME_GAP_US = 20000,
    SLICE_US = 20000,
};

/* A line feed may end it. */
static bool is_text(const uint8_t *bytes, int count) {
    int odd = 0;
    count -= count > 1 && bytes[count - 1] == '\n';
    for (int i = 0; i < count; i++)
        odd += bytes[i] >= 0x80 ||
               (bytes[i] < 0x20 && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != 0x1B);
    return odd * 8 <= count;
}

/* What was waited for is there: the board returns at the next block. */
static void session_stop(struct session *s, const char *reason) {
    s->ended = reason;
    s->board->halt = true;
    s->board->stop = s->board->now;
}

/* The module wants a microcontroller of another product: all over again with that one. */
static void change_mcu(struct session *s) {
    report_line("mcu %" PRIu64 " %s", board_us(s->board), s->mcu.product);
    s->start_over = true;
    s->board->halt = true;
    s->board->stop = s->board->now;
}

static void flush_received(struct session *s, int uart) {
    char head[64];
    if (s->received_length[uart] && !s->quiet) {
        snprintf(head, sizeof head, "serial %" PRIu64 " %d R ", s->received_us[uart], uart + 1);
        report_hex(head, s->received[uart], (size_t)s->received_length[uart]);
    }
    s->received_length[uart] = 0;
}

static void flush_line(struct session *s, int uart) {
    char head[64];
    flush_received(s, uart); /* what the line may answer comes first */
    int length = s->line_length[uart];
    s->line_length[uart] = 0;
    const uint8_t *line = s->line[uart];
    if (length == 0 || (s->quiet && !is_text(line, length)))
        return;
    if (is_text(line, length) && !(s->raw_uart1 && uart == 0)) {
        while (length > 0 && (line[length - 1] == '\r' || line[length - 1] == '\n'))
            length--;
        snprintf(head, sizeof head, "%s %" PRIu64 " %d ", s->quiet ? "said" : "log",
                 s->line_us[uart], uart + 1);
        report_text(head, line, (size_t)length);
        session_weigh_text(s, line, (size_t)length);
        if (s->until && memmem(line, (size_t)length, s->until, strlen(s->until)))
            session_stop(s, "the text was found");
        else if (mcu_hear(&s->mcu, (const char *)line, (size_t)length))
            change_mcu(s);
    } else {
        snprintf(head, sizeof head, "serial %" PRIu64 " %d T ", s->line_us[uart], uart + 1);
        report_hex(head, line, (size_t)length);
    }
}

static void on_tx(void *context, uint64_t us, int uart, uint8_t byte) {
    struct session *s = context;
    if (uart == 0 && *s->mcu.product)
        mcu_receive(&s->mcu, s->board, byte);
    bool gap = !s->control && s->line_length[uart] && us - s->line_us[uart] > FRAME_GAP_US;
    if (gap && !is_text(s->line[uart], s->line_length[uart]))
        flush_line(s, uart);
    if (s->line_length[uart] == 0)
        s->line_us[uart] = us;
    s->line[uart][s->line_length[uart]++] = byte;
    bool text = !(s->raw_uart1 && uart == 0) && is_text(s->line[uart], s->line_length[uart]);
    if ((byte == '\n' && text) || s->line_length[uart] == SESSION_LINE)
        flush_line(s, uart);
}

static void on_baud(void *context, uint64_t us, int uart, uint32_t baud) {
    const struct session *s = context;
    if (!s->quiet)
        report_line("baud %" PRIu64 " %d %u", us, uart + 1, baud);
}

/* Bytes that follow one another closely are told together. */
static void on_rx(void *context, uint64_t us, int uart, uint8_t byte) {
    struct session *s = context;
    int *length = &s->received_length[uart];
    if (*length == SESSION_LINE || (*length && us - s->received_last_us[uart] > FRAME_GAP_US))
        flush_received(s, uart);
    if (*length == 0)
        s->received_us[uart] = us;
    s->received_last_us[uart] = us;
    s->received[uart][(*length)++] = byte;
}

static void on_pin(void *context, uint64_t us, int pin, uint32_t before, uint32_t after) {
    const struct session *s = context;
    if (s->hold)
        hold_pin(s->hold, us, pin, after);
    else if (s->quiet)
        report_line("moved %" PRIu64 " %d %02X %02X", us, pin, before, after);
    else if (s->events)
        report_line("pin %" PRIu64 " %d %02X %02X", us, pin, before, after);
}

static void on_pwm(void *context, uint64_t us, int channel, uint32_t period, uint32_t duty) {
    const struct session *s = context;
    if (s->hold)
        hold_pwm(s->hold, us, channel, duty);
    if (s->events && !s->quiet)
        report_line("pwm %" PRIu64 " %d %u %u", us, channel, period, duty);
}

static void on_unmapped(void *context, uint64_t us, uint32_t address, uint32_t pc) {
    const struct session *s = context;
    if (s->events && !s->quiet)
        report_line("unmapped %" PRIu64 " %08X %08X", us, address, pc);
}

static void on_reset(void *context, uint64_t us) {
    const struct session *s = context;
    if (!s->quiet)
        report_line("reset %" PRIu64, us);
}

static void on_sleep(void *context, uint64_t us, uint64_t until_us, uint32_t pins) {
    struct session *s = context;
    for (int uart = 0; uart < SOC_UARTS; uart++)
        session_flush(s, uart);
    if (!s->quiet)
        report_line("sleep %" PRIu64 " %" PRIu64 " %08X", us, until_us, pins);
}

static void on_wake(void *context, uint64_t us, int pin) {
    const struct session *s = context;
    if (!s->quiet)
        report_line("wake %" PRIu64 " %d", us, pin);
}

static void on_periodic(void *context, uint64_t us) {
    struct session *s = context;
    (void)us;
    if (s->memory && !s->quiet && !s->board->asleep)
        session_scan_memory(s);
    board_schedule(s->board, SOC_EVENT_WATCHER, s->board->now + SCAN_TICKS);
}

static void on_stimulus(void *context, uint64_t us) {
    (void)us;
    stimulus_due(context);
}

void session_watch(struct session *s, struct board *b) {
    s->board = b;
    b->watch = (struct soc_watch){.uart_tx = on_tx,
                                  .uart_rx = on_rx,
                                  .uart_baud = on_baud,
                                  .pin = on_pin,
                                  .pwm = on_pwm,
                                  .periodic = on_periodic,
                                  .stimulus = on_stimulus,
                                  .unmapped = on_unmapped,
                                  .reset = on_reset,
                                  .sleep = on_sleep,
                                  .wake = on_wake,
                                  .context = s};
}

static void report_rest(struct session *s) {
    uint64_t us = board_us(s->board);
    for (int pin = 0; pin < SOC_PINS; pin++) {
        s->rest_words[pin] = s->board->pin[pin].word;
        report_line("level %" PRIu64 " %d %02X %d", us, pin, s->board->pin[pin].word,
                    board_pin_level(s->board, pin) | board_pin_listens(s->board, pin) << 1);
    }
}

void session_flush(struct session *s, int uart) {
    flush_received(s, uart);
    flush_line(s, uart);
}

static void start_over(struct session *s) {
    s->start_over = s->board->halt = false;
    board_power_cycle(s->board);
}

enum status session_run(struct session *s, struct board *b) {
    enum status status = STATUS_OK;
    uint64_t end = s->for_us * b->ticks_per_us;
    board_schedule(b, SOC_EVENT_WATCHER, SCAN_TICKS);
    stimulus_start(s);
    if (s->control) {
        status = session_control(s);
        end = 0;
    }
    while (!status && b->now < end && !s->ended) {
        uint64_t until = b->now + (uint64_t)SLICE_US * b->ticks_per_us;
        status = board_run(b, until < end ? until : end);
        report_flush();
        if (s->start_over && !s->ended)
            start_over(s);
        if (s->enough_us && s->told_us && board_us(b) - s->told_us >= s->enough_us)
            session_stop(s, "the configuration is known");
    }
    for (int uart = 0; uart < SOC_UARTS; uart++)
        session_flush(s, uart);
    if (s->memory)
        session_scan_memory(s);
    report_rest(s);
    if (s->experiment && !status && !(s->enough_us && s->told_us))
        session_experiment(s);
    if (s->trials && !status)
        session_holds(s);
    report_end(board_us(b), board_executed(b), report_hash(),
               status       ? "it crashed again and again: a damaged image, or one for another chip"
               : s->ended   ? s->ended
               : s->control ? "asked to"
                            : "time is up");
    return status;
}

static bool number(const char *text, uint64_t low, uint64_t high, uint64_t *out) {
    char *end;
    unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end || value < low || value > high) {
        fprintf(stderr, "plugsmith-soc: '%s' is not a number from %" PRIu64 " to %" PRIu64 "\n",
                text, low, high);
        return false;
    }
    *out = value;
    return true;
}

bool session_options(struct session *s, int argc, char **argv) {
    static const struct option longs[] = {
        {"chip", 1, NULL, 'c'},         {"for-ms", 1, NULL, 't'},
        {"ticks-per-us", 1, NULL, 'r'}, {"until", 1, NULL, 'u'},
        {"press", 1, NULL, 'p'},        {"events", 0, NULL, 'e'},
        {"experiment", 0, NULL, 'x'},   {"memory", 0, NULL, 'm'},
        {"save", 0, NULL, 's'},         {"enough", 1, NULL, 'n'},
        {"control", 0, NULL, 'k'},      {"mcu", 1, NULL, 'y'},
        {"image-bytes", 1, NULL, 'i'},  {"raw-uart1", 0, NULL, 'w'},
        {"trials", 0, NULL, 'h'},       {0}};
    memset(s, 0, sizeof *s);
    uint64_t ms = DEFAULT_MS, rate = DEFAULT_TICKS_PER_US, enough_ms = 0;
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        bool ok = c != '?';
        if (c == 'c')
            ok = (s->chip = soc_chip_find(optarg)) != NULL;
        else if (c == 't')
            ok = number(optarg, 1, 86400000, &ms);
        else if (c == 'r')
            ok = number(optarg, 1, 1000, &rate);
        else if (c == 'n')
            ok = number(optarg, 1, 86400000, &enough_ms);
        else if (c == 'p')
            ok = stimulus_parse(s, optarg);
        else if (c == 'u')
            s->until = optarg;
        else if (c == 'y')
            mcu_start(&s->mcu, optarg);
        else if (c == 'i')
            ok = number(optarg, 1, 1u << 24, &s->image_size);
        s->control |= c == 'k';
        s->events |= c == 'e';
        s->experiment |= c == 'x';
        s->memory |= c == 'm';
        s->save |= c == 's';
        s->raw_uart1 |= c == 'w';
        s->trials |= c == 'h';
        if (!ok) {
            fprintf(stderr, "plugsmith-soc: bad option value\n");
            return false;
        }
    }
    s->for_us = ms * 1000;
    s->enough_us = enough_ms * 1000;
    s->ticks_per_us = (uint32_t)rate;
    s->processors = (int)sysconf(_SC_NPROCESSORS_ONLN);
    return true;
}
