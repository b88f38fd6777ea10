/* Finding out what answers: family, chip, bootloader, flash chip and size, protection, key. */
#ifndef WORKBENCH_FLASHER_IDENTIFY_H
#define WORKBENCH_FLASHER_IDENTIFY_H
#include "workbench/flasher/session.h"

/* Fills s->chip. Fails only when the chip does not talk; what stays unknown is left zero, and a
 * flash size that cannot be found out is said. */
enum status identify(struct session *s);
/* Gets on the bus first, and does so again when the chip falls silent in the middle of it. */
enum status identify_on_bus(struct session *s);
/* "BK7231N", "BK7231T (or U, Q)", "unknown chip". */
const char *identify_name(const struct session *s);
#endif
