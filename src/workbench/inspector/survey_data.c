/* Data regions that are known by their first bytes, sector by sector: the RF block, OpenBeken's
 * configuration, LittleFS. Tuya's stores are found by storage.c. */
#include "workbench/inspector/survey_private.h"

enum { LFS_NAME_AT = 8, LFS_BLOCK_SIZE_AT = 24, LFS_BLOCK_COUNT_AT = 28, CFG_VERSION_MAX = 100 };

static void look_at(struct survey_image *image, size_t at) {
    struct survey *s = image->out;
    const uint8_t *sector = image->data + at;
    size_t rest = image->size - at;
    if (!s->rf_found && memcmp(sector, "TLV", 4) == 0) {
        s->rf_found = rf_decode(sector, rest, &s->rf, NULL) == STATUS_OK;
        s->rf_offset = at;
    }
    if (!s->config_found && memcmp(sector, "CFG", 3) == 0) {
        uint32_t version = load_le32(sector + 4);
        s->config_found = version >= 1 && version <= CFG_VERSION_MAX;
        s->config_offset = at;
    }
    if (!s->lfs_found && memcmp(sector + LFS_NAME_AT, "littlefs", 8) == 0) {
        uint32_t block = load_le32(sector + LFS_BLOCK_SIZE_AT);
        uint32_t count = load_le32(sector + LFS_BLOCK_COUNT_AT);
        s->lfs_found = block == SURVEY_MAP_SECTOR && count >= 2 && count <= 0x1000;
        s->lfs_offset = at;
        s->lfs_size = (size_t)block * count;
    }
}

void survey_find_data(struct survey_image *image) {
    int64_t phase = image->out->origin % SURVEY_MAP_SECTOR;
    size_t at = (size_t)(phase > 0 ? SURVEY_MAP_SECTOR - phase : -phase);
    for (; bytes_inside(image->size, at, RF_MAC_OFFSET + RF_MAC_SIZE); at += SURVEY_MAP_SECTOR)
        look_at(image, at);
}
