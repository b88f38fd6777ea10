/* What travels upwards. The rooms of the device stand on one another, and a room calls only rooms
 * below it: channels know nothing of pins, pins nothing of scripts. Yet a button must reach a
 * script, a channel its pins and the broker. For that a room calls one of these, and wiring.c, the
 * one file that sees all rooms, says who hears of it. */
#ifndef DEVICE_WIRING_H
#define DEVICE_WIRING_H
#include "device/build.h"
#include "device/event.h"

#include <stdbool.h>
#include <stdint.h>

struct command_table;
struct device;
struct driver;
struct http_route;
struct service;

struct wiring {
    /* An event with its arguments, and a watched value that moved; codes are those of event.h. */
    unsigned (*event)(struct device *d, unsigned code, int32_t a, int32_t b, int32_t c);
    unsigned (*change)(struct device *d, unsigned code, int32_t before, int32_t after);
    /* A channel has a new value: its pins follow. */
    void (*channel)(struct device *d, int channel);
    /* The channels that are views of the light, CHANNEL_LED_DIMMER and on. */
    int32_t (*view_get)(const struct device *d, int channel);
    void (*view_set)(struct device *d, int channel, int32_t value);
    void (*view_toggle)(struct device *d);
    /* A button went down; was let go after so many presses; is still held. */
    void (*press)(struct device *d, unsigned pin);
    void (*clicks)(struct device *d, unsigned pin, unsigned count);
    void (*hold)(struct device *d, unsigned pin);
    /* A message for the broker, a reading of a meter, a channel's value; see device.h. */
    void (*publish)(struct device *d, const char *topic, const char *payload, bool retain,
                    bool raw);
    void (*publish_reading)(struct device *d, const char *name, const char *payload);
    void (*publish_channel)(struct device *d, int channel);
    /* Everything that is worth keeping goes to flash: the chip is about to stop. */
    void (*save)(struct device *d);

    /* The words of the language, and the drivers that it can start. */
    const struct command_table *words;
    const struct driver *drivers;
#if PLUGSMITH_SERVICES
    /* What runs on the network, and what the web server answers; each ended by NULL. */
    const struct service *const *services;
    const struct http_route *const *routes;
#endif
};

extern const struct wiring device_wiring;
#endif
