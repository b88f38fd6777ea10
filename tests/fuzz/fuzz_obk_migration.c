/* Boots a virtual plug on flash in which an OpenBeken block or the device's own store is whatever
 * the fuzzer makes of it. First byte: 0 the bare block, 1 the block with its CRC made right, 2 the
 * EasyFlash store with its running values, 3 those values with their frame made right, else the
 * first sectors of the store. The plug must start, run and switch its outputs. */
#include "codec/openbeken/easyflash.h"
#include "codec/openbeken/obk_config.h"
#include "codec/openbeken/obk_counters.h"
#include "plug_snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_block(struct plug *plug, const uint8_t *data, size_t size, bool mend) {
    uint8_t block[OBK_CONFIG_SIZE];
    memset(block, 0, sizeof block);
    memcpy(block, data, size < sizeof block ? size : sizeof block);
    if (mend) {
        memcpy(block, "CFG", 3);
        memcpy(block + 4, "\5\0\0\0", 4);
        block[3] = obk_crc8(OBK_CRC_SIGNED, block + 4, sizeof block - 4);
    }
    virtual_flash_write(&plug->chip, plug->chip.hal.chip.obk_offset, block, sizeof block);
}

/* The running values, bare or in a frame that is good. */
static void put_values(struct plug *plug, const uint8_t *data, size_t size, bool mend) {
    static uint8_t area[0x8000];
    size_t most = mend ? OBK_COUNTERS_SIZE : sizeof area;
    memset(area, 0xFF, sizeof area);
    size = size < most ? size : most;
    if (mend) {
        uint8_t value[OBK_COUNTERS_SIZE] = {0};
        memcpy(value, data, size);
        easyflash_format(area, sizeof area, &easyflash_layouts[0]);
        easyflash_put(area, sizeof area, &easyflash_layouts[0], "OBK_FV", value, sizeof value);
    } else {
        memcpy(area, data, size);
    }
    virtual_flash_write(&plug->chip, plug->chip.hal.chip.obk_vars_offset, area, sizeof area);
}

/* A chip whose flash is empty. */
static struct plug_snapshot *bare(void) {
    static struct plug_snapshot *s;
    if (s)
        return s;
    s = calloc(1, sizeof *s);
    if (!s || !virtual_chip_init(&s->plug.chip, "BK7231N"))
        abort();
    snapshot_take(s);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct plug_snapshot *s = bare();
    struct plug *plug = &s->plug;
    if (size < 1)
        return 0;
    if (data[0] < 2)
        put_block(plug, data + 1, size - 1, data[0] == 1);
    else if (data[0] < 4)
        put_values(plug, data + 1, size - 1, data[0] == 3);
    else
        virtual_flash_write(&plug->chip, plug->chip.hal.chip.store_offset, data + 1,
                            size - 1 < 0x8000 ? size - 1 : 0x8000);
    plug_restart(plug, HAL_RESET_POWER);
    for (int channel = 0; channel < CHANNEL_COUNT; channel++)
        channel_toggle(&plug->device, channel);
    for (int i = 0; i < 2; i++)
        plug_run_ms(plug, 20), device_second(&plug->device);
    plug_restart(plug, HAL_RESET_SOFTWARE);
    plug_run_ms(plug, 20);
    snapshot_restore(s);
    return 0;
}
