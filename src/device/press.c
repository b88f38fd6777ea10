/* Buttons by role; see press.h.
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.c. */
#include "device/press.h"

#include "codec/openbeken/roles.h"
#include "device/board/board.h"
#include "device/board/pins.h"
#include "device/device.h"
#include "device/script/events.h"

/* A button that wraps must not end in the dark. */
enum { RECOVERY_UPTIME_S = 5, DIMMEST = 2 };

enum button_kind {
    KIND_NONE,
    KIND_PLAIN,
    KIND_ALL,
    KIND_COLOR,
    KIND_DIMMER,
    KIND_TEMPERATURE,
    KIND_SMART,
    KIND_SHUTTER_UP,
    KIND_SHUTTER_DOWN
};

static enum button_kind kind_of(unsigned role) {
    switch (role) {
    case OBK_ROLE_BUTTON:
    case OBK_ROLE_BUTTON_N:
    case OBK_ROLE_BTN_PD:
    case OBK_ROLE_BTN_PD_N:
        return KIND_PLAIN;
    case OBK_ROLE_BTN_TGL_ALL:
    case OBK_ROLE_BTN_TGL_ALL_N:
        return KIND_ALL;
    case OBK_ROLE_BTN_NEXT_COLOR:
    case OBK_ROLE_BTN_NEXT_COLOR_N:
        return KIND_COLOR;
    case OBK_ROLE_BTN_NEXT_DIMMER:
    case OBK_ROLE_BTN_NEXT_DIMMER_N:
        return KIND_DIMMER;
    case OBK_ROLE_BTN_NEXT_TEMPERATURE:
    case OBK_ROLE_BTN_NEXT_TEMPERATURE_N:
        return KIND_TEMPERATURE;
    case OBK_ROLE_BTN_SMART_LED:
    case OBK_ROLE_BTN_SMART_LED_N:
        return KIND_SMART;
    case OBK_ROLE_BTN_SHUTTER_UP:
        return KIND_SHUTTER_UP;
    case OBK_ROLE_BTN_SHUTTER_DOWN:
        return KIND_SHUTTER_DOWN;
    default:
        return KIND_NONE;
    }
}

static void click(struct device *d, unsigned pin) {
    switch (kind_of(board_role(d, pin))) {
    case KIND_PLAIN:
        if (light_active(d))
            light_toggle(d);
        else
            channel_toggle(d, d->config.pins[pin].channel);
        break;
    case KIND_ALL:
        channel_toggle_relays(d);
        break;
    case KIND_COLOR:
        light_next_color(d);
        break;
    case KIND_SMART:
        light_toggle(d);
        break;
    case KIND_SHUTTER_UP:
        shutter_move(d, d->config.pins[pin].channel, 100);
        break;
    case KIND_SHUTTER_DOWN:
        shutter_move(d, d->config.pins[pin].channel, 0);
        break;
    default:
        break;
    }
}

static void double_click(struct device *d, unsigned pin) {
    switch (kind_of(board_role(d, pin))) {
    case KIND_PLAIN:
        channel_toggle(d, d->config.pins[pin].channel2);
        break;
    case KIND_SMART:
        light_next_color(d);
        light_set_on(d, true);
        break;
    case KIND_SHUTTER_UP:
    case KIND_SHUTTER_DOWN:
        shutter_stop(d, d->config.pins[pin].channel);
        break;
    default:
        break;
    }
}

/* A double click just after power-on is the way back to the access point. */
static void recover_wifi(struct device *d) {
    if (d->uptime_s > RECOVERY_UPTIME_S || !d->config.wifi_ssid[0])
        return;
    d->config.wifi_ssid[0] = d->config.wifi_pass[0] = 0;
    settings_changed(d);
    device_log(d, LOG_WARN, "board", "double click after power-on: network forgotten");
}

void button_press(struct device *d, unsigned pin) {
    if (settings_flag(d, 6))
        click(d, pin);
}

void button_clicks(struct device *d, unsigned pin, unsigned count) {
    static const uint8_t events[] = {0,
                                     EVENT_ON_CLICK,
                                     EVENT_ON_DOUBLE_CLICK,
                                     EVENT_ON_TRIPLE_CLICK,
                                     EVENT_ON_4_CLICK,
                                     EVENT_ON_5_CLICK};
    bool all = kind_of(board_role(d, pin)) == KIND_ALL;
    if (count == 2)
        recover_wifi(d);
    if (count == 2 && all) {
        channel_toggle_relays(d); /* without an event */
        return;
    }
    if (count < sizeof events)
        events_fire(d, events[count], (int32_t)pin, 0, 0);
    if (count == 1 && !settings_flag(d, 6))
        click(d, pin);
    else if (count == 2)
        double_click(d, pin);
    else if (count == 3 && kind_of(board_role(d, pin)) == KIND_SMART) {
        light_next_white(d);
        light_set_on(d, true);
    }
}

void button_hold(struct device *d, unsigned pin) {
    enum button_kind kind = kind_of(board_role(d, pin));
    events_fire(d, EVENT_ON_HOLD, (int32_t)pin, 0, 0);
    if (kind == KIND_DIMMER || kind == KIND_SMART)
        light_add_dimmer(d, d->light.delta, 1, DIMMEST);
    if (kind == KIND_TEMPERATURE)
        light_add_temperature(d, 25, 1);
    if (kind == KIND_SMART)
        light_set_on(d, true);
}
