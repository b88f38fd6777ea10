/* I2C by two pins; see soft_i2c.h. */
#include "device/board/soft_i2c.h"

#include "device/device.h"

/* High is what the pull-ups make of a line that nobody holds. */
static void line(struct device *d, unsigned pin, bool high) {
    if (!d->hal.pin_mode || !d->hal.pin_write)
        return;
    if (!high)
        d->hal.pin_write(d->hal.context, pin, false);
    d->hal.pin_mode(d->hal.context, pin, high ? HAL_PIN_INPUT_PULL_UP : HAL_PIN_OUTPUT);
}

static bool level(const struct device *d, unsigned pin) {
    return d->hal.pin_read && d->hal.pin_read(d->hal.context, pin);
}

static int pin_with(const struct device *d, unsigned role) {
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == role)
            return (int)pin;
    return -1;
}

bool i2c_find(struct device *d, struct i2c_bus *bus, unsigned clock_role, unsigned data_role) {
    int clock = pin_with(d, clock_role), data = pin_with(d, data_role);
    if (clock < 0 || data < 0)
        return false;
    *bus = (struct i2c_bus){(uint8_t)clock, (uint8_t)data};
    line(d, bus->clock, true);
    line(d, bus->data, true);
    return true;
}

/* One clock with the data line let go or held; what the line showed. */
static bool bit(struct device *d, const struct i2c_bus *bus, bool high) {
    line(d, bus->data, high);
    line(d, bus->clock, true);
    bool seen = level(d, bus->data);
    line(d, bus->clock, false);
    return seen;
}

bool i2c_write(struct device *d, const struct i2c_bus *bus, uint8_t byte) {
    for (int i = 7; i >= 0; i--)
        bit(d, bus, byte >> i & 1);
    return !bit(d, bus, true); /* low: acknowledged */
}

uint8_t i2c_read(struct device *d, const struct i2c_bus *bus, bool more) {
    unsigned byte = 0;
    for (int i = 0; i < 8; i++)
        byte = byte << 1 | bit(d, bus, true);
    bit(d, bus, !more);
    return (uint8_t)byte;
}

bool i2c_start(struct device *d, const struct i2c_bus *bus, uint8_t address) {
    line(d, bus->data, true);
    line(d, bus->clock, true);
    line(d, bus->data, false);
    line(d, bus->clock, false);
    return i2c_write(d, bus, address);
}

void i2c_stop(struct device *d, const struct i2c_bus *bus) {
    line(d, bus->data, false);
    line(d, bus->clock, true);
    line(d, bus->data, true);
}
