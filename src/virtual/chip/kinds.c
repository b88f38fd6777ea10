/* One row per chip. Assumed, because no public source states them: the link windows (known is only
 * that they are short), the ROM's frame gap, and the speed of CheckCRC (public tools allow for
 * 400 kB/s at worst). */
#include "virtual/chip/kinds.h"

#include "base/text.h"

static const struct chip_limits tuya_limits = {0x10000, 0x10000, 0x10000, 0x20E0, 0x20E0};
static const struct chip_limits beken_limits = {0x2000, 0x2000, 0x2000, 0x2000, 0x2000};

#define ROM_TIMES          128, 100000, 0, 100000, 5000000
#define BOOT_TIMES         512, 50000, 3000000, 0, 5000000
#define ROM_REGISTERS(id)  BEKEN_FAMILY_F, 0x800000, id, 0x800004
#define BOOT_REGISTERS(id) BEKEN_FAMILY_B, 0x800000, id, 0x800004
#define NEW_REGISTERS(id)  BEKEN_FAMILY_F, 0x44010004, id, 0x44010004
#define MASK_ROM           0, 0x4000

/* clang-format off */
const struct chip_kind chip_kinds[] = {
    {"BK7231N", "T2 T34 BK7231NL", ROM_REGISTERS(0x0007231C), 0x18520001, CHIP_EFUSE_SCTRL, false,
     NULL, NULL, false, 0xEB6015, "tuya", MASK_ROM, ROM_TIMES},
    {"BK7231M", "", ROM_REGISTERS(0x0007231C), 0x18520001, CHIP_EFUSE_SCTRL, false,
     NULL, NULL, false, 0xEB6015, "none", MASK_ROM, ROM_TIMES},
    {"BL2028N", "", ROM_REGISTERS(0x0007231C), 0x18520001, CHIP_EFUSE_SCTRL, false,
     NULL, NULL, false, 0xC84015, "none", MASK_ROM, ROM_TIMES},
    {"BK7231T", "BK7231S", BOOT_REGISTERS(0x0007231A), 0x18520001, CHIP_NO_EFUSE, false,
     "BK7231S_1.0.5", &tuya_limits, false, 0x1C7015, "tuya", 0, 0, BOOT_TIMES},
    {"BK7231U", "", BOOT_REGISTERS(0x0007231A), 0x18520001, CHIP_NO_EFUSE, false,
     NULL, &beken_limits, false, 0xC84015, "none", 0, 0, BOOT_TIMES},
    {"BK7231Q", "BK7231", BOOT_REGISTERS(0x00007231), 0x18520001, CHIP_NO_EFUSE, false,
     NULL, &beken_limits, false, 0xC84015, "none", 0, 0, BOOT_TIMES},
    {"BK7238", "T1", ROM_REGISTERS(0x00007238), 0x21120000, CHIP_EFUSE_SCTRL, true,
     NULL, NULL, false, 0x852015, "none", MASK_ROM, ROM_TIMES},
    {"BK7252", "BK7251 BK7221U BK7252U", BOOT_REGISTERS(0x0007221A), 0x18221020, CHIP_NO_EFUSE,
     false, NULL, &beken_limits, false, 0xC84016, "none", 0, 0, BOOT_TIMES},
    {"BK7252N", "T4", ROM_REGISTERS(0x0007252A), 0x23A10000, CHIP_EFUSE_SCTRL, true,
     NULL, NULL, false, 0xC86515, "none", MASK_ROM, ROM_TIMES},
    {"BK7236", "T3", NEW_REGISTERS(0x00007236), 0x00007236, CHIP_EFUSE_BK7258, true,
     NULL, NULL, false, 0xC86516, "none", 0x161F0000, 0x10000, ROM_TIMES},
    {"BK7258", "T5", NEW_REGISTERS(0x00007236), 0x00007236, CHIP_EFUSE_BK7258, true,
     NULL, NULL, false, 0xC86517, "none", 0x16000000, 0x10000, ROM_TIMES},
    {0},
};
/* clang-format on */

static bool in_words(const char *words, const char *name) {
    size_t length = strlen(name);
    for (; *words; words += strcspn(words, " "), words += *words == ' ')
        if (strcspn(words, " ") == length && text_starts(words, name))
            return length > 0;
    return false;
}

const struct chip_kind *chip_kind_find(const char *name) {
    for (const struct chip_kind *kind = chip_kinds; kind->name; kind++)
        if (text_same(kind->name, name) || in_words(kind->aliases, name))
            return kind;
    return NULL;
}
