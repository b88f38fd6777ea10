/* I2C by two pins: lines are pulled low or let go, a byte goes out most significant bit first, the
 * ninth bit is the other side's. Sensors and LED chips hang on it; no chip's clock is too fast for
 * them when every step is a call into the platform. */
#ifndef DEVICE_SOFT_I2C_H
#define DEVICE_SOFT_I2C_H
#include <stdbool.h>
#include <stdint.h>

struct device;

struct i2c_bus {
    uint8_t clock, data; /* pins */
};

/* The first pins with these roles, both let go; false: one is missing. */
bool i2c_find(struct device *d, struct i2c_bus *bus, unsigned clock_role, unsigned data_role);
/* Start condition and address byte (read bit included); false: nobody answered. */
bool i2c_start(struct device *d, const struct i2c_bus *bus, uint8_t address);
bool i2c_write(struct device *d, const struct i2c_bus *bus, uint8_t byte);
/* `more`: another byte will be read. */
uint8_t i2c_read(struct device *d, const struct i2c_bus *bus, bool more);
void i2c_stop(struct device *d, const struct i2c_bus *bus);
#endif
