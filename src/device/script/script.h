/* Scripts, repeating events and clock events, as the core drives them. */
#ifndef DEVICE_SCRIPT_H
#define DEVICE_SCRIPT_H
#include <stdint.h>

struct device;

/* Forgets scripts, threads, handlers, repeating and clock events, wait states. */
void script_init(struct device *d);
/* Boot, in this order: early.bat before pins are enabled; later the startup command and
 * autoexec.bat. Not called in safe mode. */
void script_early(struct device *d);
void script_boot(struct device *d);
/* Quick tick: threads, then repeating events. */
void script_tick(struct device *d, uint32_t elapsed_ms);
/* Second tick: clock events, noMQTTTime and the like; d->clock_epoch has already advanced. */
void script_second(struct device *d);
/* Milliseconds until script_tick has something to do: 0 now, UINT32_MAX nothing planned. */
uint32_t script_next_ms(const struct device *d);
#endif
