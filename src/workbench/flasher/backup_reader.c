/* Sums and sectors. */
#include "workbench/flasher/backup_reader.h"

#include "base/crc.h"

#include <stdlib.h>
#include <zlib.h>

enum {
    SECTOR = BEKEN_SECTOR,
    TAIL = SECTOR - FLASH_PAGE,
    AHEAD = 24, /* sectors whose checksum is asked for before they are read */
    PIECE = 128,
};

bool reader_alloc(struct reader *r, struct session *s, struct backup *b) {
    *r = (struct reader){.s = s,
                         .b = b,
                         .sectors = b->size / SECTOR,
                         .retries = s->line.retries,
                         .noise = exchange_noise(&s->line.x)};
    r->finding = calloc(r->sectors + 1, 1);
    r->pieces = calloc(r->sectors + 1, 1);
    r->crc = calloc(r->sectors + 1, sizeof *r->crc);
    r->tail = calloc(r->sectors + 1, sizeof *r->tail);
    return r->finding && r->pieces && r->crc && r->tail;
}

void reader_free(struct reader *r) {
    free(r->finding);
    free(r->pieces);
    free(r->crc);
    free(r->tail);
}

void reader_rewind(struct reader *r) {
    r->sum_at = r->read_at = r->piece_next = 0;
    r->tail_next = false;
}

/* Blank sectors count as read until their run has been summed once more. */
static bool is_open(const struct reader *r, uint32_t i) {
    return r->b->state[i] == SECTOR_UNREAD || r->b->state[i] == SECTOR_UNREADABLE;
}

/* Sectors of the unit that begins at i; units end at their own alignment. */
static uint32_t unit_of(const struct reader *r, uint32_t i) {
    uint32_t end = r->b->start / SECTOR + i;
    end = (end / r->unit + 1) * r->unit - r->b->start / SECTOR;
    return (end < r->sectors ? end : r->sectors) - i;
}

static bool is_known(const struct reader *r, uint32_t i) {
    for (uint32_t n = unit_of(r, i); n--;)
        if (r->finding[i + n] == NOTHING && r->b->state[i + n] != SECTOR_VERIFIED)
            return false;
    return true;
}

/* Of a sector that may be short head and tail are summed apart; together they make its sum. */
static bool next_tail(struct reader *r, struct stream_question *q) {
    r->tail_next = false;
    *q = (struct stream_question){STREAM_CRC, r->b->start + (r->sum_at - 1) * SECTOR + FLASH_PAGE,
                                  TAIL};
    return true;
}

static bool next_sum(struct reader *r, struct stream_question *q) {
    if (r->tail_next)
        return next_tail(r, q);
    while (r->sum_at < r->sectors && is_known(r, r->sum_at))
        r->sum_at += unit_of(r, r->sum_at);
    if (r->sum_at == r->sectors)
        return false;
    uint32_t i = r->sum_at, count = unit_of(r, i);
    r->tail_next = i >= r->probe_from;
    *q = (struct stream_question){STREAM_CRC, r->b->start + i * SECTOR,
                                  r->tail_next ? FLASH_PAGE : count * SECTOR};
    r->sum_at += count;
    return true;
}

/* A short sector is read in two pieces. */
static bool next_piece(struct reader *r, struct stream_question *q) {
    uint32_t at = r->b->start + r->read_at * SECTOR + r->piece_next * PIECE;
    *q = (struct stream_question){STREAM_READ, at, PIECE};
    if (++r->piece_next == FLASH_PAGE / PIECE) {
        r->piece_next = 0;
        r->read_at++;
    }
    return true;
}

static void fill_tail(struct reader *r, uint32_t i, const uint8_t *page) {
    uint8_t *sector = r->b->data + (size_t)i * SECTOR;
    for (uint32_t at = FLASH_PAGE; at < SECTOR; at += FLASH_PAGE)
        memcpy(sector + at, page, FLASH_PAGE);
}

/* Is what stands behind the first page known by its sum? Then it is put there. The sum of the whole
 * sector has the last word. */
static void shorten(struct reader *r, uint32_t i) {
    if (r->finding[i] != SUMMED || !r->tail[i])
        return;
    if (r->tail[i] == session_blank_crc(TAIL))
        memset(r->b->data + (size_t)i * SECTOR, 0xFF, SECTOR);
    else if (r->tail[i] == r->pattern_tail)
        fill_tail(r, i, r->pattern);
    else
        return;
    r->finding[i] = SHORT;
    r->pieces[i] = 0;
}

static void learn_pattern(struct reader *r, uint32_t i) {
    const uint8_t *last = r->b->data + (size_t)(i + 1) * SECTOR - FLASH_PAGE;
    if (i < r->probe_from || r->finding[i] != SUMMED ||
        memcmp(last, last - FLASH_PAGE, FLASH_PAGE) != 0)
        return;
    memcpy(r->pattern, last, FLASH_PAGE);
    r->pattern_tail = 0;
    for (uint32_t at = FLASH_PAGE; at < SECTOR; at += FLASH_PAGE)
        r->pattern_tail = crc32_update(r->pattern_tail, last, FLASH_PAGE);
}

