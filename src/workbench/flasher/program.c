/* Carrying a plan out. */
#include "workbench/engine/writing.h"
#include "workbench/flasher/bus.h"
#include "workbench/flasher/driver.h"
#include "workbench/flasher/program_private.h"
#include "workbench/flasher/protect.h"

enum {
    ROUNDS = 4,
    BAD_ROUNDS = 24,
    ERASE_4K_US = 600000,
    ERASE_64K_US = 3000000,
};

static const struct guarded_range *forbidden_at(const struct program *p, uint32_t start,
                                                uint32_t length) {
    return program_guarded_at(p, start, length, false);
}

uint64_t program_estimate_us(const struct session *s, const struct program *p) {
    const struct flash_timing *t = &flash_typical_timing;
    uint64_t sector = exchange_wire_us(session_baud(s), BEKEN_REQUEST_MAX + 15) +
                      16 * t->page_program_us + s->line.latency_us;
    return p->write * sector + (uint64_t)(p->write + p->erase) * t->erase_64k_us / PER_BLOCK;
}

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
    if (address % (count * SECTOR) || first + count > program_sectors(p))
        return false;
    for (uint32_t i = first; i < first + count; i++)
        if (p->action[i] == ACTION_KEEP)
            return false;
    return true;
}

/* Family B unprotects at the first erase after a LinkCheck only, and protects again after each
 * checksum. Nobody waits for the answer: were the question lost, the block would not verify. */
static enum status ask_to_unprotect(struct session *s) {
    uint8_t frame[8];
    if (s->chip.family == BEKEN_FAMILY_F)
        return STATUS_OK;
    return session_send(s, frame, beken_link_check(frame, sizeof frame));
}

static enum status erase_block(struct session *s, struct program *p, uint32_t first, uint32_t end) {
    enum status status = ask_to_unprotect(s);
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

static uint32_t next_to_write(const struct program *p, uint32_t from, uint32_t end) {
    while (from < end && p->action[from] != ACTION_WRITE)
        from++;
    return from;
}

static enum status write_sector(struct session *s, const struct program *p, uint32_t i) {
    uint8_t frame[BEKEN_REQUEST_MAX];
    struct beken_response r;
    uint32_t address = p->start + i * SECTOR;
    s->stats.writes++;
    return session_call(
        s, frame, beken_flash_write_4k(address, p->data + (size_t)i * SECTOR, frame, sizeof frame),
        WRITING_4K_US, &r);
}

struct write_job {
    struct session *s;
    const struct program *p;
};

static bool wants(const void *context, uint32_t sector) {
    return ((const struct write_job *)context)->p->action[sector] == ACTION_WRITE;
}

static void wrote(void *context, uint32_t done) {
    struct write_job *job = context;
    session_progress(job->s, "writing", (uint64_t)done * SECTOR, job->p->size);
}

/* *done: the first sector not known to be written. */
static enum status write_many(struct session *s, const struct program *p, uint32_t end,
                              uint32_t *done) {
    struct write_job job = {s, p};
    struct writing w = {.line = &s->line,
                        .start = p->start,
                        .data = p->data,
                        .end = end,
                        .wants = wants,
                        .wrote = wrote,
                        .context = &job,
                        .next = *done,
                        .done = *done};
    enum status status = session_talk(s, talk_writing(&w));
    s->stats.writes += w.sent;
    *done = w.done;
    return status;
}

static enum status write_block(struct session *s, const struct program *p, uint32_t first,
                               uint32_t end) {
    uint32_t at = next_to_write(p, first, end);
    for (uint32_t i = at; i < end; i = next_to_write(p, i + 1, end)) {
        const struct guarded_range *f = forbidden_at(p, p->start + i * SECTOR, SECTOR);
        if (f)
            return session_fail(s, STATUS_INTERNAL, "a write at %06X would touch %s",
                                (unsigned)(p->start + i * SECTOR), f->what);
    }
    enum status status = write_many(s, p, end, &at);
    if (status != STATUS_TIMEOUT)
        return status;
    for (status = STATUS_OK; status == STATUS_OK && at < end; at = next_to_write(p, at + 1, end)) {
        status = write_sector(s, p, at);
        session_progress(s, "writing", (uint64_t)(at + 1) * SECTOR, p->size);
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
            status = program_confirm(s, p, i, planned[i - first] == ACTION_KEEP, &sector_same);
        program_decide(p, i, sector_same);
        bad += p->action[i] != ACTION_KEEP;
    }
    *good = bad == 0;
    return status;
}

/* Then a sector that is not right says little about the flash. */
static bool line_is_bad(const struct session *s) {
    return s->line.retries > 8;
}

static enum status change_block(struct session *s, struct program *p, uint32_t first,
                                uint32_t end) {
    uint8_t planned[PER_BLOCK];
    bool good = true;
    memcpy(planned, p->action + first, end - first);
    for (uint32_t i = first; i < end; i++)
        good = good && p->action[i] == ACTION_KEEP;
    for (int round = 0; !good && round < (line_is_bad(s) ? BAD_ROUNDS : ROUNDS); round++) {
        uint32_t dips = s->line.supply_dips;
        enum status status = STATUS_OK;
        if (round) {
            s->line.retries++;
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
        if (s->line.supply_dips != dips && !good)
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
        status = session_prove_line(s);
    if (p->erase + p->write && status == STATUS_OK)
        status = protect_clear(s);
    s->line.changing = true; /* what else is hit is the guard's business */
    for (uint32_t first = 0, end; status == STATUS_OK && first < program_sectors(p); first = end) {
        end = program_block_end(p, first);
        status = change_block(s, p, first, end);
    }
    s->line.changing = false;
    if (status == STATUS_OK)
        session_progress(s, "writing", p->size, p->size);
    return status;
}
