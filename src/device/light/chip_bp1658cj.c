/* BP1658CJ: 10 bits an output, five low bits first; current codes 0 to 15 (colour in the high
 * nibble). All dark is stand-by.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_bp1658cj.c; esphome/esphome: component
 * bp1658cj. */
#include "codec/openbeken/roles.h"
#include "device/light/chip.h"

enum { STANDBY = 0x80, FIVE_OUTPUTS = 0xB0 };

static void send(struct device *d, const struct i2c_bus *bus, const uint16_t values[5],
                 uint8_t color, uint8_t white) {
    bool lit = values[0] | values[1] | values[2] | values[3] | values[4];
    i2c_start(d, bus, lit ? FIVE_OUTPUTS : STANDBY);
    i2c_write(d, bus, (uint8_t)((color & 15) << 4 | (white & 15)));
    for (unsigned i = 0; i < LIGHT_CHIP_OUTPUTS; i++) {
        i2c_write(d, bus, values[i] & 31);
        i2c_write(d, bus, (uint8_t)(values[i] >> 5));
    }
    i2c_stop(d, bus);
}

const struct light_chip chip_bp1658cj = {
    "BP1658CJ", OBK_ROLE_BP1658CJ_CLK, OBK_ROLE_BP1658CJ_DAT, 3, 6, send};
