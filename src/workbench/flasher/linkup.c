/* The loop that gets a chip's attention. */
#include "workbench/flasher/linkup.h"

#include "workbench/flasher/ladder.h"

enum {
    PULSE_US = 100000,
    FLOOD_US = 900000,
    FIRST_FLOOD_US = 120000,
    STEP_US = 2000, /* between two LinkChecks */
    CALM_AFTER_US = 60000,
    HINT_EVERY = 5,
    AGAIN_US = 30000000,
    TEST_BAUD = 230400,
};

/* Which lines are pulled low for a reset: CEN on RTS (also through the two transistors of boards
 * that reset themselves, where DTR must stay high), on DTR, or on either. */
static const struct {
    bool dtr, rts;
    const char *name;
} wirings[] = {{false, true, "RTS"}, {true, false, "DTR"}, {true, true, "RTS and DTR together"}};
enum { WIRINGS = sizeof wirings / sizeof *wirings };

struct hunt {
    struct beken_uart uart;
    struct classify heard;
    bool answered;
};

static enum status listen_until(struct session *s, struct hunt *h, uint64_t until) {
    uint8_t buffer[256];
    while (!h->answered && link_now_us(s->link) < until) {
        size_t got;
        if (session_cancelled(s))
            return session_fail(s, STATUS_CANCELLED, "stopped");
        enum status status = link_read(s->link, buffer, sizeof buffer, until, &got);
        if (status != STATUS_OK)
            return session_fail(s, status, "%s", s->link->why);
        classify_feed(&h->heard, buffer, got, link_now_us(s->link));
        for (size_t i = 0; i < got; i++) {
            struct beken_response r;
            if (beken_uart_feed(&h->uart, buffer[i], &r) == BEKEN_FEED_FRAME && !r.flash &&
                r.code == BEKEN_LINK_CODE)
                h->answered = true;
        }
    }
    return STATUS_OK;
}

static enum status flood(struct session *s, struct hunt *h, uint64_t us) {
    uint8_t frame[8];
    size_t size = beken_link_check(frame, sizeof frame);
    uint64_t end = link_now_us(s->link) + us;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && !h->answered && link_now_us(s->link) < end) {
        status = session_send(s, frame, size);
        if (status == STATUS_OK)
            status = listen_until(s, h, link_now_us(s->link) + STEP_US);
    }
    return status;
}

static enum status pulse(struct session *s, struct hunt *h, unsigned w) {
    enum status status = link_set_lines(s->link, wirings[w].dtr, wirings[w].rts);
    if (status == STATUS_OK)
        status = listen_until(s, h, link_now_us(s->link) + PULSE_US);
    if (status == STATUS_OK)
        status = link_set_lines(s->link, false, false);
    return status == STATUS_UNSUPPORTED ? STATUS_OK : status;
}

static enum status pulse_reset(struct session *s, struct hunt *h, unsigned attempt) {
    if (!s->link->has_lines || s->options.no_reset || attempt == 0)
        return STATUS_OK;
    return pulse(s, h, (attempt - 1) % WIRINGS);
}

static enum status settle(struct session *s) {
    enum status status = session_calm(s, CALM_AFTER_US);
    return status == STATUS_OK ? session_link_check(s, 8) : status;
}

static enum status use_rate(struct session *s, uint32_t baud) {
    enum status status = link_set_baud(s->link, baud);
    if (status != STATUS_OK)
        return session_fail(s, status, "%s", s->link->why);
    session_use_baud(s, baud);
    return STATUS_OK;
}

static enum status give_up(struct session *s, const struct classify *heard) {
    enum heard kind = classify_verdict(heard);
    return session_fail(s, STATUS_TIMEOUT, "no chip answers; %s: %s", heard_text(kind),
                        heard_advice(kind));
}

static enum status one_attempt(struct session *s, struct hunt *h, unsigned attempt) {
    enum status status = pulse_reset(s, h, attempt);
    if (status == STATUS_OK && attempt % HINT_EVERY == 1)
        status = session_send(s, (const uint8_t *)"reboot\r\n", 8);
    if (status == STATUS_OK)
        status = flood(s, h, attempt ? FLOOD_US : FIRST_FLOOD_US);
    return status;
}

