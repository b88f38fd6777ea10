/* The two ways to wait. */
#include "workbench/engine/calm.h"

enum { PATIENCE = 10 };

static struct step calm_next(void *self, uint64_t now_us, enum status last) {
    struct calm *c = self;
    if (!c->end_us)
        c->end_us = now_us + PATIENCE * c->quiet_us;
    else if (last == STATUS_TIMEOUT || now_us >= c->end_us) {
        exchange_forget(&c->line->x);
        return step_over(STATUS_OK);
    }
    return step_wait(now_us + c->quiet_us);
}

static size_t calm_hear(void *self, const uint8_t *bytes, size_t size, uint64_t now_us) {
    (void)self;
    (void)bytes;
    (void)now_us;
    return size;
}

struct machine calm_machine(struct calm *c) {
    return (struct machine){calm_next, calm_hear, c};
}

static struct step pause_next(void *self, uint64_t now_us, enum status last) {
    struct pause *p = self;
    (void)last;
    if (!p->end_us)
        p->end_us = now_us + p->us;
    return now_us < p->end_us ? step_wait(p->end_us) : step_over(STATUS_OK);
}

static size_t pause_hear(void *self, const uint8_t *bytes, size_t size, uint64_t now_us) {
    struct pause *p = self;
    for (size_t i = 0; i < size; i++) {
        struct beken_response r;
        const struct exchange_request *request;
        int skipped;
        if (exchange_feed(&p->line->x, bytes[i], now_us, &r, &request, &skipped) == EXCHANGE_STRAY)
            line_note_stray(p->line, &r);
    }
    return size;
}

struct machine pause_machine(struct pause *p) {
    return (struct machine){pause_next, pause_hear, p};
}
