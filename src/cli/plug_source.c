/* Making a virtual plug from a template or a dump; see plug_source.h. */
#include "cli/plug_source.h"

#include "base/suggest.h"
#include "base/text.h"
#include "device/meter/meter.h"
#include "workbench/host/file.h"
#include "workbench/inspector/inspection.h"
#include "workbench/templates/of_inspection.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool no(char *why, size_t size, const char *format, const char *what) {
    snprintf(why, size, format, what);
    return false;
}

/* "Rel;1;0" on a pin. */
static bool pin_from_text(struct plug *plug, unsigned pin, const char *text, char *why,
                          size_t size) {
    char role[32];
    unsigned channel = 0, second = 0;
    struct device *d = &plug->device;
    size_t length = strcspn(text, ";");
    snprintf(role, sizeof role, "%.*s", (int)length, text);
    int id = obk_role_find(role);
    if (id < 0)
        return no(why, size, "unknown pin role \"%s\"", role);
    char *rest = (char *)text + length;
    if (*rest == ';')
        channel = (unsigned)strtoul(rest + 1, &rest, 10);
    if (*rest == ';')
        second = (unsigned)strtoul(rest + 1, &rest, 10);
    if (*rest)
        return no(why, size, "\"%s\" is not Role;channel;second channel", text);
    if (board_set_channel(d, pin, channel) != STATUS_OK ||
        board_set_channel2(d, pin, second) != STATUS_OK ||
        board_set_role(d, pin, (unsigned)id) != STATUS_OK)
        return no(why, size, "no such pin on this chip for \"%s\"", text);
    return true;
}

static bool pins_from_json(struct plug *plug, json_t *pins, char *why, size_t size) {
    const char *key;
    json_t *value;
    json_object_foreach (pins, key, value) {
        char *end;
        unsigned long pin = strtoul(key, &end, 10);
        if (*end || pin >= OBK_PINS_MAX || !json_is_string(value))
            return no(why, size, "pin \"%s\" is no number with a role", key);
        if (!pin_from_text(plug, (unsigned)pin, json_string_value(value), why, size))
            return false;
    }
    return true;
}

/* Without them, the driver's own count. */
static void factors_from_json(struct plug *plug, json_t *calibration) {
    for (size_t i = 0; i < METER_CALS && json_array_size(calibration) == METER_CALS; i++)
        meter_set_factor(&plug->device, (enum meter_calibrated)i,
                         (float)json_number_value(json_array_get(calibration, i)));
}

static bool from_json(struct plug *plug, json_t *root, char *why, size_t size) {
    struct device *d = &plug->device;
    json_t *pins = json_object_get(root, "pins"), *flags = json_object_get(root, "flags");
    const char *command = json_string_value(json_object_get(root, "command"));
    if (!json_is_object(pins))
        return no(why, size, "%s", "the template has no object \"pins\"");
    if (!pins_from_json(plug, pins, why, size))
        return false;
    if (json_is_string(flags))
        settings_set_flags(d, strtoull(json_string_value(flags), NULL, 10));
    else if (json_is_integer(flags))
        settings_set_flags(d, (uint64_t)json_integer_value(flags));
    if (command && setting_parse(d, setting_find("startup"), command) != STATUS_OK)
        return no(why, size, "%s", "the startup command is too long");
    factors_from_json(plug, json_object_get(root, "calibration"));
    settings_save(d);
    plug_restart(plug, HAL_RESET_POWER);
    return true;
}

static bool from_text(struct plug *plug, const char *text, size_t length, char *why, size_t size) {
    json_error_t error;
    json_t *root = json_loadb(text, length, 0, &error);
    if (!root) {
        snprintf(why, size, "no JSON: %s (line %d, column %d)", error.text, error.line,
                 error.column);
        return false;
    }
    bool good = from_json(plug, root, why, size);
    json_decref(root);
    return good;
}

bool plug_source_template(struct plug *plug, const char *path, char *why, size_t why_size) {
    struct file file;
    if (!file_read(path, 1 << 20, &file, why, why_size))
        return false;
    bool good = from_text(plug, (const char *)file.data, file.size, why, why_size);
    file_free(&file);
    return good;
}

static void set_factors(struct device *d, const struct tuya_meter_factors *f) {
    meter_set_factor(d, METER_CAL_VOLTAGE, f->volts);
    meter_set_factor(d, METER_CAL_CURRENT, f->amps);
    meter_set_factor(d, METER_CAL_POWER, f->watts);
    settings_save(d);
}

/* What the stock firmware knew about its meter: thresholds, and the factory's calibration, or at
 * least the shunt when it is not 1 mOhm. */
