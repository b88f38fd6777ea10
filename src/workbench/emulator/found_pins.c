/* Findings become the keys that stock firmware would have used, so that the writers of templates
 * need not know where a configuration came from. */
#include "workbench/emulator/recovery.h"

#include "codec/openbeken/roles.h"

#include <stdio.h>
#include <string.h>

enum { SURE = 90, LIKELY = 65 };

static enum tuya_certainty certainty_of(int confidence) {
    return confidence >= SURE ? TUYA_SURE : confidence >= LIKELY ? TUYA_LIKELY : TUYA_GUESS;
}

static void add_number(struct tuya_config *config, const char *pattern, int n, int value) {
    char key[32], text[16];
    snprintf(key, sizeof key, pattern, n);
    snprintf(text, sizeof text, "%d", value);
    tuya_config_add(config, key, strlen(key), text, strlen(text), TUYA_NUMBER);
}

/* Keys of pin and level of the n-th of a kind. */
static const struct {
    enum finding_kind kind;
    const char *pin, *level; /* keys; no level: NULL */
} key_rows[] = {
    {FINDING_RELAY, "rl%d_pin", "rl%d_lv"},  {FINDING_LED, "netled%d_pin", "netled%d_lv"},
    {FINDING_BUTTON, "bt%d_pin", "bt%d_lv"}, {FINDING_CF, "ele_pin", NULL},
    {FINDING_CF1, "vi_pin", NULL},           {FINDING_SELECT, "sel_pin_pin", NULL},
};

/* PWM pads have no key: which colour a pad drives cannot be seen from outside. */
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
    tuya_config_finish(config);
    for (int gpio = 0; gpio < FINDING_PINS; gpio++)
        if (f->pin[gpio].kind == FINDING_PWM)
            add_pwm(config, gpio, ++pwm);
    for (size_t i = 0; i < config->pin_count; i++)
        config->pins[i].certainty = certainty_of(f->pin[config->pins[i].gpio].confidence);
}
