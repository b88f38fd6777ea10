/* Tasmota's topics: replies to commands on stat/C/…, and, with flag 30, telemetry on tele/C/….
 * Source: openshwprojects/OpenBK7231T_App: src/mqtt/new_mqtt.c, src/cmnds/cmd_tasmota.c. */
#ifndef DEVICE_SERVICE_TASMOTA_TOPICS_H
#define DEVICE_SERVICE_TASMOTA_TOPICS_H

struct device;

/* The reply to a command that came by MQTT; nothing for commands without one. */
void tasmota_reply(struct device *d, const char *line);
/* tele/C/SENSOR (only with a meter) or tele/C/STATE. */
void tasmota_tele(struct device *d, const char *what);
#endif
