/* Random number generator at 0x00802480: a xorshift sequence from a fixed seed, so that a run can
 * be repeated. Source: vendor SDK driver/trng. */
#include "virtual/soc/board.h"

static uint32_t trng_read(struct board *b, uint32_t offset) {
    if (offset != 4)
        return *board_word(b, soc_trng.base + offset);
    b->random ^= b->random << 13;
    b->random ^= b->random >> 7;
    b->random ^= b->random << 17;
    return (uint32_t)(b->random >> 16);
}

static void trng_write(struct board *b, uint32_t offset, uint32_t value) {
    *board_word(b, soc_trng.base + offset) = value;
}

const struct peripheral soc_trng = {
    .name = "trng", .base = 0x802480, .size = 0x80, .read = trng_read, .write = trng_write};
