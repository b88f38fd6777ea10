/* Waiting: until a line is silent, or for a while. */
#ifndef WORKBENCH_ENGINE_CALM_H
#define WORKBENCH_ENGINE_CALM_H
#include "workbench/engine/line.h"

/* Drops what comes until the line was silent for `quiet_us`, at most ten times as long, and forgets
 * every request and partial frame. */
struct calm {
    struct line *line;
    uint64_t quiet_us, end_us;
};
struct machine calm_machine(struct calm *c);

/* Lets `us` pass; frames that come in go on as always. */
struct pause {
    struct line *line;
    uint64_t us, end_us;
};
struct machine pause_machine(struct pause *p);
#endif
