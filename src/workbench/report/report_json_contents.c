/* The report for programs, second half: stores, configuration, module, templates, secrets. */
#include "codec/openbeken/roles.h"
#include "codec/tuya/loose.h"
#include "workbench/report/json_help.h"
#include "workbench/report/report_json.h"
#include "workbench/templates/of_inspection.h"

#include <stdlib.h>

enum { DIGITS_MAX = 18 };

/* A bare decimal becomes a number, everything else a string. */
static json_t *number_or_text(const char *text) {
    if (!text)
        return json_null();
    size_t length = strlen(text);
    bool number = length <= DIGITS_MAX && loose_is_number(text, length);
    return number ? json_integer(strtoll(text, NULL, 10)) : json_text(text);
}

static json_t *member_json(const struct tuya_member *member) {
    if (member->kind == TUYA_NUMBER)
        return number_or_text(member->value);
    json_t *nested =
        member->kind == TUYA_NESTED ? json_loads(member->value, JSON_DECODE_ANY, NULL) : NULL;
    return nested ? nested : json_text(member->value);
}

static json_t *param_json(const struct inspection *in) {
    if (!in->config_found)
        return json_null();
    json_t *param = json_object();
    for (size_t i = 0; i < in->config.member_count; i++) {
        json_t *value = member_json(&in->config.members[i]);
        if (json_object_set_new(param, in->config.members[i].key, value) != 0) {
            json_t *key = json_text(in->config.members[i].key);
            json_object_set_new(param, json_string_value(key), member_json(&in->config.members[i]));
            json_decref(key);
        }
    }
    return param;
}

static json_t *storage_json(const struct inspection *in) {
    const struct storage *st = &in->storage;
    json_t *storage, *keys, *blocks;
    if (!st->found)
        return json_null();
    storage = json_object();
    keys = json_array();
    blocks = json_array();
    json_put(storage, "offset", json_size(st->offset));
    json_put(storage, "key_variant", json_text(st->key_variant));
    json_put(storage, "layout", json_text(st->data_magic == KV_MAGIC_OS3 ? "os3" : "classic"));
    json_put(storage, "data_sectors", json_integer(st->data_sectors));
    json_put(storage, "logical_blocks", json_integer(st->logical_blocks));
    for (int i = 0; i < st->key_count; i++) {
        json_t *key = json_object();
        json_put(key, "name", json_text(st->key[i].name));
        json_put(key, "length", json_integer(st->key[i].length));
        json_put(key, "checksum_ok", json_boolean(st->key[i].checksum_ok));
        json_put(key, "newest", json_boolean(st->key[i].newest));
        json_array_append_new(keys, key);
    }
    for (int i = 0; i < st->protected_count; i++)
        json_array_append_new(blocks, json_size(st->protected_block[i].offset));
    json_put(storage, "keys", keys);
    json_put(storage, "protected_blocks", blocks);
    return storage;
}

static json_t *user_files_json(const struct inspection *in) {
    const struct storage_uf *uf = &in->storage.uf;
    json_t *files = json_array();
    for (int i = 0; uf->found && i < uf->files.count; i++) {
        json_t *file = json_object();
        json_put(file, "name", json_text(uf->files.file[i].name));
        json_put(file, "size", json_integer(uf->files.file[i].size));
        json_put(file, "block", json_integer(uf->files.file[i].block));
        json_array_append_new(files, file);
    }
    return files;
}

static void put_limit(json_t *object, const char *key, int32_t value) {
    if (value)
        json_put(object, key, json_integer(value));
}

static json_t *factors_json(const struct inspection *in) {
    if (!in->meter_calibrated)
        return json_null();
    json_t *factors = json_object();
    json_put(factors, "volts_per_hz", json_real((double)in->meter_factors.volts));
    json_put(factors, "amps_per_hz", json_real((double)in->meter_factors.amps));
    json_put(factors, "watts_per_hz", json_real((double)in->meter_factors.watts));
    return factors;
}

