/* Bits of a GPIO mode word of the BK7231 family, as the emulator reports them.
 * Source: vendor SDK driver/gpio. */
#ifndef WORKBENCH_EMULATOR_PIN_WORD_H
#define WORKBENCH_EMULATOR_PIN_WORD_H
#include <stdbool.h>
#include <stdint.h>

enum {
    WORD_OUT = 0x02,
    WORD_IN_ENABLE = 0x04,
    WORD_OUT_DISABLE = 0x08,
    WORD_PULL_UP = 0x10,
    WORD_PULL = 0x20,
    WORD_SECOND = 0x40,
    WORD_PULLED_INPUT = WORD_IN_ENABLE | WORD_OUT_DISABLE | WORD_PULL,
};

static inline bool is_output(uint32_t word) {
    return !(word & (WORD_OUT_DISABLE | WORD_SECOND));
}
#endif
