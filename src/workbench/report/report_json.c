/* The report for programs, first half: file, chip, regions, code, health. Members and their meaning
 * are documented in docs/reference/inspect-json.md. */
#include "workbench/report/report_json.h"

#include "workbench/host/crypto.h"
#include "workbench/report/json_help.h"

static json_t *file_json(const struct inspection *in, const struct report_options *o) {
    char digest[65];
    sha256_hex(in->file_data, in->file_size, digest);
    json_t *file = json_object();
    json_put(file, "path", json_text(o->path));
    json_put(file, "kind", json_text(image_kind_name(in->survey.kind)));
    json_put(file, "size", json_size(in->file_size));
    json_put(file, "sha256", json_text(digest));
    json_put(file, "packed", json_text(o->packed));
    json_put(file, "flash_address",
             json_integer(in->turned_by ? in->turned_by : in->survey.origin));
    json_put(file, "turned", json_boolean(in->survey.turned));
    return file;
}

/* Chips that share silicon go by the best known one. */
static const char *family_of(const char *chip) {
    return chip && (strcmp(chip, "BK7231M") == 0 || strcmp(chip, "BL2028N") == 0) ? "BK7231N"
                                                                                  : chip;
}

static json_t *chip_json(const struct inspection *in) {
    json_t *chip = json_object(), *evidence = json_array();
    for (int i = 0; i < in->survey.evidence_count; i++)
        json_array_append_new(evidence, json_text(in->survey.evidence[i]));
    if (*in->chip_evidence)
        json_array_append_new(evidence, json_text(in->chip_evidence));
    json_put(chip, "family", json_text(family_of(in->chip)));
    json_put(chip, "name", json_text(in->chip));
    json_put(chip, "evidence", evidence);
    return chip;
}

static json_t *regions_json(const struct inspection *in) {
    json_t *regions = json_array();
    for (int i = 0; i < in->region_count; i++) {
        const struct region *r = &in->region[i];
        json_t *region = json_object();
        json_put(region, "name", json_text(region_rows[r->kind].name));
        json_put(region, "offset", json_size(r->offset));
        json_put(region, "size", json_size(r->size));
        json_put(region, "address", json_integer(survey_address(&in->survey, in->size, r->offset)));
        json_put(region, "erased", json_size(r->erased));
        json_put(region, "blocks_bad", json_integer(r->bad_blocks));
        json_array_append_new(regions, region);
    }
    return regions;
}

static json_t *check_json(enum survey_check check) {
    return check == CHECK_NONE ? json_null() : json_boolean(check == CHECK_GOOD);
}

static json_t *rbl_json(const struct rbl_header *rbl, size_t offset) {
    json_t *object = json_object();
    json_put(object, "offset", json_size(offset));
    json_put(object, "name", json_text(rbl->name));
    json_put(object, "version", json_text(rbl->version));
    json_put(object, "timestamp", json_integer(rbl->timestamp));
    json_put(object, "encryption", json_integer(rbl->encryption));
    json_put(object, "compression", json_integer(rbl->compression));
    json_put(object, "raw_size", json_integer(rbl->raw_size));
    json_put(object, "package_size", json_integer(rbl->package_size));
    return object;
}

static json_t *key_json(const struct beken_known_key *key) {
    if (!key)
        return json_null();
    char words[40];
    json_t *object = json_object();
    snprintf(words, sizeof words, "%08x %08x %08x %08x", key->key.k[0], key->key.k[1],
             key->key.k[2], key->key.k[3]);
    json_put(object, "name", json_text(key->name));
    json_put(object, "coefficients", json_text(words));
    return object;
}

/* What bootloader and application have in common. */
static json_t *code_json(const struct survey_code *code) {
    json_t *object = json_object();
    json_put(object, "offset", json_size(code->offset));
    json_put(object, "size", json_size(code->size));
    json_put(object, "used", json_size(code->used));
    json_put(object, "missing", json_size(code->missing));
    json_put(object, "blocks_ok", json_integer(code->blocks.good));
    json_put(object, "blocks_bad", json_integer(code->blocks.bad));
    json_put(object, "blocks_erased", json_integer(code->blocks.erased));
    json_put(object, "key", key_json(code->key));
    json_put(object, "header",
             code->rbl_found ? rbl_json(&code->rbl, code->rbl_offset) : json_null());
    json_put(object, "header_proves_payload", check_json(code->payload));
    return object;
}

/* Null without a good bootloader to compare with. */
static json_t *differences_json(const struct inspection *in) {
    json_t *array = json_array();
    for (int i = 0; i < in->difference_count; i++) {
        json_t *row = json_object();
        json_put(row, "offset", json_size((size_t)(in->difference[i].data - in->data)));
        json_put(row, "size", json_size(in->difference[i].size));
        json_array_append_new(array, row);
    }
    if (in->reference)
        return array;
    json_decref(array);
    return json_null();
}

