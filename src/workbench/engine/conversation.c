/* Between a talk and the steps of a machine. */
#include "workbench/engine/conversation.h"

static void take(struct conversation *c, enum exchange_event event, const struct answer *a) {
    if (event == EXCHANGE_STRAY)
        line_note_stray(c->line, &a->response);
    c->status = c->talk.take(c->talk.self, event, a);
}

/* Nothing came in time: perhaps a frame stands behind a broken one. */
static void deadline_came(struct conversation *c) {
    struct answer a = {.skipped = 0};
    enum exchange_event event = exchange_resync(&c->line->x, &a.response, &a.request, &a.skipped);
    if (event == EXCHANGE_NOTHING)
        c->status = STATUS_TIMEOUT;
    else
        take(c, event, &a);
}

static struct step say_accident(struct line *l) {
    uint32_t n = l->accidents_told++;
    uint32_t address = l->accidents[n < LINE_ACCIDENTS ? n : LINE_ACCIDENTS - 1];
    return line_say(l, SAY_WARNING, "a damaged request changed the sector at %06X",
                    (unsigned)(l->flash_size ? address % l->flash_size : address));
}

static struct step next(void *self, uint64_t now_us, enum status last) {
    struct conversation *c = self;
    struct line *l = c->line;
    if (!c->begun)
        exchange_forget_requests(&l->x);
    else if (last == STATUS_TIMEOUT)
        deadline_came(c);
    c->begun = true;
    if (l->accidents_told < l->accident_count)
        return say_accident(l);
    if (c->status != STATUS_OK)
        return step_over(c->status);
    size_t size = c->talk.ask(c->talk.self, &l->x, now_us, l->frame, sizeof l->frame);
    if (size)
        return step_send(l->frame, size);
    if (c->talk.is_over(c->talk.self))
        return step_over(STATUS_OK);
    return l->x.count ? step_wait(exchange_deadline(&l->x)) : step_over(STATUS_TIMEOUT);
}

/* One frame at a time: what follows it may belong to what is asked then. */
static size_t hear(void *self, const uint8_t *bytes, size_t size, uint64_t now_us) {
    struct conversation *c = self;
    for (size_t i = 0; i < size; i++) {
        struct answer a = {.skipped = 0};
        enum exchange_event event =
            exchange_feed(&c->line->x, bytes[i], now_us, &a.response, &a.request, &a.skipped);
        if (event == EXCHANGE_NOTHING)
            continue;
        take(c, event, &a);
        return i + 1;
    }
    return size;
}

struct machine conversation_machine(struct conversation *c) {
    return (struct machine){next, hear, c};
}
