/* Reading the user's JSON and laying it over a configuration. */
#include "workbench/flasher/obk_block.h"

#include "base/text.h"
#include "codec/openbeken/roles.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Settings that are texts: name in the file, field. */
#define TEXT(name, field)                                                                          \
    { name, offsetof(struct obk_config, field), sizeof((struct obk_config *)0)->field }
static const struct setting {
    const char *name;
    size_t offset, size;
} settings[] = {
    TEXT("wifi_ssid", wifi_ssid),       TEXT("wifi_password", wifi_pass),
    TEXT("wifi_ssid2", wifi_ssid2),     TEXT("wifi_password2", wifi_pass2),
    TEXT("mqtt_host", mqtt_host),       TEXT("mqtt_user", mqtt_user),
    TEXT("mqtt_password", mqtt_pass),   TEXT("mqtt_client", mqtt_client_id),
    TEXT("mqtt_group", mqtt_group),     TEXT("short_name", short_name),
    TEXT("long_name", long_name),       TEXT("ntp_server", ntp_server),
    TEXT("web_password", web_password), TEXT("ping_host", ping_host),
};
enum { SETTINGS = sizeof settings / sizeof *settings };
_Static_assert((int)SETTINGS <= (int)OBK_WISH_TEXTS, "a wish has room for every setting");

void obk_wish_names(char *out, size_t size) {
    struct text text = text_start(out, size);
    for (int i = 0; i < SETTINGS; i++) {
        text_add(&text, settings[i].name);
        text_char(&text, ' ');
    }
    text_add(&text, "mqtt_port flags startup");
}

/* "Role;channel;channel2", channels optional. */
static bool parse_pin(const char *text, struct obk_pin *pin) {
    char role[32];
    size_t length = strcspn(text, ";");
    if (length >= sizeof role)
        return false;
    memcpy(role, text, length);
    role[length] = '\0';
    int id = obk_role_find(role);
    unsigned long channel[2] = {0, 0};
    const char *at = text + length;
    for (int i = 0; i < 2 && *at == ';'; i++) {
        char *end;
        channel[i] = strtoul(at + 1, &end, 10);
        if (end == at + 1 || channel[i] > 127)
            return false;
        at = end;
    }
    *pin = (struct obk_pin){(uint8_t)id, (uint8_t)channel[0], (uint8_t)channel[1]};
    return id >= 0 && *at == '\0';
}

static bool read_pins(const json_t *pins, struct obk_wish *out, char *why, size_t size) {
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)pins, key, value) {
        char *end;
        unsigned long gpio = strtoul(key, &end, 10);
        const char *text = json_string_value(value);
        if (end == key || *end || gpio >= OBK_PINS_MAX) {
            snprintf(why, size, "pins: \"%s\" is no pin number", key);
            return false;
        }
        if (!text || !parse_pin(text, &out->pins[gpio])) {
            snprintf(why, size, "pins: \"%s\" of pin %s is no role with channels (\"Rel;1\")",
                     text ? text : "?", key);
            return false;
        }
    }
    return out->has_pins = true;
}

/* A number, also written as a text. */
static bool number(const json_t *value, uint64_t most, uint64_t *out) {
    char *end = NULL;
    if (json_is_integer(value)) {
        *out = (uint64_t)json_integer_value(value);
        return json_integer_value(value) >= 0 && *out <= most;
    }
    const char *text = json_string_value(value);
    if (!text || !*text || *text == '-')
        return false;
    *out = strtoull(text, &end, 0);
    return *end == '\0' && *out <= most;
}

