/* Chip ids that the boot ROM shows in its SCTRL register, and which rows of the chip table they
 * stand for. Adding a chip: a row here and one in codec/beken/chips.c.
 * Source: public register tables of BK7231GUIFlashTool (BKChipIdentity.cs). */
#ifndef WORKBENCH_CHIPS_CHIP_IDS_H
#define WORKBENCH_CHIPS_CHIP_IDS_H
#include <stdint.h>

enum { CHIP_ID_REGISTER = 0x00800000, CHIP_ID_REGISTER_NEW = 0x44010004 };

struct chip_id {
    uint32_t id;
    const char *chip;  /* row of codec/beken/chips.h, or NULL when only the name is known */
    const char *label; /* for the user */
    uint32_t efuse_control, efuse_result; /* registers, 0: not known */
    uint32_t usual_size;
};

/* Ends with a NULL label. */
extern const struct chip_id chip_ids[];
const struct chip_id *chip_id_find(uint32_t id);
#endif
