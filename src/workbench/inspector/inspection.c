/* Assembling an inspection: each step reads what the former ones found. */
#include "workbench/inspector/inspection.h"

#include "codec/tuya/describe.h"
#include "codec/tuya/loose.h"
#include "codec/tuya/platform.h"
#include "codec/tuya/wake_pins.h"
#include "workbench/emulator/recovery.h"

#include <stdio.h>
#include <stdlib.h>

static void add_line(void *context, const char *text) {
    lines_add(context, "%s", text);
}

static const struct storage_key *text_key(const struct inspection *in, const char *name,
                                          size_t *length) {
    const struct storage_key *key = storage_get(&in->storage, name);
    *length = key ? storage_text_length(key->value, key->length) : SIZE_MAX;
    return *length == SIZE_MAX || *length == 0 ? NULL : key;
}

static void read_platform(struct inspection *in) {
    size_t length;
    char platform[32];
    const struct storage_key *key = text_key(in, "em_sys_env", &length);
    if (!key)
        return;
    struct text text = text_start(platform, sizeof platform);
    text_add_n(&text, (const char *)key->value, length);
    tuya_config_set_platform(&in->config, platform);
}

/* The configuration out of the stores. */
static void read_stored_config(struct inspection *in, struct loose_node *nodes) {
    static const char *const bauds[] = {"baud_cfg", "uart_adapt_params"};
    const struct storage_param *param = &in->storage.param;
    in->config_source = "";
    tuya_config_start(&in->config);
    if (param->source != STORAGE_SOURCE_NONE &&
        tuya_config_read(&in->config, param->text, param->length, nodes, NULL) == STATUS_OK) {
        in->config_found = in->config.member_count > 0;
        in->config_source = storage_source_name(param->source);
    }
    for (int i = 0; i < 2 && !in->config.baud; i++) {
        size_t length;
        const struct storage_key *key = text_key(in, bauds[i], &length);
        if (key)
            tuya_config_read_baud(&in->config, (const char *)key->value, length, nodes);
    }
    read_platform(in);
    tuya_config_finish(&in->config);
    /* a note in one firmware's own form, not the configuration itself */
    bool note = param->where && strcmp(param->where, WAKE_PINS_FILE) == 0;
    for (size_t i = 0; note && i < in->config.pin_count; i++)
        in->config.pins[i].certainty = TUYA_LIKELY;
}

static void read_text(struct inspection *in) {
    in->text_found = text_source_read(in->data, in->size, &in->config, &in->text);
    in->config_found = in->text_found && in->config.member_count > 0;
    if (in->text_found)
        in->config_source = text_source_name(in->text.source);
}

static void read_schema(struct inspection *in, struct loose_node *nodes) {
    struct schema_datapoint rows[SCHEMA_DATAPOINTS_MAX];
    for (int i = 0; i < in->storage.key_count; i++) {
        const struct storage_key *key = &in->storage.key[i];
        size_t length = storage_text_length(key->value, key->length);
        if (length == SIZE_MAX || length < 2 || key->value[0] != '[')
            continue;
        bool truncated;
        size_t count = schema_read((const char *)key->value, length, nodes, TUYA_NODES_MAX, rows,
                                   SCHEMA_DATAPOINTS_MAX, &truncated);
        if (count <= in->schema_count)
            continue;
        memcpy(in->schema, rows, count * sizeof *rows);
        in->schema_count = count;
        in->schema_key = key->name;
    }
}

static void choose_chip(struct inspection *in) {
    const struct tuya_config *c = &in->config;
    const char *other = c->platform ? tuya_chip_of_platform(c->platform) : NULL;
    const char *by = other ? "storage names the platform" : NULL;
    const char *what = c->platform;
    if (!other && c->module) {
        other = tuya_chip_of_module(c->module);
        by = "configuration names the module";
        what = c->module;
    }
    in->chip = in->survey.chip ? in->survey.chip->name : other;
    if (other && what)
        snprintf(in->chip_evidence, sizeof in->chip_evidence, "%s %.24s: %s", by, what, other);
}

