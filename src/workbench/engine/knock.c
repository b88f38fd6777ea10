/* Floods, pulses, and the ear. */
#include "workbench/engine/knock.h"

enum {
    PULSE_US = 100000,
    STEP_US = 2000, /* between two LinkChecks */
    CALM_AFTER_US = 60000,
    SETTLE_TRIES = 8,
};

/* Which lines are pulled low for a reset: CEN on RTS (also through the two transistors of boards
 * that reset themselves, where DTR must stay high), on DTR, or on either. */
static const struct {
    bool dtr, rts;
    const char *name;
} wirings[PULSE_WIRINGS] = {
    {false, true, "RTS"}, {true, false, "DTR"}, {true, true, "RTS and DTR together"}};

const char *pulse_wiring_name(unsigned wiring) {
    return wirings[wiring % PULSE_WIRINGS].name;
}

static void ear_hear(struct ear *ear, const uint8_t *bytes, size_t size, uint64_t now_us) {
    classify_feed(&ear->heard, bytes, size, now_us);
    for (size_t i = 0; i < size; i++) {
        struct beken_response r;
        if (beken_uart_feed(&ear->uart, bytes[i], &r) == BEKEN_FEED_FRAME && !r.flash &&
            r.code == BEKEN_LINK_CODE)
            ear->answered = true;
    }
}

/* --- flood --- */

static struct step flood_next(void *self, uint64_t now_us, enum status last) {
    struct flood *f = self;
    (void)last;
    if (!f->end_us)
        f->end_us = now_us + f->us;
    if (f->sent) {
        f->sent = false;
        f->listen_until_us = now_us + STEP_US;
    }
    if (f->ear->answered)
        return step_over(STATUS_OK);
    if (now_us < f->listen_until_us)
        return step_wait(f->listen_until_us);
    if (now_us >= f->end_us)
        return step_over(STATUS_OK);
    f->sent = true;
    return step_send(f->frame, beken_link_check(f->frame, sizeof f->frame));
}

static size_t flood_hear(void *self, const uint8_t *bytes, size_t size, uint64_t now_us) {
    ear_hear(((struct flood *)self)->ear, bytes, size, now_us);
    return size;
}

struct machine flood_machine(struct flood *f) {
    return (struct machine){flood_next, flood_hear, f};
}

/* --- pulse --- */

static struct step pulse_next(void *self, uint64_t now_us, enum status last) {
    struct pulse *p = self;
    unsigned w = p->wiring % PULSE_WIRINGS;
    if (!p->low) {
        p->low = true;
        return step_lines(wirings[w].dtr, wirings[w].rts);
    }
    if (last == STATUS_UNSUPPORTED || p->released)
        return step_over(STATUS_OK);
    if (!p->until_us)
        p->until_us = now_us + PULSE_US;
    if (now_us < p->until_us && !p->ear->answered)
        return step_wait(p->until_us);
    p->released = true;
    return step_lines(false, false);
}

static size_t pulse_hear(void *self, const uint8_t *bytes, size_t size, uint64_t now_us) {
    ear_hear(((struct pulse *)self)->ear, bytes, size, now_us);
    return size;
}

struct machine pulse_machine(struct pulse *p) {
    return (struct machine){pulse_next, pulse_hear, p};
}

/* --- listening --- */

static struct step listening_next(void *self, uint64_t now_us, enum status last) {
    struct listening *l = self;
    if (!l->begun) {
        l->begun = true;
        return step_baud(BEKEN_FIRST_BAUD);
    }
    if (!l->until_us) {
        if (last != STATUS_OK)
            return step_over(last);
        exchange_set_baud(&l->line->x, BEKEN_FIRST_BAUD);
        l->until_us = now_us + l->us;
    }
    bool over = l->ear.answered || now_us >= l->until_us;
    return over ? step_over(STATUS_OK) : step_wait(l->until_us);
}

static size_t listening_hear(void *self, const uint8_t *bytes, size_t size, uint64_t now_us) {
    ear_hear(&((struct listening *)self)->ear, bytes, size, now_us);
    return size;
}

struct machine listening_machine(struct listening *l) {
    return (struct machine){listening_next, listening_hear, l};
}

/* --- settling --- */

static struct step settling_next(void *self, uint64_t now_us, enum status last) {
    struct settling *s = self;
    (void)now_us;
    if (last != STATUS_OK || s->done == 2)
        return step_over(last);
    if (s->done++)
        return step_run(inquiry_link_check(&s->check, s->line, SETTLE_TRIES));
    s->calm = (struct calm){.line = s->line, .quiet_us = CALM_AFTER_US};
    return step_run(calm_machine(&s->calm));
}

struct machine settling_machine(struct settling *s) {
    return (struct machine){settling_next, NULL, s};
}
