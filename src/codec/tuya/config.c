/* Filling a configuration: members from texts, in stored order, the first of duplicates stays.
 * What follows from the members is in pins.c. */
#include "codec/tuya/config.h"

#include "codec/tuya/flatten.h"
#include "codec/tuya/loose.h"
#include <string.h>

void tuya_config_start(struct tuya_config *config) {
    memset(config, 0, sizeof *config);
}

/* Room for at most `size` characters at the end of the text store, as a text builder. */
static struct text store_open(struct tuya_config *config) {
    return text_start(config->text + config->text_used, TUYA_TEXT_MAX - config->text_used);
}

/* Keeps what was built; NULL when it did not fit. */
static const char *store_close(struct tuya_config *config, const struct text *built) {
    if (built->truncated || config->text_used + built->length + 1 >= TUYA_TEXT_MAX) {
        config->truncated = true;
        return NULL;
    }
    config->text_used += built->length + 1;
    return built->data;
}

static const char *store(struct tuya_config *config, const char *string, size_t size) {
    if (config->text_used + 1 >= TUYA_TEXT_MAX)
        return NULL;
    struct text built = store_open(config);
    text_add_n(&built, string, size);
    return store_close(config, &built);
}

static struct tuya_member *member_find(struct tuya_config *config, const char *key, size_t size) {
    for (size_t i = 0; i < config->member_count; i++) {
        const char *name = config->members[i].key;
        if (strlen(name) == size && memcmp(name, key, size) == 0)
            return &config->members[i];
    }
    return NULL;
}

bool tuya_config_add(struct tuya_config *config, const char *key, size_t key_size,
                     const char *value, size_t value_size, enum tuya_value_kind kind) {
    if (member_find(config, key, key_size))
        return true;
    if (config->member_count == TUYA_MEMBERS_MAX) {
        config->truncated = true;
        return false;
    }
    const char *kept_key = store(config, key, key_size);
    const char *kept_value = kept_key ? store(config, value, value_size) : NULL;
    if (!kept_value)
        return false;
    config->members[config->member_count++] =
        (struct tuya_member){.key = kept_key, .value = kept_value, .kind = kind};
    return true;
}

/* One member of the root object. */
static void node_add(struct tuya_config *config, const struct loose_tree *tree,
                     const struct loose_node *node) {
    char value[4096], key[128];
    struct text built = text_start(value, sizeof value), name = text_start(key, sizeof key);
    struct loose_node key_node = {
        .text = node->key, .text_size = node->key_size, .quoted = true, .kind = LOOSE_TOKEN};
    loose_add_text(&name, &key_node);
    enum tuya_value_kind kind = TUYA_NESTED;
    if (node->kind != LOOSE_TOKEN) {
        loose_add_json(&built, tree, node);
        if (built.truncated) { /* half of a JSON text would be no JSON */
            config->truncated = true;
            return;
        }
    } else {
        loose_add_text(&built, node);
        kind = loose_node_is_number(tree, node) ? TUYA_NUMBER : TUYA_STRING;
    }
    tuya_config_add(config, key, name.length, value, built.length, kind);
}

/* Whole-store listings wrap the object we want: {"user_param_key":{…},"baud_cfg":{…}}. NULL when
 * it is such a listing without pins. */
static const struct loose_node *root_find(const struct loose_tree *tree) {
    static const char *const wrappers[] = {"user_param_key", "device_configuration"};
    static const char *const others[] = {"baud_cfg", "uart_adapt_params", "gw_bi", "em_sys_env"};
    const struct loose_node *root = &tree->nodes[0];
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++) {
        const struct loose_node *inner = loose_member(tree, root, wrappers[i]);
        if (inner && inner->kind == LOOSE_OBJECT)
            return inner;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (loose_member(tree, root, others[i]))
            return NULL;
    return root;
}

/* What stands beside a wrapped object. */
static void siblings_read(struct tuya_config *config, const struct loose_tree *tree) {
    const struct loose_node *root = &tree->nodes[0];
    const struct loose_node *platform = loose_member(tree, root, "em_sys_env");
    static const char *const bauds[] = {"baud_cfg", "uart_adapt_params"};
    for (size_t i = 0; i < 2; i++) {
        const struct loose_node *node = loose_member(tree, root, bauds[i]);
        const struct loose_node *baud = loose_member(tree, node, "baud");
        baud = baud ? baud : loose_member(tree, node, "uart_baud");
        if (baud && baud->kind == LOOSE_TOKEN && !config->baud)
            config->baud = store(config, baud->text, baud->text_size);
    }
    if (platform && platform->kind == LOOSE_TOKEN)
        config->platform = store(config, platform->text, platform->text_size);
}

/* A listing as JSON lost the stored spelling: it is rebuilt from the members. Their order may be
 * lost too, so only a match says something. */
