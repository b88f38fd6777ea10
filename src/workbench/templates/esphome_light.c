/* Lights: outputs (PWM or a serial driver) and the one light platform that fits the colours. */
#include "codec/tuya/describe.h"
#include "workbench/templates/esphome.h"
#include <stdlib.h>
#include <string.h>

enum { RED, GREEN, BLUE, COLD, WARM, COLOURS };
static const char *const pwm_keys[COLOURS] = {"r_pin", "g_pin", "b_pin", "c_pin", "w_pin"};
static const char *const level_keys[COLOURS] = {"r_lv", "g_lv", "b_lv", "c_lv", "w_lv"};
static const char *const map_keys[COLOURS] = {"iicr", "iicg", "iicb", "iicc", "iicw"};

static const char *colour_name(const struct esphome *e, int colour) {
    static const char *const names[] = {"red", "green", "blue", "cold", "warm"};
    bool temperature = tuya_config_number(e->config, "cwtype", 0) == 1;
    if (temperature && colour >= COLD)
        return colour == COLD ? "brightness" : "temperature";
    return names[colour];
}

/* PWM outputs; returns the set of colours as bits. */
static unsigned pwm_outputs(struct esphome *e) {
    unsigned set = 0;
    int32_t frequency = tuya_config_number(e->config, "pwmhz", 0);
    for (int i = 0; i < COLOURS; i++) {
        int gpio = esphome_gpio(e, pwm_keys[i], 0);
        if (gpio < 0)
            continue;
        yaml_add(&e->yaml, "output", "  - platform: libretiny_pwm\n    id: output_%s\n",
                 colour_name(e, i));
        esphome_add_pin(e, "output", 4, "pin", gpio,
                        tuya_config_number(e->config, level_keys[i], 1) == 0);
        if (frequency > 0)
            yaml_add(&e->yaml, "output", "    frequency: %dHz\n", (int)frequency);
        set |= 1u << i;
    }
    return set;
}

struct driver_part {
    const char *driver, *component;
};
static const struct driver_part parts[] = {
    {"SM2135", "sm2135"},
    {"BP5758D_", "bp5758d"},
    {"BP1658CJ_", "bp1658cj"},
    {"SM2235", "sm2235"},
};

static int32_t number_of(const char *text, int32_t otherwise) {
    return text ? (int32_t)strtol(text, NULL, 10) : otherwise;
}

/* mA of an SM2135: from its code, or stored as mA. */
static int32_t sm2135_ma(const struct esphome *e, bool white) {
    static const char *const codes[2][2] = {{"ehccur", "iicccur"}, {"ehwcur", "iicwcur"}};
    for (int i = 0; i < 2; i++) {
        int32_t code = tuya_config_number(e->config, codes[white][i], -1);
        if (code >= 0)
            return 10 + 5 * code;
    }
    return tuya_config_number(e->config, white ? "wampere" : "campere", 20);
}

static void hub(struct esphome *e, const char *component, const struct tuya_driver *driver) {
    esphome_add_pin(e, component, 2, "data_pin", (int)number_of(driver->data, 0), false);
    esphome_add_pin(e, component, 2, "clock_pin", (int)number_of(driver->clock, 0), false);
    if (strcmp(component, "sm2135") == 0)
        yaml_add(&e->yaml, component, "  rgb_current: %dmA\n  cw_current: %dmA\n",
                 (int)sm2135_ma(e, false), (int)sm2135_ma(e, true));
    else if (strcmp(component, "bp5758d") != 0)
        yaml_add(&e->yaml, component,
                 "  max_power_color_channels: %d\n  max_power_white_channels: %d\n",
                 (int)number_of(driver->colour, 2), (int)number_of(driver->warm, 4));
}

