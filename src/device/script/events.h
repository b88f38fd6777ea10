/* Events: running what scripts want to happen. Rooms below raise them through wiring.h. */
#ifndef DEVICE_EVENTS_H
#define DEVICE_EVENTS_H
#include "device/event.h"

#include <stdint.h>

struct device;

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
