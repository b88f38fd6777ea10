/* One stream of questions over the whole range: checksums run ahead, what they show to be blank is
 * not read, the rest follows behind. When the line made any error, runs of blank sectors are summed
 * once more afterwards (one damaged question must not hide a sector), and what a checksum did not
 * confirm is read again. */
#include "workbench/flasher/backup.h"

#include "base/crc.h"
#include "workbench/flasher/backup_mend.h"
#include "workbench/flasher/driver.h"
#include "workbench/flasher/stream.h"

#include <stdlib.h>
#include <zlib.h>

enum {
    SECTOR = BEKEN_SECTOR,
    TAIL = SECTOR - FLASH_PAGE,
    AHEAD = 24,      /* sectors whose checksum is asked for before they are read */
    BLANK_RUN = 128, /* sectors of a blank run that are summed together */
    PASSES = 12,
    READ_PASSES = 4, /* in a row without a sector: reading gives way to smaller pieces */
    PIECE = 128,
    SAMPLES = 8,
    SUM_WORTH = 16,    /* reading must cost so many sums for summing each sector */
    ALWAYS_WORTH = 70, /* and so many for summing each tail */
};

/* SUMMED: to be read. SHORT: only its first page is, the rest is known. */
enum finding { NOTHING, SUMMED, SHORT, BLANK };

struct reader {
    struct session *s;
    struct backup *b;
    uint8_t *finding; /* enum finding, one per sector */
    uint8_t *pieces;  /* of a short sector: which have come */
    uint32_t *crc;    /* of the unit that begins at this sector */
    uint32_t *tail;   /* of what stands behind the first page; 0: not known */
    uint32_t sectors, sum_at, read_at;
    uint32_t unit;       /* sectors that are summed together */
    uint32_t probe_from; /* sectors from here on may be short; their tails are summed apart */
    bool tail_next;      /* the tail of the sector before sum_at is to be summed */
    uint32_t piece_next; /* of the sector at read_at */
    uint32_t told;       /* sectors that were reported as progress */
    bool no_reads;       /* the line is too bad for whole sectors: only checksums */
    /* A page that fills the rest of a sector, as an encrypted record store pads: the last one seen
     * twice at the end of a sector, and the sum of a tail full of it. */
    uint8_t pattern[FLASH_PAGE];
    uint32_t pattern_tail;
    uint32_t retries, noise; /* of the session when it began */
};

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

static bool next(void *context, unsigned kinds, struct stream_question *q) {
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

static void take(void *context, const struct stream_question *q, const uint8_t *data,
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

static uint32_t still_open(const struct reader *r) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->sectors; i++)
        count += r->finding[i] == NOTHING || (!r->no_reads && r->b->state[i] == SECTOR_UNREAD);
    return count;
}

/* Streams until every sector was summed and read. On a line that is too bad for reading whole
 * sectors at least the checksums are gathered. */
static enum status stream_all(struct reader *r) {
    const struct stream stream = {next, take, r};
    struct session *s = r->s;
    int idle = 0;
    for (uint32_t before = still_open(r), left; before && idle < PASSES; before = left) {
        r->sum_at = r->read_at = r->piece_next = 0;
        r->tail_next = false;
        enum status status = stream_run(s, &stream);
        left = still_open(r);
        idle = left < before ? 0 : idle + 1;
        if (status == STATUS_TIMEOUT)
            status = stream_again(s, idle);
        if (status != STATUS_OK)
            return status;
        if (idle == READ_PASSES && !r->no_reads) {
            r->no_reads = true;
            left = still_open(r);
            idle = 0;
        }
    }
    return STATUS_OK;
}

/* --- blank runs --- */

/* No answer lost, no byte that did not belong: then no question came to harm either. One damaged
 * bit of a range, by the way, makes it longer or shorter, which shows. */
static bool line_was_clean(const struct reader *r) {
    const struct session *s = r->s;
    return s->line.retries == r->retries && exchange_noise(&s->line.x) == r->noise;
}

static void trust_blank(struct reader *r) {
    for (uint32_t i = 0; i < r->sectors; i++)
        if (r->finding[i] == BLANK) {
            r->b->state[i] = SECTOR_VERIFIED;
            r->b->blank_bytes += SECTOR;
        }
}

static uint32_t blank_run(const struct reader *r, uint32_t first) {
    uint32_t count = 0;
    while (first + count < r->sectors && count < BLANK_RUN && r->finding[first + count] == BLANK)
        count++;
    return count;
}

