/* The light as channels; see view.h. */
#include "device/light/view.h"

#include "device/device.h"

int32_t light_view_get(const struct device *d, int channel) {
    switch (channel) {
    case CHANNEL_LED_DIMMER:
        return (int32_t)d->light.dimmer;
    case CHANNEL_LED_ENABLE:
        return d->light.on;
    case CHANNEL_LED_RGB:
        return (int32_t)light_rgb(d);
    case CHANNEL_LED_TEMPERATURE:
        return (int32_t)d->light.temperature;
    default:
        return 0;
    }
}

void light_view_set(struct device *d, int channel, int32_t value) {
    switch (channel) {
    case CHANNEL_LED_DIMMER:
        light_set_dimmer(d, (float)value);
        break;
    case CHANNEL_LED_ENABLE:
        light_set_on(d, value != 0);
        break;
    case CHANNEL_LED_RGB:
        light_set_rgb(d, value >> 16 & 0xFF, value >> 8 & 0xFF, value & 0xFF);
        break;
    case CHANNEL_LED_TEMPERATURE:
        light_set_temperature(d, (float)value);
        break;
    default:
        light_set_component(d, (unsigned)(channel - CHANNEL_LED_BASE), (float)value);
    }
}
