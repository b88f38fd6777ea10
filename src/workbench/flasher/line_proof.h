/* Is the line good enough for changing this chip? A family B chip answers from the bootloader in
 * its flash: one damaged byte in an address could erase it, and then nothing answers any more, so
 * every byte must come through. A family F chip's boot ROM survives anything; there it is enough
 * that a sector has a chance to arrive whole. */
#ifndef WORKBENCH_FLASHER_LINE_PROOF_H
#define WORKBENCH_FLASHER_LINE_PROOF_H
#include "workbench/flasher/session.h"

/* Asks some hundred harmless questions (of family F only when the line has made errors); steps the
 * rate down until they are all answered well enough. REFUSED when they never are. */
enum status line_prove(struct session *s);
#endif
