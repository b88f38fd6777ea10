/* The FAL partition table inside Beken bootloaders: 64-byte entries, stored unencrypted at the end
 * of the bootloader's payload. Entries on flash "beken_onchip_crc" count logical addresses, those
 * on "beken_onchip" physical ones. Source: RT-Thread FAL; bk7231tools (analysis/flash.py). */
#ifndef CODEC_BEKEN_FAL_H
#define CODEC_BEKEN_FAL_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FAL_ENTRY_SIZE = 64, FAL_MAX_ENTRIES = 8 };

struct fal_partition {
    char name[25];
    bool logical;
    uint32_t offset, length; /* in the address kind that `logical` says */
    bool has_crc;            /* the entry's CRC-32 is there and right; Tuya's tables leave it 0 */
};

struct fal_table {
    size_t at; /* offset of the first entry in the searched data */
    int count;
    struct fal_partition partition[FAL_MAX_ENTRIES];
};

/* Searches the CRC-stripped (not decrypted) bytes of a bootloader, from the end backwards. */
enum status fal_find(const uint8_t *data, size_t size, struct fal_table *out);
/* Writes one entry; `with_crc` fills the last word. */
void fal_encode(const struct fal_partition *partition, bool with_crc, uint8_t out[FAL_ENTRY_SIZE]);
/* The named partition, or NULL. */
const struct fal_partition *fal_partition_find(const struct fal_table *table, const char *name);
#endif
