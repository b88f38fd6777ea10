/* Down when it must be, up when it can be. */
#include "workbench/engine/ladder.h"

static const uint32_t rungs[] = {2000000, 1500000, 921600, 460800, 230400, 115200};
enum { RUNGS = sizeof rungs / sizeof *rungs };
#define FIRST_RUNG 921600u /* works with nearly every adapter */

uint32_t ladder_rung(unsigned i) {
    return i < RUNGS ? rungs[RUNGS - 1 - i] : 0;
}

/* --- down --- */

static struct step descended(struct descent *d, enum status status) {
    if (status != STATUS_OK || d->quiet || d->said)
        return step_over(status);
    d->said = true;
    return line_say(d->line, SAY_WARNING, "errors at %u baud; going on at %u", (unsigned)d->from,
                    (unsigned)d->line->x.baud);
}

static struct step try_lower(struct descent *d) {
    while (d->rung < RUNGS && rungs[d->rung] >= d->from)
        d->rung++;
    if (d->rung == RUNGS)
        return descended(d, STATUS_OK);
    d->rate = (struct rate){.line = d->line, .baud = rungs[d->rung++]};
    return step_run(rate_machine(&d->rate));
}

static struct step descent_next(void *self, uint64_t now_us, enum status last) {
    struct descent *d = self;
    (void)now_us;
    if (d->rung)
        return last == STATUS_TIMEOUT ? try_lower(d) : descended(d, last);
    if (!d->quiet) {
        d->line->trouble = 0;
        if (d->line->x.baud <= BEKEN_FIRST_BAUD)
            return step_over(STATUS_OK);
        d->line->step_downs++;
        d->from = d->line->x.baud;
    }
    return try_lower(d);
}

struct machine descent_machine(struct descent *d) {
    return (struct machine){descent_next, NULL, d};
}

/* --- up --- */

static struct step go_to(struct climb *c, uint32_t baud,
                         struct step (*then)(struct climb *, enum status)) {
    c->rate = (struct rate){.line = c->line, .baud = baud};
    c->then = then;
    return step_run(rate_machine(&c->rate));
}

static struct step there(struct climb *c, enum status last) {
    (void)c;
    return step_over(last);
}

static struct step tried_best(struct climb *c, enum status last) {
    return last == STATUS_TIMEOUT ? go_to(c, c->first, there) : step_over(last);
}

static struct step tried_first(struct climb *c, enum status last) {
    if (last == STATUS_TIMEOUT) {
        c->descent = (struct descent){.line = c->line, .quiet = true, .from = c->first};
        c->then = there;
        return step_run(descent_machine(&c->descent));
    }
    if (last != STATUS_OK || c->fixed || c->remembered)
        return step_over(last);
    return go_to(c, rungs[0], tried_best); /* is there more to be had? */
}

static struct step climb_next(void *self, uint64_t now_us, enum status last) {
    struct climb *c = self;
    (void)now_us;
    if (c->then)
        return c->then(c, last);
    if (!c->line->has_baud && !c->fixed)
        return step_over(STATUS_OK);
    c->first = c->fixed ? c->fixed : c->remembered ? c->remembered : FIRST_RUNG;
    return go_to(c, c->first, tried_first);
}

struct machine climb_machine(struct climb *c) {
    return (struct machine){climb_next, NULL, c};
}
