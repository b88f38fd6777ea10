/* Attempt after attempt. */
#include "workbench/engine/linkup.h"

enum { HINT_EVERY = 5 };

static struct step attempt(struct linkup *u);

static struct step give_up(struct linkup *u) {
    enum heard kind = classify_verdict(&u->whole);
    line_fail(u->line, STATUS_TIMEOUT, "no chip answers; %s: %s", heard_text(kind),
              heard_advice(kind));
    return step_over(STATUS_TIMEOUT);
}

static struct step go_on(struct linkup *u, uint64_t now_us, enum status last) {
    (void)last;
    if (u->limit_us && now_us - u->start_us >= u->limit_us)
        return give_up(u);
    u->attempt++;
    return attempt(u);
}

static struct step nobody(struct linkup *u, uint64_t now_us, enum heard kind) {
    if (u->ear.heard.bytes || u->whole.bytes == 0)
        u->whole = u->ear.heard;
    if (!u->attempt)
        return go_on(u, now_us, STATUS_OK);
    u->then = go_on;
    return line_say(u->line, SAY_HEARD, "%s: %s", heard_text(kind), heard_advice(kind));
}

static struct step settled(struct linkup *u, uint64_t now_us, enum status last) {
    return last == STATUS_TIMEOUT ? nobody(u, now_us, HEARD_DAMAGED) : step_over(last);
}

static struct step flooded(struct linkup *u, uint64_t now_us, enum status last) {
    if (last != STATUS_OK)
        return step_over(last);
    if (!u->ear.answered)
        return nobody(u, now_us, classify_verdict(&u->ear.heard));
    u->settling = (struct settling){.line = u->line};
    u->then = settled;
    return step_run(settling_machine(&u->settling));
}

static struct step flood(struct linkup *u, uint64_t now_us, enum status last) {
    (void)now_us;
    (void)last;
    u->flood = (struct flood){.ear = &u->ear, .us = u->attempt ? FLOOD_US : FLOOD_FIRST_US};
    u->then = flooded;
    return step_run(flood_machine(&u->flood));
}

static struct step hint(struct linkup *u, uint64_t now_us, enum status last) {
    static const char text[] = "reboot\r\n";
    if (last != STATUS_OK || u->attempt % HINT_EVERY != 1)
        return last == STATUS_OK ? flood(u, now_us, last) : step_over(last);
    u->then = flood;
    return step_send((const uint8_t *)text, sizeof text - 1);
}

static struct step attempt(struct linkup *u) {
    u->ear = (struct ear){.answered = false};
    if (!u->line->may_reset || u->attempt == 0)
        return hint(u, 0, STATUS_OK);
    u->pulse = (struct pulse){.ear = &u->ear, .wiring = u->attempt - 1};
    u->then = hint;
    return step_run(pulse_machine(&u->pulse));
}

static struct step at_first_rate(struct linkup *u, uint64_t now_us, enum status last) {
    (void)now_us;
    if (last != STATUS_OK)
        return step_over(last);
    exchange_set_baud(&u->line->x, BEKEN_FIRST_BAUD);
    return attempt(u);
}

static struct step next(void *self, uint64_t now_us, enum status last) {
    struct linkup *u = self;
    if (u->then)
        return u->then(u, now_us, last);
    u->start_us = now_us;
    if (!u->limit_us)
        u->limit_us = u->line->limit_us;
    u->then = at_first_rate;
    return step_baud(BEKEN_FIRST_BAUD);
}

struct machine linkup_machine(struct linkup *u) {
    return (struct machine){next, NULL, u};
}
