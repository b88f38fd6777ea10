/* Regions from the chip table. */
#include "workbench/flasher/regions.h"

enum { SECTOR = 0x1000, CONFIG_SIZE = 0x2000 };

static int add(struct region *regions, int count, enum region_kind kind, const char *name,
               uint32_t start, uint32_t end, uint32_t flash_size) {
    if (!end || start >= flash_size || count == REGIONS_MAX)
        return count;
    regions[count] = (struct region){kind, name, start, end < flash_size ? end : flash_size};
    return count + 1;
}

int regions_of(const struct beken_chip *c, uint32_t size, struct region regions[REGIONS_MAX]) {
    int n = add(regions, 0, REGION_BOOTLOADER, "bootloader", 0, BEKEN_APP_OFFSET, size);
    if (!c)
        return n;
    if (c->app_size)
        n = add(regions, n, REGION_APP, "application", BEKEN_APP_OFFSET,
                BEKEN_APP_OFFSET + c->app_size, size);
    if (c->download_size)
        n = add(regions, n, REGION_UPDATE, "update slot", c->download_offset,
                c->download_offset + c->download_size, size);
    n = add(regions, n, REGION_RF, "RF calibration and MAC", c->rf_offset, c->rf_offset + SECTOR,
            size);
    if (c->rf_offset_tuya)
        n = add(regions, n, REGION_RF, "RF calibration and MAC (Tuya's place)", c->rf_offset_tuya,
                c->rf_offset_tuya + SECTOR, size);
    if (c->config_offset)
        n = add(regions, n, REGION_CONFIG, "configuration", c->config_offset,
                c->config_offset + CONFIG_SIZE, size);
    if (c->key_offset)
        n = add(regions, n, REGION_KEYS, "vendor keys and storage", c->key_offset - SECTOR, size,
                size);
    return n;
}

void regions_guard(struct program *p, const struct beken_chip *chip, uint32_t flash_size,
                   unsigned allowed) {
    struct region regions[REGIONS_MAX];
    int n = regions_of(chip, flash_size, regions);
    for (int i = 0; i < n; i++) {
        enum region_kind kind = regions[i].kind;
        if (kind != REGION_APP && kind != REGION_UPDATE)
            program_guard(p, regions[i].start, regions[i].end, regions[i].name,
                          allowed >> kind & 1);
    }
}