enum status linkup(struct session *s) {
    uint64_t start = link_now_us(s->link), limit = s->options.link_timeout_us;
    struct classify whole = {0};
    enum status status = use_rate(s, BEKEN_FIRST_BAUD);
    for (unsigned attempt = 0; status == STATUS_OK; attempt++) {
        struct hunt h = {.answered = false};
        status = one_attempt(s, &h, attempt);
        if (status != STATUS_OK)
            break;
        if (h.answered && (status = settle(s)) == STATUS_OK)
            return STATUS_OK;
        if (h.answered && status != STATUS_TIMEOUT)
            break;
        status = STATUS_OK;
        enum heard kind = h.answered ? HEARD_DAMAGED : classify_verdict(&h.heard);
        if (h.heard.bytes || whole.bytes == 0)
            whole = h.heard;
        if (attempt)
            session_say(s, SESSION_HEARD, "%s: %s", heard_text(kind), heard_advice(kind));
        if (limit && link_now_us(s->link) - start >= limit)
            return give_up(s, &whole);
    }
    return status;
}

enum status linkup_listen(struct session *s, uint64_t us, struct classify *c) {
    struct hunt h = {.answered = false};
    enum status status = use_rate(s, BEKEN_FIRST_BAUD);
    if (status == STATUS_OK)
        status = listen_until(s, &h, link_now_us(s->link) + us);
    *c = h.heard;
    return status;
}

enum status linkup_again(struct session *s) {
    uint32_t rate = s->baud;
    uint64_t limit = s->options.link_timeout_us;
    struct hunt h = {.answered = false};
    enum status status = use_rate(s, BEKEN_FIRST_BAUD);
    if (status == STATUS_OK)
        status = flood(s, &h, FIRST_FLOOD_US);
    if (status != STATUS_OK)
        return status;
    if (h.answered) {
        s->stats.supply_dips++;
        session_say(s, SESSION_WARNING,
                    "the chip was reset in the middle of the job: its supply dipped");
        status = settle(s);
    } else {
        session_say(s, SESSION_WARNING, "the chip is gone; reset it (CEN to GND) to go on");
        if (!limit)
            s->options.link_timeout_us = AGAIN_US;
        status = linkup(s);
        s->options.link_timeout_us = limit;
    }
    s->stats.relinks++;
    if (status == STATUS_OK && rate != BEKEN_FIRST_BAUD)
        status = ladder_set(s, rate) == STATUS_OK ? STATUS_OK : ladder_step_down(s);
    return status;
}

/* A chip that was reset is back at 115200; one that was not still listens at the other rate. */
enum status linkup_find_reset(struct session *s, const char **wiring) {
    uint32_t rate = s->baud;
    enum status status = STATUS_OK;
    *wiring = NULL;
    if (!s->link->has_lines || s->options.no_reset)
        return STATUS_OK;
    for (unsigned w = 0; status == STATUS_OK && !*wiring && w < WIRINGS; w++) {
        struct hunt h = {.answered = false};
        if (s->baud == BEKEN_FIRST_BAUD && (status = ladder_set(s, TEST_BAUD)) != STATUS_OK)
            break;
        uint32_t before = s->baud;
        status = pulse(s, &h, w);
        h = (struct hunt){.answered = false};
        if (status == STATUS_OK && (status = use_rate(s, BEKEN_FIRST_BAUD)) == STATUS_OK)
            status = flood(s, &h, FIRST_FLOOD_US);
        if (status == STATUS_OK && h.answered)
            *wiring = wirings[w].name;
        else if (status == STATUS_OK)
            status = use_rate(s, before);
        if (status == STATUS_OK)
            status = settle(s);
    }
    if (status == STATUS_OK && s->baud != rate)
        status = ladder_set(s, rate);
    return status == STATUS_TIMEOUT ? linkup(s) : status;
}