static bool take_text(const json_t *value, char *out, size_t room, const char *name, char *why,
                      size_t size) {
    const char *text = json_string_value(value);
    if (!text || strlen(text) >= room) {
        snprintf(why, size, "%s: a text of at most %zu bytes is wanted", name, room - 1);
        return false;
    }
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static bool take_number(const char *name, const json_t *value, struct obk_wish *out, char *why,
                        size_t size) {
    bool flags = strcmp(name, "flags") == 0;
    uint64_t n;
    if (!number(value, flags ? UINT32_MAX : 65535, &n)) {
        snprintf(why, size, "%s: a number is wanted", name);
        return false;
    }
    if (flags) {
        out->flags = (uint32_t)n;
        return out->has_flags = true;
    }
    out->mqtt_port = (int32_t)n;
    return out->has_mqtt_port = true;
}

static bool take_startup(const json_t *value, struct obk_wish *out, char *why, size_t size) {
    return out->has_startup =
               take_text(value, out->startup, sizeof out->startup, "startup", why, size);
}

static bool take_setting(const char *name, const json_t *value, struct obk_wish *out, char *why,
                         size_t size) {
    for (int i = 0; i < SETTINGS; i++)
        if (strcmp(settings[i].name, name) == 0)
            return out->has_text[i] =
                       take_text(value, out->text[i], settings[i].size, name, why, size);
    if (strcmp(name, "mqtt_port") == 0 || strcmp(name, "flags") == 0)
        return take_number(name, value, out, why, size);
    if (strcmp(name, "startup") == 0)
        return take_startup(value, out, why, size);
    char names[512];
    obk_wish_names(names, sizeof names);
    snprintf(why, size, "no setting \"%s\"; there are %s", name, names);
    return false;
}

/* Three factors, as `inspect --template` and MeterFactors give them. */
static bool take_calibration(const json_t *value, struct obk_wish *out, char *why, size_t size) {
    for (size_t i = 0; i < 3; i++) {
        double factor = json_number_value(json_array_get(value, i));
        if (json_array_size(value) != 3 || !(factor > 1e-9 && factor < 1e9)) {
            snprintf(why, size, "calibration: three positive numbers are wanted (V, A, W)");
            return false;
        }
        out->calibration[i] = (float)factor;
    }
    return out->has_calibration = true;
}

static json_t *load(const char *path, char *why, size_t size) {
    json_error_t error;
    json_t *json = json_load_file(path, 0, &error);
    if (json_is_object(json))
        return json;
    if (json)
        snprintf(why, size, "%s: not a JSON object", path);
    else if (error.line < 0)
        snprintf(why, size, "%s", error.text); /* it names the file */
    else
        snprintf(why, size, "%s: line %d: %s", path, error.line, error.text);
    json_decref(json);
    return NULL;
}

static bool read_template(const char *path, struct obk_wish *out, char *why, size_t size) {
    json_t *json = load(path, why, size);
    if (!json)
        return false;
    const json_t *pins = json_object_get(json, "pins");
    const json_t *command = json_object_get(json, "command");
    const json_t *flags = json_object_get(json, "flags");
    const json_t *calibration = json_object_get(json, "calibration");
    bool good = json_is_object(pins);
    if (!good)
        snprintf(why, size, "%s: no \"pins\"; is it a template of OpenBeken?", path);
    good = good && read_pins(pins, out, why, size);
    if (good && json_is_string(command) && *json_string_value(command))
        good = take_startup(command, out, why, size);
    if (good && flags)
        good = take_number("flags", flags, out, why, size);
    if (good && calibration)
        good = take_calibration(calibration, out, why, size);
    json_decref(json);
    return good;
}

static bool read_settings(const char *path, struct obk_wish *out, char *why, size_t size) {
    json_t *json = load(path, why, size), *value;
    const char *key;
    bool good = json != NULL;
    json_object_foreach (json, key, value) {
        good = good && take_setting(key, value, out, why, size);
    }
    json_decref(json);
    return good;
}

bool obk_wish_read(const char *template_path, const char *settings_path, struct obk_wish *out,
                   char *why, size_t why_size) {
    memset(out, 0, sizeof *out);
    return (!template_path || read_template(template_path, out, why, why_size)) &&
           (!settings_path || read_settings(settings_path, out, why, why_size));
}

/* --- the block --- */

/* Copies with every "{label}" replaced; false when it does not fit. */
static bool expand(const char *from, const char *label, char *to, size_t room) {
    static const char mark[] = "{label}";
    size_t at = 0;
    while (*from) {
        const char *piece = from;
        size_t length = 1;
        if (label && strncmp(from, mark, sizeof mark - 1) == 0) {
            piece = label;
            length = strlen(label);
            from += sizeof mark - 1;
        } else
            from++;
        if (at + length >= room)
            return false;
        memcpy(to + at, piece, length);
        at += length;
    }
    to[at] = '\0';
    return true;
}

static bool lay_over(const struct obk_wish *wish, const char *label, struct obk_config *config,
                     char *why, size_t size) {
    if (wish->has_pins)
        memcpy(config->pins, wish->pins, sizeof config->pins);
    if (wish->has_flags)
        config->flags = wish->flags;
    if (wish->has_calibration)
        memcpy(config->calibration, wish->calibration, sizeof wish->calibration);
    if (wish->has_mqtt_port)
        config->mqtt_port = wish->mqtt_port;
    if (wish->has_startup)
        memcpy(config->startup, wish->startup, sizeof config->startup);
    for (int i = 0; i < SETTINGS; i++)
        if (wish->has_text[i] &&
            !expand(wish->text[i], label, (char *)config + settings[i].offset, settings[i].size)) {
            snprintf(why, size, "%s is too long with the label \"%s\"", settings[i].name, label);
            return false;
        }
    return true;
}

static int count_pins(const struct obk_config *config) {
    int count = 0;
    for (int i = 0; i < config->pin_count; i++)
        count += config->pins[i].role != 0;
    return count;
}

bool obk_block_make(const struct obk_wish *wish, const char *chip, const uint8_t *mac,
                    const char *label, const uint8_t *present, uint8_t *block, char *why,
                    size_t why_size) {
    const struct obk_chip *row = obk_chip_find(chip);
    struct obk_config *config = malloc(sizeof *config);
    bool kept = false, good = false;
    if (!row || !config)
        snprintf(why, why_size, "OpenBeken's configuration for %s is not known", chip);
    else if (!(kept = obk_config_decode(present, OBK_CONFIG_SIZE, row->group, config, NULL) ==
                      STATUS_OK) &&
             !mac)
        snprintf(why, why_size,
                 "a new configuration needs the MAC, and the RF block has none; "
                 "plugsmith repair --rf --mac first");
    else {
        if (!kept)
            obk_config_defaults(config, row, mac);
        for (int i = row->pins; wish->has_pins && i < OBK_PINS_MAX; i++)
            if (wish->pins[i].role) {
                snprintf(why, why_size, "the template uses pin %d; %s has %d", i, chip, row->pins);
                free(config);
                return false;
            }
        good = lay_over(wish, label, config, why, why_size) &&
               obk_config_encode(config, block, OBK_CONFIG_SIZE) > 0;
        if (good)
            snprintf(why, why_size, "%s, %d pins, name %s, network %s",
                     kept ? "kept and changed" : "new", count_pins(config), config->short_name,
                     config->wifi_ssid[0] ? config->wifi_ssid : "none");
    }
    free(config);
    return good;
}
