/* One row per chip id. */
#include "workbench/chips/chip_ids.h"

#include <stddef.h>

#define MIB 1048576u

const struct chip_id chip_ids[] = {
    {0x0007231C, "BK7231N", "BK7231N (also M, T34, BL2028N)", 0x800074, 0x800078, 2 * MIB},
    {0x00007238, "BK7238", "BK7238 (T1)", 0x800074, 0x800078, 2 * MIB},
    {0x0007252A, "BK7252N", "BK7252N (T4)", 0x800074, 0x800078, 2 * MIB},
    {0x00007236, "BK7236", "BK7236 (T3) or BK7258 (T5)", 0, 0, 4 * MIB},
    {0x00007256, NULL, "BK7256", 0, 0, 0},
    {0x00007259, NULL, "BK7259", 0, 0, 0},
    {0},
};

const struct chip_id *chip_id_find(uint32_t id) {
    for (const struct chip_id *row = chip_ids; row->label; row++)
        if (row->id == id)
            return row;
    return NULL;
}
