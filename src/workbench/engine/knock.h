/* Getting a chip's attention: LinkChecks without pause through the short window after a reset, and
 * resets by DTR and RTS; with an ear on what else the line carries. */
#ifndef WORKBENCH_ENGINE_KNOCK_H
#define WORKBENCH_ENGINE_KNOCK_H
#include "workbench/engine/calm.h"
#include "workbench/engine/classify.h"
#include "workbench/engine/inquiry.h"

struct ear {
    struct beken_uart uart;
    struct classify heard;
    bool answered; /* the chip did */
};

/* LinkChecks for `us`, or until the chip answers. */
struct flood {
    struct ear *ear;
    uint64_t us, end_us, listen_until_us;
    bool sent;
    uint8_t frame[8];
};
struct machine flood_machine(struct flood *f);
enum { FLOOD_FIRST_US = 120000, FLOOD_US = 900000 };

/* Pulls one wiring's lines low for a moment. Without such lines nothing happens. */
struct pulse {
    struct ear *ear;
    unsigned wiring;
    uint64_t until_us;
    bool low, released;
};
struct machine pulse_machine(struct pulse *p);
enum { PULSE_WIRINGS = 3 };
const char *pulse_wiring_name(unsigned wiring);

/* Listens only, for `us`, at 115200. */
struct listening {
    struct line *line;
    struct ear ear;
    uint64_t us, until_us;
    bool begun;
};
struct machine listening_machine(struct listening *l);

/* After the first answer: the late ones are let by, then a question must be answered. */
struct settling {
    struct line *line;
    int done;
    struct calm calm;
    struct inquiry check;
};
struct machine settling_machine(struct settling *s);
#endif
