/* SM2235 and SM2335: 10 bits an output, high part first; current codes 0 to 15 (colour in the high
 * nibble). All dark is stand-by.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_sm2235.c; esphome/esphome: components
 * sm10bit_base, sm2235. */
#include "codec/openbeken/roles.h"
#include "device/light/chip.h"

enum { STANDBY = 0xC0, FIVE_OUTPUTS = 0xD8 };

static void send(struct device *d, const struct i2c_bus *bus, const uint16_t values[5],
                 uint8_t color, uint8_t white) {
    bool lit = values[0] | values[1] | values[2] | values[3] | values[4];
    i2c_start(d, bus, lit ? FIVE_OUTPUTS : STANDBY);
    i2c_write(d, bus, (uint8_t)((color & 15) << 4 | (white & 15)));
    for (unsigned i = 0; i < LIGHT_CHIP_OUTPUTS; i++) {
        i2c_write(d, bus, (uint8_t)(values[i] >> 8));
        i2c_write(d, bus, (uint8_t)values[i]);
    }
    i2c_stop(d, bus);
}

const struct light_chip chip_sm2235 = {"SM2235", OBK_ROLE_SM2235CLK, OBK_ROLE_SM2235DAT, 2, 4,
                                       send};
