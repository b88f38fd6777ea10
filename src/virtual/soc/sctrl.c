/* System control at 0x00800000: chip and device id, which firmware checks, and the eFuse port,
 * which must answer "valid" or Wi-Fi initialisation never ends. The rest is memory; the always-on
 * part above is sleep.c.
 * Source: vendor SDK driver/sys_ctrl. */
#include "virtual/soc/board.h"

enum {
    CHIP_ID = 0x00,
    DEVICE_ID = 0x04,
    ANALOG_SPI_STATE = 0x40,
    EFUSE_CONTROL = 0x74,
    EFUSE_DATA = 0x78,
    EFUSE_VALID = 1 << 8,
    ANALOG_STATE = 0x84,
    CALIBRATION = 0x88,
};

/* The code key sits in eFuse bytes 0..15, each word little-endian; all else is blank. */
static uint32_t efuse_byte(const struct board *b) {
    uint32_t address = b->apb[EFUSE_CONTROL / 4] >> 8 & 0x1F;
    return address < 16 ? b->key[address / 4] >> 8 * (address % 4) & 0xFF : 0;
}

static uint32_t sctrl_read(struct board *b, uint32_t offset) {
    switch (offset) {
    case CHIP_ID:
        return b->chip->chip_id;
    case DEVICE_ID:
        return b->chip->device_id;
    case EFUSE_CONTROL:
        return *board_word(b, soc_sctrl.base + offset) & ~1u;
    case EFUSE_DATA:
        return EFUSE_VALID | efuse_byte(b);
    case ANALOG_SPI_STATE:
    case ANALOG_STATE:
    case CALIBRATION:
        return 0;
    default:
        return *board_word(b, soc_sctrl.base + offset);
    }
}

static void sctrl_write(struct board *b, uint32_t offset, uint32_t value) {
    *board_word(b, soc_sctrl.base + offset) = value;
}

const struct peripheral soc_sctrl = {
    .name = "sctrl", .base = 0x800000, .size = 0x100, .read = sctrl_read, .write = sctrl_write};
