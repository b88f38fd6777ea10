/* Both ends to another rate, or back. */
#include "workbench/engine/rate.h"

enum { DELAY_MS = 20, PROOFS = 6, RETURNS = 3, ECHO_US = 400000, CALM_BEFORE_US = 5000 };

/* --- the change --- */

static struct step await_echo(struct rate_change *c, uint64_t now_us, enum status last) {
    (void)last;
    if (c->echoed)
        return step_over(STATUS_OK);
    return now_us < c->until_us ? step_wait(c->until_us) : step_over(STATUS_TIMEOUT);
}

static struct step switched(struct rate_change *c, uint64_t now_us, enum status last) {
    if (last != STATUS_OK)
        return step_over(last);
    exchange_set_baud(&c->line->x, c->baud);
    c->until_us = now_us + ECHO_US;
    c->then = await_echo;
    return await_echo(c, now_us, STATUS_OK);
}

static struct step between(struct rate_change *c, uint64_t now_us, enum status last) {
    (void)last;
    if (now_us < c->until_us)
        return step_wait(c->until_us);
    c->then = switched;
    return step_baud(c->baud);
}

/* The adapter may still hold the bytes that it believes sent. */
static struct step drained(struct rate_change *c, uint64_t now_us, enum status last) {
    c->until_us = now_us + DELAY_MS * 500 + exchange_wire_us(c->line->x.baud, c->size);
    c->then = between;
    return between(c, now_us, last);
}

static struct step sent(struct rate_change *c, uint64_t now_us, enum status last) {
    (void)now_us;
    (void)last;
    c->then = drained;
    return (struct step){.kind = STEP_DRAIN};
}

static struct step change_next(void *self, uint64_t now_us, enum status last) {
    struct rate_change *c = self;
    if (c->then)
        return c->then(c, now_us, last);
    c->size = beken_set_baud(c->baud, DELAY_MS, c->frame, sizeof c->frame);
    c->then = sent;
    return step_send(c->frame, c->size);
}

static size_t change_hear(void *self, const uint8_t *bytes, size_t size, uint64_t now_us) {
    struct rate_change *c = self;
    (void)now_us;
    for (size_t i = 0; i < size; i++) {
        struct beken_response r;
        if (beken_uart_feed(&c->uart, bytes[i], &r) == BEKEN_FEED_FRAME &&
            beken_response_answers(&r, c->frame, c->size))
            c->echoed = true;
    }
    return size;
}

struct machine rate_change_machine(struct rate_change *c) {
    return (struct machine){change_next, change_hear, c};
}

/* --- with proof --- */

static struct step change(struct rate *r, uint32_t baud,
                          struct step (*then)(struct rate *, enum status)) {
    r->change = (struct rate_change){.line = r->line, .baud = baud};
    r->then = then;
    return step_run(rate_change_machine(&r->change));
}

static struct step fallen_back(struct rate *r, enum status last) {
    if (last != STATUS_OK)
        return step_over(last);
    return step_over(
        line_fail(r->line, STATUS_TIMEOUT, "%u baud does not work here", (unsigned)r->baud));
}

static struct step fall_back(struct rate *r, enum status last);

static struct step answers_again(struct rate *r, enum status last) {
    return last == STATUS_OK ? fallen_back(r, last) : fall_back(r, last);
}

static struct step went_back(struct rate *r, enum status last) {
    if (last != STATUS_TIMEOUT)
        return fallen_back(r, last);
    r->then = answers_again;
    return step_run(inquiry_link_check(&r->check, r->line, 2));
}

/* Both ends back to 115200 after a rate that did not work, as well as that can be done. */
static struct step fall_back(struct rate *r, enum status last) {
    (void)last;
    if (r->returns++ < RETURNS)
        return change(r, BEKEN_FIRST_BAUD, went_back);
    r->linkup = (struct linkup){.line = r->line};
    r->then = fallen_back;
    return step_run(linkup_machine(&r->linkup));
}

static struct step prove(struct rate *r, enum status last) {
    if (last == STATUS_TIMEOUT || last == STATUS_UNSUPPORTED)
        return fall_back(r, last);
    if (last != STATUS_OK)
        return step_over(last);
    if (r->proofs++ < PROOFS) {
        r->then = prove;
        return step_run(inquiry_link_check(&r->check, r->line, 1));
    }
    r->line->trouble = 0;
    return step_over(STATUS_OK);
}

/* A busy computer may follow only after the echo has passed: then the chip is there all the same.
 */
static struct step changed(struct rate *r, enum status last) {
    if (last != STATUS_TIMEOUT)
        return prove(r, last);
    r->then = prove;
    return step_run(inquiry_link_check(&r->check, r->line, 1));
}

static struct step adapter_asked(struct rate *r, enum status last) {
    if (last != STATUS_OK)
        return step_over(last);
    if (!r->refused)
        return change(r, r->baud, changed);
    r->then = fallen_back;
    return line_say(r->line, SAY_NOTE, "%s", r->line->why);
}

static struct step ask_adapter_back(struct rate *r, enum status last) {
    r->refused = last != STATUS_OK;
    r->then = adapter_asked;
    return step_baud(r->line->x.baud);
}

/* Does our end have that rate at all? A chip that changed alone would be lost. */
static struct step ask_adapter(struct rate *r, enum status last) {
    if (last != STATUS_OK)
        return step_over(last);
    r->then = ask_adapter_back;
    return step_baud(r->baud);
}

static struct step rate_next(void *self, uint64_t now_us, enum status last) {
    struct rate *r = self;
    (void)now_us;
    if (r->then)
        return r->then(r, last);
    if (r->baud == r->line->x.baud)
        return step_over(STATUS_OK);
    r->calm = (struct calm){.line = r->line, .quiet_us = CALM_BEFORE_US};
    r->then = ask_adapter;
    return step_run(calm_machine(&r->calm));
}

struct machine rate_machine(struct rate *r) {
    return (struct machine){rate_next, NULL, r};
}
