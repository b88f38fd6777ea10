/* What the script room keeps per device, all in fixed memory: one arena of blocks (compiled
 * scripts, aliases, handlers, repeating and clock events), the threads, and the local clock. Blocks
 * never move while something runs; between runs the dead ones are squeezed out. */
#ifndef DEVICE_SCRIPT_STATE_H
#define DEVICE_SCRIPT_STATE_H
#include "device/build.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SCRIPT_ARENA = PLUGSMITH_SERVICES ? 20480 : 7680,
    SCRIPT_THREADS = 16,
    SCRIPT_LINE_MAX = 511,
    SCRIPT_CODE_LINE = 1024, /* compiled form of one line at most */
};

enum block_kind {
    BLOCK_SCRIPT,
    BLOCK_ALIAS,
    BLOCK_HANDLER,
    BLOCK_REPEAT,
    BLOCK_CLOCK,
    BLOCK_LIMIT,
    BLOCK_KINDS,
};

/* Every block begins on a multiple of four with this; the fields of its kind follow, then its code,
 * unless that stays where it was compiled: inside the script or alias that made this block. */
struct block {
    uint16_t size; /* bytes, this header included */
    uint16_t next; /* offset of the next older one of its kind + 1; 0: last */
    uint16_t code; /* where the code begins, from the start of the block that holds it */
    uint16_t home; /* offset + 1 of the block that holds the code; 0: this one */
    uint8_t kind;  /* enum block_kind */
    uint8_t dead;
    uint16_t kept; /* while squeezing */
};

struct thread {
    uint16_t block;        /* offset + 1; 0: free */
    uint16_t at;           /* next node, from the start of the block */
    uint16_t wait_code;    /* event that is waited for */
    uint8_t wait_relation; /* '=', '<', '>', '!'; 0: not waiting */
    int32_t wait_value;
    int32_t id;
    int32_t delay_ms;
};

/* One change of the clocks: week 0 last, 1 … 4; day 1 Sunday … 7; hour local before the change. */
struct dst_change {
    uint8_t week, month, day, hour;
    int16_t offset_min; /* valid after it */
};

struct local_clock {
    int32_t zone_s;
    float latitude, longitude;
    bool has_dst;
    struct dst_change dst[2];
};

struct script_state {
    union {
        uint8_t arena[SCRIPT_ARENA];
        uint32_t align;
    };
    uint16_t used, dead;         /* bytes of the arena */
    uint16_t heads[BLOCK_KINDS]; /* newest block + 1 */
    uint8_t running;             /* > 0: blocks must stay where they are */
    uint8_t current;             /* 1 + thread that runs now; 0: none */
    uint8_t thread_slots; /* threads ever needed at once; they run from the last to the first */
    bool digit_alias;     /* some alias is called like a command with a number (POWER1) */
    struct thread threads[SCRIPT_THREADS];
    struct local_clock clock;
    int64_t clock_seen; /* local second up to which clock events have run; 0: none */
    uint32_t no_mqtt_s;
};
#endif
