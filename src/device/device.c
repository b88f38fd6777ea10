/* The ticks of the device and what it sends out; see device.h. */
#include "device/device.h"

#include "device/driver.h"
#include "device/script/script.h"
#include "device/service/service.h"

enum { SECOND_MS = 1000 };

void device_tick(struct device *d, uint32_t elapsed_ms) {
    board_tick(d, elapsed_ms);
    if (!d->safe)
        script_tick(d, elapsed_ms);
    light_tick(d, elapsed_ms);
    d->metering.next_ms = meter_tick(d);
}

static void restart_now(struct device *d) {
    device_save(d);
    device_log(d, LOG_INFO, "boot", "restarting as asked");
    if (d->hal.restart)
        d->hal.restart(d->hal.context);
    else
        device_log(d, LOG_ERROR, "boot", "this platform cannot restart itself");
}

void device_second(struct device *d) {
    d->uptime_s++;
    if (d->clock_set)
        d->clock_epoch++;
    board_second(d);
    light_second(d);
    if (!d->safe)
        script_second(d);
    drivers_second(d);
    meter_second(d);
    services_second(d);
    if (d->config.log2lfs)
        device_startup_log(d);
    if (d->config_dirty)
        settings_save(d);
    if (!d->boot_done && d->uptime_s > d->config.boot_ok_seconds)
        device_boot_complete(d);
    if (d->restart_in_s && --d->restart_in_s == 0)
        restart_now(d);
}

static bool retained_due(const struct device *d) {
    const struct channels *c = &d->channels;
    return c->retained_dirty && d->now_ms - c->retained_saved_ms >= SECOND_MS;
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static uint64_t next_wake(const struct device *d) {
    uint32_t next = SECOND_MS + 1 - d->second_ms;
    next = least(next, board_next_ms(d));
    next = least(next, light_next_ms(d));
    if (!d->safe)
        next = least(next, script_next_ms(d));
    next = least(next, services_next_ms(d));
    next = least(next, d->metering.next_ms);
    return d->now_ms + next;
}

uint64_t device_poll(struct device *d, uint64_t now_ms) {
    if (!d->running)
        return UINT64_MAX;
    uint32_t elapsed = now_ms > d->now_ms ? (uint32_t)(now_ms - d->now_ms) : 0;
    d->now_ms += elapsed;
    device_tick(d, elapsed);
    d->second_ms += elapsed;
    while (d->second_ms > SECOND_MS) {
        d->second_ms -= SECOND_MS;
        device_second(d);
    }
    services_poll(d);
    if (retained_due(d))
        channel_flush(d);
    if (d->hal.watchdog_feed)
        d->hal.watchdog_feed(d->hal.context);
    return next_wake(d);
}

void device_on_edge(struct device *d, unsigned pin, bool level) {
    meter_edge(d, pin, level);
    board_edge(d, pin, level);
}

void device_on_uart(struct device *d, unsigned port, const uint8_t *data, size_t size) {
    meter_uart(d, port, data, size);
}
