/* BP5758D: 10 bits an output, five low bits first; currents of 0 to 90 mA, each output its own. The
 * registers from the enable bits on follow one another. All dark is stand-by.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_bp5758d.c; esphome/esphome: component
 * bp5758d. */
#include "codec/openbeken/roles.h"
#include "device/light/chip.h"

enum { STANDBY = 0x86, ENABLE = 0x90, ALL_OUTPUTS = 0x1F, COLORS = 3 };

/* Above 63 mA another range is used. */
static uint8_t code(unsigned milliamperes) {
    unsigned most = milliamperes > 90 ? 90 : milliamperes;
    return (uint8_t)(most < 64 ? most : most + 34);
}

static void send(struct device *d, const struct i2c_bus *bus, const uint16_t values[5],
                 uint8_t color, uint8_t white) {
    bool lit = values[0] | values[1] | values[2] | values[3] | values[4];
    i2c_start(d, bus, ENABLE);
    i2c_write(d, bus, lit ? ALL_OUTPUTS : 0);
    for (unsigned i = 0; i < LIGHT_CHIP_OUTPUTS; i++)
        i2c_write(d, bus, code(i < COLORS ? color : white));
    for (unsigned i = 0; i < LIGHT_CHIP_OUTPUTS; i++) {
        i2c_write(d, bus, values[i] & 31);
        i2c_write(d, bus, (uint8_t)(values[i] >> 5));
    }
    i2c_stop(d, bus);
    if (lit)
        return;
    i2c_start(d, bus, STANDBY);
    i2c_stop(d, bus);
}

const struct light_chip chip_bp5758d = {
    "BP5758D", OBK_ROLE_BP5758D_CLK, OBK_ROLE_BP5758D_DAT, 14, 14, send};
