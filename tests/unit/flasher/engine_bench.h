/* A bench for machines of the engine: carries their steps out on a far end that is a few lines of
 * test, in a time that moves only when they wait or send. No link, no clock. */
#ifndef TESTS_ENGINE_BENCH_H
#define TESTS_ENGINE_BENCH_H
#include "workbench/engine/engine.h"
#include "workbench/engine/line.h"

#include <stdio.h>
#include <string.h>

struct bench {
    struct line line;
    uint64_t now_us, last_send_us, baud_us; /* when the rate was last changed */
    uint32_t baud, sends;
    bool refuses_baud, dtr, rts;
    char pulses[64];    /* "D", "R", "B" for each time lines were pulled */
    char said[2048];    /* every line, each with a newline */
    uint8_t air[16384]; /* bytes on their way to us */
    size_t air_size;
    uint64_t air_us; /* when they arrive */
    /* the far end */
    void (*far)(const uint8_t *frame, size_t size);
    void (*lines)(void);
    uint32_t chip_baud, chip_best; /* its rate; the highest at which bytes come through */
    uint32_t hungry;               /* bytes it swallows before it listens again */
    bool is_gone;
};
static struct bench bench;

static inline void bench_start(void (*far)(const uint8_t *frame, size_t size)) {
    memset(&bench, 0, sizeof bench);
    bench.far = far;
    bench.now_us = 1000000;
    bench.baud = bench.chip_baud = BEKEN_FIRST_BAUD;
    bench.chip_best = 3000000;
    bench.line.depth = 2;
    bench.line.has_baud = true;
    exchange_start(&bench.line.x, BEKEN_FIRST_BAUD);
}

/* Bytes that will be heard `after_us` from now. */
static inline void bench_air(const void *bytes, size_t size, uint64_t after_us) {
    if (!bench.air_size)
        bench.air_us = bench.now_us + after_us;
    if (bench.air_size + size <= sizeof bench.air) {
        memcpy(bench.air + bench.air_size, bytes, size);
        bench.air_size += size;
    }
}

static inline void bench_send(const struct step *step) {
    bench.sends++;
    bench.now_us += exchange_wire_us(bench.baud, step->size);
    bench.last_send_us = bench.now_us;
    if (bench.far)
        bench.far(step->bytes, step->size);
}

static inline enum status bench_wait(struct engine *e, uint64_t until_us) {
    if (!bench.air_size || bench.air_us > until_us) {
        bench.now_us = until_us > bench.now_us ? until_us : bench.now_us;
        return STATUS_TIMEOUT;
    }
    bench.now_us = bench.air_us > bench.now_us ? bench.air_us : bench.now_us;
    size_t taken = engine_hear(e, bench.air, bench.air_size, bench.now_us);
    bench.air_size -= taken;
    memmove(bench.air, bench.air + taken, bench.air_size);
    return STATUS_OK;
}

static inline void bench_lines(const struct step *step) {
    bench.dtr = step->dtr;
    bench.rts = step->rts;
    size_t used = strlen(bench.pulses);
    if ((step->dtr || step->rts) && used + 1 < sizeof bench.pulses)
        bench.pulses[used] = step->dtr && step->rts ? 'B' : step->dtr ? 'D' : 'R';
    if (bench.lines)
        bench.lines();
}

static inline enum status bench_step(struct engine *e, const struct step *step) {
    size_t used = strlen(bench.said);
    switch (step->kind) {
    case STEP_SEND:
        bench_send(step);
        return STATUS_OK;
    case STEP_WAIT:
        return bench_wait(e, step->until_us);
    case STEP_BAUD:
        if (bench.refuses_baud && step->baud != BEKEN_FIRST_BAUD) {
            snprintf(bench.line.why, sizeof bench.line.why, "the adapter does not do that");
            return STATUS_UNSUPPORTED;
        }
        bench.baud = step->baud;
        bench.baud_us = bench.now_us;
        return STATUS_OK;
    case STEP_LINES:
        bench_lines(step);
        return STATUS_OK;
    case STEP_SAY:
        snprintf(bench.said + used, sizeof bench.said - used, "%s\n", step->text);
        return STATUS_OK;
    default:
        return STATUS_OK;
    }
}

/* What the machine comes to; INTERNAL when it never ends. */
static inline enum status bench_run(struct machine machine) {
    struct engine e;
    engine_start(&e, machine);
    for (int i = 0; i < 1000000; i++) {
        struct step step = engine_next(&e, bench.now_us);
        if (step.kind == STEP_OVER)
            return step.status;
        engine_went(&e, bench_step(&e, &step));
    }
    return STATUS_INTERNAL;
}

/* --- a chip in a few lines: LinkCheck, rates, one-byte reads --- */

static inline void chip_answers(const struct beken_request *q) {
    uint8_t answer[64];
    size_t size = 0;
    if (!q->flash && q->command == BEKEN_LINK_CHECK)
        size = beken_short_response(BEKEN_LINK_CODE, "", 1, answer, sizeof answer);
    if (!q->flash && q->command == BEKEN_SET_BAUD) {
        bench.chip_baud = load_le32(q->payload);
        if (bench.chip_baud <= bench.chip_best)
            bench_air(answer,
                      beken_short_response(BEKEN_SET_BAUD, q->payload, 5, answer, sizeof answer),
                      q->payload[4] * 1000u);
        return;
    }
    if (q->flash && q->command == BEKEN_FLASH_READ)
        size =
            beken_flash_response(BEKEN_FLASH_READ, BEKEN_OK, (struct span){q->payload, 4},
                                 (struct span){(const uint8_t *)"\xFF", 1}, answer, sizeof answer);
    bench_air(answer, size, 100);
}

/* Listens at its own rate, and to nothing while it waits for the rest of a request. */
static inline void chip_far(const uint8_t *frame, size_t size) {
    struct beken_request q;
    struct fault fault;
    uint32_t swallowed = bench.hungry < size ? bench.hungry : (uint32_t)size;
    bench.hungry -= swallowed;
    if (bench.is_gone || swallowed || bench.baud != bench.chip_baud ||
        bench.baud > bench.chip_best || beken_request_decode(frame, size, &q, &fault) != STATUS_OK)
        return;
    chip_answers(&q);
}
#endif
