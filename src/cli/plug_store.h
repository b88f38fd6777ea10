/* The configuration of a plug that runs this project's firmware already. Such a plug keeps its
 * settings in a store of its own and looks at an OpenBeken block only at its very first start; so
 * that a new configuration counts, its store has to get it, too. The firmware itself writes it: it
 * runs for some seconds of virtual time on a copy of the flash. */
#ifndef CLI_PLUG_STORE_H
#define CLI_PLUG_STORE_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does the flash of such a chip hold a store in use? */
bool plug_store_present(const char *chip, const uint8_t *flash, uint32_t size);
/* Puts the configuration that `block` holds (an OpenBeken block for this chip) into the store in
 * `flash`; *from and *to are the part of the flash it lies in. False with a line in `why`. */
bool plug_store_update(const char *chip, const uint8_t *block, uint8_t *flash, uint32_t size,
                       uint32_t *from, uint32_t *to, char *why, size_t why_size);
#endif
