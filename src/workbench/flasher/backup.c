/* One stream of questions over the whole range (backup_reader.h), pass after pass; then blank
 * sectors are confirmed, and what a checksum did not confirm is read again. */
#include "workbench/flasher/backup.h"

#include "workbench/flasher/backup_mend.h"
#include "workbench/flasher/backup_reader.h"

enum {
    SECTOR = BEKEN_SECTOR,
    PASSES = 12,
    READ_PASSES = 4, /* in a row without a sector: reading gives way to smaller pieces */
};

/* Streams until every sector was summed and read. On a line that is too bad for reading whole
 * sectors at least the checksums are gathered. */
static enum status stream_all(struct reader *r) {
    const struct stream stream = {reader_next, reader_take, r};
    struct session *s = r->s;
    int idle = 0;
    for (uint32_t before = reader_open_count(r), left; before && idle < PASSES; before = left) {
        reader_rewind(r);
        enum status status = stream_run(s, &stream);
        left = reader_open_count(r);
        idle = left < before ? 0 : idle + 1;
        if (status == STATUS_TIMEOUT)
            status = stream_again(s, idle);
        if (status != STATUS_OK)
            return status;
        if (idle == READ_PASSES && !r->no_reads) {
            r->no_reads = true;
            left = reader_open_count(r);
            idle = 0;
        }
    }
    return STATUS_OK;
}

/* A damaged question may have turned into an erase: what is lost is not passed off as read. */
static void drop_lost(struct session *s, struct backup *b, uint32_t accidents_before) {
    for (uint32_t n = accidents_before; n < s->line.accident_count && n < LINE_ACCIDENTS; n++) {
        uint32_t at = s->line.accidents[n] % s->chip.size;
        if (at >= b->start && at < b->start + b->size)
            b->state[(at - b->start) / SECTOR] = SECTOR_LOST;
    }
}

enum status backup_run(struct session *s, struct backup *b) {
    struct reader r;
    uint32_t accidents = s->line.accident_count;
    enum status status = reader_alloc(&r, s, b) ? backup_choose_units(&r)
                                                : session_fail(s, STATUS_NO_SPACE, "no memory");
    if (status == STATUS_OK)
        status = stream_all(&r);
    if (status == STATUS_OK)
        status = backup_confirm_blank(&r);
    if (status == STATUS_OK)
        status = mend_rest(s, b);
    drop_lost(s, b, accidents);
    reader_free(&r);
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
