/* Getting on the bus: LinkChecks without pause through the short window after a reset, resets by
 * DTR and RTS in the known wirings, the text that makes a running OpenBeken reboot, and an ear on
 * what else the line carries. */
#ifndef WORKBENCH_FLASHER_LINKUP_H
#define WORKBENCH_FLASHER_LINKUP_H
#include "workbench/engine/classify.h"
#include "workbench/flasher/session.h"

/* Tries until the chip answers, the user cancels, or options.link_timeout_us is over (TIMEOUT, with
 * what was heard and what to do in s->why). Leaves a calm line at 115200. */
enum status linkup(struct session *s);
/* The same in the middle of a job, when the chip stopped answering: looks at the rate in use, then
 * at 115200 (found there, it was reset: the supply dipped), then starts anew, and returns to the
 * rate that was in use. */
enum status linkup_again(struct session *s);
/* Listens only, for `us`, at 115200, and says what it hears. */
enum status linkup_listen(struct session *s, uint64_t us, struct classify *c);
/* Finds out which adapter lines reset the chip, by pulling them: the name of the wiring ("RTS"),
 * NULL when none does. The chip is linked before and after. */
enum status linkup_find_reset(struct session *s, const char **wiring);
#endif
