/* The write protection of the SPI flash: read first, touch only when something is protected, only
 * on flash chips whose register layout is known, and believe only what reads back. */
#ifndef WORKBENCH_FLASHER_PROTECT_H
#define WORKBENCH_FLASHER_PROTECT_H
#include "workbench/flasher/session.h"

/* Reads the status register into s->chip.sr (family F, flash chip known); others: OK, has_sr
 * false. */
enum status protect_read(struct session *s);
bool protect_is_on(const struct session *s);
/* Makes the flash writable. REFUSED with the reason when that would be a gamble. Family B does it
 * by itself at the first erase after a LinkCheck. */
enum status protect_clear(struct session *s);
#endif