static void choose_module(struct inspection *in) {
    in->module_name = in->config.module;
    in->module_source = in->config.module ? "configuration" : "";
    in->module = in->config.module ? module_find(in->config.module) : NULL;
    if (in->module || !in->chip)
        return;
    in->module = module_generic(in->chip);
    if (in->module && !in->module_name)
        in->module_source = "chip";
}

static void add_openbeken_uses(struct inspection *in) {
    for (int gpio = 0; in->openbeken_found && gpio < in->openbeken.pin_count; gpio++)
        if (in->openbeken.pins[gpio].role)
            pin_uses_add(&in->uses, gpio, in->openbeken.pins[gpio].role,
                         in->openbeken.pins[gpio].channel);
}

static void describe(struct inspection *in) {
    const struct line_sink lines = {add_line, &in->description}, more = {add_line, &in->details};
    bool storage = in->storage.found;
    if (!storage && !in->config_found && !in->text_found)
        return;
    tuya_describe(&in->config, storage ? (int64_t)in->storage.offset : -1, &lines);
    tuya_describe_more(&in->config, &more);
    inspection_find_meter(in);
}

/* A file that begins behind the bootloader is read as it is; one that wraps anywhere else cuts
 * regions in two, and is turned first. */
static bool survey_turned(struct inspection *in) {
    struct survey *s = &in->survey;
    if (!survey_image(in->data, in->size, s))
        return false;
    bool doubled = s->doubled;
    while (s->doubled) {
        in->size /= 2;
        survey_free(s);
        if (!survey_image(in->data, in->size, s))
            return false;
    }
    s->doubled = doubled;
    if (!s->turned || s->origin == BEKEN_APP_OFFSET)
        return true;
    size_t behind = (size_t)s->origin, rest = in->size - behind;
    in->turned_by = s->origin;
    in->turned = malloc(in->size);
    if (!in->turned)
        return false;
    memcpy(in->turned, in->data + rest, behind);
    memcpy(in->turned + behind, in->data, rest);
    in->data = in->turned;
    survey_free(s);
    return survey_image(in->data, in->size, s);
}

static bool read_all(struct inspection *in) {
    struct loose_node *nodes = malloc(TUYA_NODES_MAX * sizeof *nodes);
    bool ok = nodes && survey_turned(in);
    enum image_kind kind = in->survey.kind;
    bool text = kind == IMAGE_TEXT, nothing = kind == IMAGE_FOREIGN || kind == IMAGE_BLANK;
    in->config_source = "";
    if (ok && text)
        read_text(in);
    if (ok && !text && !nothing) {
        ok = storage_find(in->data, in->size, &in->storage);
        if (ok)
            storage_find_in_code(&in->storage, in->survey.code);
        read_stored_config(in, nodes);
        read_schema(in, nodes);
        inspection_read_openbeken(in);
    }
    free(nodes);
    return ok;
}

struct inspection *inspection_make(const uint8_t *data, size_t size) {
    return inspection_make_booted(data, size, INSPECTION_BOOT_NEVER, NULL);
}

struct inspection *inspection_make_booted(const uint8_t *data, size_t size,
                                          enum inspection_boot when,
                                          const struct recovery_progress *progress) {
    struct inspection *in = calloc(1, sizeof *in);
    if (!in)
        return NULL;
    in->data = in->file_data = data;
    in->size = in->file_size = size;
    tuya_config_start(&in->config);
    if (!read_all(in)) {
        inspection_free(in);
        return NULL;
    }
    inspection_emulate(in, when, progress);
    choose_chip(in);
    choose_module(in);
    pin_uses_of_config(&in->uses, &in->config);
    add_openbeken_uses(in);
    describe(in);
    inspection_read_regions(in);
    inspection_find_secrets(in);
    inspection_judge_health(in);
    inspection_advise(in);
    return in;
}

void inspection_free(struct inspection *in) {
    if (!in)
        return;
    storage_free(&in->storage);
    survey_free(&in->survey);
    struct lines *const all[8] = {&in->damage, &in->repair, &in->description, &in->details,
                                  &in->why,    &in->next,   &in->warnings,    &in->booted};
    for (int i = 0; i < 8; i++)
        lines_free(all[i]);
    recovery_free(in->recovery);
    free(in->sector_kind);
    free(in->turned);
    free(in);
}
