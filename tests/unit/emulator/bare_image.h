/* A flash image of a few instructions of our own, as the emulator boots it: plain text, vectors at
 * the start of bootloader and application, code at logical address BARE_CODE. */
#ifndef TESTS_EMULATOR_BARE_IMAGE_H
#define TESTS_EMULATOR_BARE_IMAGE_H
#include "base/bytes.h"

#include <string.h>

enum { BARE_SIZE = 0x40000, BARE_CODE = 0x100, BARE_APP = 0x10000 };

/* The word at a logical address: 34 stored bytes carry 32. */
static inline void bare_put(uint8_t *image, uint32_t logical, uint32_t word) {
    store_le32(image + logical / 32 * 34 + logical % 32, word);
}

static inline void bare_image(uint8_t *image, const uint32_t *code, size_t words) {
    memset(image, 0xFF, BARE_SIZE);
    for (uint32_t base = 0; base <= BARE_APP; base += BARE_APP)
        for (uint32_t at = 4; at < 0x20; at += 4)
            bare_put(image, base + at, 0xE59FF014);       /* ldr pc, [pc, #20] */
    bare_put(image, 0, 0xEA000000 | (BARE_CODE - 8) / 4); /* b BARE_CODE */
    for (size_t i = 0; i < words; i++)
        bare_put(image, BARE_CODE + 4 * (uint32_t)i, code[i]);
}
#endif
