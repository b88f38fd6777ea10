/* When a blank sector is believed to be blank. */
#include "workbench/flasher/backup_reader.h"

#include <stdlib.h>

enum { SECTOR = BEKEN_SECTOR, BLANK_RUN = 128 /* sectors that are summed together */ };

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
enum status backup_confirm_blank(struct reader *r) {
    if (line_was_clean(r)) {
        trust_blank(r);
        return STATUS_OK;
    }
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
