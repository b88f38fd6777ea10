/* Chip ids that the boot ROM shows in its SCTRL register, and which rows of the chip table they
 * stand for. Adding a chip: a row here and one in codec/beken/chips.c.
 * Source: public register tables of BK7231GUIFlashTool (BKChipIdentity.cs). */
#ifndef WORKBENCH_CHIPS_CHIP_IDS_H
#define WORKBENCH_CHIPS_CHIP_IDS_H
#include <stdint.h>

enum { CHIP_ID_REGISTER = 0x00800000, CHIP_ID_REGISTER_NEW = 0x44010004 };

/* A reader of one-time memory that works byte by byte: control takes number and start bit, result
 * gives the byte and a bit that says whether it could be read. */
struct efuse_block {
    uint32_t control, result;
    uint32_t kept;             /* bits of control that stay as they are */
    uint32_t clock, clock_bit; /* register and bit that must be set meanwhile; 0: always runs */
    uint32_t key_words;        /* 1: every word of the key is the same */
};
/* A window onto more of it, which reads as words once it has clock and power. */
struct otp_block {
    uint32_t clock, clock_bit, power, power_down_bit, wake_us;
    struct otp_window {
        uint32_t address, size; /* bytes */
    } windows[2];
};

struct chip_id {
    uint32_t id;
    const char *chip;  /* row of codec/beken/chips.h, or NULL when only the name is known */
    const char *label; /* for the user */
    const struct efuse_block *efuse; /* NULL: not known */
    const struct otp_block *otp;     /* NULL: none */
    uint32_t usual_size;
};

/* Ends with a NULL label. */
extern const struct chip_id chip_ids[];
const struct chip_id *chip_id_find(uint32_t id);
#endif
