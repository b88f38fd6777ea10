/* MQTT: a 3.1.1 client with OpenBeken's topics. C is the client topic, G the group topic:
 * C/<n>/get and C/<name> go out; C/<n>/set, C/<n>/get (empty), cmnd/C/<command> come in, the same
 * with G. Messages are queued in fixed memory and survive a reconnect until they are acknowledged;
 * what does not fit pushes out the oldest.
 * Source: openshwprojects/OpenBK7231T_App: src/mqtt/new_mqtt.c, docs/mqttTopics.md. */
#ifndef DEVICE_SERVICE_MQTT_H
#define DEVICE_SERVICE_MQTT_H
#include "base/text.h"
#include "device/service/service.h"

struct device;

extern const struct service mqtt_service;

/* How a message goes: sums. */
enum {
    MQTT_RETAIN = 1,
    MQTT_QOS0 = 2,      /* else QoS 1 */
    MQTT_RAW = 8,       /* the topic is whole */
    MQTT_SELF = 16,     /* C/<topic>, without /get */
    MQTT_TRANSIENT = 32 /* worthless later: not kept while there is no connection */
};
/* Adds client topic and /get as the flags and the configuration say, and sends. */
void mqtt_publish(struct device *d, const char *topic, const char *payload, unsigned how);

/* A message too long to lie in memory: `piece` adds step 0, 1, 2 … (at most MQTT_PIECE bytes each)
 * and returns false after the last. It is called twice over, first to learn the length. False: one
 * is still on its way, try again later. Retained, QoS 1. */
typedef bool mqtt_piece(struct device *d, unsigned step, struct text *out);
bool mqtt_publish_lengthy(struct device *d, const char *topic, mqtt_piece *piece);
bool mqtt_lengthy_busy(const struct device *d);
/* Room in the queue for another message of so many bytes, topic included? */
bool mqtt_has_room(const struct device *d, size_t bytes);

/* Settings of the connection changed: comes down and up again by itself. */
void mqtt_restart(struct device *d);
/* One second of the client's life: broadcasts, tele, discovery. */
void mqtt_second(struct device *d);
/* Messages go only to the outlet, and the connection counts as there after a few seconds: for
 * tests without broker. */
void mqtt_carry(struct device *d);
/* "connected", "connecting", "waiting", "off"; and why the last connection ended ("" when it did
 * not). */
const char *mqtt_phase_text(const struct device *d);
const char *mqtt_error_text(const struct device *d);

/* Forms of discovery: setting ha_discovery. */
enum { HA_FORM_DEVICE, HA_FORM_ENTITIES };

/* Everything, or the light and the channels, step by step. */
void mqtt_broadcast(struct device *d, bool channels_only);
/* Plans Home Assistant discovery, `seconds` after now while connected; 0: cancels. A prefix that is
 * not empty is kept in the settings. */
void mqtt_discover(struct device *d, unsigned seconds, const char *prefix);
#endif
