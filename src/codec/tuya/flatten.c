/* Walks the tree with a path buffer; a table of prefixes turns paths into names. */
#include "codec/tuya/flatten.h"

#include <string.h>

struct rename {
    const char *from, *to;
};
/* Whole names and prefixes up to an underscore, tried in this order after `sw_` and `_value` went.
 */
static const struct rename renames[] = {
    {"ch_0_bt", "bt1"},
    {"ch_1_bt", "bt2"},
    {"ch_2_bt", "bt3"},
    {"ch_3_bt", "bt4"},
    {"ch_0_rl", "rl1"},
    {"ch_1_rl", "rl2"},
    {"ch_2_rl", "rl3"},
    {"ch_3_rl", "rl4"},
    {"net_wfst", "netled"},
    {"dltj_ct", "chip_type"},
    {"dltj_ivcpin_pin", "sel_pin_pin"},
    {"dltj_ivcpin_lv", "sel_pin_lv"},
    {"dltj_ivpin_pin", "vi_pin"},
    {"dltj_epin_pin", "ele_pin"},
    {"dltj_ri", "resistor"},
};

static void rename_path(const char *path, struct text *out) {
    size_t size = strlen(path);
    if (text_starts(path, "sw_")) {
        path += 3;
        size -= 3;
    }
    if (size > 6 && strcmp(path + size - 6, "_value") == 0)
        size -= 6;
    for (size_t i = 0; i < sizeof renames / sizeof *renames; i++) {
        size_t length = strlen(renames[i].from);
        if (length <= size && memcmp(path, renames[i].from, length) == 0 &&
            (length == size || path[length] == '_')) {
            text_add(out, renames[i].to);
            path += length;
            size -= length;
            break;
        }
    }
    text_add_n(out, path, size);
}

static void leaf_add(struct tuya_config *config, const struct loose_tree *tree, const char *path,
                     const struct loose_node *node) {
    char key[128], value[512];
    struct text name = text_start(key, sizeof key), built = text_start(value, sizeof value);
    rename_path(path, &name);
    enum tuya_value_kind kind = loose_node_is_number(tree, node) ? TUYA_NUMBER : TUYA_STRING;
    bool yes = loose_equals(node, "true"), no = loose_equals(node, "false");
    if (yes || no) {
        text_add(&built, yes ? "1" : "0");
        kind = TUYA_NUMBER;
    } else {
        loose_add_text(&built, node);
    }
    tuya_config_add(config, key, name.length, value, built.length, kind);
}

static void members_sort(struct tuya_config *config) {
    for (size_t i = 1; i < config->member_count; i++) {
        struct tuya_member moving = config->members[i];
        size_t at = i;
        for (; at && strcmp(config->members[at - 1].key, moving.key) > 0; at--)
            config->members[at] = config->members[at - 1];
        config->members[at] = moving;
    }
}

struct level {
    const struct loose_node *node;
    size_t path;  /* length of the path up to and without this node's name */
    size_t index; /* number of the node in its container */
};

/* Writes the name of a node (key or index) at its place in the path. */
static void path_set(struct text *path, const struct level *level) {
    path->length = level->path;
    path->data[path->length] = '\0';
    if (path->length)
        text_char(path, '_');
    if (level->node->key)
        text_add_n(path, level->node->key, level->node->key_size);
    else
        text_uint(path, level->index);
}

void tuya_flatten(struct tuya_config *config, const struct loose_tree *tree,
                  const struct loose_node *root) {
    char buffer[256];
    struct text path = text_start(buffer, sizeof buffer);
    struct level stack[LOOSE_DEPTH_MAX + 1];
    size_t depth = 0;
    if (loose_first(tree, root))
        stack[depth++] = (struct level){.node = loose_first(tree, root)};
    while (depth) {
        struct level *level = &stack[depth - 1];
        const struct loose_node *node = level->node;
        if (!node) {
            depth--;
            continue;
        }
        path_set(&path, level);
        level->node = loose_next(tree, node);
        level->index++;
        const struct loose_node *first = loose_first(tree, node);
        if (node->kind == LOOSE_TOKEN)
            leaf_add(config, tree, buffer, node);
        else if (first && depth <= LOOSE_DEPTH_MAX)
            stack[depth++] = (struct level){.node = first, .path = path.length};
    }
    members_sort(config);
}
