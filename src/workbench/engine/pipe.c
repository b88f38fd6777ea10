/* Keeping the pipe full, and believing nothing too early. */
#include "workbench/engine/pipe.h"

enum {
    BUFFER_BYTES = 116, /* of requests under way; the smallest buffer known holds 128 */
    READS_MOST = 2,     /* more make nothing faster */
    QUESTION_MOST = 16, /* bytes of one */
    CRCS_PER_MARK = 6,  /* checksums before a mark shows that none was lost */
    READ_WORK_US = 20000,
};

static size_t bytes_under_way(const struct pipe *p) {
    size_t bytes = 0;
    for (int i = 0; i < p->count; i++)
        bytes += p->asked[i].answered ? 0 : p->asked[i].bytes;
    return bytes;
}

static int reads_under_way(const struct pipe *p) {
    int reads = 0;
    for (int i = 0; i < p->count; i++)
        reads += !p->asked[i].answered && !p->asked[i].is_mark && p->asked[i].q.kind == STREAM_READ;
    return reads;
}

static bool has_room(const struct pipe *p, const struct exchange *x) {
    if (p->line->depth == 1)
        return x->count == 0 && p->count < PIPE_ASKED_MOST;
    return p->count < PIPE_ASKED_MOST && x->count < EXCHANGE_DEPTH &&
           bytes_under_way(p) + QUESTION_MOST <= BUFFER_BYTES;
}

/* What may be asked now. */
static unsigned open_kinds(const struct pipe *p) {
    return (reads_under_way(p) < READS_MOST ? STREAM_READ : 0u) |
           (p->unmarked < CRCS_PER_MARK ? STREAM_CRC : 0u);
}

static size_t frame_of(const struct line *l, const struct stream_question *q, uint8_t *frame,
                       size_t room, uint64_t *work_us) {
    if (q->kind == STREAM_READ) {
        *work_us = READ_WORK_US;
        if (q->length < BEKEN_SECTOR)
            return beken_flash_read(q->start, q->length, frame, room);
        return beken_flash_read_4k(talk_read_address(l, q->start), frame, room);
    }
    *work_us = talk_crc_work_us(q->length);
    return beken_check_crc(q->start, q->start + q->length - !l->crc_exclusive, frame, room);
}

static bool is_waiting(const struct pipe *p) {
    for (int i = 0; i < p->count; i++)
        if (!p->asked[i].done && !p->asked[i].is_mark)
            return true;
    return false;
}

/* When nothing follows that would push the last answers out of the adapter: marks. */
static bool must_push(const struct pipe *p) {
    return line_hurries(p->line) && p->pushes < TALK_PACKET_MARKS &&
           reads_under_way(p) < READS_MOST && is_waiting(p);
}

/* A read names itself as a mark does, so as long as reads are under way no mark is needed: the next
 * one follows. */
static size_t pipe_ask(void *self, struct exchange *x, uint64_t now_us, uint8_t *frame,
                       size_t room) {
    struct pipe *p = self;
    struct stream_question q = {.length = 0};
    uint64_t work_us = 0;
    if (!has_room(p, x))
        return 0;
    bool mark = !p->stream->next(p->stream->context, open_kinds(p), &q);
    p->all_asked = mark;
    if (mark && !(p->unmarked && !reads_under_way(p)) && !must_push(p))
        return 0;
    size_t size =
        mark ? talk_mark(p->line, frame, room) : frame_of(p->line, &q, frame, room, &work_us);
    p->pushes = mark ? p->pushes + !p->unmarked : 0;
    p->unmarked = !mark && q.kind == STREAM_CRC ? p->unmarked + 1 : 0;
    p->asked[p->count] = (struct pipe_question){.is_mark = mark, .bytes = size};
    if (!mark)
        p->asked[p->count].q = q;
    p->count++;
    return exchange_sent(x, frame, size, work_us, now_us) ? size : 0;
}

/* An answer came that names itself: every checksum before it is true. */
static void believe(struct pipe *p, int before) {
    for (int i = 0; i < before; i++)
        if (!p->asked[i].done) {
            p->asked[i].done = true;
            p->stream->answer(p->stream->context, &p->asked[i].q, NULL, p->asked[i].crc);
        }
}

static void drop_done(struct pipe *p) {
    int n = 0;
    while (n < p->count && p->asked[n].done)
        n++;
    memmove(p->asked, p->asked + n, (size_t)(p->count - n) * sizeof *p->asked);
    p->count -= n;
}

static void take_sector(struct pipe *p, struct pipe_question *q, const struct answer *a) {
    struct span data = beken_response_data(&a->response);
    bool good = !a->response.status && data.size == q->q.length;
    p->stream->answer(p->stream->context, &q->q, good ? data.data : NULL, 0);
}

static enum status take_answer(struct pipe *p, const struct answer *a) {
    int i = 0;
    while (i < p->count && p->asked[i].answered)
        i++;
    if (i == p->count || a->skipped)
        return STATUS_TIMEOUT; /* an answer was lost */
    struct pipe_question *q = &p->asked[i];
    q->answered = true;
    if (q->is_mark || q->q.kind == STREAM_READ) {
        believe(p, i);
        q->done = true;
        if (!q->is_mark)
            take_sector(p, q, a);
    } else if (a->response.length == 4 && load_le32(a->response.payload) != BEKEN_CRC_START)
        q->crc = ~load_le32(a->response.payload);
    else
        return STATUS_TIMEOUT; /* also the sum of nothing: the question came to harm */
    drop_done(p);
    return STATUS_OK;
}

static enum status pipe_take(void *self, enum exchange_event event, const struct answer *a) {
    ((struct pipe *)self)->all_asked = false; /* what came may lead to more */
    if (event == EXCHANGE_ANSWER)
        return take_answer(self, a);
    /* one checksum too many: which is whose? */
    return !a->response.flash && a->response.code == BEKEN_CHECK_CRC ? STATUS_TIMEOUT : STATUS_OK;
}

static bool pipe_is_over(const void *self) {
    const struct pipe *p = self;
    return p->all_asked && !is_waiting(p);
}

struct talk talk_pipe(struct pipe *p) {
    return (struct talk){pipe_ask, pipe_take, pipe_is_over, p};
}