static enum tuya_crc_state crc_of_members(const struct tuya_config *config) {
    uint8_t crc = tuya_crc7(0, "{", 1);
    bool first = true;
    for (size_t i = 0; i < config->member_count; i++) {
        const struct tuya_member *member = &config->members[i];
        if (strcmp(member->key, "crc") == 0)
            continue;
        crc = tuya_crc7(crc, ",", first ? 0 : 1);
        crc = tuya_crc7(crc, member->key, strlen(member->key));
        crc = tuya_crc7(crc, ":", 1);
        for (const char *p = member->value; *p; p++)
            if (*p != '"')
                crc = tuya_crc7(crc, p, 1);
        first = false;
    }
    return tuya_crc7(crc, "}", 1) == tuya_config_number(config, "crc", -1) ? TUYA_CRC_GOOD
                                                                           : TUYA_CRC_ABSENT;
}

enum status tuya_config_read(struct tuya_config *config, const char *text, size_t size,
                             struct loose_node *nodes, struct fault *fault) {
    struct loose_tree tree;
    enum status status = loose_parse(text, size, nodes, TUYA_NODES_MAX, &tree, fault);
    if (status == STATUS_NOT_FOUND)
        return status;
    const struct loose_node *root = root_find(&tree);
    if (root && root->kind != LOOSE_OBJECT)
        return fault_at(fault, STATUS_NOT_FOUND, 0, "an object of configuration keys");
    if (root != &tree.nodes[0])
        siblings_read(config, &tree);
    if (!root)
        return STATUS_OK;
    config->truncated |= tree.truncated || status != STATUS_OK;
    config->crc = tuya_crc7_check(root->text, root->text_size);
    const struct loose_node *old = loose_member(&tree, root, "sw");
    if (old && old->kind == LOOSE_OBJECT) {
        tuya_flatten(config, &tree, root);
        return STATUS_OK;
    }
    for (const struct loose_node *node = loose_first(&tree, root); node;
         node = loose_next(&tree, node))
        if (node->key && node->key_size)
            node_add(config, &tree, node);
    if (config->crc == TUYA_CRC_ABSENT)
        config->crc = crc_of_members(config);
    return STATUS_OK;
}

void tuya_config_read_baud(struct tuya_config *config, const char *text, size_t size,
                           struct loose_node *nodes) {
    struct loose_tree tree;
    if (loose_parse(text, size, nodes, TUYA_NODES_MAX, &tree, NULL) == STATUS_NOT_FOUND)
        return;
    const struct loose_node *baud = loose_member(&tree, &nodes[0], "baud");
    baud = baud ? baud : loose_member(&tree, &nodes[0], "uart_baud");
    if (baud && baud->kind == LOOSE_TOKEN)
        config->baud = store(config, baud->text, baud->text_size);
}

void tuya_config_set_baud(struct tuya_config *config, const char *baud) {
    config->baud = store(config, baud, strlen(baud));
}

void tuya_config_set_platform(struct tuya_config *config, const char *platform) {
    config->platform = store(config, platform, strlen(platform));
}

void tuya_config_set_module(struct tuya_config *config, const char *module) {
    config->module = store(config, module, strlen(module));
}

const char *tuya_config_get(const struct tuya_config *config, const char *key) {
    for (size_t i = 0; i < config->member_count; i++)
        if (strcmp(config->members[i].key, key) == 0)
            return config->members[i].value;
    return NULL;
}

int32_t tuya_config_number(const struct tuya_config *config, const char *key, int32_t otherwise) {
    const char *value = tuya_config_get(config, key);
    struct loose_node node = {.text = value, .kind = LOOSE_TOKEN};
    if (!value)
        return otherwise;
    node.text_size = (uint32_t)strlen(value);
    int64_t number = loose_integer(&node, INT64_MIN);
    return number < INT32_MIN || number > INT32_MAX ? otherwise : (int32_t)number;
}

int32_t tuya_config_indexed(const struct tuya_config *config, const char *pattern, int n,
                            int32_t otherwise) {
    char key[48];
    struct text built = text_start(key, sizeof key);
    for (; *pattern; pattern++) {
        if (*pattern == '#')
            text_int(&built, n);
        else
            text_char(&built, *pattern);
    }
    return tuya_config_number(config, key, otherwise);
}

void tuya_config_json(const struct tuya_config *config, struct text *out) {
    text_char(out, '{');
    for (size_t i = 0; i < config->member_count; i++) {
        const struct tuya_member *member = &config->members[i];
        if (i)
            text_char(out, ',');
        loose_add_json_string(out, member->key, strlen(member->key));
        text_char(out, ':');
        if (member->kind == TUYA_STRING)
            loose_add_json_string(out, member->value, strlen(member->value));
        else
            text_add(out, member->value);
    }
    text_char(out, '}');
}
