/* Noting, comparing and mending. */
#include "workbench/flasher/guard.h"

#include "base/crc.h"
#include "workbench/flasher/proof.h"
#include "workbench/flasher/stream.h"

#include <stdlib.h>

enum { SECTOR = BEKEN_SECTOR, BLOCK = FLASH_BLOCK_64K, ROUNDS = 3 };

enum kind { KIND_ASIDE, KIND_KEPT, KIND_JOB };

static enum kind kind_of(const struct program *p, uint32_t address) {
    if (address < p->start || address >= p->start + p->size || program_is_forbidden(p, address))
        return KIND_ASIDE;
    return p->action[(address - p->start) / SECTOR] == ACTION_KEEP ? KIND_KEPT : KIND_JOB;
}

static struct guard_part *add(struct guard *g) {
    if (g->count == g->room) {
        uint32_t room = g->room ? 2 * g->room : 64;
        struct guard_part *parts = realloc(g->parts, room * sizeof *parts);
        if (!parts)
            return NULL;
        g->parts = parts;
        g->room = room;
    }
    return &g->parts[g->count++];
}

/* The run of sectors of one kind from `start` on, inside its block. */
static struct guard_part part_at(const struct program *p, uint32_t start, uint32_t flash_size) {
    struct guard_part part = {.start = start};
    enum kind kind = kind_of(p, start);
    uint32_t limit = (start | (BLOCK - 1)) + 1;
    while (start + part.size < flash_size && start + part.size < limit &&
           kind_of(p, start + part.size) == kind)
        part.size += SECTOR;
    part.job = kind == KIND_JOB;
    if (kind != KIND_ASIDE)
        part.known = p->data + (start - p->start);
    return part;
}

/* Notes the checksums of what is not known. A wrong one would raise a false alarm later, so on a
 * line that makes errors each is asked for until it comes twice in a row. */
static enum status note_sums(struct session *s, struct guard *g) {
    struct stream_crc *sums = calloc(g->count + 1, sizeof *sums);
    enum status status = STATUS_OK;
    if (!sums)
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    bool open = true;
    for (int round = 0; status == STATUS_OK && open && round < 4 * ROUNDS; round++) {
        for (uint32_t i = 0; i < g->count; i++) {
            const struct guard_part *part = &g->parts[i];
            bool known = part->known || (round > 1 && sums[i].crc == part->crc);
            if (round)
                g->parts[i].crc = known ? part->crc : sums[i].crc;
            sums[i] = (struct stream_crc){part->start, part->size, part->crc, known};
        }
        status = stream_crcs(s, sums, g->count);
        open = false;
        for (uint32_t i = 0; round && i < g->count; i++)
            open = open || (!g->parts[i].known && sums[i].crc != g->parts[i].crc);
        open = open || (round == 0 && s->line.retries > 0);
    }
    for (uint32_t i = 0; status == STATUS_OK && i < g->count; i++)
        if (!g->parts[i].known)
            g->parts[i].crc = sums[i].crc;
    free(sums);
    return status;
}

/* What is aside, but within the range and by chance what the plan has at hand, can be mended. */
static void look_up(const struct program *p, struct guard_part *part) {
    if (part->start < p->start || part->start + part->size > p->start + p->size)
        return;
    const uint8_t *data = p->data + (part->start - p->start);
    if (crc32_update(0, data, part->size) == part->crc)
        part->known = data;
}

enum status guard_take(struct session *s, const struct program *p, const uint8_t *whole,
                       struct guard *g) {
    *g = (struct guard){.parts = NULL};
    for (uint32_t at = 0; at < s->chip.size;) {
        struct guard_part part = part_at(p, at, s->chip.size), *kept;
        if (!part.known && whole)
            part.known = whole + at;
        if (part.known)
            part.crc = crc32_update(0, part.known, part.size);
        if (!(kept = add(g)))
            return session_fail(s, STATUS_NO_SPACE, "no memory");
        *kept = part;
        at += part.size;
    }
    enum status status = note_sums(s, g);
    for (uint32_t i = 0; status == STATUS_OK && i < g->count; i++)
        if (!g->parts[i].known)
            look_up(p, &g->parts[i]);
    return status;
}