static void stock_meter(struct plug *plug, const struct inspection *in) {
    struct device *d = &plug->device;
    const struct tuya_config *config = &in->config;
    const struct tuya_protections *p = &config->protections;
    int32_t shunt = tuya_config_number(config, "resistor", 1);
    protection_stock(d, p->over_current_ma, p->over_voltage_v, p->under_voltage_v);
    if (d->metering.driver != &bl0937_driver)
        return;
    const float *usual = bl0937_driver.factor;
    const struct tuya_meter_factors by_shunt = {usual[METER_CAL_VOLTAGE],
                                                usual[METER_CAL_CURRENT] / (float)shunt,
                                                usual[METER_CAL_POWER] / (float)shunt};
    if (in->meter_calibrated)
        set_factors(d, &in->meter_factors);
    else if (shunt >= 2 && shunt <= 10)
        set_factors(d, &by_shunt);
}

static bool from_inspection(struct plug *plug, const struct inspection *in, char *why,
                            size_t size) {
    struct template_output *out = calloc(1, sizeof *out);
    char *buffer = malloc(TEMPLATE_TEXT_SIZE);
    bool good = false;
    if (out && buffer && (in->config_found || in->openbeken_found)) {
        template_start(out, buffer, TEMPLATE_TEXT_SIZE);
        if (template_of_inspection(TEMPLATE_OBK, in, out) == STATUS_OK)
            good = from_text(plug, out->text.data, out->text.length, why, size);
        else
            no(why, size, "%s", out->warning_count ? out->warnings[0] : "no pins in this dump");
    } else {
        no(why, size, "%s", "no pin configuration found in this dump");
    }
    if (good && in->config_found)
        stock_meter(plug, in);
    free(buffer);
    free(out);
    return good;
}

bool plug_source_dump(struct plug *plug, const char *path, char *why, size_t why_size) {
    struct file file;
    if (!file_read(path, FILE_IMAGE_LIMIT, &file, why, why_size))
        return false;
    struct inspection *in = inspection_make(file.data, file.size);
    bool good = in && from_inspection(plug, in, why, why_size);
    if (in)
        inspection_free(in);
    file_free(&file);
    return good;
}

static bool unknown_key(const char *key, char *why, size_t size) {
    struct suggestion s = suggest_start(key);
    for (size_t i = 0; i < settings_count; i++)
        suggest_offer(&s, settings_table[i].name);
    const char *best = suggest_result(&s);
    snprintf(why, size, "unknown setting \"%s\"%s%s%s", key, best ? "; did you mean \"" : "",
             best ? best : "", best ? "\"?" : "");
    return false;
}

/* Number behind a prefix, "P24"; false when it is none. */
static bool numbered(const char *key, const char *prefix, unsigned *n) {
    size_t length = strlen(prefix);
    char *end;
    if (strncmp(key, prefix, length) != 0 || !text_is_digit(key[length]))
        return false;
    *n = (unsigned)strtoul(key + length, &end, 10);
    return *end == 0;
}

bool plug_source_set(struct plug *plug, const char *assignment, char *why, size_t why_size) {
    char key[40];
    size_t length = strcspn(assignment, "=");
    const char *value = assignment + length + 1;
    unsigned n;
    if (assignment[length] != '=' || length >= sizeof key)
        return no(why, why_size, "\"%s\" is not key=value", assignment);
    snprintf(key, sizeof key, "%.*s", (int)length, assignment);
    if (numbered(key, "flag", &n))
        return settings_set_flag(&plug->device, n, value[0] != '0') == STATUS_OK ||
               no(why, why_size, "there is no %s", key);
    if (numbered(key, "ch", &n)) {
        channel_set(&plug->device, (int)n, (int32_t)strtol(value, NULL, 0), 0);
        return channel_valid((int)n) || no(why, why_size, "there is no channel %s", key);
    }
    if (numbered(key, "P", &n))
        return pin_from_text(plug, n, value, why, why_size);
    const struct setting *setting = setting_find(key);
    if (!setting)
        return unknown_key(key, why, why_size);
    enum status status = setting_parse(&plug->device, setting, value);
    return status == STATUS_OK || no(why, why_size, "%s: value out of range", key);
}

bool plug_source_is_bare(const struct plug *plug) {
    for (unsigned pin = 0; pin < plug->device.hal.chip.pins; pin++)
        if (board_role(&plug->device, pin) != OBK_ROLE_NONE)
            return false;
    return true;
}

void plug_source_bare(struct plug *plug) {
    enum { RELAY_PIN = 26, BUTTON_PIN = 24, CHANNEL = 1 };
    struct device *d = &plug->device;
    if (!plug_source_is_bare(plug))
        return;
    board_set_role(d, RELAY_PIN, OBK_ROLE_RELAY);
    board_set_channel(d, RELAY_PIN, CHANNEL);
    board_set_role(d, BUTTON_PIN, OBK_ROLE_BUTTON);
    board_set_channel(d, BUTTON_PIN, CHANNEL);
}
