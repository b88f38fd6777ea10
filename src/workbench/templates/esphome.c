/* The frame of an ESPHome configuration, its pins, and the small parts: network LED, infrared,
 * keys, battery and sensors. */
#include "workbench/templates/esphome.h"

#include "codec/tuya/keys.h"
#include <stdio.h>
#include <string.h>

struct board {
    const char *chip, *platform, *board;
};
static const struct board boards[] = {
    {"BK7231T", "bk72xx", "generic-bk7231t-qfn32-tuya"},
    {"BK7231N", "bk72xx", "generic-bk7231n-qfn32-tuya"},
    {"BK7238", "bk72xx", "generic-bk7238-tuya"},
    {"BK7252", "bk72xx", "generic-bk7252"},
    {"LN882H", "ln882x", "generic-ln882h-tuya"},
    {"RTL8710B", "rtl87xx", "generic-rtl8710bn-2mb-788k"},
    {"RTL87X0C", "rtl87xx", "generic-rtl8720cf-2mb-992k"},
};

const char *esphome_pin(const struct esphome *e, int gpio, char name[8]) {
    bool beken = !e->chip || strncmp(e->chip, "BK", 2) == 0;
    if (beken)
        (void)snprintf(name, 8, "P%d", gpio & 63);
    else if (gpio < 16 || strncmp(e->chip, "RTL", 3) == 0)
        (void)snprintf(name, 8, "PA%02d", gpio & 63);
    else
        (void)snprintf(name, 8, "PB%02d", (gpio - 16) & 63);
    return name;
}

void esphome_add_pin(struct esphome *e, const char *section, int indent, const char *key, int gpio,
                     bool inverted) {
    char name[8];
    esphome_pin(e, gpio, name);
    if (!inverted)
        yaml_add(&e->yaml, section, "%*s%s: %s\n", indent, "", key, name);
    else
        yaml_add(&e->yaml, section, "%*s%s:\n%*snumber: %s\n%*sinverted: true\n", indent, "", key,
                 indent + 2, "", name, indent + 2, "");
}

void esphome_add_input(struct esphome *e, const char *section, int gpio, bool active_low) {
    char name[8];
    yaml_add(&e->yaml, section, "    pin:\n      number: %s\n", esphome_pin(e, gpio, name));
    yaml_add(&e->yaml, section,
             active_low ? "      inverted: true\n      mode: INPUT_PULLUP\n"
                        : "      mode: INPUT_PULLDOWN\n");
}

int esphome_gpio(const struct esphome *e, const char *pattern, int n) {
    int32_t gpio = tuya_config_indexed(e->config, pattern, n, -1);
    return gpio >= 0 && gpio < 64 ? (int)gpio : -1;
}

/* A host name: small letters, digits and hyphens. */
static void host_name(char *out, size_t size, const char *from) {
    struct text text = text_start(out, size);
    for (; *from; from++)
        text_char(&text, text_is_alpha(*from) || text_is_digit(*from) ? text_lower(*from) : '-');
}

static void frame(struct esphome *e) {
    const struct board *board = NULL;
    for (size_t i = 0; e->chip && i < sizeof boards / sizeof *boards; i++)
        if (strcmp(boards[i].chip, e->chip) == 0)
            board = &boards[i];
    char name[32], module[48];
    host_name(name, sizeof name, e->in->name ? e->in->name : "tuya-device");
    yaml_add(&e->yaml, "esphome", "  name: %s\n", name);
    if (e->config->module)
        yaml_add(&e->yaml, "esphome", "  comment: \"module %s\"\n",
                 yaml_plain(module, sizeof module, e->config->module));
    yaml_add(&e->yaml, board ? board->platform : "bk72xx", "  board: %s\n",
             board ? board->board : "REPLACEME");
    if (!board)
        template_warn(e->out, "no ESPHome board is known for chip %s: replace REPLACEME",
                      e->chip ? e->chip : "(unknown)");
    yaml_add(&e->yaml, "logger", "%s", "");
    yaml_add(&e->yaml, "web_server", "%s", "");
    yaml_add(&e->yaml, "captive_portal", "%s", "");
    yaml_add(&e->yaml, "mdns", "%s", "");
    yaml_add(&e->yaml, "api", "%s", "");
    yaml_add(&e->yaml, "ota", "  - platform: esphome\n");
    yaml_add(&e->yaml, "wifi",
             "  ssid: !secret wifi_ssid\n  password: !secret wifi_password\n  ap:\n");
}

