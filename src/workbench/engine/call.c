/* Repeating what can be repeated. */
#include "workbench/engine/call.h"

static struct step call_next(void *self, uint64_t now_us, enum status last) {
    struct call *c = self;
    (void)now_us;
    if (c->asking && last != STATUS_TIMEOUT)
        return step_over(last);
    if (c->asking && c->recoveries++ == LINE_RECOVERIES)
        return step_over(line_fail(c->line, STATUS_TIMEOUT,
                                   "the chip stopped answering; check supply and wires"));
    if (c->asking) {
        c->asking = false;
        c->recovery = (struct recovery){.line = c->line};
        return step_run(recovery_machine(&c->recovery));
    }
    if (last != STATUS_OK)
        return step_over(last);
    c->asking = true;
    c->inquiry = (struct inquiry){.line = c->line,
                                  .frame = c->frame,
                                  .size = c->size,
                                  .work_us = c->work_us,
                                  .tries = LINE_TRIES};
    return step_run(inquiry_machine(&c->inquiry));
}

struct machine call_machine(struct call *c) {
    return (struct machine){call_next, NULL, c};
}

static struct step sum_again(struct checksum *c) {
    c->asking = false;
    c->line->retries++;
    c->line->trouble++;
    if (c->tried++ % LINE_TRIES == LINE_TRIES - 1) {
        c->recovery = (struct recovery){.line = c->line};
        return step_run(recovery_machine(&c->recovery));
    }
    c->calm = (struct calm){.line = c->line, .quiet_us = LINE_CALM_US};
    return step_run(calm_machine(&c->calm));
}

static struct step checksum_next(void *self, uint64_t now_us, enum status last) {
    struct checksum *c = self;
    (void)now_us;
    if (c->asking)
        return last == STATUS_TIMEOUT ? sum_again(c) : step_over(last);
    if (last != STATUS_OK)
        return step_over(last);
    if (c->tried == LINE_TRIES * LINE_RECOVERIES)
        return step_over(line_fail(c->line, STATUS_TIMEOUT,
                                   "no checksum of %06X..%06X from the chip", (unsigned)c->start,
                                   (unsigned)c->end));
    c->asking = true;
    c->sum = (struct talk_sum){.line = c->line, .start = c->start, .end = c->end};
    c->conversation = (struct conversation){.line = c->line, .talk = talk_sum(&c->sum)};
    return step_run(conversation_machine(&c->conversation));
}

struct machine checksum_machine(struct checksum *c) {
    return (struct machine){checksum_next, NULL, c};
}
