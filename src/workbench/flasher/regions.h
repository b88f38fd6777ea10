/* The named regions of a chip's flash, and which of them no verb touches unless the user says so:
 * the bootloader, the RF block (MAC and calibration), the configuration, the vendor's keys. */
#ifndef WORKBENCH_FLASHER_REGIONS_H
#define WORKBENCH_FLASHER_REGIONS_H
#include "codec/beken/chips.h"
#include "workbench/flasher/program.h"

enum region_kind {
    REGION_BOOTLOADER,
    REGION_APP,
    REGION_UPDATE,
    REGION_RF,
    REGION_CONFIG,
    REGION_KEYS
};
enum { REGIONS_MAX = 10 };

struct region {
    enum region_kind kind;
    const char *name;
    uint32_t start, end;
};

/* Fills regions[] for a chip (NULL: only the bootloader is certain); returns how many. */
int regions_of(const struct beken_chip *chip, uint32_t flash_size,
               struct region regions[REGIONS_MAX]);
/* Forbids every guarded region whose kind is not in `allowed` (bits 1 << kind). */
void regions_guard(struct program *p, const struct beken_chip *chip, uint32_t flash_size,
                   unsigned allowed);
#endif
