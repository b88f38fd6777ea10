/* The order of reading: checksum of a block, blank parts skipped, the rest read, the checksum
 * compared, and only what differs read again. */
#include "workbench/flasher/backup.h"

#include "base/crc.h"

#include <stdlib.h>

enum { BLOCK = FLASH_BLOCK_64K, SECTOR = BEKEN_SECTOR, TAIL = 64, COPIES = 9 };

const char *sector_state_name(enum sector_state state) {
    static const char *const names[SECTOR_STATES] = {"unread", "unreadable", "unverified",
                                                     "verified"};
    return state < SECTOR_STATES ? names[state] : "?";
}

bool backup_alloc(struct backup *b, uint32_t start, uint32_t size) {
    *b = (struct backup){.start = start, .size = size};
    b->data = malloc(size ? size : 1);
    b->state = calloc(size / SECTOR + 1, 1);
    if (!b->data || !b->state) {
        backup_free(b);
        return false;
    }
    memset(b->data, 0xFF, size);
    return true;
}

void backup_free(struct backup *b) {
    free(b->data);
    free(b->state);
    b->data = b->state = NULL;
}

uint32_t backup_count(const struct backup *b, enum sector_state state) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < b->size / SECTOR; i++)
        count += b->state[i] == state;
    return count;
}

static void mark(struct backup *b, uint32_t first, uint32_t count, enum sector_state state) {
    memset(b->state + first, (int)state, count);
}

static void mark_blank(struct backup *b, uint32_t first, uint32_t count) {
    memset(b->data + (size_t)first * SECTOR, 0xFF, (size_t)count * SECTOR);
    mark(b, first, count, SECTOR_VERIFIED);
    b->blank_bytes += count * SECTOR;
}

static enum status is_blank(struct session *s, const struct backup *b, uint32_t first,
                            uint32_t count, bool *blank) {
    uint32_t crc;
    enum status status = session_crc(s, b->start + first * SECTOR, count * SECTOR, &crc);
    *blank = status == STATUS_OK && crc == session_blank_crc(count * SECTOR);
    return status;
}

/* Does a question about a sector cost much less than reading it? */
static bool asking_is_cheap(const struct session *s) {
    uint64_t read = exchange_wire_us(s->baud, BEKEN_RESPONSE_MAX);
    uint64_t ask = exchange_wire_us(s->baud, 34) + s->latency_us + SECTOR * 5 / 2;
    return s->link->has_baud && read > 4 * ask;
}

static bool ends_blank(const struct backup *b, uint32_t sector) {
    return sector == 0 || bytes_all(b->data + (size_t)sector * SECTOR - TAIL, TAIL, 0xFF);
}

/* Reads `count` sectors; those that do not come stay UNREADABLE. */
static enum status read_run(struct session *s, struct backup *b, uint32_t first, uint32_t count) {
    bool got[BLOCK / SECTOR] = {false};
    enum status status = session_read_sectors(s, b->start + first * SECTOR, count,
                                              b->data + (size_t)first * SECTOR, got);
    for (uint32_t i = 0; i < count; i++) {
        b->state[first + i] = got[i] ? SECTOR_READ : SECTOR_UNREADABLE;
        b->read_bytes += got[i] ? SECTOR : 0;
    }
    return status == STATUS_IO || status == STATUS_REFUSED ? STATUS_OK : status;
}

/* A place in a block: skips what is blank from here, or says how much to read. */
static enum status look_ahead(struct session *s, struct backup *b, uint32_t at, uint32_t end,
                              uint32_t *skip) {
    bool blank = false;
    *skip = 0;
    enum status status = is_blank(s, b, at, end - at, &blank);
    if (status == STATUS_OK && blank)
        *skip = end - at;
    if (status == STATUS_OK && !blank && end - at > 1 && asking_is_cheap(s)) {
        status = is_blank(s, b, at, 1, &blank);
        *skip = blank ? 1 : 0;
    }
    return status;
}

/* Read before, perhaps by an earlier run; the checksum will tell whether it is still true. */
static bool is_there(const struct backup *b, uint32_t sector) {
    return b->state[sector] == SECTOR_VERIFIED || b->state[sector] == SECTOR_READ;
}

static enum status read_block(struct session *s, struct backup *b, uint32_t first, uint32_t end) {
    bool asked = true; /* the whole block is known not to be blank */
    enum status status = STATUS_OK;
    for (uint32_t at = first; at < end && status == STATUS_OK;) {
        if (is_there(b, at)) {
            at++;
            continue;
        }
        uint32_t skip = 0;
        bool cheap = asking_is_cheap(s);
        if ((!asked || (cheap && at == first)) && ends_blank(b, at))
            status = look_ahead(s, b, at, end, &skip);
        asked = false;
        if (status != STATUS_OK)
            break;
        if (skip) {
            mark_blank(b, at, skip);
            at += skip;
            asked = !ends_blank(b, at);
            continue;
        }
        uint32_t count = 1, most = cheap ? 1 : end - at;
        while (count < most && !is_there(b, at + count))
            count++;
        status = read_run(s, b, at, count);
        at += count;
    }
    return status;
}

