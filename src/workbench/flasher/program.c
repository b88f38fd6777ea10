/* Planning and executing changes. */
#include "workbench/flasher/program.h"

#include "base/crc.h"
#include "workbench/flasher/line_proof.h"
#include "workbench/flasher/proof.h"
#include "workbench/flasher/protect.h"
#include "workbench/flasher/stream.h"

#include <stdlib.h>

enum {
    SECTOR = BEKEN_SECTOR,
    BLOCK = FLASH_BLOCK_64K,
    PER_BLOCK = BLOCK / SECTOR,
    PER_PLAN = 64, /* sectors asked about at once */
    ROUNDS = 4,
    BAD_ROUNDS = 24,
    ERASE_4K_US = 600000,
    ERASE_64K_US = 3000000,
    WRITE_4K_US = 150000,
};

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

static const struct guarded_range *guarded_at(const struct program *p, uint32_t start,
                                              uint32_t length, bool may_change) {
    for (int i = 0; i < p->guarded_count; i++)
        if (p->guarded[i].may_change == may_change && start < p->guarded[i].end &&
            start + length > p->guarded[i].start)
            return &p->guarded[i];
    return NULL;
}

static const struct guarded_range *forbidden_at(const struct program *p, uint32_t start,
                                                uint32_t length) {
    return guarded_at(p, start, length, false);
}

bool program_is_forbidden(const struct program *p, uint32_t address) {
    return forbidden_at(p, address, SECTOR) != NULL;
}

static uint32_t sectors(const struct program *p) {
    return p->size / SECTOR;
}

static void decide(struct program *p, uint32_t i, bool same) {
    bool blank = bytes_all(p->data + (size_t)i * SECTOR, SECTOR, 0xFF);
    p->action[i] = same ? ACTION_KEEP : blank ? ACTION_ERASE : ACTION_WRITE;
    if (!same && forbidden_at(p, p->start + i * SECTOR, SECTOR)) {
        p->action[i] = ACTION_KEEP;
        p->forbidden_sectors++;
    }
}

static void count_actions(struct program *p) {
    p->keep = p->erase = p->write = 0;
    for (uint32_t i = 0; i < sectors(p); i++) {
        p->keep += p->action[i] == ACTION_KEEP;
        p->erase += p->action[i] == ACTION_ERASE;
        p->write += p->action[i] == ACTION_WRITE;
    }
}

static uint32_t block_end(const struct program *p, uint32_t first) {
    uint32_t address = p->start + first * SECTOR;
    uint32_t end = first + (BLOCK - address % BLOCK) / SECTOR;
    return end < sectors(p) ? end : sectors(p);
}

/* One damaged answer must not call a good sector bad. */
static enum status confirm(struct session *s, const struct program *p, uint32_t i, bool by_reading,
                           bool *same) {
    const uint8_t *wanted = p->data + (size_t)i * SECTOR;
    uint32_t address = p->start + i * SECTOR;
    if (by_reading)
        return proof_by_reading(s, address, wanted, same);
    return proof_by_sums(s, address, SECTOR, crc32_update(0, wanted, SECTOR), same);
}

/* Must the sector be read before it may be changed? */
static bool needs_reading(const struct program *p, uint32_t i) {
    return p->careful || guarded_at(p, p->start + i * SECTOR, SECTOR, true);
}

/* Compares one block: its sums are in `sums` from sector `first` on. */
static enum status plan_block(struct session *s, struct program *p, const struct stream_crc *sums,
                              uint32_t first, uint32_t end) {
    enum status status = STATUS_OK;
    for (uint32_t i = first; status == STATUS_OK && i < end; i++) {
        const uint8_t *data = p->data + (size_t)i * SECTOR;
        bool same = sums[i - first].crc == crc32_update(0, data, SECTOR);
        if (!same && !s->crc_exclusive && sums[i - first].crc == crc32_update(0, data, SECTOR - 1))
            status = session_crc_same(s, p->start + i * SECTOR, data, SECTOR, &same);
        else if (!same && (p->sure || needs_reading(p, i)))
            status = confirm(s, p, i, needs_reading(p, i), &same);
        decide(p, i, same);
    }
    return status;
}

/* Sectors from `first` that are summed in one go. */
static enum status plan_sectors(struct session *s, struct program *p, uint32_t first,
                                uint32_t end) {
    struct stream_crc sums[PER_PLAN];
    for (bool again = true; again;) {
        bool exclusive = s->crc_exclusive;
        for (uint32_t i = first; i < end; i++)
            sums[i - first] = (struct stream_crc){.start = p->start + i * SECTOR, .length = SECTOR};
        enum status status = stream_crcs(s, sums, end - first);
        if (status == STATUS_OK)
            status = plan_block(s, p, sums, first, end);
        if (status != STATUS_OK)
            return status;
        again = exclusive != s->crc_exclusive; /* just learned how this chip counts: once more */
    }
    return STATUS_OK;
}

