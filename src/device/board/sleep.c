/* Deep sleep; see sleep.h. */
#include "device/board/sleep.h"

#include "device/device.h"
#include "device/role_groups.h"

enum { AWAKE_S = 60, OFFLINE_S = 300 };

void sleep_start(struct device *d) {
    d->board.sleep = (struct sleep_state){.door = {.awake_s = AWAKE_S}};
}

void sleep_set_edge(struct device *d, int pin, unsigned edge) {
    struct sleep_state *s = &d->board.sleep;
    uint64_t bits = pin < 0 ? UINT64_MAX : (uint64_t)1 << pin;
    s->rising = edge == SLEEP_RISING ? s->rising | bits : s->rising & ~bits;
    s->falling = edge == SLEEP_FALLING ? s->falling | bits : s->falling & ~bits;
}

/* Which pins wake, and which of them when they become high. */
static uint64_t wake_pins(const struct device *d, uint64_t *high) {
    const struct sleep_state *s = &d->board.sleep;
    uint64_t pins = 0;
    *high = 0;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        uint64_t bit = (uint64_t)1 << pin;
        if (!(role_bits(board_role(d, pin)) & ROLE_INPUT))
            continue;
        pins |= bit;
        if (s->rising & bit || (!(s->falling & bit) && !board_level(d, pin)))
            *high |= bit;
    }
    return pins;
}

bool sleep_now(struct device *d, uint32_t seconds, bool by_pins) {
    uint64_t high = 0, pins = by_pins ? wake_pins(d, &high) : 0;
    if (!d->hal.deep_sleep) {
        device_log(d, LOG_ERROR, "board", "this platform cannot sleep");
        return false;
    }
    if (!pins && !seconds) {
        device_log(d, LOG_ERROR, "board", "not sleeping: neither a pin nor a time would wake");
        return false;
    }
    d->wiring->save(d);
    device_log_int(d, LOG_INFO, "board", "deep sleep, wake in s: ", seconds, NULL);
    d->hal.deep_sleep(d->hal.context, seconds, pins, high);
    return true;
}

void sleep_soon(struct device *d, uint32_t seconds) {
    d->board.sleep.asked = true;
    d->board.sleep.seconds = seconds;
}

void sleep_tick(struct device *d) {
    if (!d->board.sleep.asked)
        return;
    d->board.sleep.asked = false;
    sleep_now(d, d->board.sleep.seconds, true);
}

void door_start(struct device *d, const char *arguments) {
    (void)arguments;
    d->board.sleep.door = (struct door_sleep){.awake_s = AWAKE_S};
}

void door_second(struct device *d) {
    struct door_sleep *door = &d->board.sleep.door;
    bool online = d->mqtt_connected && d->wifi == HAL_WIFI_CONNECTED;
    if (online ? ++door->idle_s < door->awake_s : ++door->offline_s < OFFLINE_S)
        return;
    sleep_soon(d, door->wake_s > 0 ? (uint32_t)door->wake_s : 0);
}

void door_changed(struct device *d, int channel) {
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (role_bits(board_role(d, pin)) & ROLE_DOOR && d->config.pins[pin].channel == channel)
            d->board.sleep.door.idle_s = d->board.sleep.door.offline_s = 0;
}
