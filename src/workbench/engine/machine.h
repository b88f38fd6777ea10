/* What every machine of the engine looks like from outside: it has neither I/O nor a clock. Asked
 * for its next step at a time it is told, it says what to send, which rate or reset line to set and
 * until when to wait; it is fed what came meanwhile, and told how the step went. Whoever has a line
 * and a clock carries the steps out (flasher/driver.c, a test), and any machine may have another
 * one run first. */
#ifndef WORKBENCH_ENGINE_MACHINE_H
#define WORKBENCH_ENGINE_MACHINE_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct step;

struct machine {
    /* The next step, at now_us. `last` says how the one before went: TIMEOUT of a wait in which
     * nothing came, UNSUPPORTED of a rate or line that the adapter does not have, and what a
     * machine that was run came to; OK otherwise. Whatever else fails ends everything. */
    struct step (*next)(void *self, uint64_t now_us, enum status last);
    /* Takes bytes that came during a wait; how many of them. The rest is offered again after the
     * next step. NULL in machines that never wait. */
    size_t (*hear)(void *self, const uint8_t *bytes, size_t size, uint64_t now_us);
    void *self;
};

enum step_kind {
    STEP_OVER,  /* the machine has ended, with `status` */
    STEP_SEND,  /* `bytes` */
    STEP_WAIT,  /* until bytes come or `until_us` has come */
    STEP_BAUD,  /* our end of the line changes to `baud`; what came before is dropped */
    STEP_LINES, /* true: asserted, electrically low */
    STEP_DRAIN, /* until everything sent has left the adapter, as far as it knows */
    STEP_SAY,   /* a line for the user */
    STEP_RUN,   /* `machine` first */
};
enum saying { SAY_NOTE, SAY_WARNING, SAY_HEARD };

struct step {
    enum step_kind kind;
    enum status status;
    const uint8_t *bytes;
    size_t size;
    uint64_t until_us;
    uint32_t baud;
    bool dtr, rts;
    enum saying saying;
    const char *text;
    struct machine machine;
};

static inline struct step step_over(enum status status) {
    return (struct step){.kind = STEP_OVER, .status = status};
}
static inline struct step step_send(const uint8_t *bytes, size_t size) {
    return (struct step){.kind = STEP_SEND, .bytes = bytes, .size = size};
}
static inline struct step step_wait(uint64_t until_us) {
    return (struct step){.kind = STEP_WAIT, .until_us = until_us};
}
static inline struct step step_baud(uint32_t baud) {
    return (struct step){.kind = STEP_BAUD, .baud = baud};
}
static inline struct step step_lines(bool dtr, bool rts) {
    return (struct step){.kind = STEP_LINES, .dtr = dtr, .rts = rts};
}
static inline struct step step_run(struct machine machine) {
    return (struct step){.kind = STEP_RUN, .machine = machine};
}
#endif
