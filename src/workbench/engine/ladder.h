/* The rates of the line as a ladder, each rung proven before it is trusted, and left for a lower
 * one when it makes errors. */
#ifndef WORKBENCH_ENGINE_LADDER_H
#define WORKBENCH_ENGINE_LADDER_H
#include "workbench/engine/rate.h"

/* The rungs, lowest first; 0 beyond the last. */
uint32_t ladder_rung(unsigned i);

/* To the next lower rate that works; OK without change at 115200. */
struct descent {
    struct line *line;
    bool quiet; /* not for the sake of errors */
    uint32_t from;
    unsigned rung;
    bool said;
    struct rate rate;
};
struct machine descent_machine(struct descent *d);

/* To the best rate that works. Never fails for the sake of a rate: the chip may stay at 115200. */
struct climb {
    struct line *line;
    uint32_t fixed;      /* the user's choice; 0: none */
    uint32_t remembered; /* of this adapter, tried first; 0: none */
    /* within */
    struct step (*then)(struct climb *c, enum status last);
    uint32_t first;
    struct rate rate;
    struct descent descent;
};
struct machine climb_machine(struct climb *c);
#endif