/* --- sectors that the checksum does not confirm --- */

/* Several readings of a sector, each with other errors: the bits that most of them agree about. */
struct poll {
    uint8_t copy[COPIES][SECTOR];
    int count;
};

static void vote(const struct poll *poll, uint8_t *out) {
    for (size_t at = 0; at < SECTOR; at++) {
        unsigned result = 0;
        for (unsigned bit = 0; bit < 8; bit++) {
            int ones = 0;
            for (int i = 0; i < poll->count; i++)
                ones += poll->copy[i][at] >> bit & 1;
            result |= (unsigned)(2 * ones > poll->count) << bit;
        }
        out[at] = (uint8_t)result;
    }
}

/* Reads until the checksum confirms one reading, or what most readings agree about. */
static enum status mend_sector(struct session *s, struct backup *b, uint32_t i) {
    uint8_t *data = b->data + (size_t)i * SECTOR;
    struct poll *poll = calloc(1, sizeof *poll);
    uint8_t voted[SECTOR];
    enum status status = poll ? STATUS_OK : session_fail(s, STATUS_NO_SPACE, "no memory");
    for (int round = 0; status == STATUS_OK && round < COPIES; round++) {
        bool same = false;
        if (b->state[i] == SECTOR_READ) {
            memcpy(poll->copy[poll->count++], data, SECTOR);
            status = session_crc_same(s, b->start + i * SECTOR, data, SECTOR, &same);
        }
        if (status == STATUS_OK && !same && poll->count > 2 && poll->count % 2) {
            vote(poll, voted);
            status = session_crc_same(s, b->start + i * SECTOR, voted, SECTOR, &same);
            if (same)
                memcpy(data, voted, SECTOR);
        }
        if (same)
            b->state[i] = SECTOR_VERIFIED;
        if (status != STATUS_OK || same)
            break;
        if (round < COPIES - 1)
            status = read_run(s, b, i, 1);
    }
    free(poll);
    return status;
}

static enum status mend_block(struct session *s, struct backup *b, uint32_t first, uint32_t end) {
    enum status status = STATUS_OK;
    for (uint32_t i = first; i < end && status == STATUS_OK; i++)
        if (b->state[i] != SECTOR_VERIFIED)
            status = mend_sector(s, b, i);
    return status;
}

static enum status take_block(struct session *s, struct backup *b, uint32_t first, uint32_t end) {
    uint32_t length = (end - first) * SECTOR, crc;
    enum status status = session_crc(s, b->start + first * SECTOR, length, &crc);
    if (status == STATUS_OK && crc == session_blank_crc(length)) {
        mark_blank(b, first, end - first);
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        status = read_block(s, b, first, end);
    if (status != STATUS_OK)
        return status;
    for (uint32_t i = first; i < end; i++)
        if (b->state[i] == SECTOR_UNREADABLE)
            return mend_block(s, b, first, end);
    if (crc == crc32_update(0, b->data + (size_t)first * SECTOR, length)) {
        mark(b, first, end - first, SECTOR_VERIFIED);
        return STATUS_OK;
    }
    return mend_block(s, b, first, end);
}

static uint32_t block_end(const struct backup *b, uint32_t first) {
    uint32_t address = b->start + first * SECTOR;
    uint32_t end = first + (BLOCK - address % BLOCK) / SECTOR;
    return end < b->size / SECTOR ? end : b->size / SECTOR;
}

enum status backup_run(struct session *s, struct backup *b) {
    uint32_t sectors = b->size / SECTOR;
    for (uint32_t first = 0, end; first < sectors; first = end) {
        end = block_end(b, first);
        session_progress(s, "reading", (uint64_t)first * SECTOR, b->size);
        uint32_t open = 0;
        for (uint32_t i = first; i < end; i++)
            open += b->state[i] != SECTOR_VERIFIED;
        enum status status = open ? take_block(s, b, first, end) : STATUS_OK;
        if (status != STATUS_OK)
            return status;
    }
    session_progress(s, "reading", b->size, b->size);
    uint32_t good = backup_count(b, SECTOR_VERIFIED);
    if (good == sectors)
        return STATUS_OK;
    return session_fail(s, STATUS_IO, "%u of %u sectors could not be verified",
                        (unsigned)(sectors - good), (unsigned)sectors);
}
