/* Pass after pass. */
#include "workbench/flasher/stream.h"

#include "workbench/flasher/bus.h"
#include "workbench/flasher/driver.h"

enum {
    TROUBLE_MOST = 8, /* then the rate is left for a lower one */
    PASSES = LINE_TRIES * LINE_RECOVERIES,
};

enum status stream_run(struct session *s, const struct stream *stream) {
    struct pipe p = {.line = &s->line, .stream = stream};
    return session_talk(s, talk_pipe(&p));
}

enum status stream_again(struct session *s, int idle) {
    struct line *l = &s->line;
    l->retries++;
    l->trouble++;
    if (l->depth > 1 && idle > 1)
        l->depth = 1; /* perhaps this chip does not queue requests after all */
    if (idle % 2)
        return session_recover(s);
    enum status status = session_calm(s, LINE_CALM_US);
    if (status == STATUS_OK && l->trouble > TROUBLE_MOST)
        status = session_step_down(s);
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
