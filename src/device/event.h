/* What can happen to a device, as scripts know it. Codes are OpenBeken's.
 * Source: openshwprojects/OpenBK7231T_App: docs/events.md. */
#ifndef DEVICE_EVENT_H
#define DEVICE_EVENT_H

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
#endif
