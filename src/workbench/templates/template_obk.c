/* The JSON template of OpenBeken's web application: one pin per GPIO as "Role;channel", and a
 * start-up command for what pins alone do not say (meter, protections, light driver, battery,
 * TuyaMCU). Format: OpenBekenIOT/webapp: schema.json, templateParser.js. */
#include "codec/openbeken/roles.h"
#include "codec/tuya/describe.h"
#include "codec/tuya/loose.h"
#include "workbench/templates/obk_frame.h"
#include "workbench/templates/template.h"
#include <stdio.h>
#include <string.h>

#define COMMAND_LIMIT 511 /* of the web application's schema */

/* The pin that decides a GPIO: the last one with a role, as later keys win. */
static const struct tuya_pin *pin_of(const struct tuya_config *config, unsigned gpio,
                                     struct template_output *out) {
    const struct tuya_pin *found = NULL;
    for (size_t i = 0; i < config->pin_count; i++) {
        const struct tuya_pin *pin = &config->pins[i];
        if (pin->gpio != gpio || !pin->role)
            continue;
        if (found && found->role != pin->role)
            template_warn(out, "P%u is claimed by %s and %s; %s is used", gpio, found->key,
                          pin->key, pin->key);
        found = pin;
    }
    return found;
}

static bool has_role(const struct tuya_config *config, unsigned role) {
    for (size_t i = 0; i < config->pin_count; i++)
        if (config->pins[i].role == role)
            return true;
    return false;
}

static void pin_warnings(const struct tuya_config *config, struct template_output *out) {
    for (size_t i = 0; i < config->pin_count; i++) {
        const struct tuya_pin *pin = &config->pins[i];
        const char *role = obk_role_name(pin->role);
        if (!pin->role)
            template_warn(out, "P%u (%s, %s) has no matching role and is left out", pin->gpio,
                          pin->key, pin->function);
        else if (pin->certainty == TUYA_GUESS)
            template_warn(out, "P%u (%s): %s is a guess, check it", pin->gpio, pin->key, role);
        else if (pin->certainty == TUYA_LIKELY)
            template_warn(out, "P%u (%s): %s is likely, not certain", pin->gpio, pin->key, role);
    }
}

static void pins(const struct tuya_config *config, struct template_output *out) {
    int count = 0;
    obk_frame_pins_open(&out->text);
    for (int gpio = 0; gpio < 64; gpio++) {
        const struct tuya_pin *pin = pin_of(config, (unsigned)gpio, out);
        if (pin)
            obk_frame_pin(&out->text, count++, gpio, obk_role_name(pin->role), pin->channel, 0);
    }
    obk_frame_pins_close(&out->text, count);
}

/* Adds "; command" to a backlog. */
static void command(struct text *out, const char *what) {
    text_add(out, out->length ? "; " : "backlog ");
    text_add(out, what);
}

static void driver_commands(const struct tuya_config *config, struct text *out) {
    struct tuya_gui_roles roles;
    tuya_gui_roles(config, &roles);
    for (char *line = roles.startup; *line;) {
        char *end = strstr(line, "\r\n");
        if (!end)
            break;
        *end = '\0';
        command(out, line);
        line = end + 2;
    }
}

static void meter_commands(const struct template_input *in, struct text *out,
                           struct template_output *warn) {
    const struct tuya_config *config = in->config;
    int32_t chip = tuya_config_number(config, "chip_type", -1);
    if (chip == 3) {
        command(out, "startDriver BL0942");
        if (tuya_config_number(config, "ele_rx", 10) == 1)
            template_warn(warn, "BL0942 is on the second UART: set flag 26");
    } else if (chip == 2) {
        template_warn(warn, "HLW8032: no driver of OpenBeken reads it");
    } else if (has_role(config, OBK_ROLE_BL0937CF)) {
        if (chip == 1)
            template_warn(warn, "HLW8012: the BL0937 driver reads it%s",
                          in->factors ? "" : ", calibrate afterwards");
        if (in->factors)
            template_warn(warn, "\"calibration\" is the factory's: flash --template puts it into "
                                "the plug; the web application does not, use PowerSet there");
        else
            template_warn(warn, "metering is not calibrated: use PowerSet, VoltageSet and "
                                "CurrentSet with a known load");
    }
}

