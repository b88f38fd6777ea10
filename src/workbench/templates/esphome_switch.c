/* Relays (plain and latching), their indicators, buttons, wall switches and the button for all. */
#include "workbench/templates/esphome.h"

#include <stdio.h>

#define CHANNELS 10

/* "rl3_pin" and the unnumbered "rl" as channel 0. */
static int relay_gpio(const struct esphome *e, int n) {
    int gpio = esphome_gpio(e, "rl#_pin", n);
    return gpio < 0 && n == 0 ? esphome_gpio(e, "rl", 0) : gpio;
}

static bool has_switch(const struct esphome *e, int n) {
    return relay_gpio(e, n) >= 0 ||
           (esphome_gpio(e, "rl_on#_pin", n) >= 0 && esphome_gpio(e, "rl_off#_pin", n) >= 0);
}

static void plain(struct esphome *e, int n) {
    yaml_add(&e->yaml, "switch", "  - platform: gpio\n    id: switch_%d\n    name: Relay %d\n", n,
             n);
    esphome_add_pin(e, "switch", 4, "pin", relay_gpio(e, n),
                    tuya_config_indexed(e->config, n ? "rl#_lv" : "rl_lv", n, 1) == 0);
}

static void latching(struct esphome *e, int n) {
    int32_t pulse = tuya_config_indexed(e->config, "rl#_drvtime", n, 100);
    yaml_add(&e->yaml, "switch", "  - platform: hbridge\n    id: switch_%d\n    name: Relay %d\n",
             n, n);
    esphome_add_pin(e, "switch", 4, "on_pin", esphome_gpio(e, "rl_on#_pin", n),
                    tuya_config_indexed(e->config, "rl_on#_lv", n, 1) == 0);
    esphome_add_pin(e, "switch", 4, "off_pin", esphome_gpio(e, "rl_off#_pin", n),
                    tuya_config_indexed(e->config, "rl_off#_lv", n, 1) == 0);
    yaml_add(&e->yaml, "switch", "    pulse_length: %dms\n    wait_time: %dms\n", (int)pulse,
             (int)(pulse / 2));
}

static bool is_pwm(int gpio) {
    return gpio == 6 || gpio == 7 || gpio == 8 || gpio == 9 || gpio == 24 || gpio == 26;
}

/* The indicator of a channel as a light that the relay drives. */
static void indicator(struct esphome *e, int n, int gpio) {
    bool pwm = is_pwm(gpio);
    yaml_add(&e->yaml, "output", "  - platform: %s\n    id: output_led_%d\n",
             pwm ? "libretiny_pwm" : "gpio", n);
    esphome_add_pin(e, "output", 4, "pin", gpio,
                    tuya_config_indexed(e->config, "led#_lv", n, 1) == 0);
    yaml_add(&e->yaml, "light",
             "  - platform: %s\n    id: light_switch_%d\n    output: output_led_%d\n",
             pwm ? "monochromatic" : "binary", n, n);
}

static void follow(struct esphome *e, const char *light) {
    yaml_add(&e->yaml, "switch",
             "    on_turn_on:\n      - light.turn_on: %s\n"
             "    on_turn_off:\n      - light.turn_off: %s\n",
             light, light);
}

/* What a relay does after a power cut, as the stock firmware was told. */
static void restore(struct esphome *e, int n) {
    static const char *const modes[] = {"ALWAYS_OFF", "ALWAYS_ON", "RESTORE_DEFAULT_OFF"};
    int32_t all = tuya_config_number(e->config, "total_stat", -1);
    int32_t one = tuya_config_indexed(e->config, "ch#_stat", n, all);
    if (one >= 0 && one <= 2)
        yaml_add(&e->yaml, "switch", "    restore_mode: %s\n", modes[one]);
}

static void channel(struct esphome *e, int n) {
    int led = esphome_gpio(e, "led#_pin", n);
    if (relay_gpio(e, n) >= 0)
        plain(e, n);
    else
        latching(e, n);
    restore(e, n);
    e->components++;
    if (led >= 0 && e->status_light) {
        template_warn(e->out, "led%d_pin is ignored: the Wi-Fi LED also shows the relay", n);
        led = -1;
    }
    if (led >= 0) {
        char light[24];
        indicator(e, n, led);
        (void)snprintf(light, sizeof light, "light_switch_%d", n);
        follow(e, light);
    } else if (e->status_light) {
        follow(e, "light_status");
    }
}

static void toggled_by(struct esphome *e, const char *kind, const char *event, int n, int gpio,
                       bool active_low) {
    yaml_add(&e->yaml, "binary_sensor", "  - platform: gpio\n    id: binary_%s_%d\n", kind, n);
    esphome_add_input(e, "binary_sensor", gpio, active_low);
    yaml_add(&e->yaml, "binary_sensor", "    %s:\n      - switch.toggle: switch_%d\n", event, n);
    e->components++;
}

static void button_for_all(struct esphome *e) {
    int gpio = esphome_gpio(e, "total_bt_pin", 0);
    if (gpio < 0)
        return;
    yaml_add(&e->yaml, "binary_sensor", "  - platform: gpio\n    id: binary_switch_all\n");
    esphome_add_input(e, "binary_sensor", gpio,
                      tuya_config_number(e->config, "total_bt_lv", 0) == 0);
    e->components++;
    yaml_add(&e->yaml, "binary_sensor", "    on_press:\n");
    for (int n = 0; n < CHANNELS; n++)
        if (has_switch(e, n))
            yaml_add(&e->yaml, "binary_sensor", "      - switch.toggle: switch_%d\n", n);
}

/* A button or wall switch of a channel that has no relay of its own. */
static void lonely(struct esphome *e, int n) {
    static const struct {
        const char *pin, *level, *name;
    } rows[] = {{"bt#_pin", "bt#_lv", "Button"}, {"onoff#", "", "Wall switch"}};
    for (size_t i = 0; i < 2; i++) {
        int gpio = esphome_gpio(e, rows[i].pin, n);
        if (gpio < 0)
            continue;
        yaml_add(&e->yaml, "binary_sensor", "  - platform: gpio\n    name: %s %d\n", rows[i].name,
                 n);
        esphome_add_input(e, "binary_sensor", gpio,
                          tuya_config_indexed(e->config, rows[i].level, n, 0) == 0);
        e->components++;
    }
}

void esphome_switches(struct esphome *e) {
    for (int n = 0; n < CHANNELS; n++) {
        if (!has_switch(e, n)) {
            lonely(e, n);
            continue;
        }
        channel(e, n);
        int button = esphome_gpio(e, "bt#_pin", n), wall = esphome_gpio(e, "onoff#", n);
        if (button >= 0)
            toggled_by(e, "switch", "on_press", n, button,
                       tuya_config_indexed(e->config, "bt#_lv", n, 0) == 0);
        if (wall >= 0)
            toggled_by(e, "onoff", "on_state", n, wall, true);
    }
    button_for_all(e);
}
