/* The magic also occurs as a constant in code, so an entry counts only when its names are text and
 * its range is one a flash can have. */
#include "codec/beken/fal.h"

#include "base/bytes.h"
#include "base/crc.h"

enum { AT_NAME = 4, AT_FLASH = 28, AT_OFFSET = 52, AT_LENGTH = 56, AT_CRC = 60, NAME_SIZE = 24 };
#define FAL_MAGIC   0x45503130u
#define FLASH_LIMIT 0x1000000u

static bool text_field(const uint8_t *p) {
    size_t length = 0;
    while (length < NAME_SIZE && p[length] >= 0x21 && p[length] <= 0x7E)
        length++;
    return length > 0 && length < NAME_SIZE && p[length] == 0;
}

static bool decode_entry(const uint8_t *p, struct fal_partition *out) {
    if (load_le32(p) != FAL_MAGIC || !text_field(p + AT_NAME) || !text_field(p + AT_FLASH))
        return false;
    uint32_t crc = load_le32(p + AT_CRC);
    memcpy(out->name, p + AT_NAME, NAME_SIZE);
    out->name[NAME_SIZE] = '\0';
    out->logical = strcmp((const char *)p + AT_FLASH, "beken_onchip_crc") == 0;
    out->offset = load_le32(p + AT_OFFSET);
    out->length = load_le32(p + AT_LENGTH);
    out->has_crc = crc && crc == crc32_update(0, p, AT_CRC);
    return (crc == 0 || out->has_crc) && out->length && out->offset < FLASH_LIMIT &&
           out->length < FLASH_LIMIT;
}

enum status fal_find(const uint8_t *data, size_t size, struct fal_table *out) {
    struct fal_partition entry;
    out->count = 0;
    if (size < FAL_ENTRY_SIZE)
        return STATUS_NOT_FOUND;
    for (size_t at = (size - FAL_ENTRY_SIZE) & ~(size_t)3;; at -= 4) {
        if (load_le32(data + at) == FAL_MAGIC && decode_entry(data + at, &entry)) {
            size_t first = at;
            while (first >= FAL_ENTRY_SIZE && decode_entry(data + first - FAL_ENTRY_SIZE, &entry))
                first -= FAL_ENTRY_SIZE;
            out->at = first;
            for (; bytes_inside(size, first, FAL_ENTRY_SIZE) && out->count < FAL_MAX_ENTRIES &&
                   decode_entry(data + first, &out->partition[out->count]);
                 first += FAL_ENTRY_SIZE)
                out->count++;
            return STATUS_OK;
        }
        if (at < 4)
            return STATUS_NOT_FOUND;
    }
}

void fal_encode(const struct fal_partition *partition, bool with_crc, uint8_t out[FAL_ENTRY_SIZE]) {
    const char *flash = partition->logical ? "beken_onchip_crc" : "beken_onchip";
    memset(out, 0, FAL_ENTRY_SIZE);
    store_le32(out, FAL_MAGIC);
    memcpy(out + AT_NAME, partition->name, strlen(partition->name));
    memcpy(out + AT_FLASH, flash, strlen(flash));
    store_le32(out + AT_OFFSET, partition->offset);
    store_le32(out + AT_LENGTH, partition->length);
    if (with_crc)
        store_le32(out + AT_CRC, crc32_update(0, out, AT_CRC));
}

const struct fal_partition *fal_partition_find(const struct fal_table *table, const char *name) {
    for (int i = 0; i < table->count; i++)
        if (strcmp(table->partition[i].name, name) == 0)
            return &table->partition[i];
    return NULL;
}
