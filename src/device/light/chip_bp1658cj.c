/* BP1658CJ: 10 bits an output, five low bits first; all dark is stand-by.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_bp1658cj.c; esphome/esphome: component
 * bp1658cj. */
#include "codec/openbeken/roles.h"
#include "device/light/ten_bits.h"

static void send(struct device *d, const struct i2c_bus *bus, const uint16_t values[5],
                 uint8_t color, uint8_t white) {
    static const struct ten_bits form = {.standby = 0x80, .lit = 0xB0, .low_first = true};
    ten_bits_send(d, bus, &form, values, color, white);
}

const struct light_chip chip_bp1658cj = {
    "BP1658CJ", OBK_ROLE_BP1658CJ_CLK, OBK_ROLE_BP1658CJ_DAT, 3, 6, send};
