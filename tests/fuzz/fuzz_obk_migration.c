/* Boots a virtual plug on flash in which an OpenBeken block or the device's own store is whatever
 * the fuzzer makes of it. First byte: 0 the bare block, 1 the block with its CRC made right, else
 * the first sectors of the store. The plug must start, run and switch its outputs. */
#include "codec/openbeken/obk_config.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>
#include <string.h>

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct plug *plug = calloc(1, sizeof *plug);
    if (!plug || size < 1 || !virtual_chip_init(&plug->chip, "BK7231N")) {
        free(plug);
        return 0;
    }
    if (data[0] < 2)
        put_block(plug, data + 1, size - 1, data[0] == 1);
    else
        virtual_flash_write(&plug->chip, plug->chip.hal.chip.store_offset, data + 1,
                            size - 1 < 0x8000 ? size - 1 : 0x8000);
    virtual_chip_power(&plug->chip, HAL_RESET_POWER);
    plug_restart(plug, HAL_RESET_POWER);
    for (int channel = 0; channel < CHANNEL_COUNT; channel++)
        channel_toggle(&plug->device, channel);
    plug_run_ms(plug, 1500);
    plug_restart(plug, HAL_RESET_SOFTWARE);
    plug_run_ms(plug, 100);
    plug_free(plug);
    free(plug);
    return 0;
}
