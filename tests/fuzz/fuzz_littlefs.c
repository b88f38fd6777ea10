/* A LittleFS volume whose tags the fuzzer chooses and whose checksums are right, so that it gets
 * past them: listing and reading must end and stay inside the volume. Input: four bytes a tag (type
 * high and low, id, length), then so many bytes of data; the rest fills the blocks behind. */
#include "base/bytes.h"
#include "base/crc.h"
#include "codec/openbeken/littlefs.h"

enum { BLOCKS = 6, TAGS_END = LITTLEFS_BLOCK - 64 };

struct log {
    uint8_t *block;
    size_t at;
    uint32_t before;
};

static void put(struct log *l, uint32_t tag) {
    uint32_t mixed = tag ^ l->before;
    for (int i = 0; i < 4; i++)
        l->block[l->at++] = (uint8_t)(mixed >> (24 - 8 * i));
    l->before = tag;
}

static size_t fill_block(uint8_t *block, const uint8_t *data, size_t size) {
    struct log l = {block, 4, UINT32_MAX};
    size_t at = 0;
    store_le32(block, 1);
    while (at + 4 <= size && data[at] != 0xFF && l.at < TAGS_END) {
        uint32_t type = (uint32_t)(data[at] << 8 | data[at + 1]) & 0x7FF, length = data[at + 3];
        at += 4;
        if (length > size - at || l.at + 4 + length > TAGS_END)
            break;
        put(&l, type << 20 | (uint32_t)data[at - 2] << 10 | length);
        memcpy(block + l.at, data + at, length);
        l.at += length;
        at += length;
    }
    put(&l, 0x50000000u | 0x3FFu << 10 | 4);
    store_le32(block + l.at, crc32_update(0, block, l.at) ^ UINT32_MAX);
    return at + 1 < size ? at + 1 : size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t volume[BLOCKS * LITTLEFS_BLOCK], out[BLOCKS * LITTLEFS_BLOCK];
    static struct littlefs_file files[LITTLEFS_FILES];
    memset(volume, 0xFF, sizeof volume);
    for (int block = 0; block < BLOCKS && size; block += 2) {
        size_t used = fill_block(volume + block * LITTLEFS_BLOCK, data, size);
        data += used;
        size -= used;
    }
    size_t count = littlefs_list(volume, sizeof volume, files, LITTLEFS_FILES);
    for (size_t i = 0; i < count; i++)
        (void)littlefs_read(volume, sizeof volume, &files[i], out, sizeof out);
    return 0;
}
