/* Carries a talk on to its end: sends what it asks, gives it what is heard, waits no longer than
 * the exchange says, and looks behind a broken frame for a whole one. TIMEOUT when an answer failed
 * to come. What its answers point to lives until the next conversation. */
#ifndef WORKBENCH_ENGINE_CONVERSATION_H
#define WORKBENCH_ENGINE_CONVERSATION_H
#include "workbench/engine/talk.h"

struct conversation {
    struct line *line;
    struct talk talk;
    bool begun;
    enum status status;
};

struct machine conversation_machine(struct conversation *c);
#endif
