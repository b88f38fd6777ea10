/* The rate of the line: a ladder of rates, each proven by echo before it is trusted, the best one
 * remembered per adapter, and left for a lower one when it makes errors. */
#ifndef WORKBENCH_FLASHER_LADDER_H
#define WORKBENCH_FLASHER_LADDER_H
#include "workbench/flasher/session.h"

/* Goes to the best rate that works; `remembered` (0: none) is tried first. Never fails for the sake
 * of a rate: the chip may stay at 115200. */
enum status ladder_climb(struct session *s, uint32_t remembered);
/* Goes to exactly this rate and proves it. TIMEOUT when it does not work; the line is back at
 * 115200 then. */
enum status ladder_set(struct session *s, uint32_t baud);
/* Goes to the next lower rate; OK without change at 115200. */
enum status ladder_step_down(struct session *s);
/* The rungs, lowest first; 0 beyond the last. */
uint32_t ladder_rung(unsigned i);
#endif