static void other_commands(const struct tuya_config *config, struct text *out) {
    const struct tuya_protections *p = &config->protections;
    char line[80];
    if (has_role(config, OBK_ROLE_BAT_ADC)) {
        command(out, "startDriver Battery");
        if (p->battery_min_mv && p->battery_max_mv) {
            (void)snprintf(line, sizeof line, "Battery_Setup %d %d 2", (int)p->battery_min_mv,
                           (int)p->battery_max_mv);
            command(out, line);
        }
    }
    int32_t pulse = tuya_config_number(config, "rl1_drvtime", 0);
    if (has_role(config, OBK_ROLE_BRIDGE_FWD) && pulse >= 5 && pulse <= 10000) {
        (void)snprintf(line, sizeof line, "BridgePulseLength %d", (int)pulse);
        command(out, line);
    }
    if (has_role(config, OBK_ROLE_SM16703P_DIN))
        command(out, "startDriver SM16703P");
}

/* Limits become handlers that open the relays: current in mA, voltage in V, both as integers. They
 * fire on the way into the range only, so a reading of 0 V at the start opens nothing. */
static void protection_commands(const struct tuya_config *config, struct text *out,
                                struct template_output *warn) {
    const struct tuya_protections *p = &config->protections;
    const struct {
        const char *variable;
        char relation;
        int32_t limit;
    } limits[] = {{"Current", '>', p->over_current_ma},
                  {"Voltage", '>', p->over_voltage_v},
                  {"Voltage", '<', p->under_voltage_v}};
    bool any = false;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (!limits[i].limit)
            continue;
        char line[80];
        (void)snprintf(line, sizeof line, "addChangeHandler %s %c %d POWERALL 0",
                       limits[i].variable, limits[i].relation, (int)limits[i].limit);
        command(out, line);
        any = true;
    }
    if (any)
        template_warn(warn, "protections act only on a calibrated meter and are no replacement "
                            "for a fuse");
}

static bool is_mcu(const struct tuya_config *config) {
    return config->baud && tuya_config_number(config, "chip_type", -1) != 3;
}

static void mcu_commands(const struct tuya_config *config, struct text *out,
                         struct template_output *warn) {
    char line[64];
    if (!is_mcu(config))
        return;
    command(out, "startDriver TuyaMCU");
    if (loose_is_number(config->baud, strlen(config->baud))) {
        (void)snprintf(line, sizeof line, "tuyaMcu_setBaudRate %s", config->baud);
        command(out, line);
    }
    template_warn(warn, "TuyaMCU device: map its datapoints with linkTuyaMCUOutputToChannel");
}

static const char *chip_of(const struct template_input *in, struct template_output *out) {
    if (in->config->chip)
        return in->config->chip;
    if (in->chip)
        return in->chip;
    template_warn(out, "the chip is not known; BK7231N is assumed");
    return "BK7231N";
}

static bool has_metering(const struct tuya_config *config) {
    return has_role(config, OBK_ROLE_BL0937CF) || tuya_config_number(config, "chip_type", -1) == 3;
}

enum status template_obk(const struct template_input *in, struct template_output *out) {
    const struct tuya_config *config = in->config;
    char commands[2048];
    struct text startup = text_start(commands, sizeof commands);
    if (!config->pin_count && !is_mcu(config)) {
        template_warn(out, "no pins and no TuyaMCU: there is nothing to write a template from");
        return STATUS_NOT_FOUND;
    }
    driver_commands(config, &startup);
    meter_commands(in, &startup, out);
    other_commands(config, &startup);
    if (has_metering(config))
        protection_commands(config, &startup, out);
    mcu_commands(config, &startup, out);
    obk_frame_open(&out->text, in->name, chip_of(in, out), config->module);
    pin_warnings(config, out);
    pins(config, out);
    if (in->factors && has_role(config, OBK_ROLE_BL0937CF))
        obk_frame_calibration(
            &out->text, (const float[]){in->factors->volts, in->factors->amps, in->factors->watts});
    obk_frame_close(&out->text, commands);
    if (startup.length > COMMAND_LIMIT)
        template_warn(out,
                      "the start-up command is longer than the %d characters the web "
                      "application takes",
                      COMMAND_LIMIT);
    return STATUS_OK;
}
