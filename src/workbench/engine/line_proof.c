/* Questions that repeat their address, many at a time, and a few one by one. */
#include "workbench/engine/line_proof.h"

enum {
    QUESTIONS = 600,
    AT_ONCE = 8,
    ROUNDS = 6,
    SUSPECT = 8, /* retries after which a family F line is tried */
    /* A question and its answer are 29 bytes, a sector on its way 4108: with more errors fewer than
     * one sector in a hundred arrives whole. */
    HOPELESS = 20,
};

static bool has_rom(const struct line_proof *p) {
    return p->line->family == BEKEN_FAMILY_F;
}

static struct step refuse(const struct line_proof *p) {
    const char *harm = has_rom(p)
                           ? "no sector would arrive whole on such a line."
                           : "on such a line a damaged request could erase the bootloader, which "
                             "is all that answers on this chip.";
    return step_over(line_fail(p->line, STATUS_REFUSED,
                               "%u of %d test questions came to harm at %u baud: %s Shorten the "
                               "wires, check ground and the 3.3 V supply; --bad-line goes on all "
                               "the same",
                               (unsigned)p->marks.errors, QUESTIONS, (unsigned)p->line->x.baud,
                               harm));
}

static struct step calm_down(struct line_proof *p);

static struct step new_round(struct line_proof *p, enum status last) {
    if (last != STATUS_OK)
        return step_over(last);
    if (p->round++ == ROUNDS)
        return refuse(p);
    p->marks = (struct talk_marks){.line = p->line, .left = QUESTIONS, .depth = AT_ONCE};
    return calm_down(p);
}

static struct step counted(struct line_proof *p) {
    if (p->marks.errors <= (has_rom(p) ? (uint32_t)HOPELESS : 0))
        return step_over(STATUS_OK);
    if (p->line->x.baud <= BEKEN_FIRST_BAUD)
        return refuse(p);
    p->descent = (struct descent){.line = p->line};
    p->then = new_round;
    return step_run(descent_machine(&p->descent));
}

static struct step asked(struct line_proof *p, enum status last) {
    if (last == STATUS_OK)
        return counted(p);
    if (last != STATUS_TIMEOUT)
        return step_over(last);
    p->marks.errors++; /* what was under way is lost */
    p->marks.under_way = 0;
    return calm_down(p);
}

static struct step ask(struct line_proof *p, enum status last) {
    struct talk talk = talk_marks(&p->marks);
    if (last != STATUS_OK || talk.is_over(talk.self))
        return last == STATUS_OK ? counted(p) : step_over(last);
    p->conversation = (struct conversation){.line = p->line, .talk = talk};
    p->then = asked;
    return step_run(conversation_machine(&p->conversation));
}

/* Answers nobody waited for. */
static struct step calm_down(struct line_proof *p) {
    p->calm = (struct calm){.line = p->line, .quiet_us = LINE_CALM_US};
    p->then = ask;
    return step_run(calm_machine(&p->calm));
}

static struct step proof_next(void *self, uint64_t now_us, enum status last) {
    struct line_proof *p = self;
    (void)now_us;
    if (p->then)
        return p->then(p, last);
    return has_rom(p) && p->line->retries < SUSPECT ? step_over(STATUS_OK)
                                                    : new_round(p, STATUS_OK);
}

struct machine line_proof_machine(struct line_proof *p) {
    return (struct machine){proof_next, NULL, p};
}

/* --- latency --- */

static struct step latency_next(void *self, uint64_t now_us, enum status last) {
    enum { TIMES = 3, TRIES = 3, ROUND_TRIP_BYTES = 5 + 8 };
    struct latency *l = self;
    if (last != STATUS_OK)
        return step_over(last);
    uint64_t took = now_us - l->asked_us;
    if (l->asked && (l->asked == 1 || took < l->best_us))
        l->best_us = took;
    if (l->asked++ < TIMES) {
        l->asked_us = now_us;
        return step_run(inquiry_link_check(&l->check, l->line, TRIES));
    }
    uint64_t wire = exchange_wire_us(l->line->x.baud, ROUND_TRIP_BYTES);
    l->line->latency_us = l->best_us > wire ? (uint32_t)(l->best_us - wire) : 0;
    return step_over(STATUS_OK);
}

struct machine latency_machine(struct latency *l) {
    return (struct machine){latency_next, NULL, l};
}
