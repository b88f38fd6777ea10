/* The interleave of code regions: 32 bytes of code, then 2 bytes of CRC-16, on a grid that starts
 * at physical offset 0. "Physical" is the flash offset, "logical" the address the CPU sees.
 * A block of 34 times FF is erased flash, not a bad block. */
#ifndef CODEC_BEKEN_STRIPE_H
#define CODEC_BEKEN_STRIPE_H
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum { BEKEN_LOGICAL_BLOCK = 32, BEKEN_PHYSICAL_BLOCK = 34 };

/* physical = logical/32*34 + logical%32; the inverse rounds down inside a block's CRC. */
uint32_t beken_to_physical(uint32_t logical);
uint32_t beken_to_logical(uint32_t physical);

enum beken_block { BEKEN_BLOCK_GOOD, BEKEN_BLOCK_ERASED, BEKEN_BLOCK_BAD };
enum beken_block beken_block_check(const uint8_t block[34]);

struct beken_stripe_count {
    uint32_t good, erased, bad;
    size_t first_bad; /* offset of the first bad block in the data, or SIZE_MAX */
};
/* Checks all whole blocks of `data`; a rest shorter than a block is not counted. */
struct beken_stripe_count beken_stripe_check(const uint8_t *data, size_t size);

/* Offset of the 34-byte grid in a piece of code region: 0 or 2 (a piece cut 2 bytes early), or -1
 * when the data are not striped. Looks at the first blocks that are not erased. */
int beken_stripe_grid(const uint8_t *data, size_t size);

/* Removes the CRCs: returns the number of logical bytes written to `out` (room for size/34*32 +
 * 31). A rest shorter than a block is copied. Blocks are not checked. */
size_t beken_unstripe(const uint8_t *data, size_t size, uint8_t *out);
/* Adds the CRCs: `size` logical bytes become size/32*34 physical ones (a last short block is padded
 * with FF). Returns the length; `out` needs room for (size + 31)/32*34. */
size_t beken_stripe(const uint8_t *data, size_t size, uint8_t *out);
#endif
