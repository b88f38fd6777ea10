/* The light as channels: CHANNEL_LED_DIMMER and on, for scripts and pages that know only channels.
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.c. */
#ifndef DEVICE_LIGHT_VIEW_H
#define DEVICE_LIGHT_VIEW_H
#include <stdint.h>

struct device;

/* 0 for those that can only be written. */
int32_t light_view_get(const struct device *d, int channel);
void light_view_set(struct device *d, int channel, int32_t value);
#endif
