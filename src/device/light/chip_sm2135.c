/* SM2135: 8 bits an output, currents of 10 to 60 mA in steps of 5 (colour in the high nibble). It
 * has a mode for colour and one for white; with flag 9 only the one in use is sent.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_sm2135.c; arendst/Tasmota: tasmota
 * xlgt_04_sm2135.ino. */
#include "codec/openbeken/roles.h"
#include "device/device.h"
#include "device/light/chip.h"

enum { CURRENT = 0xC0, OUT4 = 0xC5, MODE_COLOR = 0x00, MODE_WHITE = 0x80, FLAG_SEPARATE = 9 };

static unsigned code(unsigned milliamperes) {
    return milliamperes <= 10 ? 0 : milliamperes >= 60 ? 10 : (milliamperes - 10) / 5;
}

static void outputs(struct device *d, const struct i2c_bus *bus, const uint16_t *values,
                    unsigned count) {
    for (unsigned i = 0; i < count; i++)
        i2c_write(d, bus, (uint8_t)(values[i] >> 2));
    i2c_stop(d, bus);
}

static void send(struct device *d, const struct i2c_bus *bus, const uint16_t values[5],
                 uint8_t color, uint8_t white) {
    bool separate = settings_flag(d, FLAG_SEPARATE);
    bool colored = !separate || values[0] || values[1] || values[2];
    i2c_start(d, bus, CURRENT);
    i2c_write(d, bus, (uint8_t)(code(color) << 4 | code(white)));
    i2c_write(d, bus, colored ? MODE_COLOR : MODE_WHITE);
    if (colored) {
        outputs(d, bus, values, separate ? 3 : 5);
        return;
    }
    i2c_stop(d, bus);
    i2c_start(d, bus, OUT4);
    outputs(d, bus, values + 3, 2);
}

const struct light_chip chip_sm2135 = {"SM2135", OBK_ROLE_SM2135CLK, OBK_ROLE_SM2135DAT, 20, 20,
                                       send};
