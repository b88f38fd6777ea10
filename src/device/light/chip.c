/* The LED chip in use; see chip.h. */
#include "device/light/chip.h"

#include "device/device.h"

static void start(struct device *d, const struct light_chip *chip) {
    struct light *l = &d->light;
    if (!i2c_find(d, &l->bus, chip->clock_role, chip->data_role)) {
        device_log2(d, LOG_ERROR, "light", "no pins for the chip ", chip->driver);
        return;
    }
    if (!l->color_current && !l->white_current) {
        l->color_current = chip->color_current;
        l->white_current = chip->white_current;
    }
    l->chip = chip;
    light_apply(d);
}

void sm2135_start(struct device *d, const char *arguments) {
    (void)arguments;
    start(d, &chip_sm2135);
}
void sm2235_start(struct device *d, const char *arguments) {
    (void)arguments;
    start(d, &chip_sm2235);
}
void bp5758d_start(struct device *d, const char *arguments) {
    (void)arguments;
    start(d, &chip_bp5758d);
}
void bp1658cj_start(struct device *d, const char *arguments) {
    (void)arguments;
    start(d, &chip_bp1658cj);
}

void light_chip_stop(struct device *d) {
    d->light.chip = NULL;
}

void light_chip_send(struct device *d) {
    const struct light *l = &d->light;
    uint16_t values[LIGHT_CHIP_OUTPUTS];
    if (!l->chip)
        return;
    for (unsigned i = 0; i < LIGHT_CHIP_OUTPUTS; i++)
        values[i] = (uint16_t)light_chip_value(d, i);
    l->chip->send(d, &l->bus, values, l->color_current, l->white_current);
}

void light_chip_current(struct device *d, const struct light_chip *chip, uint8_t color,
                        uint8_t white) {
    d->light.color_current = color;
    d->light.white_current = white;
    if (d->light.chip == chip)
        light_chip_send(d);
}