static bool next_read(struct reader *r, struct stream_question *q) {
    while (r->read_at < r->sum_at && r->finding[r->read_at] != NOTHING &&
           (r->no_reads || !is_open(r, r->read_at)))
        r->read_at++;
    if (r->read_at == r->sum_at || r->finding[r->read_at] == NOTHING)
        return false; /* its checksum is still on its way */
    if (!r->piece_next)
        shorten(r, r->read_at);
    if (r->finding[r->read_at] == SHORT)
        return next_piece(r, q);
    *q = (struct stream_question){STREAM_READ, r->b->start + r->read_at++ * SECTOR, SECTOR};
    return true;
}

bool reader_next(void *context, unsigned kinds, struct stream_question *q) {
    struct reader *r = context;
    if (kinds & STREAM_READ && next_read(r, q))
        return true;
    return kinds & STREAM_CRC && r->sum_at - r->read_at < AHEAD && next_sum(r, q);
}

static void sector_is_blank(struct reader *r, uint32_t i) {
    memset(r->b->data + (size_t)i * SECTOR, 0xFF, SECTOR);
    r->finding[i] = BLANK;
    r->b->state[i] = SECTOR_READ;
}

/* When every sector of a unit is there, its checksum tells whether they are true. */
static void judge_unit(struct reader *r, uint32_t i) {
    uint32_t first = (r->b->start / SECTOR + i) / r->unit * r->unit;
    first = first > r->b->start / SECTOR ? first - r->b->start / SECTOR : 0;
    uint32_t count = unit_of(r, first);
    for (uint32_t n = 0; n < count; n++)
        if (is_open(r, first + n) || r->finding[first + n] == NOTHING)
            return;
    if (crc32_update(0, r->b->data + (size_t)first * SECTOR, (size_t)count * SECTOR) ==
        r->crc[first])
        memset(r->b->state + first, SECTOR_VERIFIED, count);
}

/* What an earlier run read is kept when the checksum confirms it, else read again. */
static void take_sum(struct reader *r, uint32_t i, uint32_t count, uint32_t crc) {
    uint8_t *data = r->b->data + (size_t)i * SECTOR;
    bool there = true;
    for (uint32_t n = 0; n < count; n++)
        there = there && r->b->state[i + n] == SECTOR_READ;
    r->crc[i] = crc;
    memset(r->finding + i, SUMMED, count);
    if (there && crc32_update(0, data, (size_t)count * SECTOR) == crc) {
        memset(r->b->state + i, SECTOR_VERIFIED, count);
        return;
    }
    for (uint32_t n = 0; n < count; n++)
        if (crc == session_blank_crc(count * SECTOR))
            sector_is_blank(r, i + n);
        else if (r->b->state[i + n] != SECTOR_VERIFIED)
            r->b->state[i + n] = SECTOR_UNREAD;
}

/* The head's answer comes first and waits in crc[i]. */
static void take_part(struct reader *r, uint32_t i, bool tail, uint32_t crc) {
    if (!tail) {
        r->crc[i] = crc;
        return;
    }
    r->tail[i] = crc;
    take_sum(r, i, 1, (uint32_t)crc32_combine(r->crc[i], crc, TAIL));
}

static void take_data(struct reader *r, uint32_t i, const struct stream_question *q,
                      const uint8_t *data) {
    uint32_t at = (q->start - r->b->start) % SECTOR;
    if (!data) {
        r->b->state[i] = SECTOR_UNREADABLE;
        return;
    }
    memcpy(r->b->data + (size_t)i * SECTOR + at, data, q->length);
    r->b->read_bytes += q->length;
    if (q->length < SECTOR) {
        r->pieces[i] |= (uint8_t)(1u << at / PIECE);
        if (r->pieces[i] != (1u << FLASH_PAGE / PIECE) - 1)
            return;
    }
    r->b->state[i] = SECTOR_READ;
    judge_unit(r, i);
    if (r->b->state[i] == SECTOR_VERIFIED)
        learn_pattern(r, i);
}

void reader_take(void *context, const struct stream_question *q, const uint8_t *data,
                 uint32_t crc) {
    struct reader *r = context;
    uint32_t i = (q->start - r->b->start) / SECTOR;
    if (q->kind == STREAM_READ)
        take_data(r, i, q, data);
    else if (q->length < SECTOR)
        take_part(r, i, q->length == TAIL, crc);
    else
        take_sum(r, i, q->length / SECTOR, crc);
    if (r->read_at >= r->told + 16) {
        r->told = r->read_at;
        session_progress(r->s, "reading", (uint64_t)r->read_at * SECTOR, r->b->size);
    }
}

uint32_t reader_open_count(const struct reader *r) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->sectors; i++)
        count += r->finding[i] == NOTHING || (!r->no_reads && r->b->state[i] == SECTOR_UNREAD);
    return count;
}