void guard_free(struct guard *g) {
    free(g->parts);
    g->parts = NULL;
}

/* Family B refuses its own bootloader's addresses, but its flash wraps. */
static uint32_t write_address(const struct session *s, uint32_t address) {
    bool low = s->chip.family == BEKEN_FAMILY_B && address < BEKEN_APP_OFFSET;
    return low ? address + s->chip.size : address;
}

static enum status mend(struct session *s, const struct guard_part *part) {
    struct program fix;
    if (!program_alloc(&fix, write_address(s, part->start), part->size, part->known))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    fix.careful = !part->job;
    fix.sure = fix.rescue = true;
    enum status status = program_plan(s, &fix);
    if (status == STATUS_OK)
        status = program_run(s, &fix);
    program_free(&fix);
    return status;
}

static enum status not_right(struct session *s, struct guard *g, const struct guard_part *part) {
    unsigned from = part->start, to = part->start + part->size;
    if (!part->known) {
        g->lost++;
        return session_fail(s, STATUS_IO,
                            "a damaged request changed %06X..%06X, which is not part of the job "
                            "and of which no copy is at hand; put it back from a backup",
                            from, to);
    }
    *(part->job ? &g->again : &g->mended) += 1;
    if (part->job)
        session_say(s, SESSION_WARNING, "%06X..%06X is not as it was written; writing it again",
                    from, to);
    else
        session_say(s, SESSION_WARNING,
                    "a damaged request changed %06X..%06X, which is not part of the job; writing "
                    "back what was there",
                    from, to);
    return mend(s, part);
}

/* Which parts differ at first sight; each is asked about again before anything follows from it. */
static enum status sum_all(struct session *s, const struct guard *g, bool finished,
                           struct stream_crc *sums) {
    for (uint32_t i = 0; i < g->count; i++)
        sums[i] = (struct stream_crc){.start = g->parts[i].start,
                                      .length = g->parts[i].size,
                                      .known = g->parts[i].job && !finished};
    session_progress(s, "verifying", 0, s->chip.size);
    return stream_crcs(s, sums, g->count);
}

static enum status check_parts(struct session *s, struct guard *g, bool finished,
                               const struct stream_crc *sums) {
    enum status result = STATUS_OK;
    for (uint32_t i = 0; i < g->count; i++) {
        const struct guard_part *part = &g->parts[i];
        uint32_t lost = g->lost;
        bool same = (part->job && !finished) || sums[i].crc == part->crc;
        enum status status =
            same ? STATUS_OK : proof_by_sums(s, part->start, part->size, part->crc, &same);
        if (status == STATUS_OK && !same)
            status = not_right(s, g, part);
        if (status != STATUS_OK && g->lost == lost)
            return status;
        result = result == STATUS_OK ? status : result;
    }
    session_progress(s, "verifying", s->chip.size, s->chip.size);
    return result;
}

static enum status check_round(struct session *s, struct guard *g, bool finished) {
    struct stream_crc *sums = calloc(g->count + 1, sizeof *sums);
    if (!sums)
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    enum status status = sum_all(s, g, finished, sums);
    if (status == STATUS_OK)
        status = check_parts(s, g, finished, sums);
    free(sums);
    return status;
}

enum status guard_check(struct session *s, struct guard *g, bool finished) {
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t before = g->mended + g->again;
        enum status status = check_round(s, g, finished);
        if (status != STATUS_OK || before == g->mended + g->again)
            return status;
    }
    return session_fail(s, STATUS_IO,
                        "damaged requests keep changing other parts of the flash; "
                        "check wires, ground and the 3.3 V supply");
}
