/* What the files of the MQTT service share. */
#ifndef DEVICE_SERVICE_MQTT_PARTS_H
#define DEVICE_SERVICE_MQTT_PARTS_H
#include "base/bytes.h"
#include "base/text.h"
#include "device/device.h"
#include "device/service/mqtt/mqtt.h"

/* Flags of the configuration that concern MQTT. */
enum {
    FLAG_BROADCAST_EACH_MINUTE = 2,
    FLAG_RETAIN_ALL = 7,
    FLAG_BROADCAST_ON_CONNECT = 10,
    FLAG_RETAIN_POWER = 21,
    FLAG_DISCOVER_AT_BOOT = 27,
    FLAG_TELE = 30,
    FLAG_FLOATS = 33,
    FLAG_RELAYS_ARE_LIGHTS = 34,
    FLAG_NO_AVAILABILITY = 35,
    FLAG_KWH = 40,
    FLAG_NO_GET = 50,
};

/* queue.c */
void queue_clear(struct mqtt *m);
/* A message behind the others; pushes out the oldest that waits when there is no room. False: it
 * is too long for the queue. */
bool queue_add(struct mqtt *m, const char *topic, const char *payload, size_t length, uint8_t qos,
               bool retain);
/* The broker has it. */
void queue_acknowledge(struct mqtt *m, uint16_t id);
/* After a reconnect: what was sent and not acknowledged goes again. */
void queue_rewind(struct mqtt *m);
size_t queue_room(const struct mqtt *m);
/* While offline one message per topic is enough: forgets a waiting one. */
void queue_forget(struct mqtt *m, const char *topic);
/* First packet not sent yet, or NULL; queue_sent steps over it. */
uint8_t *queue_front(struct mqtt *m, size_t *size);
void queue_sent(struct mqtt *m);
uint16_t mqtt_new_id(struct mqtt *m);

/* client.c */
void client_enter(struct device *d, enum mqtt_phase phase);
/* The broker has accepted us. */
void client_came_up(struct device *d);
/* The connection is over; the next try is planned. `why` in words. */
void client_lost(struct device *d, const char *why);

/* greeting.c */
void client_will_topic(const struct device *d, char *buffer, size_t size);
void client_greet(struct device *d);
void client_subscribe(struct device *d);
void client_say_online(struct device *d);

/* packets.c: takes bytes as long as there is room for the answers to them; returns how many. */
size_t client_take(struct device *d, int stream, const uint8_t *data, size_t size);

/* pump.c */
void client_pump(struct device *d);
/* Where the next control packet goes and how long it may be; and that it is there (0: it did not
 * fit). */
uint8_t *client_control_end(struct mqtt *m, size_t *room);
bool client_control_add(struct mqtt *m, size_t size);

/* lengthy.c: true while a message made piece by piece lies half on the stream; sends more of it,
 * false when the stream takes no more or nothing is left. */
bool lengthy_half_sent(const struct mqtt *m);
bool lengthy_pump(struct device *d);

/* broadcast.c */
void broadcast_second(struct device *d);
void tele_second(struct device *d);
void tele_before_channel(struct device *d);
/* A connection has come up. */
void broadcast_connected(struct device *d);

/* light_values.c */
enum light_value {
    LIGHT_VALUE_ON,
    LIGHT_VALUE_DIMMER,
    LIGHT_VALUE_TEMPERATURE,
    LIGHT_VALUE_RGB,
    LIGHT_VALUE_FINAL_RGB,
    LIGHT_VALUE_FINAL_RGBCW,
};
/* True when the topic is one of the light's and was dealt with. */
bool light_value_publish(struct device *d, const char *topic, const char *payload, bool retain);
/* Sends one value now (RGB: colour or temperature, as the mode is); false when there is no light.
 */
bool light_value_state(struct device *d, enum light_value which);
/* Somebody asks for C/<name>/get; false when it is no value of the light. */
bool light_value_asked(struct device *d, const char *name);
void light_values_second(struct device *d);
void light_values_forget(struct device *d);

/* discovery.c */
void discovery_second(struct device *d);
void discovery_connected(struct device *d);
#endif