static void network_led(struct esphome *e) {
    static const struct {
        const char *pin, *level;
    } rows[] = {{"netled_pin", "netled_lv"},
                {"netled1_pin", "netled1_lv"},
                {"wfst_pin", "wfst_lv"},
                {"wfst", "wfst_lv"},
                {"status_led_pin", "status_led_lv"}};
    bool done = false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int gpio = esphome_gpio(e, rows[i].pin, 0);
        if (gpio < 0)
            continue;
        if (done) {
            template_warn(e->out, "more than one Wi-Fi LED: %s is left out", rows[i].pin);
            continue;
        }
        bool inverted = tuya_config_number(e->config, rows[i].level, 0) == 0;
        if (e->status_light)
            yaml_add(&e->yaml, "light",
                     "  - platform: status_led\n    id: light_status\n    name: Status LED\n");
        esphome_add_pin(e, e->status_light ? "light" : "status_led", e->status_light ? 4 : 2, "pin",
                        gpio, inverted);
        done = true;
        e->components++;
    }
}

static void infrared(struct esphome *e) {
    static const char *const receivers[] = {"ir", "infrr", "irpin"};
    for (size_t i = 0; i < 3; i++) {
        int gpio = esphome_gpio(e, receivers[i], 0);
        if (gpio < 0)
            continue;
        char name[8];
        yaml_add(&e->yaml, "remote_receiver",
                 "  pin:\n    number: %s\n    inverted: true\n    mode: INPUT_PULLUP\n"
                 "  # dump: all\n",
                 esphome_pin(e, gpio, name));
        e->components++;
        break;
    }
    int gpio = esphome_gpio(e, "infre", 0);
    if (gpio < 0)
        return;
    esphome_add_pin(e, "remote_transmitter", 2, "pin", gpio, false);
    yaml_add(&e->yaml, "remote_transmitter", "  carrier_duty_percent: 50%%\n");
    e->components++;
}

static void key(struct esphome *e, int n, int gpio) {
    if (gpio < 0)
        return;
    yaml_add(&e->yaml, "binary_sensor",
             "  - platform: gpio\n    id: binary_key_%d\n    name: Key %d\n", n, n);
    esphome_add_input(e, "binary_sensor", gpio, true);
    e->components++;
}

