/* Taking over from OpenBeken; see migrate.h. At this point of the start no script is loaded yet, so
 * the memory for scripts serves to look at a sector of flash. */
#include "device/store/migrate.h"

#include "codec/openbeken/easyflash.h"
#include "codec/openbeken/obk_config.h"
#include "device/device.h"

#include <string.h>

static const uint16_t taken_key = STORE_KEY_OBK_COUNTERS; /* the 64 bytes as they were found */

_Static_assert((int)SCRIPT_ARENA >= (int)EASYFLASH_SECTOR && SCRIPT_ARENA >= OBK_CONFIG_SIZE,
               "the scratch memory holds a sector");

static const struct obk_chip *own_chip(const struct device *d) {
    const struct obk_chip *chip = obk_chip_find(d->hal.chip.name ? d->hal.chip.name : "BK7231N");
    return chip ? chip : obk_chip_find("BK7231N");
}

bool migrate_config(struct device *d) {
    const struct hal *hal = &d->hal;
    uint8_t *block = d->script.arena;
    struct fault fault;
    if (!hal->chip.obk_offset || !hal->flash_read ||
        !hal->flash_read(hal->context, hal->chip.obk_offset, block, OBK_CONFIG_SIZE))
        return false;
    enum status status =
        obk_config_decode(block, OBK_CONFIG_SIZE, own_chip(d)->group, &d->config, &fault);
    if (status == STATUS_OK) {
        device_log(d, LOG_INFO, "store", "took over the configuration of OpenBeken");
        return true;
    }
    if (status != STATUS_BAD_MAGIC)
        device_log2(d, LOG_WARN, "store",
                    "OpenBeken configuration not taken over: ", status_text(status));
    return false;
}

/* The newest good OBK_FV of all sectors: one that is written, else one that was being replaced. */
static bool find_counters(struct device *d, uint8_t value[OBK_COUNTERS_SIZE]) {
    const struct hal_chip *chip = &d->hal.chip;
    uint8_t *sector = d->script.arena;
    bool found = false;
    for (uint32_t at = 0; at < chip->obk_vars_size; at += EASYFLASH_SECTOR) {
        struct easyflash_node node;
        if (!d->hal.flash_read(d->hal.context, chip->obk_vars_offset + at, sector,
                               EASYFLASH_SECTOR))
            return found;
        if (!easyflash_get(sector, EASYFLASH_SECTOR, "OBK_FV", &node) ||
            node.length < OBK_COUNTERS_SIZE)
            continue;
        memcpy(value, node.value, OBK_COUNTERS_SIZE);
        found = true;
        if (node.state == EASYFLASH_WRITTEN)
            break;
    }
    return found;
}

bool migrate_counters_taken(struct device *d, struct obk_counters *out) {
    uint8_t value[OBK_COUNTERS_SIZE];
    size_t length = 0;
    return store_get(&d->store, taken_key, value, sizeof value, &length) == STATUS_OK &&
           obk_counters_decode(value, length, out) == STATUS_OK;
}

/* Retained slots 0 … 11, and the colour of the light above all others. */
static void keep_slots(struct device *d, const struct obk_counters *c) {
    for (unsigned i = 0; i < OBK_COUNTERS_SLOTS; i++)
        store_put(&d->store, (uint16_t)(STORE_KEY_RETAINED + i), &c->slots[i], sizeof c->slots[i]);
    for (unsigned i = 0; i < 3; i++) {
        int16_t part = c->rgb[i];
        store_put(&d->store, (uint16_t)(STORE_KEY_RETAINED + LIGHT_SLOT_RGB + i), &part,
                  sizeof part);
    }
}

void migrate_counters(struct device *d) {
    uint8_t value[OBK_COUNTERS_SIZE];
    struct obk_counters counters;
    if (!d->hal.chip.obk_vars_size || !d->hal.flash_read || !d->store.sectors)
        return;
    if (!store_has(&d->store, taken_key)) {
        if (!find_counters(d, value) ||
            store_put(&d->store, taken_key, value, sizeof value) != STATUS_OK)
            return;
        device_log(d, LOG_INFO, "store", "took over the counters of OpenBeken");
    }
    /* the record above is the source from here on: cut off, the next start does this again */
    if (migrate_counters_taken(d, &counters))
        keep_slots(d, &counters);
}
