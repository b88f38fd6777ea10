/* Keeping the pipe full, and believing nothing too early. */
#include "workbench/flasher/stream.h"

#include "workbench/flasher/ladder.h"
#include "workbench/flasher/session_private.h"

enum {
    BUFFER_BYTES = 116, /* of requests under way; the smallest buffer known holds 128 */
    READS_MOST = 2,     /* more make nothing faster */
    QUESTION_MOST = 16, /* bytes of one */
    CRCS_PER_MARK = 6,  /* checksums before a mark shows that none was lost */
    ASKED_MOST = 2 * EXCHANGE_DEPTH,
    READ_WORK_US = 20000,
    TROUBLE_MOST = 8, /* then the rate is left for a lower one */
    PASSES = SESSION_TRIES * SESSION_RECOVERIES,
};

/* A question under way, or answered by a checksum that is not believed yet. */
struct asked {
    struct stream_question q;
    bool is_mark, answered, done;
    uint32_t crc;
    size_t bytes;
};

struct pipe {
    const struct talk_terms *terms;
    const struct stream *stream;
    struct asked asked[ASKED_MOST]; /* oldest first */
    int count;
    int unmarked; /* checksums sent since the last question that names itself */
    int pushes;   /* marks sent since the last question, to push answers out of the adapter */
    bool all_asked;
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
    if (p->terms->depth == 1)
        return x->count == 0 && p->count < ASKED_MOST;
    return p->count < ASKED_MOST && x->count < EXCHANGE_DEPTH &&
           bytes_under_way(p) + QUESTION_MOST <= BUFFER_BYTES;
}

/* What may be asked now. */
static unsigned open_kinds(const struct pipe *p) {
    return (reads_under_way(p) < READS_MOST ? STREAM_READ : 0u) |
           (p->unmarked < CRCS_PER_MARK ? STREAM_CRC : 0u);
}

static size_t frame_of(const struct talk_terms *t, const struct stream_question *q, uint8_t *frame,
                       size_t room, uint64_t *work_us) {
    if (q->kind == STREAM_READ) {
        *work_us = READ_WORK_US;
        if (q->length < BEKEN_SECTOR)
            return beken_flash_read(q->start, q->length, frame, room);
        return beken_flash_read_4k(talk_read_address(t, q->start), frame, room);
    }
    *work_us = talk_crc_work_us(q->length);
    return beken_check_crc(q->start, q->start + q->length - !t->crc_exclusive, frame, room);
}

static bool is_waiting(const struct pipe *p) {
    for (int i = 0; i < p->count; i++)
        if (!p->asked[i].done && !p->asked[i].is_mark)
            return true;
    return false;
}

