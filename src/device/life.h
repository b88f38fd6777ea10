/* Boot counters, as start and stop of the device use them; what others may ask is in device.h. */
#ifndef DEVICE_LIFE_H
#define DEVICE_LIFE_H
#include "device/hal.h"

struct device;

/* A boot begins: counts it, and decides whether it is a safe one. */
void life_count_boot(struct device *d);
bool life_crashed(enum hal_reset_cause cause);
#endif
