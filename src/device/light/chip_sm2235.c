/* SM2235 and SM2335: 10 bits an output, high part first; all dark is stand-by.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_sm2235.c; esphome/esphome: components
 * sm10bit_base, sm2235. */
#include "codec/openbeken/roles.h"
#include "device/light/ten_bits.h"

static void send(struct device *d, const struct i2c_bus *bus, const uint16_t values[5],
                 uint8_t color, uint8_t white) {
    static const struct ten_bits form = {.standby = 0xC0, .lit = 0xD8};
    ten_bits_send(d, bus, &form, values, color, white);
}

const struct light_chip chip_sm2235 = {"SM2235", OBK_ROLE_SM2235CLK, OBK_ROLE_SM2235DAT, 2, 4,
                                       send};
