/* LED chips that take 10 bits an output in two bytes, after an address and a byte of currents. */
#ifndef DEVICE_LIGHT_TEN_BITS_H
#define DEVICE_LIGHT_TEN_BITS_H
#include "device/light/chip.h"

struct ten_bits {
    uint8_t standby, lit; /* first byte when all outputs are dark, and else: all five follow */
    bool low_first;       /* the five low bits, then the others; else the two high bits first */
};

/* Currents are codes 0 to 15, colour in the high nibble. */
void ten_bits_send(struct device *d, const struct i2c_bus *bus, const struct ten_bits *form,
                   const uint16_t values[LIGHT_CHIP_OUTPUTS], uint8_t color, uint8_t white);
#endif
