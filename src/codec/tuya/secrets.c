/* The rows, and finding what they mean inside a stored value. */
#include "codec/tuya/secrets.h"

#include "base/text.h"
#include "codec/tuya/loose.h"

#include <string.h>

enum { NODES = 512 };

const struct secret_rule secret_rules[] = {
    {"gw_bi", "uuid", NULL, SECRET_DEVICE_ID, false},
    {"gw_bi", "auth_key", NULL, SECRET_CLOUD_KEY, false},
    {"gw_bi", "psk_key", NULL, SECRET_CLOUD_KEY, false},
    {"gw_bi", "psk30_key", NULL, SECRET_CLOUD_KEY, false},
    {"gw_bi", "pin", NULL, SECRET_DEVICE_ID, false},
    {"gw_bi", "fac_pin", NULL, SECRET_DEVICE_ID, false},
    {"gw_bi", "bt_mac", NULL, SECRET_DEVICE_ID, false},
    {"gw_bi", "bt_hid", NULL, SECRET_DEVICE_ID, false},
    {"gw_bi", "mac", NULL, SECRET_DEVICE_ID, false},
    {"gw_bi", "ap_ssid", NULL, SECRET_DEVICE_ID, true},
    {"gw_bi", "ap_passwd", NULL, SECRET_WIFI_PASSWORD, false},
    {"gw_di", "id", NULL, SECRET_DEVICE_ID, false},
    {"gw_di", "uuid", NULL, SECRET_DEVICE_ID, false},
    {"gw_wsm", "ssid", NULL, SECRET_WIFI_NAME, false},
    {"gw_wsm", "passwd", NULL, SECRET_WIFI_PASSWORD, false},
    {"gw_wsm", "*", "nc_tp md stat wfb64 ssid passwd", SECRET_TOKEN, false},
    {"gw_ai", "key", NULL, SECRET_CLOUD_KEY, false},
    {"gw_ai", "lckey", NULL, SECRET_CLOUD_KEY, false},
    {"gw_ai", "*", "key lckey time_z s_time_z cloud_cap dy_tls_m", SECRET_TOKEN, false},
    {"wf_pt", "ssid", NULL, SECRET_WIFI_NAME, false},
    {"wf_pt", "*", "ssid", SECRET_WIFI_PASSWORD, false},
    {"ap_info_v2", NULL, NULL, SECRET_WIFI_PASSWORD, false},
    {"ap_info", NULL, NULL, SECRET_WIFI_PASSWORD, false},
    {"tuya_seed", NULL, NULL, SECRET_CLOUD_KEY, false},
    {"ble_beaconkey", NULL, NULL, SECRET_CLOUD_KEY, false},
    {"rcs.active", NULL, NULL, SECRET_TOKEN, false},
    {"dev_if_rec_key", NULL, NULL, SECRET_DEVICE_ID, false},
    {"device_*", "*", NULL, SECRET_TOKEN, false},
    {"ty_ws_*", "*", NULL, SECRET_TOKEN, false},
    {0},
};

const char *secret_kind_name(enum secret_kind kind) {
    static const char *const names[] = {
        [SECRET_WIFI_NAME] = "Wi-Fi name", [SECRET_WIFI_PASSWORD] = "Wi-Fi password",
        [SECRET_CLOUD_KEY] = "cloud key",  [SECRET_DEVICE_ID] = "device id",
        [SECRET_TOKEN] = "token",
    };
    return names[kind];
}

static bool key_matches(const char *pattern, const char *key) {
    size_t length = strcspn(pattern, "*");
    return pattern[length] ? strncmp(pattern, key, length) == 0 : strcmp(pattern, key) == 0;
}

bool secret_key_known(const char *key) {
    for (const struct secret_rule *rule = secret_rules; rule->key; rule++)
        if (key_matches(rule->key, key))
            return true;
    return false;
}

bool secret_file_is_log(const char *name) {
    return strncmp(name, "logseq", 6) == 0 || strcmp(name, "netcfg_log") == 0 ||
           strcmp(name, "ty_data_file") == 0;
}

