/* From a configuration file to the values that a device would have stored. */
#include "workbench/dumpbuild/dumpbuild.h"

#include "base/text.h"
#include "codec/tuya/crc7.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names that tell a listing of stored values from a bare pin configuration. */
static const char *const store_names[] = {"user_param_key", "baud_cfg", "uart_adapt_params",
                                          "em_sys_env",     "gw_bi",    NULL};

struct decoy {
    const char *name, *value;
    size_t length; /* 0: text with its NUL */
};
static const struct decoy decoys[] = {
    {"gw_bi",
     "{\"uuid\":\"decoy00uuid00decoy00\",\"psk_key\":\"DECOYPSKDECOYPSKDECOYPSKDECOYPSK00000\","
     "\"auth_key\":\"DECOYAUTHDECOYAUTHDECOYAUTH00000\",\"ap_ssid\":\"SmartLife-00DE\","
     "\"ap_passwd\":null,\"country_code\":\"CN\",\"bt_mac\":null,\"bt_hid\":null,"
     "\"prod_test\":false,\"fac_pin\":\"decoypin\"}",
     0},
    {"gw_di",
     "{\"abi\":0,\"id\":\"decoyid0decoyid0decoy0\",\"swv\":\"1.0.0\",\"bv\":\"40.00\","
     "\"pv\":\"2.2\",\"lpv\":\"3.3\",\"pk\":\"decoyproductkey0\",\"firmk\":null,\"cadv\":\"1.0.3\","
     "\"cdv\":\"1.0.0\",\"dev_swv\":\"1.0.0\",\"s_id\":\"000000deco\",\"dtp\":0,\"sync\":0}",
     0},
    {"gw_wsm",
     "{\"nc_tp\":9,\"ssid\":\"decoy-network\",\"passwd\":\"decoy-password\",\"md\":0,"
     "\"random\":0,\"wfb64\":0,\"stat\":2,\"token\":\"decoytoken\",\"region\":\"EU\","
     "\"reg_key\":\"dcoy\",\"dns_prio\":0}",
     0},
    {"gw_ai",
     "{\"key\":\"decoyseckey00000\",\"lckey\":\"decoylocalkey000\",\"h_url\":\"decoy.invalid\","
     "\"h_ip\":null,\"time_z\":\"+00:00\"}",
     0},
    {"tuya_seed", "decoy-seed-decoy-seed-decoy-seed", 32},
    {"wf_start_md", "3", 0},
    {"tls_ca_cnt", "0", 0},
    {"is_stride", "false", 0},
};

static bool add(struct dumpbuild *plan, const char *name, const void *value, size_t length) {
    if (plan->count >= DUMPBUILD_VALUES_MAX)
        return false;
    plan->value[plan->count++] = (struct dumpbuild_value){name, value, length};
    return true;
}

const struct dumpbuild_value *dumpbuild_get(const struct dumpbuild *plan, const char *name) {
    for (int i = 0; i < plan->count; i++)
        if (strcmp(plan->value[i].name, name) == 0)
            return &plan->value[i];
    return NULL;
}

/* Copies a text into the plan; NULL when it is full. */
static const char *keep(struct dumpbuild *plan, const char *text, size_t length) {
    if (length + 1 > DUMPBUILD_TEXT_MAX - plan->used)
        return NULL;
    char *copy = plan->text + plan->used;
    memcpy(copy, text, length);
    copy[length] = '\0';
    plan->used += length + 1;
    return copy;
}

/* Writes a value as stock firmware does: no quotes. */
static void add_bare(struct text *out, const json_t *value, // NOLINT(misc-no-recursion)
                     int depth);

static void add_bare_array(struct text *out, const json_t *value, // NOLINT(misc-no-recursion)
                           int depth) {
    size_t i;
    json_t *item;
    text_char(out, '[');
    json_array_foreach (value, i, item) {
        if (i)
            text_char(out, ',');
        add_bare(out, item, depth + 1);
    }
    text_char(out, ']');
}

static void add_bare_object(struct text *out, const json_t *value, // NOLINT(misc-no-recursion)
                            int depth) {
    const char *key;
    json_t *member;
    text_char(out, '{');
    json_object_foreach ((json_t *)value, key, member) {
        if (depth == 0 && strcmp(key, "crc") == 0)
            continue;
        if (out->data[out->length - 1] != '{')
            text_char(out, ',');
        text_add(out, key);
        text_char(out, ':');
        add_bare(out, member, depth + 1);
    }
    text_char(out, '}');
}

