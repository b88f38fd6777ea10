/* Findings become the keys that stock firmware would have used, so that the writers of templates
 * need not know where a configuration came from. */
#include "workbench/emulator/recovery.h"

#include "codec/openbeken/roles.h"
#include "workbench/emulator/pin_word.h"

#include <stdio.h>
#include <string.h>

enum { SURE = 90, LIKELY = 65 };

static enum tuya_certainty certainty_of(int confidence) {
    return confidence >= SURE ? TUYA_SURE : confidence >= LIKELY ? TUYA_LIKELY : TUYA_GUESS;
}

/* `#` in the key becomes n. */
static void add_number(struct tuya_config *config, const char *pattern, int n, int value) {
    char key[32], text[16];
    struct text name = text_start(key, sizeof key);
    for (const char *c = pattern; *c; c++)
        if (*c == '#')
            text_int(&name, n);
        else
            text_char(&name, *c);
    snprintf(text, sizeof text, "%d", value);
    tuya_config_add(config, key, strlen(key), text, strlen(text), TUYA_NUMBER);
}

/* Keys of pin and level of the n-th of a kind. */
static const struct {
    enum finding_kind kind;
    const char *pin, *level; /* keys; no level: NULL */
} key_rows[] = {
    {FINDING_RELAY, "rl#_pin", "rl#_lv"},    {FINDING_LED, "netled#_pin", "netled#_lv"},
    {FINDING_BUTTON, "bt#_pin", "bt#_lv"},   {FINDING_CF, "ele_pin", NULL},
    {FINDING_CF1, "vi_pin", NULL},           {FINDING_SELECT, "sel_pin_pin", NULL},
    {FINDING_LED_DATA, "iicsda", NULL},      {FINDING_LED_CLOCK, "iicscl", NULL},
    {FINDING_ENABLE, "ctrl_pin", "ctrl_lv"},
};

static const struct {
    const char *pin, *level;
} color_rows[] = {
    {"r_pin", "r_lv"}, {"g_pin", "g_lv"}, {"b_pin", "b_lv"}, {"c_pin", "c_lv"}, {"w_pin", "w_lv"},
};

/* Currents of the LED driver chips, under the keys by which they are known. */
static const struct {
    const char *chip, *color, *white, *cold; /* no current of its own for cold: NULL */
} chip_rows[] = {
    {"SM2135", "campere", "wampere", NULL},
    {"SM2235", "2235ccur", "2235wcur", NULL},
    {"BP5758D", "drgbcur", "dwcur", "dccur"},
    {"BP1658CJ", "cjccur", "cjwcur", NULL},
};

/* The output that lights at start is white, usually the cold one; the order of the rest cannot be
 * seen, a start that can be changed is better than none. */
static void add_map(struct tuya_config *config, const struct two_wires_bus *bus) {
    static const char *const keys[] = {"iicr", "iicg", "iicb", "iicc", "iicw"};
    int cold = bus->lit == 1u << 3 ? 3 : 4;
    const int map[] = {0, 1, 2, cold, cold == 3 ? 4 : 3};
    for (int i = 0; bus->chip && i < 5; i++)
        add_number(config, keys[i], 0, map[i]);
}

static void add_frequency(struct tuya_config *config, const struct findings *f) {
    for (int c = 0; f->light && c < PWM_CHANNELS; c++)
        if (f->pin[pwm_gpio(c)].kind == FINDING_PWM && f->pwm_period[c]) {
            add_number(config, "pwmhz", 0, (int)(PWM_CLOCK_HZ / f->pwm_period[c]));
            return;
        }
}

static void add_meter(struct tuya_config *config, const struct uart1 *uart1) {
    enum { CHIP_BL0942 = 3 };
    int sure;
    if (uart1_find(uart1, &sure) == UART1_BL0942)
        add_number(config, "chip_type", 0, CHIP_BL0942);
}

static void add_currents(struct tuya_config *config, const struct two_wires_bus *bus) {
    for (size_t i = 0; bus->chip && i < sizeof chip_rows / sizeof *chip_rows; i++) {
        if (strcmp(bus->chip, chip_rows[i].chip) != 0)
            continue;
        add_number(config, chip_rows[i].color, 0, bus->color);
        add_number(config, chip_rows[i].white, 0, bus->white);
        if (chip_rows[i].cold)
            add_number(config, chip_rows[i].cold, 0, bus->white);
    }
}

static void add_color(struct tuya_config *config, const struct finding_pin *pin, int gpio) {
    if (pin->kind != FINDING_PWM || pin->color < 0)
        return;
    add_number(config, color_rows[pin->color].pin, 0, gpio);
    if (pin->active >= 0)
        add_number(config, color_rows[pin->color].level, 0, pin->active);
}

/* PWM pads of unknown colour have no key. */
static void add_pwm(struct tuya_config *config, int gpio, int number) {
    if (config->pin_count < TUYA_PINS_MAX)
        config->pins[config->pin_count++] = (struct tuya_pin){.gpio = (uint8_t)gpio,
                                                              .key = "PWM",
                                                              .function = "PWM output",
                                                              .role = OBK_ROLE_PWM,
                                                              .channel = (uint8_t)number,
                                                              .level = -1};
}

void found_pins_read(const struct findings *f, struct tuya_config *config) {
    int count[sizeof key_rows / sizeof *key_rows] = {0}, pwm = 0;
    for (int gpio = 0; gpio < FINDING_PINS; gpio++)
        for (size_t i = 0; i < sizeof key_rows / sizeof *key_rows; i++)
            if (f->pin[gpio].kind == key_rows[i].kind) {
                add_number(config, key_rows[i].pin, ++count[i], gpio);
                if (key_rows[i].level && f->pin[gpio].active >= 0)
                    add_number(config, key_rows[i].level, count[i], f->pin[gpio].active);
            }
    for (int gpio = 0; gpio < FINDING_PINS; gpio++)
        add_color(config, &f->pin[gpio], gpio);
    add_currents(config, &f->bus);
    add_map(config, &f->bus);
    add_meter(config, &f->uart1);
    add_frequency(config, f);
    tuya_config_finish(config);
    for (int gpio = 0; gpio < FINDING_PINS; gpio++)
        if (f->pin[gpio].kind == FINDING_PWM && f->pin[gpio].color < 0)
            add_pwm(config, gpio, ++pwm);
    for (size_t i = 0; i < config->pin_count; i++)
        config->pins[i].certainty = certainty_of(f->pin[config->pins[i].gpio].confidence);
}
