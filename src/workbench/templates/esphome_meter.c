/* The meter with the shunt that the configuration names, and the protections that stock firmware
 * had: above the limits all relays open. */
#include "workbench/templates/esphome.h"

enum { CHIP_BL0937, CHIP_HLW8012, CHIP_HLW8032, CHIP_BL0942 };

/* First GPIO of two spellings. */
static int either(const struct esphome *e, const char *a, const char *b) {
    int gpio = esphome_gpio(e, a, 0);
    return gpio < 0 ? esphome_gpio(e, b, 0) : gpio;
}

static void open_relays(struct esphome *e) {
    yaml_add(&e->yaml, "sensor", "          then:\n");
    bool any = false;
    for (int n = 0; n < 10; n++) {
        bool relay =
            esphome_gpio(e, "rl#_pin", n) >= 0 || (n == 0 && esphome_gpio(e, "rl", 0) >= 0) ||
            (esphome_gpio(e, "rl_on#_pin", n) >= 0 && esphome_gpio(e, "rl_off#_pin", n) >= 0);
        if (relay)
            yaml_add(&e->yaml, "sensor", "            - switch.turn_off: switch_%d\n", n);
        any |= relay;
    }
    if (!any)
        yaml_add(&e->yaml, "sensor", "            - logger.log: \"limit exceeded\"\n");
}

static void current_limit(struct esphome *e) {
    int32_t limit = e->config->protections.over_current_ma;
    if (!limit)
        return;
    yaml_add(&e->yaml, "sensor", "      on_value_range:\n        - above: %d.%03d\n",
             (int)(limit / 1000), (int)(limit % 1000));
    open_relays(e);
}

/* Below 30 V there is no mains but a meter that has not measured yet. */
static void voltage_limits(struct esphome *e) {
    const struct tuya_protections *p = &e->config->protections;
    if (!p->over_voltage_v && !p->under_voltage_v)
        return;
    yaml_add(&e->yaml, "sensor", "      on_value_range:\n");
    if (p->over_voltage_v) {
        yaml_add(&e->yaml, "sensor", "        - above: %d.0\n", (int)p->over_voltage_v);
        open_relays(e);
    }
    if (p->under_voltage_v > 30) {
        yaml_add(&e->yaml, "sensor", "        - above: 30.0\n          below: %d.0\n",
                 (int)p->under_voltage_v);
        open_relays(e);
    }
}

static void quantity(struct esphome *e, const char *key, const char *chip, const char *name) {
    yaml_add(&e->yaml, "sensor", "    %s:\n      name: %s %s\n", key, chip, name);
}

static void quantities(struct esphome *e, const char *chip, bool negative) {
    quantity(e, "current", chip, "Current");
    current_limit(e);
    quantity(e, "voltage", chip, "Voltage");
    voltage_limits(e);
    quantity(e, "power", chip, "Power");
    if (negative)
        yaml_add(&e->yaml, "sensor", "      filters:\n        - multiply: -1\n");
    quantity(e, "energy", chip, "Energy");
    const struct tuya_protections *p = &e->config->protections;
    if (p->over_current_ma || p->over_voltage_v || p->under_voltage_v)
        template_warn(e->out, "protections act only on a calibrated meter and are no replacement "
                              "for a fuse");
}

static int32_t shunt_mohm(const struct esphome *e) {
    int32_t shunt = tuya_config_number(e->config, "resistor", 0);
    if (shunt <= 0)
        shunt = tuya_config_number(e->config, "sample_resistor", 0);
    return shunt;
}

static void pulses(struct esphome *e, int32_t chip) {
    const char *model = chip == CHIP_BL0937 ? "BL0937" : "HLW8012";
    int cf = either(e, "ele_pin", "epin"), cf1 = either(e, "vi_pin", "ivpin");
    int sel = either(e, "sel_pin_pin", "ivcpin");
    int32_t shunt = shunt_mohm(e);
    if (cf < 0 || cf1 < 0 || sel < 0) {
        template_warn(e->out, "%s: a pin of CF, CF1 and SEL is missing, no meter is written",
                      model);
        return;
    }
    bool inverted = chip == CHIP_BL0937;
    yaml_add(&e->yaml, "sensor", "  - platform: hlw8012\n    model: %s\n", model);
    esphome_add_pin(e, "sensor", 4, "cf_pin", cf, inverted);
    esphome_add_pin(e, "sensor", 4, "cf1_pin", cf1, inverted);
    esphome_add_pin(e, "sensor", 4, "sel_pin", sel,
                    tuya_config_number(e->config, "sel_pin_lv", 1) == 1);
    if (shunt <= 0)
        template_warn(e->out, "the shunt is not stored; 1 mOhm is assumed");
    shunt = shunt > 0 ? shunt : 1;
    yaml_add(&e->yaml, "sensor",
             "    voltage_divider: 1600\n    current_resistor: %d.%03d ohm\n"
             "    update_interval: 3s\n    change_mode_every: 2\n",
             (int)(shunt / 1000), (int)(shunt % 1000));
    quantities(e, model, false);
    template_warn(e->out, "voltage_divider 1600 is typical, not measured: calibrate with a known "
                          "voltage (new = 1600 x true / shown)");
    e->components++;
}

static void bl0942(struct esphome *e) {
    char name[8];
    int tx = esphome_gpio(e, "ele_tx", 0), rx = esphome_gpio(e, "ele_rx", 0);
    yaml_add(&e->yaml, "uart", "  id: uart_bus\n");
    yaml_add(&e->yaml, "uart", "  tx_pin: %s\n", tx < 0 ? "TX1" : esphome_pin(e, tx, name));
    yaml_add(&e->yaml, "uart", "  rx_pin: %s\n", rx < 0 ? "RX1" : esphome_pin(e, rx, name));
    yaml_add(&e->yaml, "uart", "  baud_rate: 4800\n  stop_bits: 1\n");
    yaml_add(&e->yaml, "sensor", "  - platform: bl0942\n    uart_id: uart_bus\n");
    quantities(e, "BL0942", true);
    quantity(e, "frequency", "BL0942", "Frequency");
    yaml_add(&e->yaml, "sensor", "      accuracy_decimals: 2\n");
    e->components++;
}

static bool any_meter_key(const struct esphome *e) {
    static const char *const keys[] = {"ele_pin",     "epin",   "vi_pin", "ivpin",
                                       "sel_pin_pin", "ivcpin", "ele_rx", "ele_tx"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (tuya_config_get(e->config, keys[i]))
            return true;
    return false;
}

void esphome_meter(struct esphome *e) {
    int32_t chip = tuya_config_number(e->config, "chip_type", -1);
    if (chip < 0 && !any_meter_key(e))
        return;
    if (chip < 0 && either(e, "ele_pin", "epin") >= 0) {
        template_warn(e->out, "the metering chip is not stored; BL0937 is assumed");
        chip = CHIP_BL0937;
    }
    if (chip == CHIP_BL0937 || chip == CHIP_HLW8012)
        pulses(e, chip);
    else if (chip == CHIP_BL0942)
        bl0942(e);
    else if (chip == CHIP_HLW8032)
        template_warn(e->out, "HLW8032 is not supported");
    else
        template_warn(e->out, "the metering chip is not known (chip_type %d)", (int)chip);
}
