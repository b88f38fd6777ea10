/* Builds and refreshes the decrypted, CRC-stripped view. A block of 34 erased bytes is shown as
 * erased, not as decrypted noise, so that a fresh second slot looks fresh. */
#include "virtual/soc/flash_view.h"

#include "base/bytes.h"
#include "codec/beken/cipher.h"

#include <stdlib.h>

enum { PHYSICAL_BLOCK = 34, LOGICAL_BLOCK = 32, PAGE = 0x1000 };

static void refresh_block(struct board *b, uint32_t block) {
    const uint8_t *from = b->flash.data + block * PHYSICAL_BLOCK;
    uint8_t *to = b->flash.view + block * LOGICAL_BLOCK;
    if (bytes_all(from, PHYSICAL_BLOCK, 0xFF))
        memset(to, 0xFF, LOGICAL_BLOCK);
    else {
        struct beken_key key;
        memcpy(key.k, b->key, sizeof key.k);
        memcpy(to, from, LOGICAL_BLOCK);
        beken_crypt(&key, block * LOGICAL_BLOCK, to, LOGICAL_BLOCK);
    }
}

enum status flash_view_build(struct board *b) {
    uint32_t blocks = b->flash.size / PHYSICAL_BLOCK;
    b->flash.view_size = (blocks * LOGICAL_BLOCK + PAGE - 1) & ~(uint32_t)(PAGE - 1);
    b->flash.view = aligned_alloc(PAGE, b->flash.view_size);
    if (!b->flash.view)
        return STATUS_NO_SPACE;
    memset(b->flash.view, 0xFF, b->flash.view_size);
    for (uint32_t i = 0; i < blocks; i++)
        refresh_block(b, i);
    return STATUS_OK;
}

void flash_view_refresh(struct board *b, uint32_t offset, uint32_t size) {
    uint32_t blocks = b->flash.size / PHYSICAL_BLOCK;
    uint32_t first = offset / PHYSICAL_BLOCK, last = (offset + size - 1) / PHYSICAL_BLOCK;
    if (last >= blocks)
        last = blocks - 1;
    for (uint32_t i = first; i <= last; i++)
        refresh_block(b, i);
    if (b->uc)
        uc_ctl_remove_cache(b->uc, (uint64_t)first * LOGICAL_BLOCK,
                            (uint64_t)(last + 1) * LOGICAL_BLOCK);
}
