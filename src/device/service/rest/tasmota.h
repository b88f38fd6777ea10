/* The answers that Tasmota's clients know: POWER, STATE, SENSOR, STATUS n and the short ones, by
 * the first word of a command line that has been run. Used by /cm over HTTP and by cmnd/ over MQTT.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/json_interface.c. */
#ifndef DEVICE_SERVICE_TASMOTA_H
#define DEVICE_SERVICE_TASMOTA_H
#include "base/text.h"

struct device;

/* Adds piece `step` (0, 1, …; each below 1000 bytes) of the answer to `line`; true while more
 * follow. Most answers are one piece. */
bool tasmota_piece(struct device *d, const char *line, unsigned step, struct text *out);
/* What the answer is called in MQTT topics ("RESULT", "STATUS8", …); NULL: not published. */
const char *tasmota_topic(const char *line);

/* Parts: members of the power object without braces; the objects of STATUS with braces. */
void tasmota_power(struct device *d, struct text *out);
void tasmota_state(struct device *d, struct text *out);  /* StatusSTS */
void tasmota_sensor(struct device *d, struct text *out); /* StatusSNS */
/* "2026-01-31T12:00:00" of the local clock, zeros while it is not set. */
void tasmota_time(const struct device *d, struct text *out, bool utc);
/* Piece `step` of the whole status, and one section (2, 4, 5, 6, 7, 8, 10, 11). */
bool tasmota_status(struct device *d, unsigned step, struct text *out);
bool tasmota_section(struct device *d, int section, struct text *out);
/* A number as printf's %f would print it; not a number: 0. */
void tasmota_float(struct text *out, double value);
void tasmota_address(struct text *out, uint32_t address);
void tasmota_mac(const struct device *d, struct text *out, bool colons);
#endif
