/* Getting on the bus: knocks until the chip answers, or the limit is over (TIMEOUT, with what was
 * heard and what to do in line->why); between the attempts it says what it hears. Pulls the
 * reset lines where it may, in each wiring by turns, and sends the text that makes a running
 * OpenBeken reboot. Leaves a calm line at 115200. */
#ifndef WORKBENCH_ENGINE_LINKUP_H
#define WORKBENCH_ENGINE_LINKUP_H
#include "workbench/engine/knock.h"

struct linkup {
    struct line *line;
    uint64_t limit_us; /* 0: as long as line->limit_us says */
    /* within */
    struct step (*then)(struct linkup *u, uint64_t now_us, enum status last);
    uint64_t start_us;
    unsigned attempt;
    struct ear ear;
    struct classify whole; /* what the last attempt that heard anything heard */
    struct pulse pulse;
    struct flood flood;
    struct settling settling;
};
struct machine linkup_machine(struct linkup *u);
#endif
