/* Is the line good enough to change a chip that cannot be saved when a damaged request hits its
 * bootloader (family B answers from there)? Many small questions with one known answer tell; a rate
 * that makes errors is left for a lower one. */
#ifndef WORKBENCH_FLASHER_LINE_PROOF_H
#define WORKBENCH_FLASHER_LINE_PROOF_H
#include "workbench/flasher/session.h"

/* OK on a sound line, and at once for family F. REFUSED with advice when even the lowest rate makes
 * errors, unless the options say that this does not matter. */
enum status line_prove(struct session *s);
#endif
