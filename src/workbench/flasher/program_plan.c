/* What differs, and what is to become of each sector. */
#include "base/crc.h"
#include "workbench/flasher/program_private.h"
#include "workbench/flasher/proof.h"
#include "workbench/flasher/stream.h"

#include <stdlib.h>

enum { PER_PLAN = 64 /* sectors asked about at once */ };

bool program_alloc(struct program *p, uint32_t start, uint32_t size, const uint8_t *data) {
    *p = (struct program){.start = start, .size = size, .data = data};
    p->action = calloc(size / SECTOR + 1, 1);
    return p->action != NULL;
}

void program_free(struct program *p) {
    free(p->action);
    p->action = NULL;
}

void program_guard(struct program *p, uint32_t start, uint32_t end, const char *what,
                   bool may_change) {
    if (p->guarded_count < PROGRAM_GUARDED_MAX && start < end)
        p->guarded[p->guarded_count++] = (struct guarded_range){start, end, what, may_change};
}

const struct guarded_range *program_guarded_at(const struct program *p, uint32_t start,
                                               uint32_t length, bool may_change) {
    for (int i = 0; i < p->guarded_count; i++)
        if (p->guarded[i].may_change == may_change && start < p->guarded[i].end &&
            start + length > p->guarded[i].start)
            return &p->guarded[i];
    return NULL;
}

bool program_is_forbidden(const struct program *p, uint32_t address) {
    return program_guarded_at(p, address, SECTOR, false) != NULL;
}

void program_decide(struct program *p, uint32_t i, bool same) {
    bool blank = bytes_all(p->data + (size_t)i * SECTOR, SECTOR, 0xFF);
    p->action[i] = same ? ACTION_KEEP : blank ? ACTION_ERASE : ACTION_WRITE;
    if (!same && program_is_forbidden(p, p->start + i * SECTOR)) {
        p->action[i] = ACTION_KEEP;
        p->forbidden_sectors++;
    }
}

static void count_actions(struct program *p) {
    p->keep = p->erase = p->write = 0;
    for (uint32_t i = 0; i < program_sectors(p); i++) {
        p->keep += p->action[i] == ACTION_KEEP;
        p->erase += p->action[i] == ACTION_ERASE;
        p->write += p->action[i] == ACTION_WRITE;
    }
}

uint32_t program_block_end(const struct program *p, uint32_t first) {
    uint32_t address = p->start + first * SECTOR;
    uint32_t end = first + (BLOCK - address % BLOCK) / SECTOR;
    return end < program_sectors(p) ? end : program_sectors(p);
}

enum status program_confirm(struct session *s, const struct program *p, uint32_t i, bool by_reading,
                            bool *same) {
    const uint8_t *wanted = p->data + (size_t)i * SECTOR;
    uint32_t address = p->start + i * SECTOR;
    if (by_reading)
        return proof_by_reading(s, address, wanted, same);
    return proof_by_sums(s, address, SECTOR, crc32_update(0, wanted, SECTOR), same);
}

/* Must the sector be read before it may be changed? */
static bool needs_reading(const struct program *p, uint32_t i) {
    return p->careful || program_guarded_at(p, p->start + i * SECTOR, SECTOR, true);
}

/* Compares one block: its sums are in `sums` from sector `first` on. */
static enum status plan_block(struct session *s, struct program *p, const struct stream_crc *sums,
                              uint32_t first, uint32_t end) {
    enum status status = STATUS_OK;
    for (uint32_t i = first; status == STATUS_OK && i < end; i++) {
        const uint8_t *data = p->data + (size_t)i * SECTOR;
        bool same = sums[i - first].crc == crc32_update(0, data, SECTOR);
        if (!same && !s->line.crc_exclusive &&
            sums[i - first].crc == crc32_update(0, data, SECTOR - 1))
            status = session_crc_same(s, p->start + i * SECTOR, data, SECTOR, &same);
        else if (!same && (p->sure || needs_reading(p, i)))
            status = program_confirm(s, p, i, needs_reading(p, i), &same);
        program_decide(p, i, same);
    }
    return status;
}

/* Sectors from `first` that are summed in one go. */
static enum status plan_sectors(struct session *s, struct program *p, uint32_t first,
                                uint32_t end) {
    struct stream_crc sums[PER_PLAN];
    for (bool again = true; again;) {
        bool exclusive = s->line.crc_exclusive;
        for (uint32_t i = first; i < end; i++)
            sums[i - first] = (struct stream_crc){.start = p->start + i * SECTOR, .length = SECTOR};
        enum status status = stream_crcs(s, sums, end - first);
        if (status == STATUS_OK)
            status = plan_block(s, p, sums, first, end);
        if (status != STATUS_OK)
            return status;
        again =
            exclusive != s->line.crc_exclusive; /* just learned how this chip counts: once more */
    }
    return STATUS_OK;
}

