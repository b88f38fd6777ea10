/* The Beken chip families as their flash shows them: where things stand, by physical offset.
 * Adding one: a row in chips.c.
 * Source: vendor SDK partition tables; libretiny-eu/libretiny (boards/_base). */
#ifndef CODEC_BEKEN_CHIPS_H
#define CODEC_BEKEN_CHIPS_H
#include <stdint.h>

enum { BEKEN_APP_OFFSET = 0x11000, BEKEN_APP_LOGICAL = 0x10000 };

struct beken_chip {
    const char *name;
    const char *aliases;      /* blank-separated, e.g. "T34 T2" */
    const char *family;       /* download protocol: "rom" (N and relatives) or "boot" (T …) */
    uint32_t app_size;        /* physical bytes from BEKEN_APP_OFFSET to the end of the slot */
    uint32_t download_offset; /* OTA partition */
    uint32_t download_size;
    uint32_t rf_offset;      /* RF block */
    uint32_t rf_offset_tuya; /* where Tuya's layout puts it when that differs, else 0 */
    uint32_t config_offset;  /* OpenBeken configuration block */
    uint32_t lfs_end;        /* OpenBeken's LittleFS ends here */
    uint32_t key_offset;     /* Tuya key block, usual position */
};

/* Ends with a NULL name. */
extern const struct beken_chip beken_chips[];
/* By name or alias, case ignored, or NULL. */
const struct beken_chip *beken_chip_find(const char *name);
#endif
