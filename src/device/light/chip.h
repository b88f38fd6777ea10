/* LED driver chips: constant-current drivers for R G B C W on two wires. A chip is one file with a
 * row here; its values come from the light in the order of LED_Map. */
#ifndef DEVICE_LIGHT_CHIP_H
#define DEVICE_LIGHT_CHIP_H
#include "device/board/soft_i2c.h"

enum { LIGHT_CHIP_OUTPUTS = 5 };

struct light_chip {
    const char *driver; /* its name for startDriver */
    uint8_t clock_role, data_role;
    uint8_t color_current, white_current; /* at start, in the unit of its command */
    /* Values are 10 bits. `current` of colour and white, as the command took them. */
    void (*send)(struct device *d, const struct i2c_bus *bus, const uint16_t values[5],
                 uint8_t color, uint8_t white);
};
extern const struct light_chip chip_sm2135, chip_sm2235, chip_bp5758d, chip_bp1658cj;

/* Functions of the driver table. */
void sm2135_start(struct device *d, const char *arguments);
void sm2235_start(struct device *d, const char *arguments);
void bp5758d_start(struct device *d, const char *arguments);
void bp1658cj_start(struct device *d, const char *arguments);
void light_chip_stop(struct device *d);

/* Sends what is shown; nothing without a chip. */
void light_chip_send(struct device *d);
/* Currents of colour and white; the chip need not run yet. */
void light_chip_current(struct device *d, const struct light_chip *chip, uint8_t color,
                        uint8_t white);
#endif