/* Sums runs of blank sectors as a whole; a run that is not blank is read sector by sector. */
static enum status confirm_blank(struct reader *r) {
    struct stream_crc *runs = calloc(r->sectors + 1, sizeof *runs);
    uint32_t count = 0, length;
    if (!runs)
        return session_fail(r->s, STATUS_NO_SPACE, "no memory");
    for (uint32_t i = 0; i < r->sectors; i += length ? length : 1)
        if ((length = blank_run(r, i)) > 0)
            runs[count++] =
                (struct stream_crc){.start = r->b->start + i * SECTOR, .length = length * SECTOR};
    enum status status = stream_crcs(r->s, runs, count);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        bool blank = runs[i].crc == session_blank_crc(runs[i].length);
        memset(r->b->state + (runs[i].start - r->b->start) / SECTOR,
               blank ? SECTOR_VERIFIED : SECTOR_UNREAD, runs[i].length / SECTOR);
        r->b->blank_bytes += blank ? runs[i].length : 0;
    }
    free(runs);
    return status;
}

/* A damaged question may have turned into an erase: what is lost is not passed off as read. */
static void drop_lost(struct session *s, struct backup *b, uint32_t accidents_before) {
    for (uint32_t n = accidents_before; n < s->line.accident_count && n < LINE_ACCIDENTS; n++) {
        uint32_t at = s->line.accidents[n] % s->chip.size;
        if (at >= b->start && at < b->start + b->size)
            b->state[(at - b->start) / SECTOR] = SECTOR_LOST;
    }
}

/* What a checksum of a sector costs, found out by asking for some. */
static enum status measure_sum(struct session *s, const struct backup *b, uint64_t *us) {
    struct stream_crc sums[SAMPLES];
    for (uint32_t i = 0; i < SAMPLES; i++)
        sums[i] = (struct stream_crc){.start = b->start, .length = SECTOR};
    uint64_t start = session_now_us(s);
    enum status status = stream_crcs(s, sums, SAMPLES);
    uint64_t took = session_now_us(s) - start;
    uint64_t waited = line_hurries(&s->line) ? 0 : s->line.latency_us;
    *us = (took > waited ? took - waited : 0) / SAMPLES;
    return status;
}

/* Sectors are summed one by one where that costs little beside reading one; else 64 KiB at a time.
 * (A family B chip protects its flash again after every sum, which takes a while.) Tails are summed
 * where the chip stores small things. */
static enum status choose_units(struct reader *r) {
    struct session *s = r->s;
    const struct beken_chip *chip = s->chip.chip;
    uint64_t sum_us = 0, read_us = exchange_wire_us(session_baud(s), BEKEN_RESPONSE_MAX);
    enum status status = STATUS_OK;
    if (r->sectors > SAMPLES)
        status = measure_sum(s, r->b, &sum_us);
    r->unit = sum_us * SUM_WORTH > read_us ? FLASH_BLOCK_64K / SECTOR : 1;
    r->probe_from = UINT32_MAX;
    if (s->chip.family == BEKEN_FAMILY_F && chip && r->unit == 1)
        r->probe_from =
            chip->rf_offset > r->b->start ? (chip->rf_offset - r->b->start) / SECTOR : 0;
    if (s->chip.family == BEKEN_FAMILY_F && r->unit == 1 && sum_us * ALWAYS_WORTH < read_us)
        r->probe_from = 0;
    return status;
}

static bool reader_alloc(struct reader *r) {
    r->finding = calloc(r->sectors + 1, 1);
    r->pieces = calloc(r->sectors + 1, 1);
    r->crc = calloc(r->sectors + 1, sizeof *r->crc);
    r->tail = calloc(r->sectors + 1, sizeof *r->tail);
    return r->finding && r->pieces && r->crc && r->tail;
}

enum status backup_run(struct session *s, struct backup *b) {
    struct reader r = {.s = s,
                       .b = b,
                       .sectors = b->size / SECTOR,
                       .retries = s->line.retries,
                       .noise = exchange_noise(&s->line.x)};
    uint32_t accidents = s->line.accident_count;
    enum status status =
        reader_alloc(&r) ? choose_units(&r) : session_fail(s, STATUS_NO_SPACE, "no memory");
    if (status == STATUS_OK)
        status = stream_all(&r);
    if (status == STATUS_OK && line_was_clean(&r))
        trust_blank(&r);
    else if (status == STATUS_OK)
        status = confirm_blank(&r);
    if (status == STATUS_OK)
        status = mend_rest(s, b);
    drop_lost(s, b, accidents);
    free(r.finding);
    free(r.pieces);
    free(r.crc);
    free(r.tail);
    if (status != STATUS_OK)
        return status;
    if (b->size > SECTOR) /* a single one is a detail of another job */
        session_progress(s, "reading", b->size, b->size);
    uint32_t good = backup_count(b, SECTOR_VERIFIED);
    if (good == b->size / SECTOR)
        return STATUS_OK;
    if (backup_count(b, SECTOR_LOST))
        return session_fail(s, STATUS_IO,
                            "%u sectors were changed by a damaged request while they were read: "
                            "what they held before is not known",
                            (unsigned)backup_count(b, SECTOR_LOST));
    return session_fail(s, STATUS_IO, "%u of %u sectors could not be verified",
                        (unsigned)(b->size / SECTOR - good), (unsigned)(b->size / SECTOR));
}
