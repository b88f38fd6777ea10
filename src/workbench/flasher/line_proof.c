/* Questions that repeat their address, many at a time. */
#include "workbench/flasher/line_proof.h"

#include "workbench/flasher/ladder.h"
#include "workbench/flasher/session_private.h"

enum {
    QUESTIONS = 600,
    AT_ONCE = 8,
    ROUNDS = 6,
    SUSPECT = 8, /* retries after which a family F line is tried */
    /* A question and its answer are 29 bytes, a sector on its way 4108: with more errors fewer than
     * one sector in a hundred arrives whole. */
    HOPELESS = 20,
};

/* Keeps some marks under way until all were asked; *errors counts every answer that did not come
 * as it should. TIMEOUT: what was under way is lost. */
static enum status ask_on(struct session *s, int *left, uint32_t *errors) {
    struct inbox in = {.from = 0, .to = 0};
    enum status status = STATUS_OK;
    exchange_forget(&s->x);
    while (status == STATUS_OK && (*left || s->x.count)) {
        for (; status == STATUS_OK && *left && s->x.count < AT_ONCE; --*left) {
            uint8_t frame[24];
            size_t size = session_mark(s, frame, sizeof frame);
            status = session_send_request(s, frame, size, 0);
        }
        struct answer a = {.skipped = 0};
        enum exchange_event event = EXCHANGE_NOTHING;
        if (status == STATUS_OK)
            status = session_next_frame(s, &in, &a, &event);
        if (status == STATUS_OK)
            *errors += event == EXCHANGE_ANSWER ? (uint32_t)a.skipped : 1;
    }
    return status;
}

static enum status ask(struct session *s, uint32_t *errors) {
    enum status status = session_calm(s, SESSION_CALM_US); /* answers nobody waited for */
    *errors = 0;
    for (int left = QUESTIONS; status == STATUS_OK && left;) {
        status = ask_on(s, &left, errors);
        if (status == STATUS_TIMEOUT) {
            ++*errors;
            status = session_calm(s, SESSION_CALM_US);
        }
    }
    return status;
}

enum status line_prove(struct session *s) {
    uint32_t errors = 0;
    bool rom = s->chip.family == BEKEN_FAMILY_F;
    if (s->options.bad_line || (rom && s->stats.retries < SUSPECT))
        return STATUS_OK;
    for (int round = 0; round < ROUNDS; round++) {
        enum status status = ask(s, &errors);
        if (status != STATUS_OK || errors <= (rom ? HOPELESS : 0))
            return status;
        if (s->baud <= BEKEN_FIRST_BAUD)
            break;
        if ((status = ladder_step_down(s)) != STATUS_OK)
            return status;
    }
    if (rom)
        return session_fail(s, STATUS_REFUSED,
                            "%u of %d test questions came to harm at %u baud: no sector would "
                            "arrive whole on such a line. Shorten the wires, check ground and the "
                            "3.3 V supply; --bad-line goes on all the same",
                            (unsigned)errors, QUESTIONS, (unsigned)s->baud);
    return session_fail(s, STATUS_REFUSED,
                        "%u of %d test questions came to harm at %u baud: on such a line a damaged "
                        "request could erase the bootloader, which is all that answers on this "
                        "chip. Shorten the wires, check ground and the 3.3 V supply; --bad-line "
                        "goes on all the same",
                        (unsigned)errors, QUESTIONS, (unsigned)s->baud);
}