static unsigned driver_outputs(struct esphome *e) {
    struct tuya_driver driver = tuya_driver_find(e->config);
    const char *component = NULL;
    unsigned set = 0;
    for (size_t i = 0; driver.name && i < sizeof parts / sizeof *parts; i++)
        if (strcmp(parts[i].driver, driver.name) == 0)
            component = parts[i].component;
    if (!component) {
        if (driver.name)
            template_warn(e->out, "LED driver %s: ESPHome has no component for it", driver.name);
        return 0;
    }
    hub(e, component, &driver);
    bool bp5758d = strcmp(component, "bp5758d") == 0;
    const char *currents[COLOURS] = {driver.colour, driver.colour, driver.colour, driver.cold,
                                     driver.warm};
    for (int i = 0; i < COLOURS; i++) {
        int32_t output = tuya_config_number(e->config, map_keys[i], -1);
        bool repeated = i == WARM && output == tuya_config_number(e->config, "iicc", -2);
        if (output < 0 || repeated)
            continue;
        yaml_add(&e->yaml, "output", "  - platform: %s\n    id: output_%s\n    channel: %d\n",
                 component, colour_name(e, i), (int)(output + bp5758d));
        if (bp5758d)
            yaml_add(&e->yaml, "output", "    current: %d\n", (int)number_of(currents[i], 10));
        set |= 1u << i;
    }
    return set;
}

static void white_pair(struct esphome *e, bool temperature) {
    if (temperature)
        yaml_add(&e->yaml, "light",
                 "    color_temperature: output_temperature\n    brightness: output_brightness\n");
    else
        yaml_add(&e->yaml, "light", "    cold_white: output_cold\n    warm_white: output_warm\n");
    yaml_add(&e->yaml, "light",
             "    cold_white_color_temperature: 6500 K\n"
             "    warm_white_color_temperature: 2700 K\n");
}

static void light(struct esphome *e, unsigned set) {
    bool rgb = (set & 7) == 7, cold = set >> COLD & 1, warm = set >> WARM & 1;
    bool temperature = tuya_config_number(e->config, "cwtype", 0) == 1;
    const char *platform = rgb && cold && warm     ? (temperature ? "rgbct" : "rgbww")
                           : rgb && (cold || warm) ? "rgbw"
                           : rgb                   ? "rgb"
                           : cold && warm          ? (temperature ? "color_temperature" : "cwww")
                                                   : "monochromatic";
    yaml_add(&e->yaml, "light", "  - platform: %s\n    id: light_%s\n    name: Light\n", platform,
             platform);
    if (rgb) {
        yaml_add(&e->yaml, "light",
                 "    red: output_red\n    green: output_green\n    blue: output_blue\n");
        if (cold && warm) {
            if (temperature)
                yaml_add(&e->yaml, "light",
                         "    color_temperature: output_temperature\n"
                         "    white_brightness: output_brightness\n"
                         "    cold_white_color_temperature: 6500 K\n"
                         "    warm_white_color_temperature: 2700 K\n");
            else
                white_pair(e, false);
            yaml_add(&e->yaml, "light", "    color_interlock: true\n");
        } else if (cold || warm) {
            yaml_add(&e->yaml, "light", "    white: output_%s\n    color_interlock: true\n",
                     colour_name(e, cold ? COLD : WARM));
        }
    } else if (cold && warm) {
        white_pair(e, temperature);
    } else {
        int only = 0;
        while (!(set >> only & 1))
            only++;
        yaml_add(&e->yaml, "light", "    output: output_%s\n", colour_name(e, only));
    }
    e->components++;
}

/* The colour set that the outputs make, in the words of `cmod`. */
static void check_colours(struct esphome *e, unsigned set) {
    static const struct {
        const char *name;
        unsigned set;
    } names[] = {{"c", 8}, {"cw", 24}, {"rgb", 7}, {"rgbc", 15}, {"rgbw", 23}, {"rgbcw", 31}};
    const char *stored = tuya_config_get(e->config, "cmod");
    if (!stored)
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, stored) == 0 && names[i].set != set)
            template_warn(e->out, "the outputs do not match the stored colour set '%s'", stored);
}

void esphome_light(struct esphome *e) {
    unsigned set = pwm_outputs(e);
    if (!set)
        set = driver_outputs(e);
    if (!set)
        return;
    check_colours(e, set);
    light(e, set);
}
