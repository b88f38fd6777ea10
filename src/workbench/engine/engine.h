/* Runs machines within machines: the innermost one is asked, and how it ended is told to the one
 * that wanted it. */
#ifndef WORKBENCH_ENGINE_ENGINE_H
#define WORKBENCH_ENGINE_ENGINE_H
#include "workbench/engine/machine.h"

enum { ENGINE_DEPTH = 12 };

struct engine {
    struct machine stack[ENGINE_DEPTH];
    int depth;
    enum status last;
};

void engine_start(struct engine *e, struct machine machine);
/* The next step for whoever has the line; OVER when the outermost machine has ended, never RUN. */
struct step engine_next(struct engine *e, uint64_t now_us);
/* How that step went. */
void engine_went(struct engine *e, enum status status);
/* Hands over bytes that came during a wait; how many were taken, at least one. */
size_t engine_hear(struct engine *e, const uint8_t *bytes, size_t size, uint64_t now_us);
#endif