/* Family B protects its flash after every sum, which takes as long as summing: so a block is asked
 * about as a whole first. */
static enum status plan_by_blocks(struct session *s, struct program *p, uint32_t first,
                                  uint32_t end) {
    bool same;
    enum status status =
        session_crc_same(s, p->start + first * SECTOR, p->data + (size_t)first * SECTOR,
                         (end - first) * SECTOR, &same);
    if (status != STATUS_OK || !same)
        return status == STATUS_OK ? plan_sectors(s, p, first, end) : status;
    for (uint32_t i = first; i < end; i++)
        decide(p, i, true);
    return STATUS_OK;
}

enum status program_plan(struct session *s, struct program *p) {
    bool blocks = s->chip.family == BEKEN_FAMILY_B;
    p->forbidden_sectors = 0;
    for (uint32_t first = 0, end; first < sectors(p); first = end) {
        end = first + PER_PLAN < sectors(p) ? first + PER_PLAN : sectors(p);
        if (blocks)
            end = block_end(p, first);
        session_progress(s, "comparing", (uint64_t)first * SECTOR, p->size);
        enum status status =
            blocks ? plan_by_blocks(s, p, first, end) : plan_sectors(s, p, first, end);
        if (status != STATUS_OK)
            return status;
    }
    session_progress(s, "comparing", p->size, p->size);
    count_actions(p);
    return STATUS_OK;
}

void program_plan_from(struct program *p, const uint8_t *present) {
    p->forbidden_sectors = 0;
    for (uint32_t i = 0; i < sectors(p); i++)
        decide(p, i,
               memcmp(p->data + (size_t)i * SECTOR, present + (size_t)i * SECTOR, SECTOR) == 0);
    count_actions(p);
}

uint64_t program_estimate_us(const struct session *s, const struct program *p) {
    const struct flash_timing *t = &flash_typical_timing;
    uint64_t sector =
        exchange_wire_us(s->baud, BEKEN_REQUEST_MAX + 15) + 16 * t->page_program_us + s->latency_us;
    return p->write * sector + (uint64_t)(p->write + p->erase) * t->erase_64k_us / PER_BLOCK;
}

/* --- execution --- */

static enum status erase_unit(struct session *s, struct program *p, enum beken_erase_size unit,
                              uint32_t address) {
    uint32_t length = unit == BEKEN_ERASE_64K   ? BLOCK
                      : unit == BEKEN_ERASE_32K ? BLOCK / 2
                                                : SECTOR;
    const struct guarded_range *f = forbidden_at(p, address, length);
    if (f)
        return session_fail(s, STATUS_INTERNAL, "an erase at %06X would touch %s",
                            (unsigned)address, f->what);
    uint8_t frame[16];
    struct beken_response r;
    s->stats.erases++;
    return session_call(s, frame, beken_flash_erase(unit, address, frame, sizeof frame),
                        length == BLOCK ? ERASE_64K_US : ERASE_4K_US, &r);
}

/* Is [first, first+count) inside the range, aligned to its own length, and to be changed whole? */
static bool whole(const struct program *p, uint32_t first, uint32_t count) {
    uint32_t address = p->start + first * SECTOR;
    if (address % (count * SECTOR) || first + count > sectors(p))
        return false;
    for (uint32_t i = first; i < first + count; i++)
        if (p->action[i] == ACTION_KEEP)
            return false;
    return true;
}

static enum status erase_block(struct session *s, struct program *p, uint32_t first, uint32_t end) {
    /* Family B unprotects at the first erase after a LinkCheck only, and protects again after
     * each checksum. */
    enum status status = session_link_check(s, 4);
    if (status == STATUS_TIMEOUT)
        status = STATUS_OK; /* the erase itself recovers */
    for (uint32_t i = first; status == STATUS_OK && i < end;) {
        bool rom = s->chip.family == BEKEN_FAMILY_F;
        uint32_t count = whole(p, i, PER_BLOCK)              ? PER_BLOCK
                         : rom && whole(p, i, PER_BLOCK / 2) ? PER_BLOCK / 2
                                                             : 1;
        if (p->action[i] != ACTION_KEEP)
            status = erase_unit(s, p,
                                count == PER_BLOCK ? BEKEN_ERASE_64K
                                : count > 1        ? BEKEN_ERASE_32K
                                                   : BEKEN_ERASE_4K,
                                p->start + i * SECTOR);
        i += count;
    }
    return status;
}

