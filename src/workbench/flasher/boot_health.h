/* Is the bootloader in the first 68 KiB whole, and which one is it? Damage shows in the CRC of
 * every 34-byte block; the version shows in the RBL header at its end, which survives damage
 * elsewhere, or in its first sector. */
#ifndef WORKBENCH_FLASHER_BOOT_HEALTH_H
#define WORKBENCH_FLASHER_BOOT_HEALTH_H
#include "codec/beken/bootloaders.h"
#include "codec/beken/stripe.h"

#include <stdbool.h>

struct boot_health {
    const struct beken_bootloader *version; /* NULL: not known */
    bool proven;                            /* all common bytes hash to the known good ones */
    bool blank;                             /* nothing but FF */
    struct beken_stripe_count blocks;
    uint32_t damaged_sectors; /* bit per 4 KiB sector with bad blocks */
};

/* `data` holds at least BEKEN_BOOT_SIZE bytes from flash offset 0. */
void boot_health_check(const uint8_t *data, size_t size, struct boot_health *out);
/* Makes in `target` (BEKEN_BOOT_SIZE bytes) the bootloader that should stand on a chip that holds
 * `present`: common sectors from `reference`, whose hash must be known to be good, the sector with
 * the chip's own header from the chip when it is whole. False with a reason when the reference is
 * not proven or is of another version. */
bool boot_repair_plan(const uint8_t *present, const uint8_t *reference, size_t reference_size,
                      uint8_t *target, char *why, size_t why_size);
#endif