static json_t *boot_json(const struct inspection *in) {
    const struct survey *s = &in->survey;
    if (!s->boot.found)
        return json_null();
    json_t *boot = code_json(&s->boot), *partitions = json_array();
    json_put(boot, "name", json_text(s->bootloader ? s->bootloader->name : NULL));
    json_put(boot, "version", json_text_or_null(s->bootloader ? s->bootloader->version : NULL));
    json_put(boot, "known_good", json_boolean(s->bootloader_known_good));
    json_put(boot, "damaged", json_boolean(s->boot.blocks.bad > 0 || s->boot.payload == CHECK_BAD));
    json_put(boot, "differs", differences_json(in));
    for (int i = 0; i < s->fal.count; i++) {
        json_t *row = json_object();
        json_put(row, "name", json_text(s->fal.partition[i].name));
        json_put(row, "logical", json_boolean(s->fal.partition[i].logical));
        json_put(row, "offset", json_integer(s->fal.partition[i].offset));
        json_put(row, "length", json_integer(s->fal.partition[i].length));
        json_array_append_new(partitions, row);
    }
    json_put(boot, "partitions", partitions);
    return boot;
}

static json_t *app_json(const struct inspection *in) {
    const struct survey *s = &in->survey;
    if (!s->app.found)
        return json_null();
    json_t *app = code_json(&s->app);
    json_put(app, "name", json_text_or_null(s->program.name));
    json_put(app, "version", json_text_or_null(s->program.version));
    json_put(app, "build", json_text_or_null(s->program.build));
    json_put(app, "sdk", json_text_or_null(s->program.sdk));
    return app;
}

static json_t *update_json(const struct inspection *in) {
    const struct survey_update *u = &in->survey.update;
    if (!u->found)
        return json_null();
    json_t *update = rbl_json(&u->rbl, u->offset);
    json_put(update, "package_ok", check_json(u->package));
    json_put(update, "contents_ok", check_json(u->unpacked));
    json_put(update, "installed", check_json(u->installed));
    json_put(update, "app", json_text_or_null(u->app));
    json_put(update, "ug_version", json_text(u->ug ? u->ug_header.version : NULL));
    return update;
}

static json_t *rf_json(const struct inspection *in, const struct report_options *o) {
    const struct survey *s = &in->survey;
    if (!s->rf_found)
        return json_null();
    char mac[18];
    json_t *rf = json_object();
    report_mac(s->rf.mac, o->reveal, mac);
    json_put(rf, "offset", json_size(s->rf_offset));
    json_put(rf, "mac", s->rf.mac_set ? json_text(mac) : json_null());
    json_put(rf, "tx_power", json_boolean(s->rf.tx_power));
    json_put(rf, "calibration", json_boolean(s->rf.calibration));
    return rf;
}

static json_t *health_json(const struct inspection *in) {
    static const char *const states[] = {"unchecked", "healthy", "damaged"};
    const struct survey *s = &in->survey;
    json_t *health = json_object(), *bad = json_array();
    bool good = in->health == HEALTH_GOOD;
    json_put(health, "verdict", json_text(good ? "healthy" : in->verdict));
    json_put(health, "state", json_text(states[in->health]));
    json_put(health, "summary", json_text(in->verdict));
    json_put(health, "blocks_ok", json_integer(s->boot.blocks.good + s->app.blocks.good));
    json_put(health, "blocks_bad", json_integer(s->boot.blocks.bad + s->app.blocks.bad));
    for (int i = 0; i < s->bad_count; i++) {
        json_t *row = json_object();
        json_put(row, "region", json_text(s->bad[i].bootloader ? "bootloader" : "app"));
        json_put(row, "offset", json_size(s->bad[i].offset));
        json_put(row, "size", json_size(s->bad[i].size));
        json_put(row, "blocks", json_integer(s->bad[i].blocks));
        json_array_append_new(bad, row);
    }
    json_put(health, "bad", bad);
    json_put(health, "damage", json_lines(&in->damage));
    json_put(health, "repair", json_lines(&in->repair));
    return health;
}

json_t *report_json(const struct inspection *in, const struct report_options *o) {
    static const char *const devices[] = {"unknown", "pins",      "tuyamcu",
                                          "custom",  "openbeken", "image"};
    char line[240];
    struct text text = text_start(line, sizeof line);
    json_t *root = json_object();
    if (!root)
        return NULL;
    inspection_headline(in, &text);
    json_put(root, "schema", json_integer(REPORT_SCHEMA_VERSION));
    json_put(root, "file", file_json(in, o));
    json_put(root, "headline", json_text(line));
    json_put(root, "device", json_text(devices[in->device]));
    json_put(root, "chip", chip_json(in));
    json_put(root, "regions", regions_json(in));
    json_put(root, "bootloader", boot_json(in));
    json_put(root, "app", app_json(in));
    json_put(root, "update", update_json(in));
    json_put(root, "rf", rf_json(in, o));
    json_put(root, "health", health_json(in));
    report_json_contents(root, in, o);
    return root;
}

json_t *report_json_failure(const char *path, const char *why) {
    json_t *root = json_object(), *file = json_object();
    json_put(file, "path", json_text(path));
    json_put(root, "schema", json_integer(REPORT_SCHEMA_VERSION));
    json_put(root, "file", file);
    json_put(root, "error", json_text(why));
    return root;
}
