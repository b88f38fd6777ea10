/* Ask, judge, calm, ask again. */
#include "workbench/engine/inquiry.h"

static struct step ask(struct inquiry *q, enum status last);

struct step inquiry_end_open_request(const struct line *l) {
    static const uint8_t filler[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    bool family_b = l->known && l->family == BEKEN_FAMILY_B;
    return family_b ? step_send(filler, sizeof filler) : step_over(STATUS_OK);
}

static struct step calmed(struct inquiry *q, enum status last) {
    if (last != STATUS_OK)
        return step_over(last);
    struct step filler = inquiry_end_open_request(q->line);
    if (filler.kind == STEP_OVER)
        return ask(q, STATUS_OK);
    q->then = ask;
    return filler;
}

static struct step again(struct inquiry *q) {
    q->line->retries++;
    q->line->trouble++;
    q->calm = (struct calm){.line = q->line, .quiet_us = LINE_CALM_US};
    q->then = calmed;
    return step_run(calm_machine(&q->calm));
}

/* A refusal may be a damaged answer: it counts when it comes twice. */
static struct step answered(struct inquiry *q, enum status last) {
    enum status status = last;
    bool more = ++q->tried < q->tries;
    if (status == STATUS_OK)
        status = line_judge(q->line, q->frame, &q->question.response);
    if (status == STATUS_REFUSED && !q->refused && more) {
        q->refused = true;
        return again(q);
    }
    if (status == STATUS_TIMEOUT && more)
        return again(q);
    if (status == STATUS_TIMEOUT)
        line_fail(q->line, status, "the chip does not answer command %02X", line_command(q->frame));
    return step_over(status);
}

static struct step ask(struct inquiry *q, enum status last) {
    enum { LINK_CHECK_BYTES = 5 };
    (void)last;
    bool push = line_hurries(q->line) && q->size > LINK_CHECK_BYTES;
    q->question = (struct talk_question){.line = q->line,
                                         .frame = q->frame,
                                         .size = q->size,
                                         .work_us = q->work_us,
                                         .pushes = push ? TALK_PACKET_MARKS : 0};
    q->conversation = (struct conversation){.line = q->line, .talk = talk_question(&q->question)};
    q->then = answered;
    return step_run(conversation_machine(&q->conversation));
}

static struct step next(void *self, uint64_t now_us, enum status last) {
    struct inquiry *q = self;
    (void)now_us;
    return q->then ? q->then(q, last) : ask(q, STATUS_OK);
}

struct machine inquiry_machine(struct inquiry *q) {
    return (struct machine){next, NULL, q};
}

struct machine inquiry_link_check(struct inquiry *q, struct line *line, int tries) {
    *q = (struct inquiry){.line = line, .tries = tries};
    q->size = beken_link_check(q->own, sizeof q->own);
    q->frame = q->own;
    return inquiry_machine(q);
}
