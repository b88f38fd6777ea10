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

enum { PWM_CHANNELS = 6, PWM_CLOCK_HZ = 26000000 };
static const uint8_t pwm_pads[PWM_CHANNELS] = {6, 7, 8, 9, 24, 26};

/* Channel of a pad, or -1; pad of a channel, or -1. */
static inline int pwm_channel(int gpio) {
    for (int c = 0; c < PWM_CHANNELS; c++)
        if (pwm_pads[c] == gpio)
            return c;
    return -1;
}

static inline int pwm_gpio(int channel) {
    return channel >= 0 && channel < PWM_CHANNELS ? pwm_pads[channel] : -1;
}

static inline bool is_output(uint32_t word) {
    return !(word & (WORD_OUT_DISABLE | WORD_SECOND));
}
#endif
