/* What an image is for, as far as booting it needs to know: chip, code key, and whether the dump
 * was read from the application on and has to be turned. */
#ifndef VIRTUAL_SOC_IDENTIFY_H
#define VIRTUAL_SOC_IDENTIFY_H
#include "base/status.h"
#include "virtual/soc/chips.h"

#include <stdbool.h>
#include <stddef.h>

struct soc_identity {
    const struct soc_chip *chip;
    uint32_t key[4];
    bool app_only; /* no bootloader: nothing but erased flash in its place */
    bool turned;   /* was turned in place: the last 0x11000 bytes moved to the front */
};

/* Looks at `data` (and turns it in place when it begins with the application). */
enum status soc_identify(uint8_t *data, size_t size, struct soc_identity *out);
#endif