static enum status write_sector(struct session *s, const struct program *p, uint32_t i) {
    uint8_t frame[BEKEN_REQUEST_MAX];
    struct beken_response r;
    uint32_t address = p->start + i * SECTOR;
    const struct guarded_range *f = forbidden_at(p, address, SECTOR);
    if (f)
        return session_fail(s, STATUS_INTERNAL, "a write at %06X would touch %s", (unsigned)address,
                            f->what);
    s->stats.writes++;
    return session_call(
        s, frame, beken_flash_write_4k(address, p->data + (size_t)i * SECTOR, frame, sizeof frame),
        WRITE_4K_US, &r);
}

static enum status write_block(struct session *s, const struct program *p, uint32_t first,
                               uint32_t end) {
    enum status status = STATUS_OK;
    for (uint32_t i = first; status == STATUS_OK && i < end; i++) {
        if (p->action[i] != ACTION_WRITE)
            continue;
        status = write_sector(s, p, i);
        session_progress(s, "writing", (uint64_t)(i + 1) * SECTOR, p->size);
    }
    return status;
}

/* After a block: one checksum over it; when that differs, which sectors are wrong becomes the next
 * round's plan. Forbidden sectors are left out of the judgement; what the plan meant to leave alone
 * is written only when reading has proven it wrong. */
static enum status check_block(struct session *s, struct program *p, uint32_t first, uint32_t end,
                               const uint8_t *planned, bool *good) {
    uint32_t bad = 0;
    bool same = false;
    enum status status = STATUS_OK;
    if (!forbidden_at(p, p->start + first * SECTOR, (end - first) * SECTOR))
        status = session_crc_same(s, p->start + first * SECTOR, p->data + (size_t)first * SECTOR,
                                  (end - first) * SECTOR, &same);
    for (uint32_t i = first; status == STATUS_OK && i < end; i++) {
        bool sector_same = same;
        if (forbidden_at(p, p->start + i * SECTOR, SECTOR))
            continue;
        if (!same)
            status = confirm(s, p, i, planned[i - first] == ACTION_KEEP, &sector_same);
        decide(p, i, sector_same);
        bad += p->action[i] != ACTION_KEEP;
    }
    *good = bad == 0;
    return status;
}

/* Then a sector that is not right says little about the flash. */
static bool line_is_bad(const struct session *s) {
    return s->stats.retries > 8;
}

static enum status change_block(struct session *s, struct program *p, uint32_t first,
                                uint32_t end) {
    uint8_t planned[PER_BLOCK];
    bool good = true;
    memcpy(planned, p->action + first, end - first);
    for (uint32_t i = first; i < end; i++)
        good = good && p->action[i] == ACTION_KEEP;
    for (int round = 0; !good && round < (line_is_bad(s) ? BAD_ROUNDS : ROUNDS); round++) {
        uint32_t dips = s->stats.supply_dips;
        enum status status = STATUS_OK;
        if (round) {
            s->stats.retries++;
            status = protect_clear(s);
        }
        if (status == STATUS_OK)
            status = erase_block(s, p, first, end);
        if (status == STATUS_OK)
            status = write_block(s, p, first, end);
        if (status == STATUS_OK)
            status = check_block(s, p, first, end, planned, &good);
        if (status != STATUS_OK)
            return status;
        if (s->stats.supply_dips != dips && !good)
            round--; /* not the flash's fault; the relinks are limited elsewhere */
    }
    if (good)
        return STATUS_OK;
    for (uint32_t i = first; i < end; i++)
        if (p->action[i] != ACTION_KEEP)
            return session_fail(s, STATUS_IO,
                                "sector %06X does not take what is written (protected or worn "
                                "out); run the same command again to go on from there",
                                (unsigned)(p->start + i * SECTOR));
    return STATUS_IO;
}

enum status program_run(struct session *s, struct program *p) {
    enum status status = STATUS_OK;
    if (p->erase + p->write && !p->rescue)
        status = line_prove(s);
    if (p->erase + p->write && status == STATUS_OK)
        status = protect_clear(s);
    s->changing = true; /* what else is hit is the guard's business */
    for (uint32_t first = 0, end; status == STATUS_OK && first < sectors(p); first = end) {
        end = block_end(p, first);
        status = change_block(s, p, first, end);
    }
    s->changing = false;
    if (status == STATUS_OK)
        session_progress(s, "writing", p->size, p->size);
    return status;
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
    for (uint32_t i = sectors(&p); status == STATUS_OK && i-- > 0;)
        if (p.action[i] != ACTION_KEEP) {
            *differs = start + i * SECTOR;
            ++*count;
        }
    program_free(&p);
    return status;
}
