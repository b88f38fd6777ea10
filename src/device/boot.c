/* Start and stop of the device: the order in which the rooms come to life. Relays come first,
 * before anything that takes time. */
#include "device/device.h"
#include "device/driver.h"
#include "device/life.h"
#include "device/role_groups.h"
#include "device/script/command.h"
#include "device/script/script.h"
#include "device/service/service.h"
#include "device/store/files.h"
#include "device/store/restore.h"

#include <string.h>

void device_init(struct device *d, const struct hal *hal) {
    memset(d, 0, sizeof *d);
    d->hal = *hal;
    d->wiring = &device_wiring;
    if (d->hal.chip.pins > OBK_PINS_MAX)
        d->hal.chip.pins = OBK_PINS_MAX;
}

static bool warm(enum hal_reset_cause cause) {
    return cause == HAL_RESET_SOFTWARE || life_crashed(cause);
}

/* After a warm restart the pins of some chips still drive what they drove: the relays' channels
 * follow them, so that nothing clicks. */
static void keep_relays(struct device *d) {
    if (!d->hal.chip.holds_pins || !warm(d->cause) || !d->hal.pin_read)
        return;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        unsigned bits = role_bits(board_role(d, pin)), channel = d->config.pins[pin].channel;
        if ((bits & (ROLE_RELAY | ROLE_LEVEL)) != (ROLE_RELAY | ROLE_LEVEL) ||
            channel >= CHANNEL_COUNT)
            continue;
        bool on = d->hal.pin_read(d->hal.context, pin) != ((bits & ROLE_INVERTED) != 0);
        if (on != (d->channels.value[channel] > 0))
            d->channels.value[channel] = on;
        d->channels.exact[channel] = (float)d->channels.value[channel];
    }
}

static void start_relays(struct device *d) {
    channel_init(d);
    light_init(d);
    channel_start(d);
    keep_relays(d);
    board_start(d);
}

static void start_rest(struct device *d) {
    command_init(d);
    script_init(d);
    if (d->safe) {
        device_log(d, LOG_WARN, "boot", device_safe_text(d));
    } else {
        script_early(d);
        drivers_autostart(d);
        light_start(d);
        script_boot(d);
    }
    services_start(d); /* in safe mode too: that is where a plug is repaired */
}

void device_start(struct device *d) {
    device_log_init(d);
    d->cause = d->hal.reset_cause ? d->hal.reset_cause(d->hal.context) : HAL_RESET_POWER;
    device_log2(d, LOG_INFO, "boot", "start after ", device_cause_text(d->cause));
    enum status status = store_mount(&d->store, &d->hal);
    store_files_tidy(&d->store);
    settings_load(d);
    restore_pending(d);
    d->config_dirty = false;
    start_relays(d); /* before anything that takes time */
    d->now_ms = d->hal.now_us ? d->hal.now_us(d->hal.context) / 1000 : d->now_ms;
    d->second_ms = d->uptime_s = 0;
    d->restart_in_s = 0;
    d->boot_done = false;
    d->running = true;
    d->clock_set = false;
    d->clock_epoch = 0;
    if (status != STATUS_OK)
        device_log2(d, LOG_WARN, "store", "nothing can be saved: ", status_text(status));
    if (d->store.bad_records)
        device_log_int(d, LOG_WARN, "store", "damaged records stepped over: ", d->store.bad_records,
                       NULL);
    life_count_boot(d);
    meter_start(d);
    start_rest(d);
}

void device_stop(struct device *d) {
    services_stop(d);
    driver_stop(d, "*");
    script_init(d);
    command_init(d);
    device_save(d);
    board_stop(d);
    d->running = false;
}
