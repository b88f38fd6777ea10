/* Is the line good enough for changing this chip? A family B chip answers from the bootloader in
 * its flash: one damaged byte in an address could erase it, and then nothing answers any more, so
 * every byte must come through. A family F chip's boot ROM survives anything; there it is enough
 * that a sector has a chance to arrive whole. */
#ifndef WORKBENCH_ENGINE_LINE_PROOF_H
#define WORKBENCH_ENGINE_LINE_PROOF_H
#include "workbench/engine/ladder.h"

/* Asks some hundred harmless questions (of family F only when the line has made errors); steps the
 * rate down until they are all answered well enough. REFUSED when they never are. */
struct line_proof {
    struct line *line;
    /* within */
    struct step (*then)(struct line_proof *p, enum status last);
    int round;
    struct talk_marks marks;
    struct conversation conversation;
    struct calm calm;
    struct descent descent;
};
struct machine line_proof_machine(struct line_proof *p);

/* How long the adapter holds a short answer back: into line->latency_us. */
struct latency {
    struct line *line;
    int asked;
    uint64_t asked_us, best_us;
    struct inquiry check;
};
struct machine latency_machine(struct latency *l);
#endif
