/* The 32 to 34 interleave, both ways, and the health check of striped code. */
#include "codec/beken/stripe.h"

#include "base/bytes.h"
#include "codec/beken/crc16.h"

enum { GRID_PROBES = 16 };

uint32_t beken_to_physical(uint32_t logical) {
    return logical / BEKEN_LOGICAL_BLOCK * BEKEN_PHYSICAL_BLOCK + logical % BEKEN_LOGICAL_BLOCK;
}

uint32_t beken_to_logical(uint32_t physical) {
    uint32_t inside = physical % BEKEN_PHYSICAL_BLOCK;
    return physical / BEKEN_PHYSICAL_BLOCK * BEKEN_LOGICAL_BLOCK +
           (inside < BEKEN_LOGICAL_BLOCK ? inside : BEKEN_LOGICAL_BLOCK - 1);
}

enum beken_block beken_block_check(const uint8_t block[34]) {
    if (beken_crc16_block(block) == load_be16(block + BEKEN_LOGICAL_BLOCK))
        return BEKEN_BLOCK_GOOD;
    return bytes_all(block, BEKEN_PHYSICAL_BLOCK, 0xFF) ? BEKEN_BLOCK_ERASED : BEKEN_BLOCK_BAD;
}

struct beken_stripe_count beken_stripe_check(const uint8_t *data, size_t size) {
    struct beken_stripe_count count = {.first_bad = SIZE_MAX};
    for (size_t at = 0; at + BEKEN_PHYSICAL_BLOCK <= size; at += BEKEN_PHYSICAL_BLOCK) {
        enum beken_block block = beken_block_check(data + at);
        count.good += block == BEKEN_BLOCK_GOOD;
        count.erased += block == BEKEN_BLOCK_ERASED;
        count.bad += block == BEKEN_BLOCK_BAD;
        if (block == BEKEN_BLOCK_BAD && count.first_bad == SIZE_MAX)
            count.first_bad = at;
    }
    return count;
}

/* Good minus bad among the first blocks of the grid that starts at `from`. */
static int grid_score(const uint8_t *data, size_t size, size_t from) {
    int score = 0, probes = 0;
    for (size_t at = from; at + BEKEN_PHYSICAL_BLOCK <= size && probes < GRID_PROBES;
         at += BEKEN_PHYSICAL_BLOCK) {
        enum beken_block block = beken_block_check(data + at);
        probes += block != BEKEN_BLOCK_ERASED;
        score += block == BEKEN_BLOCK_GOOD ? 1 : block == BEKEN_BLOCK_BAD ? -1 : 0;
    }
    return score;
}

int beken_stripe_grid(const uint8_t *data, size_t size) {
    if (grid_score(data, size, 0) > 0)
        return 0;
    return grid_score(data, size, 2) > 0 ? 2 : -1;
}

size_t beken_unstripe(const uint8_t *data, size_t size, uint8_t *out) {
    size_t done = 0;
    for (; size >= BEKEN_PHYSICAL_BLOCK; size -= BEKEN_PHYSICAL_BLOCK) {
        memmove(out + done, data, BEKEN_LOGICAL_BLOCK);
        done += BEKEN_LOGICAL_BLOCK;
        data += BEKEN_PHYSICAL_BLOCK;
    }
    size_t rest = size < BEKEN_LOGICAL_BLOCK ? size : BEKEN_LOGICAL_BLOCK;
    memmove(out + done, data, rest);
    return done + rest;
}

size_t beken_stripe(const uint8_t *data, size_t size, uint8_t *out) {
    size_t done = 0;
    for (size_t at = 0; at < size; at += BEKEN_LOGICAL_BLOCK) {
        size_t part = size - at < BEKEN_LOGICAL_BLOCK ? size - at : BEKEN_LOGICAL_BLOCK;
        memset(out + done, 0xFF, BEKEN_LOGICAL_BLOCK);
        memcpy(out + done, data + at, part);
        store_be16(out + done + BEKEN_LOGICAL_BLOCK, beken_crc16_block(out + done));
        done += BEKEN_PHYSICAL_BLOCK;
    }
    return done;
}
