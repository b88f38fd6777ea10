/* Interrupt controller, 0x00802000. Both status registers are level images of the peripherals;
 * what firmware writes back to them is ignored, because a source goes away when the peripheral's
 * own flag is cleared. Source: vendor SDK driver/icu. */
#include "virtual/soc/board.h"

enum { INT_ENABLE = 0x40, GLOBAL_ENABLE = 0x44, RAW_STATUS = 0x48, STATUS = 0x4C };

static uint32_t icu_read(struct board *b, uint32_t offset) {
    uint32_t word = *board_word(b, soc_icu.base + offset);
    switch (offset) {
    case RAW_STATUS:
        return b->irq;
    case STATUS:
        return b->irq & *board_word(b, soc_icu.base + INT_ENABLE);
    default:
        return word;
    }
}

static void icu_write(struct board *b, uint32_t offset, uint32_t value) {
    if (offset == RAW_STATUS || offset == STATUS)
        return;
    *board_word(b, soc_icu.base + offset) = value;
    if (offset == INT_ENABLE || offset == GLOBAL_ENABLE)
        b->stop = b->now; /* something pending may now be allowed */
}

const struct peripheral soc_icu = {
    .name = "icu", .base = 0x802000, .size = 0x80, .read = icu_read, .write = icu_write};
