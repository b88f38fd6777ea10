/* Messages that come in by MQTT, whoever carries them: "<client or group>/<n>/set" sets a channel,
 * "<client or group>/<n>/get" with an empty payload asks for one, "cmnd/<client or group>/<word>"
 * runs a command.
 * Source: openshwprojects/OpenBK7231T_App: src/mqtt/new_mqtt.c. */
#ifndef DEVICE_INBOX_H
#define DEVICE_INBOX_H
#include <stdbool.h>

struct device;

/* True when the topic is one of ours. */
bool device_on_mqtt(struct device *d, const char *topic, const char *payload);
#endif
