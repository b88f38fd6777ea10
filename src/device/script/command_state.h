/* What the command room keeps per device: the bounds that stop runaway work, and the answer of the
 * last command for consoles. */
#ifndef DEVICE_COMMAND_STATE_H
#define DEVICE_COMMAND_STATE_H
#include <stdbool.h>
#include <stdint.h>

enum { COMMAND_REPLY_SIZE = 128, COMMAND_EXPANDED = 4, COMMAND_EXPANDED_SIZE = 40 };

struct command_state {
    uint8_t depth;                  /* nested runs: aliases, handlers, backlogs */
    bool said;                      /* a bound was reached and reported in this run */
    uint16_t budget;                /* commands left in this run */
    uint16_t refresh;               /* IndexRefreshInterval, ms */
    uint64_t drivers;               /* bit per row of the driver table that runs */
    char reply[COMMAND_REPLY_SIZE]; /* what echo and queries answered last */
    /* the last few text arguments that named a constant, as the texts they became */
    char expanded[COMMAND_EXPANDED][COMMAND_EXPANDED_SIZE];
    uint8_t expanded_next;
    uint8_t power_save; /* level of PowerSave */
    uint8_t ssid_slot;  /* 1 + retained slot that says which network comes first; 0: none */
    /* words that whoever composes the device adds to the language; false: not one of them */
    bool (*extra)(void *context, const char *word, const char *arguments);
    void *extra_context;
};
#endif
