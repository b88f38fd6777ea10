/* Wiring after wiring. */
#include "workbench/engine/reset_search.h"

enum { TEST_BAUD = 230400 };

static struct step try_wiring(struct reset_search *r, enum status last);

static struct step ended(struct reset_search *r, enum status last) {
    if (last != STATUS_TIMEOUT)
        return step_over(last);
    r->linkup = (struct linkup){.line = r->line};
    r->then = NULL; /* what that comes to is the end */
    return step_run(linkup_machine(&r->linkup));
}

static struct step go_to(struct reset_search *r, uint32_t baud,
                         struct step (*then)(struct reset_search *, enum status)) {
    r->rate = (struct rate){.line = r->line, .baud = baud};
    r->then = then;
    return step_run(rate_machine(&r->rate));
}

static struct step settled(struct reset_search *r, enum status last) {
    if (last != STATUS_OK)
        return ended(r, last);
    r->at++;
    return try_wiring(r, last);
}

static struct step settle(struct reset_search *r, enum status last) {
    if (last != STATUS_OK)
        return ended(r, last);
    if (!r->wiring)
        exchange_set_baud(&r->line->x, r->before);
    r->settling = (struct settling){.line = r->line};
    r->then = settled;
    return step_run(settling_machine(&r->settling));
}

static struct step flooded(struct reset_search *r, enum status last) {
    if (last != STATUS_OK)
        return ended(r, last);
    r->then = settle;
    if (!r->ear.answered)
        return step_baud(r->before);
    r->wiring = pulse_wiring_name(r->at);
    return settle(r, STATUS_OK);
}

static struct step at_first_rate(struct reset_search *r, enum status last) {
    if (last != STATUS_OK)
        return ended(r, last);
    exchange_set_baud(&r->line->x, BEKEN_FIRST_BAUD);
    r->ear = (struct ear){.answered = false};
    r->flood = (struct flood){.ear = &r->ear, .us = FLOOD_FIRST_US};
    r->then = flooded;
    return step_run(flood_machine(&r->flood));
}

static struct step pulsed(struct reset_search *r, enum status last) {
    if (last != STATUS_OK)
        return ended(r, last);
    r->then = at_first_rate;
    return step_baud(BEKEN_FIRST_BAUD);
}

static struct step pull(struct reset_search *r, enum status last) {
    if (last != STATUS_OK)
        return ended(r, last);
    r->before = r->line->x.baud;
    r->ear = (struct ear){.answered = false};
    r->pulse = (struct pulse){.ear = &r->ear, .wiring = r->at};
    r->then = pulsed;
    return step_run(pulse_machine(&r->pulse));
}

static struct step try_wiring(struct reset_search *r, enum status last) {
    uint32_t baud = r->line->x.baud;
    if (!r->wiring && r->at < PULSE_WIRINGS)
        return baud == BEKEN_FIRST_BAUD ? go_to(r, TEST_BAUD, pull) : pull(r, last);
    return baud != r->first_baud ? go_to(r, r->first_baud, ended) : ended(r, last);
}

static struct step next(void *self, uint64_t now_us, enum status last) {
    struct reset_search *r = self;
    (void)now_us;
    if (r->first_baud)
        return r->then ? r->then(r, last) : step_over(last);
    r->first_baud = r->line->x.baud;
    return r->line->may_reset ? try_wiring(r, STATUS_OK) : step_over(STATUS_OK);
}

struct machine reset_search_machine(struct reset_search *r) {
    return (struct machine){next, NULL, r};
}
