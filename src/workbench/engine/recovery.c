/* From the gentlest remedy to the strongest. */
#include "workbench/engine/recovery.h"

enum {
    AGAIN_US = 30000000,
    FILLER = 256,
    CHECK_EVERY = 4, /* pieces of filler */
    TROUBLE_MOST = 8,
};

/* --- fetching the chip back --- */

static struct step relinked(struct relink *r, enum status last) {
    (void)r;
    return step_over(last);
}

static struct step back_at_rate(struct relink *r, enum status last) {
    if (last == STATUS_OK)
        return step_over(last);
    r->descent = (struct descent){.line = r->line};
    r->then = relinked;
    return step_run(descent_machine(&r->descent));
}

static struct step found(struct relink *r, enum status last) {
    r->line->relinks++;
    if (last != STATUS_OK || r->baud == BEKEN_FIRST_BAUD)
        return step_over(last);
    r->rate = (struct rate){.line = r->line, .baud = r->baud};
    r->then = back_at_rate;
    return step_run(rate_machine(&r->rate));
}

static struct step settle(struct relink *r, enum status last) {
    (void)last;
    r->settling = (struct settling){.line = r->line};
    r->then = found;
    return step_run(settling_machine(&r->settling));
}

static struct step search(struct relink *r, enum status last) {
    (void)last;
    r->linkup = (struct linkup){.line = r->line,
                                .limit_us = r->line->limit_us ? r->line->limit_us : AGAIN_US};
    r->then = found;
    return step_run(linkup_machine(&r->linkup));
}

static struct step flooded(struct relink *r, enum status last) {
    if (last != STATUS_OK)
        return step_over(last);
    r->then = r->ear.answered ? settle : search;
    if (!r->ear.answered)
        return line_say(r->line, SAY_WARNING, "the chip is gone; reset it (CEN to GND) to go on");
    r->line->supply_dips++;
    return line_say(r->line, SAY_WARNING,
                    "the chip was reset in the middle of the job: its supply dipped");
}

static struct step at_first_rate(struct relink *r, enum status last) {
    if (last != STATUS_OK)
        return step_over(last);
    exchange_set_baud(&r->line->x, BEKEN_FIRST_BAUD);
    r->flood = (struct flood){.ear = &r->ear, .us = FLOOD_FIRST_US};
    r->then = flooded;
    return step_run(flood_machine(&r->flood));
}

static struct step relink_next(void *self, uint64_t now_us, enum status last) {
    struct relink *r = self;
    (void)now_us;
    if (r->then)
        return r->then(r, last);
    r->baud = r->line->x.baud;
    r->then = at_first_rate;
    return step_baud(BEKEN_FIRST_BAUD);
}

struct machine relink_machine(struct relink *r) {
    return (struct machine){relink_next, NULL, r};
}

/* --- recovery --- */

static struct step recovered(struct recovery *r, enum status last) {
    (void)r;
    return step_over(last);
}

static struct step calm_down(struct recovery *r,
                             struct step (*then)(struct recovery *, enum status)) {
    r->calm = (struct calm){.line = r->line, .quiet_us = LINE_CALM_US};
    r->then = then;
    return step_run(calm_machine(&r->calm));
}

static struct step stepped_down(struct recovery *r, enum status last) {
    return last == STATUS_OK ? calm_down(r, recovered) : step_over(last);
}

static struct step answers(struct recovery *r, enum status last) {
    if (last != STATUS_OK || r->line->trouble <= TROUBLE_MOST)
        return stepped_down(r, last);
    r->descent = (struct descent){.line = r->line};
    r->then = stepped_down;
    return step_run(descent_machine(&r->descent));
}

static struct step fed_up(struct recovery *r, enum status last) {
    if (last != STATUS_TIMEOUT)
        return answers(r, last);
    r->relink = (struct relink){.line = r->line};
    r->then = answers;
    return step_run(relink_machine(&r->relink));
}

static struct step check_last(struct recovery *r, enum status last) {
    (void)last;
    r->then = fed_up;
    return step_run(inquiry_link_check(&r->check, r->line, 2));
}

static struct step feed(struct recovery *r, enum status last);

static struct step check_feeding(struct recovery *r, enum status last) {
    return last == STATUS_OK ? answers(r, last) : feed(r, last);
}

static struct step filler_sent(struct recovery *r, enum status last) {
    size_t piece = r->fed / FILLER;
    r->fed += FILLER;
    if (piece % CHECK_EVERY)
        return feed(r, last);
    r->then = check_feeding;
    return step_run(inquiry_link_check(&r->check, r->line, 1));
}

/* A chip that lost a byte of a request waits for its rest and swallows what follows. Filler of FF
 * programs nothing, so it is safe even in the middle of a write. */
static struct step feed(struct recovery *r, enum status last) {
    (void)last;
    if (r->fed >= BEKEN_REQUEST_MAX + FILLER) {
        r->then = check_last;
        return (struct step){.kind = STEP_DRAIN};
    }
    memset(r->line->frame, 0xFF, FILLER);
    r->then = filler_sent;
    return step_send(r->line->frame, FILLER);
}

static struct step checked(struct recovery *r, enum status last) {
    return last == STATUS_TIMEOUT ? feed(r, last) : answers(r, last);
}

static struct step check(struct recovery *r, enum status last) {
    (void)last;
    r->then = checked;
    return step_run(inquiry_link_check(&r->check, r->line, 2));
}

static struct step calmed(struct recovery *r, enum status last) {
    if (last != STATUS_OK)
        return step_over(last);
    struct step filler = inquiry_end_open_request(r->line);
    if (filler.kind == STEP_OVER)
        return check(r, STATUS_OK);
    r->then = check;
    return filler;
}

static struct step recovery_next(void *self, uint64_t now_us, enum status last) {
    struct recovery *r = self;
    (void)now_us;
    return r->then ? r->then(r, last) : calm_down(r, calmed);
}

struct machine recovery_machine(struct recovery *r) {
    return (struct machine){recovery_next, NULL, r};
}
