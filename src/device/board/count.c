/* Counting outputs and inputs, and finding pins by name. */
#include "base/text.h"
#include "codec/openbeken/roles.h"
#include "device/board/board.h"
#include "device/device.h"
#include "device/role_groups.h"

/* Channels with such a role, each counted once. */
static unsigned count_channels(const struct device *d, unsigned bits) {
    uint64_t seen = 0;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (role_bits(board_role(d, pin)) & bits && d->config.pins[pin].channel < CHANNEL_COUNT)
            seen |= (uint64_t)1 << d->config.pins[pin].channel;
    return (unsigned)__builtin_popcountll(seen);
}

unsigned board_relay_count(const struct device *d) {
    unsigned count = 0;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        unsigned role = board_role(d, pin);
        count += role == OBK_ROLE_RELAY || role == OBK_ROLE_RELAY_N || role == OBK_ROLE_LED ||
                 role == OBK_ROLE_LED_N || role == OBK_ROLE_BRIDGE_FWD;
    }
    return count;
}

unsigned board_pwm_count(const struct device *d) {
    return count_channels(d, ROLE_LIGHT);
}

unsigned board_input_count(const struct device *d) {
    unsigned count = 0;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        count += (role_bits(board_role(d, pin)) & ROLE_INPUT) != 0;
    return count;
}

/* Source: openshwprojects/OpenBK7231T_App: src/hal/bk7231/hal_pins_bk7231.c. */
static const struct {
    uint8_t pin;
    const char *name;
} aliases[] = {{0, "TXD2"},  {1, "RXD2"},  {6, "PWM0"},  {7, "PWM1"},  {8, "PWM2"}, {9, "PWM3"},
               {10, "RXD1"}, {11, "TXD1"}, {23, "ADC3"}, {24, "PWM4"}, {26, "PWM5"}};

static int number(const char *name) {
    int pin = 0;
    name += (*name == 'P' || *name == 'p') && text_is_digit(name[1]);
    if (!text_is_digit(*name))
        return -1;
    for (; text_is_digit(*name) && pin < 1000; name++)
        pin = pin * 10 + (*name - '0');
    return *name ? -1 : pin;
}

const char *board_pin_alias(unsigned pin) {
    for (unsigned i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (aliases[i].pin == pin)
            return aliases[i].name;
    return "";
}

int board_pin_find(const struct device *d, const char *name) {
    int pin = number(name);
    if (pin >= 0)
        return pin < d->hal.chip.pins ? pin : -1;
    for (unsigned i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (text_same(aliases[i].name, name) && aliases[i].pin < d->hal.chip.pins)
            return aliases[i].pin;
    return -1;
}
