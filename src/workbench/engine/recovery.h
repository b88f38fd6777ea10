/* Bringing a conversation back that got no answer: calming the line, feeding a chip that waits for
 * the rest of a request, fetching back one that was reset or is gone, and leaving a rate that makes
 * errors. */
#ifndef WORKBENCH_ENGINE_RECOVERY_H
#define WORKBENCH_ENGINE_RECOVERY_H
#include "workbench/engine/ladder.h"

/* The chip stopped answering in the middle of a job: looks for it at 115200 (found there, it was
 * reset: the supply dipped), then gets on the bus anew, and returns to the rate that was in use. */
struct relink {
    struct line *line;
    /* within */
    struct step (*then)(struct relink *r, enum status last);
    uint32_t baud;
    struct ear ear;
    struct flood flood;
    struct settling settling;
    struct linkup linkup;
    struct rate rate;
    struct descent descent;
};
struct machine relink_machine(struct relink *r);

struct recovery {
    struct line *line;
    /* within */
    struct step (*then)(struct recovery *r, enum status last);
    size_t fed; /* bytes of filler */
    struct calm calm;
    struct inquiry check;
    struct relink relink;
    struct descent descent;
};
struct machine recovery_machine(struct recovery *r);
#endif
