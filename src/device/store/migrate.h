/* Taking over from OpenBeken: its configuration block and its running values (channels to be
 * remembered, energy), found in flash when this firmware starts there for the first time. The
 * running values go into the store before anything else is written, because the store may lie over
 * the place they come from; so a power cut at any step loses nothing.
 * Source: openshwprojects/OpenBK7231T_App: src/new_cfg.c, src/hal/bk7231/hal_flashVars_bk7231.c. */
#ifndef DEVICE_MIGRATE_H
#define DEVICE_MIGRATE_H
#include "codec/openbeken/obk_counters.h"

#include <stdbool.h>
#include <stdint.h>

struct device;

/* The configuration into device.config; false when there is none (device.config may be garbage). */
bool migrate_config(struct device *d);
/* The running values into the store, once. */
void migrate_counters(struct device *d);
/* What was taken over, for the room that counts energy; false when nothing was. */
bool migrate_counters_taken(struct device *d, struct obk_counters *out);
#endif