static json_t *config_json(const struct inspection *in) {
    const struct tuya_protections *p = &in->config.protections;
    json_t *config = json_object(), *protections = json_object();
    json_put(config, "source", json_text_or_null(in->config_source));
    json_put(config, "where", json_text_or_null(in->storage.param.where));
    json_put(config, "user_param_key", param_json(in));
    json_put(config, "baud", number_or_text(in->config.baud));
    json_put(config, "module", json_text(in->config.module));
    json_put(config, "platform", json_text(in->config.platform));
    put_limit(protections, "over_current_ma", p->over_current_ma);
    put_limit(protections, "over_voltage_v", p->over_voltage_v);
    put_limit(protections, "under_voltage_v", p->under_voltage_v);
    put_limit(protections, "working_voltage_v", p->working_voltage_v);
    put_limit(protections, "battery_max_mv", p->battery_max_mv);
    put_limit(protections, "battery_min_mv", p->battery_min_mv);
    json_put(config, "protections", protections);
    json_put(config, "meter_factors", factors_json(in));
    return config;
}

static const char *role_of(const struct inspection *in, int gpio) {
    for (size_t i = 0; gpio >= 0 && i < in->uses.count; i++)
        if (in->uses.use[i].gpio == gpio)
            return in->uses.use[i].role;
    return NULL;
}

static json_t *pads_json(const struct inspection *in) {
    static const char *const uses[] = {"none",  "gpio", "power", "ground",
                                       "reset", "rx",   "tx",    "other"};
    struct module_pad pads[MODULE_PADS_MAX];
    json_t *array = json_array();
    size_t count = in->module ? module_pads(in->module, pads) : 0;
    for (size_t i = 0; i < count; i++) {
        json_t *pad = json_object();
        json_put(pad, "pad", json_text(pads[i].name));
        json_put(pad, "label", json_text(pads[i].label));
        json_put(pad, "gpio", pads[i].gpio < 0 ? json_null() : json_integer(pads[i].gpio));
        json_put(pad, "use", json_text(uses[pads[i].use]));
        json_put(pad, "test_pad", json_boolean(pads[i].test_pad));
        json_put(pad, "role", json_text(role_of(in, pads[i].gpio)));
        json_array_append_new(array, pad);
    }
    return array;
}

static json_t *module_json(const struct inspection *in) {
    json_t *module = json_object();
    json_put(module, "name", json_text(in->module_name));
    json_put(module, "source", json_text_or_null(in->module_source));
    json_put(module, "mcu", json_text(in->module ? in->module->mcu : in->chip));
    json_put(module, "board", json_text(in->module ? in->module->name : NULL));
    json_put(module, "pins", pads_json(in));
    return module;
}

static json_t *uses_json(const struct inspection *in) {
    json_t *array = json_array();
    for (size_t i = 0; i < in->uses.count; i++) {
        json_t *use = json_object();
        json_put(use, "gpio", json_integer(in->uses.use[i].gpio));
        json_put(use, "role", json_text(in->uses.use[i].role));
        json_put(use, "words", json_text(in->uses.use[i].words));
        json_array_append_new(array, use);
    }
    return array;
}

static json_t *schema_json(const struct inspection *in) {
    json_t *array = json_array();
    for (size_t i = 0; i < in->schema_count; i++) {
        const struct schema_datapoint *d = &in->schema[i];
        json_t *row = json_object();
        json_put(row, "id", json_integer(d->id));
        json_put(row, "type", json_text(schema_type_name(d->type)));
        json_put(row, "mode", json_text(d->mode));
        json_put(row, "min", json_integer(d->least));
        json_put(row, "max", json_integer(d->most));
        json_put(row, "step", json_integer(d->step));
        json_put(row, "scale", json_integer(d->scale));
        json_put(row, "unit", json_text(d->unit));
        json_put(row, "range", json_text(d->range));
        json_array_append_new(array, row);
    }
    return array;
}

static json_t *templates_json(const struct inspection *in) {
    json_t *templates = json_object();
    char *buffer = malloc(TEMPLATE_TEXT_SIZE);
    struct template_output *out = malloc(sizeof *out);
    bool any = in->config_found || in->config.baud || in->openbeken_found;
    for (int kind = 0; buffer && out && any && kind < TEMPLATE_KIND_COUNT; kind++) {
        template_start(out, buffer, TEMPLATE_TEXT_SIZE);
        if (template_of_inspection((enum template_kind)kind, in, out) != STATUS_OK)
            continue;
        json_t *value = kind == TEMPLATE_ESPHOME ? NULL : json_loads(buffer, 0, NULL);
        json_put(templates, template_kind_name((enum template_kind)kind),
                 value ? value : json_text(buffer));
    }
    free(buffer);
    free(out);
    return templates;
}

