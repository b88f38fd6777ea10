/* Votes and pieces. */
#include "workbench/flasher/backup_mend.h"

#include "workbench/flasher/stream.h"

#include <stdlib.h>

enum { SECTOR = BEKEN_SECTOR, COPIES = 9, PIECE = 128, PIECE_TRIES = 24, READ_WORK_US = 20000 };

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

/* Reads one sector; one that does not come stays UNREADABLE. */
static enum status read_again(struct session *s, struct backup *b, uint32_t i) {
    bool got = false;
    enum status status =
        stream_read(s, b->start + i * SECTOR, 1, b->data + (size_t)i * SECTOR, &got);
    b->state[i] = got ? SECTOR_READ : SECTOR_UNREADABLE;
    return status == STATUS_IO || status == STATUS_REFUSED ? STATUS_OK : status;
}

/* Reads until the checksum confirms one reading, or what most readings agree about. */
static enum status mend_sector(struct session *s, struct backup *b, uint32_t i) {
    uint8_t *data = b->data + (size_t)i * SECTOR;
    struct poll *poll = calloc(1, sizeof *poll);
    uint8_t voted[SECTOR];
    enum status status = STATUS_OK;
    if (!poll)
        return session_fail(s, STATUS_NO_SPACE, "no memory");
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
            status = read_again(s, b, i);
    }
    free(poll);
    return status;
}

/* Family F sums and reads pieces of any size, which come through where a sector does not. */
static enum status mend_piece(struct session *s, uint32_t address, uint8_t *data, bool *good) {
    uint8_t frame[24];
    struct beken_response r;
    *good = false;
    for (int i = 0; i < PIECE_TRIES && !*good; i++) {
        enum status status = session_call(
            s, frame, beken_flash_read(address, PIECE, frame, sizeof frame), READ_WORK_US, &r);
        if (status != STATUS_OK)
            return status == STATUS_REFUSED ? STATUS_OK : status;
        struct span piece = beken_response_data(&r);
        if (piece.size != PIECE)
            return STATUS_OK;
        memcpy(data, piece.data, PIECE);
        status = session_crc_same(s, address, data, PIECE, good);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status mend_by_pieces(struct session *s, struct backup *b, uint32_t i) {
    uint8_t data[SECTOR];
    enum status status = STATUS_OK;
    bool good = true;
    for (uint32_t at = 0; status == STATUS_OK && good && at < SECTOR; at += PIECE)
        status = mend_piece(s, b->start + i * SECTOR + at, data + at, &good);
    if (status == STATUS_OK && good)
        status = session_crc_same(s, b->start + i * SECTOR, data, SECTOR, &good);
    if (status == STATUS_OK && good) {
        memcpy(b->data + (size_t)i * SECTOR, data, SECTOR);
        b->state[i] = SECTOR_VERIFIED;
    }
    return status;
}

enum status mend_rest(struct session *s, struct backup *b) {
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < b->size / SECTOR && status == STATUS_OK; i++)
        if (b->state[i] != SECTOR_VERIFIED) {
            if (s->chip.family == BEKEN_FAMILY_F && s->line.retries > 1)
                status = mend_by_pieces(s, b, i);
            if (status == STATUS_OK && b->state[i] != SECTOR_VERIFIED)
                status = mend_sector(s, b, i);
            session_progress(s, "mending", (uint64_t)i * SECTOR, b->size);
        }
    return status;
}
