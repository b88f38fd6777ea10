/* What the script room keeps per device: compiled scripts, threads, repeating events, handlers,
 * clock events. Placeholder until the room is filled. */
#ifndef DEVICE_SCRIPT_STATE_H
#define DEVICE_SCRIPT_STATE_H
#include <stdint.h>

struct script_state {
    uint8_t unused;
};
#endif
