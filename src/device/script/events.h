/* Events, as the rooms that raise them see them. Codes are OpenBeken's.
 * Source: openshwprojects/OpenBK7231T_App: docs/events.md. */
#ifndef DEVICE_EVENTS_H
#define DEVICE_EVENTS_H
#include <stdint.h>

struct device;

enum event_code {
    EVENT_ON_CLICK = 1,
    EVENT_ON_DOUBLE_CLICK = 2,
    EVENT_ON_HOLD = 3,
    EVENT_ON_HOLD_START = 4,
    EVENT_ON_CHANNEL_CHANGE = 5,
    EVENT_CHANNEL0 = 6, /* … 69 */
    EVENT_VOLTAGE = 70,
    EVENT_CURRENT = 71,
    EVENT_POWER = 72,
    EVENT_FREQUENCY = 73,
    EVENT_ENERGY = 74,
    EVENT_ENERGY_LAST_HOUR = 75,
    EVENT_ON_TOGGLE = 76,
    EVENT_ON_UART = 77,
    EVENT_MQTT_STATE = 86,
    EVENT_ON_RELEASE = 87,
    EVENT_ON_PRESS = 88,
    EVENT_LED_STATE = 89,
    EVENT_IP_CHANGE = 90,
    EVENT_WIFI_STATE = 91,
    EVENT_ON_TRIPLE_CLICK = 92,
    EVENT_ON_4_CLICK = 93,
    EVENT_ON_5_CLICK = 94,
    EVENT_NO_PING_TIME = 95,
    EVENT_LED_MODE = 97,
    EVENT_NO_MQTT_TIME = 98,
    EVENT_ON_ADC_BUTTON = 99,
    EVENT_NTP_STATE = 100,
};

/* Runs the handlers of that event and arguments, newest first, and wakes waiting threads; unused
 * arguments are 0. Returns how many handlers ran. */
unsigned events_fire(struct device *d, unsigned code, int32_t a, int32_t b, int32_t c);
/* A watched value moved: runs change handlers whose condition became true, then wakes waiting
 * threads. `code` is the variable's code (EVENT_CHANNEL0 + channel, EVENT_POWER …). */
unsigned events_change(struct device *d, unsigned code, int32_t before, int32_t after);
/* Runs the handlers that were given this text, in any case of letters. */
unsigned events_fire_text(struct device *d, unsigned code, const char *text);
int event_find(const char *name);   /* by name or number; code, -1 unknown */
const char *event_name(unsigned i); /* i-th name for help and suggestions; NULL beyond */
#endif
