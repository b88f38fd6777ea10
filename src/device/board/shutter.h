/* Shutters: two relays (ShutterA opens, ShutterB closes) of one channel and the time from end to
 * end make a position of 0 … 100 %, which is the channel's value: it follows the movement, and
 * setting it moves. At an end the motor runs a little longer, so that the real ends and the
 * reckoned ones stay together; turning round rests first, so that the motor is not torn. With start
 * value -1 the position is remembered.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_shutters.c, docs/ioRoles.md. */
#ifndef DEVICE_SHUTTER_H
#define DEVICE_SHUTTER_H
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct device;

enum { SHUTTER_COUNT = 4, SHUTTER_REST_MS = 300 };

struct shutter {
    uint8_t channel;            /* 0xFF: free */
    int8_t direction;           /* +1 opening, -1 closing, 0 still */
    bool reporting;             /* the channel is being set by us */
    float position, target;     /* percent open */
    uint32_t open_ms, close_ms; /* from end to end */
    uint32_t rest_ms, extra_ms; /* before the next movement; running on at an end */
};

/* Lowest channel that has a shutter; -1 when there is none. */
int shutter_first(const struct device *d);
/* Percent open; NULL argument errors: BAD_ARGUMENT when that channel has no shutter. */
enum status shutter_move(struct device *d, int channel, float percent);
enum status shutter_stop(struct device *d, int channel);
/* Seconds from end to end, 0.1 … 600. */
enum status shutter_set_times(struct device *d, int channel, float open_s, float close_s);
/* The shutter of a channel; NULL when it has none. */
const struct shutter *shutter_at(const struct device *d, int channel);

/* Called by the board: look for pairs of pins again; a channel changed; quick tick. */
void shutter_start(struct device *d);
void shutter_apply(struct device *d, int channel);
void shutter_tick(struct device *d, uint32_t elapsed_ms);
uint32_t shutter_next_ms(const struct device *d);
#endif
