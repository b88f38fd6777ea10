/* The ARM core: opening it, starting it at the reset vector, running it to the next deadline, and
 * delivering exceptions the way an ARM968 does. */
#ifndef VIRTUAL_SOC_CORE_H
#define VIRTUAL_SOC_CORE_H
#include "virtual/soc/board.h"

enum status core_open(struct board *b);
void core_reset(struct board *b);
/* Executes until b->stop. STATUS_INTERNAL when the core cannot go on (it then stays where it is).
 */
enum status core_run(struct board *b);
/* Enters the interrupt handler when one is pending and allowed; true when one is pending but the
 * core has interrupts masked, so that it has to be looked at again soon. */
bool core_interrupt_masked(struct board *b);
#endif
