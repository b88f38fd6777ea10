/* One request and its answer with everything that can be done about trouble: an inquiry, and a
 * recovery after each that got no answer. */
#ifndef WORKBENCH_ENGINE_CALL_H
#define WORKBENCH_ENGINE_CALL_H
#include "workbench/engine/recovery.h"

struct call {
    struct line *line;
    const uint8_t *frame;
    size_t size;
    uint64_t work_us;
    /* within */
    bool asking;
    int recoveries;
    struct inquiry inquiry;
    struct recovery recovery;
};
struct machine call_machine(struct call *c);

/* One checksum (talk_sum), asked for until it is beyond doubt. */
struct checksum {
    struct line *line;
    uint32_t start, end; /* as the request has them */
    /* within */
    int tried;
    bool asking;
    struct talk_sum sum;
    struct conversation conversation;
    struct calm calm;
    struct recovery recovery;
};
struct machine checksum_machine(struct checksum *c);
#endif
