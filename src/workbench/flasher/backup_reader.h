/* What a backup asks next and what it makes of each answer: checksums run ahead, what they show to
 * be blank (or, behind a sector's first page, known) is not read, the rest follows behind. Only the
 * files of the backup include it. */
#ifndef WORKBENCH_FLASHER_BACKUP_READER_H
#define WORKBENCH_FLASHER_BACKUP_READER_H
#include "workbench/flasher/backup.h"
#include "workbench/flasher/stream.h"

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

/* `unit` and `probe_from` are chosen by backup_choose_units. False when memory runs out. */
bool reader_alloc(struct reader *r, struct session *s, struct backup *b);
void reader_free(struct reader *r);
/* Begins a pass over what is not there yet. */
void reader_rewind(struct reader *r);
/* Of a stream: `context` is the reader. */
bool reader_next(void *context, unsigned kinds, struct stream_question *q);
void reader_take(void *context, const struct stream_question *q, const uint8_t *data, uint32_t crc);
/* Sectors that still lack a sum, or (unless no_reads) their bytes. */
uint32_t reader_open_count(const struct reader *r);

/* How many sectors are summed together, and where tails are summed apart. */
enum status backup_choose_units(struct reader *r);
/* Blank sectors were believed by one sum: when the line made any error, runs of them are summed
 * once more, and a run that is not blank is to be read. */
enum status backup_confirm_blank(struct reader *r);
#endif
