/* One row per chip id. */
#include "workbench/chips/chip_ids.h"

#include <stddef.h>

#define MIB 1048576u

static const struct efuse_block sctrl = {
    .control = 0x00800074, .result = 0x00800078, .kept = ~0x1F02u, .key_words = 4};
static const struct efuse_block newer = {.control = 0x54880010,
                                         .result = 0x54880014,
                                         .clock = 0x54010030,
                                         .clock_bit = 1u << 7,
                                         .key_words = 1};
static const struct otp_block otp = {.clock = 0x54010030,
                                     .clock_bit = 1u << 15,
                                     .power = 0x54010040,
                                     .power_down_bit = 1u << 3,
                                     .wake_us = 2000,
                                     .windows = {{0x5B100400, 0x400}, {0x5B010000, 0xC00}}};

const struct chip_id chip_ids[] = {
    {0x0007231C, "BK7231N", "BK7231N (also M, T34, BL2028N)", &sctrl, NULL, 2 * MIB},
    {0x00007238, "BK7238", "BK7238 (T1)", &sctrl, NULL, 2 * MIB},
    {0x0007252A, "BK7252N", "BK7252N (T4)", &sctrl, NULL, 2 * MIB},
    {0x00007236, "BK7236", "BK7236 (T3) or BK7258 (T5)", &newer, &otp, 4 * MIB},
    {0x00007256, NULL, "BK7256", NULL, NULL, 0},
    {0x00007259, NULL, "BK7259", NULL, NULL, 0},
    {0},
};

const struct chip_id *chip_id_find(uint32_t id) {
    for (const struct chip_id *row = chip_ids; row->label; row++)
        if (row->id == id)
            return row;
    return NULL;
}
