/* The frame of OpenBeken's template JSON: members, the pins map, image and wiki at the end. What is
 * inside differs by source (stock configuration or OpenBeken's own block); the frame does not.
 * Format: OpenBekenIOT/webapp: schema.json, templateParser.js. */
#ifndef WORKBENCH_TEMPLATES_OBK_FRAME_H
#define WORKBENCH_TEMPLATES_OBK_FRAME_H
#include "base/text.h"

/* `  "name": "value",` on a line of its own; the value is escaped. */
void obk_frame_member(struct text *out, const char *name, const char *value);

/* The opening brace and what every template begins with; NULL becomes a placeholder to fill in. */
void obk_frame_open(struct text *out, const char *name, const char *chip, const char *board);

/* The pins map: open, any number of pins, close. `count` is the number of pins written so far; the
 * second channel is left out when it is 0. */
void obk_frame_pins_open(struct text *out);
void obk_frame_pin(struct text *out, int count, int gpio, const char *role, unsigned channel,
                   unsigned channel2);
void obk_frame_pins_close(struct text *out, int count);

/* What one unit of each meter quantity's raw figure is worth (V, A, W), in OpenBeken's units; a
 * member of our own, which the web application passes over. */
void obk_frame_calibration(struct text *out, const float factors[3]);

/* The start-up command, image and wiki placeholders, and the closing brace. */
void obk_frame_close(struct text *out, const char *command);
#endif
