/* Changing the rate without losing the chip. */
#include "workbench/flasher/ladder.h"

#include "workbench/flasher/linkup.h"

enum { DELAY_MS = 20, PROOFS = 6, ECHO_US = 400000 };

static const uint32_t rungs[] = {2000000, 1500000, 921600, 460800, 230400, 115200};
#define FIRST_RUNG 921600u /* works with nearly every adapter */

uint32_t ladder_rung(unsigned i) {
    unsigned count = sizeof rungs / sizeof *rungs;
    return i < count ? rungs[count - 1 - i] : 0;
}

static enum status host_rate(struct session *s, uint32_t baud) {
    enum status status = link_set_baud(s->link, baud);
    if (status != STATUS_OK)
        return session_fail(s, status, "%s", s->link->why);
    session_use_baud(s, baud);
    return STATUS_OK;
}

/* Waits for the echo that the chip sends at the new rate. */
static enum status await_echo(struct session *s, const uint8_t *frame, size_t size) {
    struct beken_uart uart = {.used = 0};
    uint8_t buffer[64];
    uint64_t until = link_now_us(s->link) + ECHO_US;
    while (link_now_us(s->link) < until) {
        size_t got;
        enum status status = link_read(s->link, buffer, sizeof buffer, until, &got);
        if (status != STATUS_OK)
            return session_fail(s, status, "%s", s->link->why);
        if (session_cancelled(s))
            return session_fail(s, STATUS_CANCELLED, "stopped");
        for (size_t i = 0; i < got; i++) {
            struct beken_response r;
            if (beken_uart_feed(&uart, buffer[i], &r) == BEKEN_FEED_FRAME &&
                beken_response_answers(&r, frame, size))
                return STATUS_OK;
        }
    }
    return STATUS_TIMEOUT;
}

static enum status ask(struct session *s, uint32_t baud, bool wait_echo) {
    uint8_t frame[16];
    size_t size = beken_set_baud(baud, DELAY_MS, frame, sizeof frame);
    enum status status = session_send(s, frame, size);
    if (status == STATUS_OK)
        link_drain(s->link);
    /* The adapter may still hold the bytes that drain believes sent. */
    link_sleep_us(s->link, DELAY_MS * 500 + exchange_wire_us(s->baud, size));
    if (status == STATUS_OK)
        status = host_rate(s, baud);
    return status == STATUS_OK && wait_echo ? await_echo(s, frame, size) : status;
}

/* Both ends back to 115200 after a rate that did not work, as well as that can be done. */
static enum status fall_back(struct session *s) {
    for (int i = 0; i < 3; i++) {
        enum status status = ask(s, BEKEN_FIRST_BAUD, true);
        if (status != STATUS_TIMEOUT)
            return status;
        if (session_link_check(s, 2) == STATUS_OK)
            return STATUS_OK;
    }
    return linkup(s);
}

enum status ladder_set(struct session *s, uint32_t baud) {
    if (baud == s->baud)
        return STATUS_OK;
    enum status status = session_calm(s, 5000);
    uint32_t old = s->baud;
    if (status == STATUS_OK)
        status = ask(s, baud, true);
    for (int i = 0; status == STATUS_OK && i < PROOFS; i++)
        status = session_link_check(s, 1);
    if (status == STATUS_OK) {
        s->trouble = 0;
        return status;
    }
    if (status == STATUS_UNSUPPORTED) {
        /* The adapter refused: only the chip moved. */
        s->baud = old;
        session_say(s, SESSION_NOTE, "%s", s->why);
    } else if (status != STATUS_TIMEOUT)
        return status;
    if ((status = fall_back(s)) != STATUS_OK)
        return status;
    return session_fail(s, STATUS_TIMEOUT, "%u baud does not work here", (unsigned)baud);
}

static enum status descend(struct session *s, uint32_t below) {
    for (size_t i = 0; i < sizeof rungs / sizeof *rungs; i++) {
        if (rungs[i] >= below)
            continue;
        enum status status = ladder_set(s, rungs[i]);
        if (status != STATUS_TIMEOUT)
            return status;
    }
    return STATUS_OK;
}

enum status ladder_climb(struct session *s, uint32_t remembered) {
    uint32_t first = s->options.baud ? s->options.baud : remembered ? remembered : FIRST_RUNG;
    if (!s->link->has_baud && !s->options.baud)
        return STATUS_OK;
    enum status status = ladder_set(s, first);
    if (status == STATUS_TIMEOUT)
        return descend(s, first);
    if (status != STATUS_OK || s->options.baud || remembered)
        return status;
    status = ladder_set(s, rungs[0]); /* is there more to be had? */
    return status == STATUS_TIMEOUT ? ladder_set(s, first) : status;
}

enum status ladder_step_down(struct session *s) {
    s->trouble = 0;
    if (s->baud <= BEKEN_FIRST_BAUD)
        return STATUS_OK;
    s->stats.step_downs++;
    uint32_t from = s->baud;
    enum status status = descend(s, from);
    if (status == STATUS_OK)
        session_say(s, SESSION_WARNING, "errors at %u baud; going on at %u", (unsigned)from,
                    (unsigned)s->baud);
    return status;
}
