/* Send, wait, send. */
#include "workbench/engine/writing.h"

uint32_t writing_next(const struct writing *w, uint32_t from) {
    while (from < w->end && !w->wants(w->context, from))
        from++;
    return from;
}

static size_t writing_ask(void *self, struct exchange *x, uint64_t now_us, uint8_t *frame,
                          size_t room) {
    struct writing *w = self;
    if (w->done == w->end)
        return 0;
    if (w->next == w->done) {
        size_t size = beken_flash_write_4k(w->start + w->next * BEKEN_SECTOR,
                                           w->data + (size_t)w->next * BEKEN_SECTOR, frame, room);
        w->next = writing_next(w, w->next + 1);
        w->pushes = line_hurries(w->line) ? TALK_PACKET_MARKS : 0;
        w->sent++;
        return exchange_sent(x, frame, size, WRITING_4K_US, now_us) ? size : 0;
    }
    return w->pushes && w->pushes-- ? talk_mark(w->line, frame, room) : 0;
}

static enum status writing_take(void *self, enum exchange_event event, const struct answer *a) {
    struct writing *w = self;
    if (event != EXCHANGE_ANSWER)
        return STATUS_OK;
    if (a->skipped || a->response.status)
        return STATUS_TIMEOUT;
    w->done = writing_next(w, w->done + 1);
    w->wrote(w->context, w->done);
    return STATUS_OK;
}

static bool writing_is_over(const void *self) {
    const struct writing *w = self;
    return w->done == w->end;
}

struct talk talk_writing(struct writing *w) {
    return (struct talk){writing_ask, writing_take, writing_is_over, w};
}
