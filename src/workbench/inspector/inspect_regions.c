/* The region map: every sector gets one kind, painted from the least to the most certain source;
 * neighbours of one kind become a region. */
#include "workbench/inspector/inspection.h"

#include <stdlib.h>

enum { SECTOR = SURVEY_MAP_SECTOR };

const struct region_row region_rows[REGION_KIND_COUNT] = {
    [REGION_DATA] = {'?', "data", "other data"},
    [REGION_FREE] = {'.', "free", "erased"},
    [REGION_ZERO] = {'0', "zero", "all zero"},
    [REGION_BOOT] = {'B', "bootloader", "bootloader"},
    [REGION_APP] = {'A', "app", "application"},
    [REGION_UPDATE] = {'D', "download", "update slot"},
    [REGION_RF] = {'R', "rf", "RF calibration and MAC"},
    [REGION_CONFIG] = {'C', "openbeken-config", "OpenBeken configuration"},
    [REGION_FILES] = {'L', "littlefs", "LittleFS file system"},
    [REGION_USER_FILES] = {'U', "user-files", "Tuya user files"},
    [REGION_PROTECTED] = {'P', "protected", "Tuya protected block"},
    [REGION_KEY] = {'K', "storage-key", "Tuya storage key"},
    [REGION_STORE] = {'S', "storage", "Tuya storage"},
    [REGION_EASYFLASH] = {'E', "easyflash", "EasyFlash store"},
    [REGION_PSM] = {'M', "psm", "PSM store"},
};

static void paint(struct inspection *in, size_t offset, size_t size, enum region_kind kind) {
    if (size == 0 || offset >= in->size)
        return;
    size_t last = (size > in->size - offset ? in->size : offset + size) - 1;
    for (size_t s = offset / SECTOR; s <= last / SECTOR && s < in->sector_count; s++)
        in->sector_kind[s] = (uint8_t)kind;
}

static void paint_update(struct inspection *in) {
    const struct survey *s = &in->survey;
    const struct fal_partition *slot = fal_partition_find(&s->fal, "download");
    uint32_t address = slot ? slot->offset : s->chip ? s->chip->download_offset : 0;
    uint32_t length = slot ? slot->length : s->chip ? s->chip->download_size : 0;
    size_t place = address ? survey_place(s, in->size, address) : SIZE_MAX;
    if (place == SIZE_MAX)
        return;
    for (size_t at = place; at < place + length && at + SECTOR <= in->size; at += SECTOR)
        if (in->sector_kind[at / SECTOR] == REGION_DATA && s->update.found)
            paint(in, at, SECTOR, REGION_UPDATE);
}

static void paint_code(struct inspection *in) {
    const struct survey *s = &in->survey;
    if (s->app.found)
        paint(in, s->app.offset, s->app.size, REGION_APP);
    if (s->boot.found)
        paint(in, s->boot.offset, s->boot.size, REGION_BOOT);
    if (s->rf_found)
        paint(in, s->rf_offset, RF_SECTOR_SIZE, REGION_RF);
    if (s->config_found)
        paint(in, s->config_offset, OBK_CONFIG_SIZE, REGION_CONFIG);
    if (s->lfs_found)
        paint(in, s->lfs_offset, s->lfs_size, REGION_FILES);
}

static void paint_user_files(struct inspection *in) {
    const struct storage_uf *uf = &in->storage.uf;
    for (int i = 0; uf->found && i < uf->header_count; i++)
        paint(in, uf->header[i], SECTOR, REGION_USER_FILES);
    for (int i = 0; uf->found && i < uf->files.count; i++) {
        const uint8_t *data = uf->data[i].data;
        if (data && data >= in->data && data < in->data + in->size)
            paint(in, (size_t)(data - in->data), uf->data[i].size, REGION_USER_FILES);
    }
}

static void paint_stores(struct inspection *in) {
    const struct storage *st = &in->storage;
    paint_user_files(in);
    for (int i = 0; i < st->easyflash_count; i++)
        paint(in, st->easyflash[i].offset, st->easyflash[i].size, REGION_EASYFLASH);
    if (st->psm.found)
        paint(in, st->psm.offset, st->psm.size, REGION_PSM);
    for (int i = 0; i < st->sector_count; i++)
        paint(in, st->sector[i].offset, SECTOR, REGION_STORE);
    for (int i = 0; i < st->protected_count; i++)
        paint(in, st->protected_block[i].offset, SECTOR, REGION_PROTECTED);
    for (int i = 0; i < st->key_block_count; i++)
        paint(in, st->key_block[i], SECTOR, REGION_KEY);
}

static enum region_kind kind_of_plain(const uint8_t *sector, size_t size) {
    if (!bytes_all(sector, size, sector[0]))
        return REGION_DATA;
    return sector[0] == 0xFF ? REGION_FREE : sector[0] == 0 ? REGION_ZERO : REGION_DATA;
}

static void count_bad(struct inspection *in, struct region *region) {
    for (int i = 0; i < in->survey.bad_count; i++) {
        const struct survey_bad *bad = &in->survey.bad[i];
        if (bad->offset >= region->offset && bad->offset < region->offset + region->size)
            region->bad_blocks += bad->blocks;
    }
}

static void merge(struct inspection *in) {
    for (size_t s = 0; s < in->sector_count; s++) {
        size_t at = s * SECTOR, size = in->size - at < SECTOR ? in->size - at : SECTOR;
        bool erased = bytes_all(in->data + at, size, 0xFF);
        struct region *last = in->region_count ? &in->region[in->region_count - 1] : NULL;
        if (!last ||
            (last->kind != in->sector_kind[s] && in->region_count < INSPECTION_REGIONS_MAX)) {
            last = &in->region[in->region_count++];
            *last = (struct region){.kind = in->sector_kind[s], .offset = at};
        }
        last->size += size;
        last->erased += erased ? size : 0;
    }
    for (int i = 0; i < in->region_count; i++)
        count_bad(in, &in->region[i]);
}

void inspection_read_regions(struct inspection *in) {
    in->sector_count = (in->size + SECTOR - 1) / SECTOR;
    in->sector_kind = calloc(in->sector_count + 1, 1);
    if (!in->sector_kind)
        return;
    for (size_t s = 0; s < in->sector_count; s++) {
        size_t at = s * SECTOR;
        in->sector_kind[s] =
            (uint8_t)kind_of_plain(in->data + at, in->size - at < SECTOR ? in->size - at : SECTOR);
    }
    paint_update(in);
    paint_code(in);
    paint_stores(in);
    merge(in);
}