/* Whole blocks have been asked about; of those that differ nothing was the same so far. */
struct odds {
    uint32_t asked, same; /* sectors */
};

static bool hopeless(const struct odds *odds, const struct program *p, uint32_t first,
                     uint32_t end) {
    uint32_t start = p->start + first * SECTOR, length = (end - first) * SECTOR;
    return odds->asked >= 2 * PER_BLOCK && !odds->same && !p->sure && !p->careful &&
           !program_guarded_at(p, start, length, true);
}

/* Asks about the first and the last sector; where both differ all are taken to. */
static enum status plan_by_sample(struct session *s, struct program *p, uint32_t first,
                                  uint32_t end, bool *all_differ) {
    struct stream_crc ends[2];
    *all_differ = true;
    for (uint32_t k = 0; k < 2; k++)
        ends[k] = (struct stream_crc){.start = p->start + (k ? end - 1 : first) * SECTOR,
                                      .length = SECTOR};
    enum status status = stream_crcs(s, ends, 2);
    for (uint32_t k = 0; k < 2; k++)
        if (ends[k].crc == crc32_update(0, p->data + (ends[k].start - p->start), SECTOR))
            *all_differ = false;
    for (uint32_t i = first; *all_differ && i < end; i++)
        program_decide(p, i, false);
    return status;
}

static enum status plan_block_that_differs(struct session *s, struct program *p, struct odds *odds,
                                           uint32_t first, uint32_t end) {
    bool all_differ = false;
    enum status status = STATUS_OK;
    if (hopeless(odds, p, first, end))
        status = plan_by_sample(s, p, first, end, &all_differ);
    if (status != STATUS_OK || all_differ)
        return status;
    status = plan_sectors(s, p, first, end);
    odds->asked += end - first;
    for (uint32_t i = first; i < end; i++)
        odds->same += p->action[i] == ACTION_KEEP;
    return status;
}

/* Family B protects its flash after every sum, which takes as long as summing a sector: so blocks
 * are asked about as a whole first, and where all was different so far, only at their ends: writing
 * a sector that was right already costs less than finding all of them out. */
static enum status plan_by_blocks(struct session *s, struct program *p) {
    struct stream_crc *sums = calloc(program_sectors(p) + 1, sizeof *sums);
    struct odds odds = {0};
    uint32_t count = 0, k = 0;
    if (!sums)
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    for (uint32_t first = 0, end; first < program_sectors(p); first = end) {
        end = program_block_end(p, first);
        sums[count++] = (struct stream_crc){.start = p->start + first * SECTOR,
                                            .length = (end - first) * SECTOR};
    }
    enum status status = stream_crcs(s, sums, count);
    for (uint32_t first = 0, end; status == STATUS_OK && first < program_sectors(p); first = end) {
        uint32_t length = sums[k].length;
        end = first + length / SECTOR;
        session_progress(s, "comparing", (uint64_t)first * SECTOR, p->size);
        if (sums[k++].crc != crc32_update(0, p->data + (size_t)first * SECTOR, length))
            status = plan_block_that_differs(s, p, &odds, first, end);
        else
            for (uint32_t i = first; i < end; i++)
                program_decide(p, i, true);
    }
    free(sums);
    return status;
}

static enum status plan_by_sectors(struct session *s, struct program *p) {
    enum status status = STATUS_OK;
    for (uint32_t first = 0, end; status == STATUS_OK && first < program_sectors(p); first = end) {
        end = first + PER_PLAN < program_sectors(p) ? first + PER_PLAN : program_sectors(p);
        session_progress(s, "comparing", (uint64_t)first * SECTOR, p->size);
        status = plan_sectors(s, p, first, end);
    }
    return status;
}

enum status program_plan(struct session *s, struct program *p) {
    p->forbidden_sectors = 0;
    enum status status =
        s->chip.family == BEKEN_FAMILY_B ? plan_by_blocks(s, p) : plan_by_sectors(s, p);
    session_progress(s, "comparing", p->size, p->size);
    count_actions(p);
    return status;
}

void program_plan_from(struct program *p, const uint8_t *present) {
    p->forbidden_sectors = 0;
    for (uint32_t i = 0; i < program_sectors(p); i++)
        program_decide(
            p, i, memcmp(p->data + (size_t)i * SECTOR, present + (size_t)i * SECTOR, SECTOR) == 0);
    count_actions(p);
}

enum status program_verify(struct session *s, uint32_t start, const uint8_t *data, uint32_t size,
                           uint32_t *differs, uint32_t *count) {
    struct program p;
    *differs = UINT32_MAX;
    *count = 0;
    if (!program_alloc(&p, start, size, data))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    p.sure = true;
    enum status status = program_plan(s, &p);
    for (uint32_t i = program_sectors(&p); status == STATUS_OK && i-- > 0;)
        if (p.action[i] != ACTION_KEEP) {
            *differs = start + i * SECTOR;
            ++*count;
        }
    program_free(&p);
    return status;
}
