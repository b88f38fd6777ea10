/* Sending 10 bits an output; see ten_bits.h. */
#include "device/light/ten_bits.h"

void ten_bits_send(struct device *d, const struct i2c_bus *bus, const struct ten_bits *form,
                   const uint16_t values[LIGHT_CHIP_OUTPUTS], uint8_t color, uint8_t white) {
    bool lit = values[0] | values[1] | values[2] | values[3] | values[4];
    i2c_start(d, bus, lit ? form->lit : form->standby);
    i2c_write(d, bus, (uint8_t)((color & 15) << 4 | (white & 15)));
    for (unsigned i = 0; i < LIGHT_CHIP_OUTPUTS; i++) {
        i2c_write(d, bus, form->low_first ? values[i] & 31 : (uint8_t)(values[i] >> 8));
        i2c_write(d, bus, (uint8_t)(form->low_first ? values[i] >> 5 : values[i]));
    }
    i2c_stop(d, bus);
}
