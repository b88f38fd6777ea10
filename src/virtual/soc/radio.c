/* BLE link-layer core at 0x00810000, as far as firmware waits for it: resets and sample requests
 * clear themselves, and enough of the current slot is always left. No radio traffic exists.
 * Source: observation of public images. */
#include "virtual/soc/board.h"

enum { BLE_CONTROL = 0x00, BASE_TIME = 0x1C, FINE_TIME = 0x20, MICROSECONDS_LEFT = 0x200 };

static uint32_t ble_read(struct board *b, uint32_t offset) {
    uint32_t word = *board_word(b, soc_radio_ble.base + offset);
    switch (offset) {
    case BLE_CONTROL:
        return word & 0x0FFFFFFF;
    case BASE_TIME:
        return word & 0x3FFFFFFF;
    case FINE_TIME:
        return MICROSECONDS_LEFT;
    default:
        return word;
    }
}

static void ble_write(struct board *b, uint32_t offset, uint32_t value) {
    *board_word(b, soc_radio_ble.base + offset) = value;
}

const struct peripheral soc_radio_ble = {
    .name = "ble", .base = 0x810000, .size = 0x1000, .read = ble_read, .write = ble_write};