static bool word_listed(const char *words, const char *word, size_t length) {
    for (; words && *words; words += strcspn(words, " "), words += *words == ' ')
        if (strcspn(words, " ") == length && memcmp(words, word, length) == 0)
            return true;
    return false;
}

/* The rule for a member: an exact one, else one for all members. */
static const struct secret_rule *rule_for(const char *key, const char *member, size_t length) {
    for (const struct secret_rule *rule = secret_rules; rule->key; rule++) {
        if (!rule->member || !key_matches(rule->key, key))
            continue;
        bool all = rule->member[0] == '*';
        if (all ? !word_listed(rule->except, member, length)
                : word_listed(rule->member, member, length))
            return rule;
    }
    return NULL;
}

struct finder {
    const char *key, *text;
    const struct loose_tree *tree;
    struct secret_range *out;
    size_t max, count;
};

static bool says_nothing(const struct loose_node *node) {
    return node->text_size == 0 || loose_equals(node, "0") || loose_equals(node, "null") ||
           loose_equals(node, "true") || loose_equals(node, "false");
}

static void add(struct finder *f, const struct secret_rule *rule, const char *member,
                size_t member_size, size_t offset, size_t length) {
    if (f->count >= f->max)
        return;
    struct secret_range *range = &f->out[f->count++];
    *range = (struct secret_range){.offset = offset, .length = length, .kind = rule->kind};
    if (member_size >= sizeof range->member)
        member_size = sizeof range->member - 1;
    memcpy(range->member, member, member_size);
}

static void add_token(struct finder *f, const struct secret_rule *rule, const char *member,
                      size_t member_size, const struct loose_node *node) {
    size_t skip = 0;
    for (size_t i = 0; rule->suffix_only && i < node->text_size; i++)
        if (node->text[i] == '-' || node->text[i] == '_')
            skip = i + 1;
    if (says_nothing(node) || (rule->suffix_only && skip == 0) || skip == node->text_size)
        return;
    add(f, rule, member, member_size, (size_t)(node->text - f->text) + skip,
        node->text_size - skip);
}

/* `rule` is what an enclosing member decided, or NULL. Depth is bounded by the parser. */
static void walk(struct finder *f, // NOLINT(misc-no-recursion)
                 const struct loose_node *node, const struct secret_rule *rule, const char *member,
                 size_t member_size) {
    if (node->kind == LOOSE_TOKEN) {
        if (rule)
            add_token(f, rule, member, member_size, node);
        return;
    }
    for (const struct loose_node *n = loose_first(f->tree, node); n; n = loose_next(f->tree, n)) {
        const struct secret_rule *own = n->key ? rule_for(f->key, n->key, n->key_size) : rule;
        if (n->key)
            walk(f, n, own ? own : rule, n->key, n->key_size);
        else
            walk(f, n, own, member, member_size);
    }
}

static const struct secret_rule *first_rule(const char *key) {
    for (const struct secret_rule *rule = secret_rules; rule->key; rule++)
        if (key_matches(rule->key, key))
            return rule;
    return NULL;
}

static size_t trimmed(const uint8_t *value, size_t size) {
    while (size && (value[size - 1] == 0 || value[size - 1] == 0xFF))
        size--;
    return size;
}

/* Ends the value where it should: a text that is cut reads, but cannot be trusted to the end. */
static bool parse(const char *text, size_t size, struct loose_node *nodes,
                  struct loose_tree *tree) {
    return size && (text[0] == '{' || text[0] == '[') &&
           loose_parse(text, size, nodes, NODES, tree, NULL) == STATUS_OK && !tree->truncated &&
           tree->end == size;
}

size_t secrets_find(const char *key, const uint8_t *value, size_t size, struct secret_range *out,
                    size_t max) {
    struct loose_node nodes[NODES];
    struct loose_tree tree;
    const struct secret_rule *rule = first_rule(key);
    struct finder f = {
        .key = key, .text = (const char *)value, .tree = &tree, .out = out, .max = max};
    size_t length = trimmed(value, size);
    if (!rule || length == 0)
        return 0;
    if (rule->member && parse(f.text, length, nodes, &tree))
        walk(&f, &nodes[0], NULL, "", 0);
    else
        add(&f, rule, "", 0, 0, rule->member ? length : size);
    return f.count;
}