static void sensors(struct esphome *e) {
    static const struct {
        const char *pin, *level, *name, *device_class;
    } rows[] = {{"basic_pin_pin", "basic_pin_lv", "Motion", "motion"},
                {"gate_sensor_pin_pin", "gate_sensor_pin_lv", "Gate", "garage_door"},
                {"bt_pin", "bt_lv", "Button", NULL},
                {"reset_pin", "reset_lv", "Pairing button", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int gpio = esphome_gpio(e, rows[i].pin, 0);
        if (gpio < 0)
            continue;
        yaml_add(&e->yaml, "binary_sensor", "  - platform: gpio\n    name: %s\n", rows[i].name);
        if (rows[i].device_class)
            yaml_add(&e->yaml, "binary_sensor", "    device_class: %s\n", rows[i].device_class);
        esphome_add_input(e, "binary_sensor", gpio,
                          tuya_config_number(e->config, rows[i].level, i < 2) == 0);
        e->components++;
    }
    int battery = esphome_gpio(e, "samp_pin", 0), relay = esphome_gpio(e, "samp_sw_pin", 0);
    if (battery >= 0) {
        yaml_add(&e->yaml, "sensor", "  - platform: adc\n    name: Battery\n");
        esphome_add_pin(e, "sensor", 4, "pin", battery, false);
        yaml_add(&e->yaml, "sensor", "    filters:\n      - multiply: 2\n");
        template_warn(e->out, "battery: the divider is taken as 1:2, check it with a voltmeter");
        e->components++;
    }
    if (relay >= 0) {
        yaml_add(&e->yaml, "switch",
                 "  - platform: gpio\n    id: battery_divider\n    restore_mode: ALWAYS_ON\n");
        esphome_add_pin(e, "switch", 4, "pin", relay,
                        tuya_config_number(e->config, "samp_sw_lv", 1) == 0);
        e->components++;
    }
}

/* Outputs that are simply on or off. */
static void outputs(struct esphome *e) {
    static const struct {
        const char *pin, *level, *name, *restore;
    } rows[] = {{"ctrl_pin", "ctrl_lv", "Lamp enable", "ALWAYS_ON"},
                {"backlit_io_pin", "backlit_io_lv", "Backlight", "RESTORE_DEFAULT_ON"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int gpio = esphome_gpio(e, rows[i].pin, 0);
        if (gpio < 0)
            continue;
        yaml_add(&e->yaml, "switch", "  - platform: gpio\n    name: %s\n    restore_mode: %s\n",
                 rows[i].name, rows[i].restore);
        esphome_add_pin(e, "switch", 4, "pin", gpio,
                        tuya_config_number(e->config, rows[i].level, 1) == 0);
        e->components++;
    }
}

/* Keys whose pins the parts above write; every other pin is said to be left out. */
static bool is_written(const char *key) {
    static const char *const keys[] = {"rl#_pin",
                                       "rl",
                                       "rl_on#_pin",
                                       "rl_off#_pin",
                                       "bt#_pin",
                                       "bt_pin",
                                       "onoff#",
                                       "led#_pin",
                                       "netled_pin",
                                       "netled1_pin",
                                       "wfst_pin",
                                       "wfst",
                                       "total_bt_pin",
                                       "ele_pin",
                                       "epin",
                                       "vi_pin",
                                       "ivpin",
                                       "sel_pin_pin",
                                       "ivcpin",
                                       "ele_rx",
                                       "ele_tx",
                                       "r_pin",
                                       "g_pin",
                                       "b_pin",
                                       "c_pin",
                                       "w_pin",
                                       "iicsda",
                                       "iicscl",
                                       "ir",
                                       "irpin",
                                       "infrr",
                                       "infre",
                                       "key_pin",
                                       "k#pin_pin",
                                       "ctrl_pin",
                                       "backlit_io_pin",
                                       "reset_pin",
                                       "samp_pin",
                                       "basic_pin_pin",
                                       "samp_sw_pin",
                                       "status_led_pin",
                                       "gate_sensor_pin_pin"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (tuya_key_matches(keys[i], key))
            return true;
    return false;
}

static void left_out(struct esphome *e) {
    for (size_t i = 0; i < e->config->pin_count; i++) {
        const struct tuya_pin *pin = &e->config->pins[i];
        if (!is_written(pin->key))
            template_warn(e->out, "P%u (%s, %s) is left out", pin->gpio, pin->key, pin->function);
        else if (pin->certainty == TUYA_GUESS)
            template_warn(e->out, "P%u (%s, %s) is a guess, check it", pin->gpio, pin->key,
                          pin->function);
    }
}

enum status template_esphome(const struct template_input *in, struct template_output *out) {
    static _Thread_local struct yaml_section sections[YAML_SECTIONS_MAX];
    struct esphome e = {.in = in,
                        .config = in->config,
                        .out = out,
                        .yaml = {.sections = sections},
                        .chip = in->config->chip ? in->config->chip : in->chip,
                        .status_light = tuya_config_number(in->config, "netled_reuse", 0) == 1};
    frame(&e);
    esphome_light(&e);
    esphome_switches(&e);
    network_led(&e);
    infrared(&e);
    esphome_meter(&e);
    esphome_mcu(&e);
    key(&e, 1, esphome_gpio(&e, "key_pin", 0));
    for (int n = 2; n <= 9; n++)
        key(&e, n, esphome_gpio(&e, "k#pin_pin", n));
    sensors(&e);
    outputs(&e);
    left_out(&e);
    if (!e.components) {
        out->warning_count = 0;
        template_warn(out,
                      "no pins and no TuyaMCU: there is nothing to write a configuration from");
        return STATUS_NOT_FOUND;
    }
    yaml_write(&e.yaml, &out->text);
    return STATUS_OK;
}