static json_t *secrets_json(const struct inspection *in, bool reveal) {
    json_t *array = json_array();
    char value[512];
    for (int i = 0; i < in->secret_count; i++) {
        const struct secret *s = &in->secret[i];
        struct text text = text_start(value, sizeof value);
        json_t *row = json_object();
        inspection_secret_text(s, reveal, &text);
        json_put(row, "kind", json_text(secret_kind_name(s->kind)));
        json_put(row, "where", json_text(s->where));
        json_put(row, "member", json_text_or_null(s->member));
        json_put(row, "length", json_size(s->length));
        json_put(row, "value", json_text(value));
        json_array_append_new(array, row);
    }
    return array;
}

static json_t *openbeken_pins_json(const struct obk_config *c) {
    json_t *array = json_array();
    for (int gpio = 0; gpio < c->pin_count; gpio++) {
        if (!c->pins[gpio].role)
            continue;
        const char *name = obk_role_name(c->pins[gpio].role);
        json_t *pin = json_object();
        json_put(pin, "gpio", json_integer(gpio));
        json_put(pin, "role", json_text(name ? name : "unknown"));
        json_put(pin, "role_id", json_integer(c->pins[gpio].role));
        json_put(pin, "channel", json_integer(c->pins[gpio].channel));
        json_put(pin, "channel2", json_integer(c->pins[gpio].channel2));
        json_array_append_new(array, pin);
    }
    return array;
}

static json_t *openbeken_json(const struct inspection *in) {
    const struct obk_config *c = &in->openbeken;
    if (!in->openbeken_found)
        return json_null();
    json_t *config = json_object();
    json_put(config, "offset", json_size(in->openbeken_offset));
    json_put(config, "in_easyflash", json_boolean(in->openbeken_in_easyflash));
    json_put(config, "version", json_integer(c->version));
    json_put(config, "flags", json_integer(c->flags));
    json_put(config, "short_name", json_text(c->short_name));
    json_put(config, "long_name", json_text(c->long_name));
    json_put(config, "startup", json_text(c->startup));
    json_put(config, "mqtt_client_id", json_text(c->mqtt_client_id));
    json_put(config, "pins", openbeken_pins_json(c));
    return config;
}

static json_t *counters_json(const struct inspection *in) {
    const struct obk_counters *c = &in->counters;
    if (!in->counters_found)
        return json_null();
    json_t *object = json_object();
    json_put(object, "boots", json_integer(c->boots));
    json_put(object, "boots_completed", json_integer(c->completed));
    json_put(object, "energy_total_wh", json_real((double)c->total_wh));
    json_put(object, "energy_today_wh", json_real((double)c->today_wh));
    json_put(object, "energy_yesterday_wh", json_real((double)c->yesterday_wh));
    return object;
}

static json_t *files_json(const struct inspection *in) {
    json_t *array = json_array();
    for (size_t i = 0; i < in->file_count; i++) {
        json_t *file = json_object();
        json_put(file, "path", json_text(in->file[i].path));
        json_put(file, "folder", json_boolean(in->file[i].folder));
        json_put(file, "size", json_integer(in->file[i].size));
        json_array_append_new(array, file);
    }
    return array;
}

void report_json_contents(json_t *root, const struct inspection *in,
                          const struct report_options *o) {
    json_put(root, "storage", storage_json(in));
    json_put(root, "user_files", user_files_json(in));
    json_put(root, "openbeken", openbeken_json(in));
    json_put(root, "counters", counters_json(in));
    json_put(root, "files", files_json(in));
    json_put(root, "config", config_json(in));
    json_put(root, "module", module_json(in));
    json_put(root, "pins", uses_json(in));
    json_put(root, "emulation", report_json_emulation(in));
    json_put(root, "description", json_lines(&in->description));
    json_put(root, "details", json_lines(&in->details));
    json_put(root, "reasons", json_lines(&in->why));
    json_put(root, "datapoints", schema_json(in));
    json_put(root, "templates", templates_json(in));
    json_put(root, "secrets", secrets_json(in, o->reveal));
    json_put(root, "warnings", json_lines(&in->warnings));
    json_put(root, "next", json_lines(&in->next));
}