/* When nothing follows that would push the last answers out of the adapter: marks. */
static bool must_push(const struct pipe *p) {
    return p->terms->hurry && p->pushes < TALK_PACKET_MARKS && reads_under_way(p) < READS_MOST &&
           is_waiting(p);
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
        mark ? talk_mark(p->terms, frame, room) : frame_of(p->terms, &q, frame, room, &work_us);
    p->pushes = mark ? p->pushes + !p->unmarked : 0;
    p->unmarked = !mark && q.kind == STREAM_CRC ? p->unmarked + 1 : 0;
    p->asked[p->count] = (struct asked){.is_mark = mark, .bytes = size};
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

static void take_sector(struct pipe *p, struct asked *q, const struct answer *a) {
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
    struct asked *q = &p->asked[i];
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

enum status stream_run(struct session *s, const struct stream *stream) {
    const struct talk_terms terms = session_terms(s);
    struct pipe p = {.terms = &terms, .stream = stream};
    return session_talk(s, &(struct talk){pipe_ask, pipe_take, pipe_is_over, &p});
}

enum status stream_again(struct session *s, int idle) {
    s->stats.retries++;
    s->trouble++;
    if (s->depth > 1 && idle > 1)
        s->depth = 1; /* perhaps this chip does not queue requests after all */
    if (idle % 2)
        return session_recover(s);
    enum status status = session_calm(s, SESSION_CALM_US);
    if (status == STATUS_OK && s->trouble > TROUBLE_MOST)
        status = ladder_step_down(s);
    return status;
}

/* --- checksums --- */

struct summing {
    struct stream_crc *list;
    uint32_t count, at, missing;
};

static bool next_crc(void *context, unsigned kinds, struct stream_question *q) {
    struct summing *c = context;
    if (!(kinds & STREAM_CRC))
        return false;
    while (c->at < c->count && c->list[c->at].known)
        c->at++;
    if (c->at == c->count)
        return false;
    *q = (struct stream_question){STREAM_CRC, c->list[c->at].start, c->list[c->at].length};
    c->at++;
    return true;
}

static void take_crc(void *context, const struct stream_question *q, const uint8_t *data,
                     uint32_t crc) {
    struct summing *c = context;
    (void)data;
    for (uint32_t i = 0; i < c->count; i++)
        if (!c->list[i].known && c->list[i].start == q->start && c->list[i].length == q->length) {
            c->list[i].crc = crc;
            c->list[i].known = true;
            c->missing--;
            return;
        }
}

enum status stream_crcs(struct session *s, struct stream_crc *list, uint32_t count) {
    struct summing c = {.list = list, .count = count};
    const struct stream stream = {next_crc, take_crc, &c};
    for (uint32_t i = 0; i < count; i++)
        c.missing += !list[i].known;
    for (int pass = 0; c.missing && pass < PASSES; pass++) {
        uint32_t before = c.missing;
        c.at = 0;
        enum status status = stream_run(s, &stream);
        if (status == STATUS_OK && !c.missing)
            return STATUS_OK;
        if (status == STATUS_OK || status == STATUS_TIMEOUT)
            status = stream_again(s, c.missing < before ? 0 : pass + 1);
        if (status != STATUS_OK)
            return status;
        if (c.missing < before)
            pass = 0;
    }
    return c.missing ? session_fail(s, STATUS_TIMEOUT, "the chip gives no checksums") : STATUS_OK;
}

/* --- reading --- */

struct reading {
    uint32_t start, count, at, missing;
    uint8_t *data;
    bool *got;
};

static bool next_read(void *context, unsigned kinds, struct stream_question *q) {
    struct reading *r = context;
    if (!(kinds & STREAM_READ))
        return false;
    while (r->at < r->count && r->got[r->at])
        r->at++;
    if (r->at == r->count)
        return false;
    *q = (struct stream_question){STREAM_READ, r->start + r->at++ * BEKEN_SECTOR, BEKEN_SECTOR};
    return true;
}

static void take_read(void *context, const struct stream_question *q, const uint8_t *data,
                      uint32_t crc) {
    struct reading *r = context;
    uint32_t i = (q->start - r->start) / BEKEN_SECTOR;
    (void)crc;
    if (!data || r->got[i])
        return;
    memcpy(r->data + (size_t)i * BEKEN_SECTOR, data, BEKEN_SECTOR);
    r->got[i] = true;
    r->missing--;
}

enum status stream_read(struct session *s, uint32_t start, uint32_t count, uint8_t *data,
                        bool *got) {
    struct reading r = {.start = start, .count = count, .data = data, .got = got};
    const struct stream stream = {next_read, take_read, &r};
    for (uint32_t i = 0; i < count; i++)
        r.missing += !got[i];
    for (int pass = 0; r.missing && pass < PASSES; pass++) {
        uint32_t before = r.missing;
        r.at = 0;
        enum status status = stream_run(s, &stream);
        if (status == STATUS_OK && !r.missing)
            return STATUS_OK;
        if (status == STATUS_OK || status == STATUS_TIMEOUT)
            status = stream_again(s, r.missing < before ? 0 : pass + 1);
        if (status != STATUS_OK)
            return status;
    }
    return r.missing
               ? session_fail(s, STATUS_IO, "sectors from %06X cannot be read", (unsigned)start)
               : STATUS_OK;
}
