/* The chips the board can be: what differs between them is data. */
#ifndef VIRTUAL_SOC_CHIPS_H
#define VIRTUAL_SOC_CHIPS_H
#include <stdint.h>

struct peripheral;

enum { SOC_CHIP_PERIPHERALS = 14 };

/* How bootloaders hand exceptions on: see handover.c. */
enum soc_handover { SOC_HANDOVER_POINTERS, SOC_HANDOVER_VECTORS };

struct soc_chip {
    const char *name;
    uint32_t chip_id, device_id;
    uint32_t jedec_id;
    const char *adc; /* "plain", "first" or "status" register layout */
    int sdram;       /* 0x900000 is memory (BK7252) */
    enum soc_handover handover;
    const struct peripheral *peripherals[SOC_CHIP_PERIPHERALS]; /* ends with NULL */
};

extern const struct soc_chip soc_chips[];
/* By name ("bk7231n", case ignored), or NULL. */
const struct soc_chip *soc_chip_find(const char *name);
#endif
