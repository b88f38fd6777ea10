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

static enum status ask(struct session *s, uint32_t *errors) {
    const struct talk_terms terms = session_terms(s);
    struct talk_marks m = {.terms = &terms, .left = QUESTIONS, .depth = AT_ONCE};
    const struct talk t = talk_marks(&m);
    enum status status = session_calm(s, SESSION_CALM_US); /* answers nobody waited for */
    while (status == STATUS_OK && !t.is_over(t.self)) {
        status = session_talk(s, &t);
        if (status == STATUS_TIMEOUT) { /* what was under way is lost */
            m.errors++;
            m.under_way = 0;
            status = session_calm(s, SESSION_CALM_US);
        }
    }
    *errors = m.errors;
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
