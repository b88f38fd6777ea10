/* What is worth keeping when the chip is about to stop. */
#include "device/device.h"

void device_save(struct device *d) {
    meter_save(d);
    light_remember(d);
    if (d->channels.retained_dirty)
        channel_flush(d);
    if (d->config_dirty)
        settings_save(d);
}
