/* The stack of machines. */
#include "workbench/engine/engine.h"

void engine_start(struct engine *e, struct machine machine) {
    *e = (struct engine){.stack = {machine}, .depth = 1, .last = STATUS_OK};
}

struct step engine_next(struct engine *e, uint64_t now_us) {
    for (;;) {
        const struct machine *top = &e->stack[e->depth - 1];
        struct step step = top->next(top->self, now_us, e->last);
        e->last = STATUS_OK;
        if (step.kind == STEP_RUN && e->depth < ENGINE_DEPTH) {
            e->stack[e->depth++] = step.machine;
        } else if (step.kind == STEP_RUN) {
            e->last = STATUS_INTERNAL;
        } else if (step.kind == STEP_OVER && e->depth > 1) {
            e->depth--;
            e->last = step.status;
        } else {
            return step;
        }
    }
}

void engine_went(struct engine *e, enum status status) {
    e->last = status;
}

size_t engine_hear(struct engine *e, const uint8_t *bytes, size_t size, uint64_t now_us) {
    const struct machine *top = &e->stack[e->depth - 1];
    return top->hear ? top->hear(top->self, bytes, size, now_us) : size;
}
