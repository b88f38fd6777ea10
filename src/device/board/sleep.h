/* Deep sleep: what must be saved is saved, then the platform sleeps until a time or until a door
 * sensor or digital input changes. The door-sensor driver goes to sleep by itself when nothing has
 * changed for a while.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_doorSensorWithDeepSleep.c. */
#ifndef DEVICE_SLEEP_H
#define DEVICE_SLEEP_H
#include <stdbool.h>
#include <stdint.h>

struct device;

enum sleep_edge { SLEEP_RISING, SLEEP_FALLING, SLEEP_OPPOSITE };

struct door_sleep {
    int32_t idle_s;    /* since the last change; below 0: longer awake as asked */
    int32_t awake_s;   /* awake after the last change */
    int32_t wake_s;    /* 0: only a change wakes */
    int32_t offline_s; /* without network: sleeps in any case after five minutes */
};

struct sleep_state {
    bool asked; /* PinDeepSleep: at the next quick tick */
    uint32_t seconds;
    uint64_t rising, falling; /* DSEdge per pin; neither: the opposite of the level now */
    struct door_sleep door;
};

/* False, with a line in the log, when the platform cannot sleep. */
bool sleep_now(struct device *d, uint32_t seconds, bool by_pins);
void sleep_soon(struct device *d, uint32_t seconds);
/* pin -1: all. */
void sleep_set_edge(struct device *d, int pin, unsigned edge);
void sleep_tick(struct device *d);

void sleep_start(struct device *d);
/* The door-sensor driver. */
void door_start(struct device *d, const char *arguments);
void door_second(struct device *d);
void door_changed(struct device *d, int channel);
#endif
