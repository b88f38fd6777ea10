/* Pairs of outputs that must never be on together (motor up and down, two windings): a channel says
 * which of them, 0 none, 1 down, 2 up, and between the two directions both rest for a dead time.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_pinMutex.c. */
#ifndef DEVICE_MUTEX_H
#define DEVICE_MUTEX_H
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct device;

enum { MUTEX_COUNT = 4 };

struct mutex_pair {
    bool used;
    uint8_t channel, down, up; /* pins */
    uint8_t state;             /* 0 both off, 1 down, 2 up */
    uint16_t dead_ms, left_ms; /* left: of the rest that follows a direction */
};

/* BAD_ARGUMENT: index above 3, no such pin, or the same pin twice. */
enum status mutex_set(struct device *d, unsigned index, const struct mutex_pair *pair);
/* Quick tick. */
void mutex_tick(struct device *d, uint32_t elapsed_ms);
/* Milliseconds until a pair wants a tick. */
uint32_t mutex_next_ms(const struct device *d);
/* Forgets all pairs, their outputs off. */
void mutex_stop(struct device *d);
#endif