static void add_bare(struct text *out, const json_t *value, int depth) {
    if (json_is_object(value))
        add_bare_object(out, value, depth);
    else if (json_is_array(value))
        add_bare_array(out, value, depth);
    else if (json_is_string(value))
        text_add(out, json_string_value(value));
    else if (json_is_integer(value))
        text_int(out, json_integer_value(value));
    else
        text_add(out, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null");
}

static bool unwritable(const json_t *value) { // NOLINT(misc-no-recursion)
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_string(value))
        return strpbrk(json_string_value(value), "{}[],:\"") != NULL;
    json_array_foreach (value, i, member)
        if (unwritable(member))
            return true;
    json_object_foreach ((json_t *)value, key, member)
        if (unwritable(member))
            return true;
    return false;
}

static bool add_param(struct dumpbuild *plan, const json_t *value, char *why, size_t size) {
    char buffer[8192];
    struct text text = text_start(buffer, sizeof buffer);
    if (!json_is_object(value) || unwritable(value)) {
        snprintf(why, size, "user_param_key: an object of plain words and numbers is needed");
        return false;
    }
    add_bare(&text, value, 0);
    uint8_t crc = tuya_crc7(0, text.data, text.length);
    text.data[--text.length] = '\0';
    text_add(&text, text.length > 1 ? ",crc:" : "crc:");
    text_uint(&text, crc);
    text_add(&text, ",}");
    const char *copy = text.truncated ? NULL : keep(plan, text.data, text.length);
    if (!copy || !add(plan, "user_param_key", copy, text.length)) {
        snprintf(why, size, "user_param_key: longer than 8 KiB");
        return false;
    }
    return true;
}

static bool add_stored(struct dumpbuild *plan, const char *key, const json_t *value, char *why,
                       size_t size) {
    if (strcmp(key, "user_param_key") == 0)
        return add_param(plan, value, why, size);
    char *dumped = json_is_string(value)
                       ? NULL
                       : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_PRESERVE_ORDER);
    const char *text = dumped ? dumped : json_string_value(value);
    const char *name = keep(plan, key, strlen(key));
    const char *copy = text && name ? keep(plan, text, strlen(text)) : NULL;
    bool done = copy && strlen(key) < 100 && add(plan, name, copy, strlen(copy) + 1);
    if (!done)
        snprintf(why, size, "value '%.40s': too many or too long values", key);
    free(dumped);
    return done;
}

static bool is_store_listing(const json_t *root) {
    for (const char *const *name = store_names; *name; name++)
        if (json_object_get(root, *name))
            return true;
    return false;
}

static bool add_all(struct dumpbuild *plan, const json_t *root, char *why, size_t size) {
    const char *key;
    json_t *value;
    if (!is_store_listing(root))
        return add_param(plan, root, why, size);
    json_object_foreach ((json_t *)root, key, value) {
        if (!add_stored(plan, key, value, why, size))
            return false;
    }
    return true;
}

bool dumpbuild_read(struct dumpbuild *plan, const char *path, char *why, size_t why_size) {
    json_error_t error;
    json_t *root =
        strcmp(path, "-") == 0 ? json_loadf(stdin, 0, &error) : json_load_file(path, 0, &error);
    plan->count = 0;
    plan->used = 0;
    if (!json_is_object(root)) {
        if (!root)
            snprintf(why, why_size, "%s:%d:%d: %s", path, error.line, error.column, error.text);
        else
            snprintf(why, why_size, "%s: a JSON object is needed", path);
        json_decref(root);
        return false;
    }
    char reason[128];
    bool done = json_object_size(root) && add_all(plan, root, reason, sizeof reason);
    if (!json_object_size(root))
        snprintf(reason, sizeof reason, "the object is empty");
    if (!done)
        snprintf(why, why_size, "%s: %s", path, reason);
    json_decref(root);
    return done;
}

static const char *platform_of(const struct beken_chip *chip) {
    static const struct {
        const char *chip, *platform;
    } rows[] = {{"BK7231N", "bk7231n"}, {"BK7231M", "bk7231n"}, {"BK7231T", "BK7231S_2M"},
                {"BK7231Q", "bk7231"},  {"BK7238", "T1"},       {"BL2028N", "bk7231n"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].chip, chip->name) == 0)
            return rows[i].platform;
    return chip->name;
}

void dumpbuild_add_decoys(struct dumpbuild *plan) {
    for (size_t i = 0; i < sizeof decoys / sizeof *decoys; i++) {
        const struct decoy *d = &decoys[i];
        if (!dumpbuild_get(plan, d->name))
            add(plan, d->name, d->value, d->length ? d->length : strlen(d->value) + 1);
    }
    const char *platform = platform_of(plan->chip);
    if (!dumpbuild_get(plan, "em_sys_env"))
        add(plan, "em_sys_env", platform, strlen(platform) + 1);
}
