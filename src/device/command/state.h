/* What the command room keeps per device. Placeholder until the room is filled. */
#ifndef DEVICE_COMMAND_STATE_H
#define DEVICE_COMMAND_STATE_H
#include <stdint.h>

struct command_state {
    uint8_t unused;
};
#endif
