/* One row per chip; BK7231N, T34, T2, and BL2028N share silicon, T is U silicon with Tuya's
 * bootloader. */
#include "codec/beken/chips.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

const struct beken_chip beken_chips[] = {
    {"BK7231N", "T34 T2 BK7231NL", "rom", 0x119000, 0x12A000, 0xA6000, 0x1D0000, 0, 0x1D1000,
     0x1D0000, 0x1EE000},
    {"BK7231M", "", "rom", 0x119000, 0x12A000, 0xA6000, 0x1D0000, 0, 0x1D1000, 0x1D0000, 0x1EE000},
    {"BL2028N", "", "rom", 0x121000, 0x132000, 0xAE000, 0x1E0000, 0, 0x1D1000, 0x1D0000, 0x1EE000},
    {"BK7231T", "BK7231S", "boot", 0x121000, 0x132000, 0xA6000, 0x1E0000, 0, 0x1E1000, 0x1B3000,
     0x1EE000},
    {"BK7231U", "", "boot", 0x121000, 0x132000, 0xAE000, 0x1E0000, 0, 0x1E1000, 0x1AB000, 0x1EE000},
    {"BK7231Q", "BK7231", "boot", 0x121000, 0x132000, 0xCC000, 0x1E0000, 0, 0x1E1000, 0x1AB000,
     0x1EB000},
    {"BK7238", "T1", "rom", 0x121000, 0x132000, 0xAE000, 0x1E0000, 0x1E3000, 0x1E1000, 0x1AB000,
     0x1F5000},
    {"BK7252", "BK7252U", "boot", 0x121000, 0x132000, 0xAE000, 0x1E0000, 0x3FE000, 0x1E1000,
     0x1AB000, 0x397000},
    {"BK7252N", "T4", "rom", 0x121000, 0x132000, 0xAE000, 0x1E0000, 0, 0x1E1000, 0x1AB000,
     0x1EE000},
    {"BK7236", "T3", "rom", 0, 0, 0, 0x3FE000, 0, 0x3FF000, 0, 0x3D0000},
    {"BK7258", "T5", "rom", 0, 0, 0, 0x7FE000, 0, 0x7FF000, 0, 0x7DD000},
    {0},
};

static bool in_words(const char *words, const char *name) {
    size_t length = strlen(name);
    for (; *words; words += strcspn(words, " "), words += *words == ' ')
        if (strcspn(words, " ") == length && text_starts(words, name))
            return length > 0;
    return false;
}

const struct beken_chip *beken_chip_find(const char *name) {
    for (const struct beken_chip *chip = beken_chips; chip->name; chip++)
        if (text_same(chip->name, name) || in_words(chip->aliases, name))
            return chip;
    return NULL;
}
