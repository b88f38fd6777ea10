/* A virtual plug that starts on a copy of the flash and saves what it is told. */
#include "cli/plug_store.h"

#include "codec/openbeken/obk_config.h"
#include "device/store/store_log.h"
#include "virtual/plug/plug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { START_MS = 20000 /* until the firmware calls its start a success */ };

/* The plug on that flash, powered on; NULL without memory or for a chip it does not exist for. */
static struct plug *plug_on(const char *chip, const uint8_t *flash, uint32_t size) {
    struct plug *plug = calloc(1, sizeof *plug);
    if (!plug || !plug_init(plug, chip)) {
        free(plug);
        return NULL;
    }
    if (plug->chip.flash_size != size || !virtual_flash_write(&plug->chip, 0, flash, size)) {
        plug_free(plug);
        free(plug);
        return NULL;
    }
    plug_restart(plug, HAL_RESET_POWER);
    return plug;
}

/* A store begins with its log's mark in a sector of its area; looked for before anything starts
 * there, because an area without one is made into one. */
bool plug_store_present(const char *chip, const uint8_t *flash, uint32_t size) {
    struct virtual_chip *kind = calloc(1, sizeof *kind);
    bool found = false;
    if (kind && virtual_chip_init(kind, chip) && kind->flash_size == size) {
        const struct hal_chip *c = &kind->hal.chip;
        for (uint32_t at = c->store_offset; at < c->store_offset + c->store_size && !found;
             at += HAL_FLASH_SECTOR)
            found = store_header_sequence(flash + at) != 0;
        virtual_chip_free(kind);
    }
    free(kind);
    return found;
}

static bool take_block(struct device *d, const uint8_t *block, char *why, size_t why_size) {
    const struct obk_chip *chip = obk_chip_find(d->hal.chip.name);
    struct obk_config config;
    enum status status = chip
                             ? obk_config_decode(block, OBK_CONFIG_SIZE, chip->group, &config, NULL)
                             : STATUS_UNSUPPORTED;
    if (status == STATUS_OK) {
        d->config = config;
        settings_changed(d);
        status = settings_save(d);
    }
    if (status != STATUS_OK)
        snprintf(why, why_size, "the plug's own store does not take the configuration: %s",
                 status_text(status));
    return status == STATUS_OK;
}

bool plug_store_update(const char *chip, const uint8_t *block, uint8_t *flash, uint32_t size,
                       uint32_t *from, uint32_t *to, char *why, size_t why_size) {
    struct plug *plug = plug_on(chip, flash, size);
    if (!plug) {
        snprintf(why, why_size, "no memory");
        return false;
    }
    const struct hal *hal = &plug->chip.hal;
    *from = hal->chip.store_offset;
    *to = *from + hal->chip.store_size;
    bool good = take_block(&plug->device, block, why, why_size);
    plug_run_fast(plug, START_MS);
    if (good)
        good = hal->flash_read(hal->context, *from, flash + *from, *to - *from);
    plug_free(plug);
    free(plug);
    return good;
}
