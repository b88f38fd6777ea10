/* Reading datapoint rows out of the loose tree. */
#include "codec/tuya/schema.h"

#include <string.h>

static const char *const type_names[] = {"bool", "value", "enum", "string", "bitmap", "raw"};

static void copy(char *out, size_t size, const struct loose_node *node) {
    struct text text = text_start(out, size);
    if (node && node->kind == LOOSE_TOKEN)
        loose_add_text(&text, node);
}

static int32_t number(const struct loose_tree *tree, const struct loose_node *object,
                      const char *key, int32_t otherwise) {
    int64_t value = loose_integer(loose_member(tree, object, key), otherwise);
    return value < INT32_MIN || value > INT32_MAX ? otherwise : (int32_t)value;
}

static enum schema_type type_of(const struct loose_node *node) {
    for (int i = 0; i < SCHEMA_UNKNOWN; i++)
        if (loose_equals(node, type_names[i]))
            return (enum schema_type)i;
    return SCHEMA_UNKNOWN;
}

static void range_read(const struct loose_tree *tree, const struct loose_node *range,
                       struct schema_datapoint *row) {
    struct text text = text_start(row->range, sizeof row->range);
    if (!range || range->kind != LOOSE_ARRAY)
        return;
    for (const struct loose_node *word = loose_first(tree, range); word;
         word = loose_next(tree, word)) {
        if (text.length)
            text_char(&text, ',');
        if (word->kind == LOOSE_TOKEN)
            loose_add_text(&text, word);
    }
}

static bool row_read(const struct loose_tree *tree, const struct loose_node *node,
                     struct schema_datapoint *row) {
    memset(row, 0, sizeof *row);
    row->id = number(tree, node, "id", -1);
    if (row->id < 0)
        return false;
    const struct loose_node *property = loose_member(tree, node, "property");
    const struct loose_node *outer = loose_member(tree, node, "type");
    copy(row->mode, sizeof row->mode, loose_member(tree, node, "mode"));
    row->type = type_of(loose_member(tree, property, "type"));
    if (row->type == SCHEMA_UNKNOWN)
        row->type = type_of(outer);
    row->least = number(tree, property, "min", 0);
    row->most = number(tree, property, "max", 0);
    row->step = number(tree, property, "step", 0);
    row->scale = number(tree, property, "scale", 0);
    if (row->scale < 0 || row->scale > 9)
        row->scale = 0;
    row->longest = number(tree, property, "maxlen", 0);
    copy(row->unit, sizeof row->unit, loose_member(tree, property, "unit"));
    range_read(tree, loose_member(tree, property, "range"), row);
    return true;
}

size_t schema_read(const char *text, size_t size, struct loose_node *nodes, size_t node_capacity,
                   struct schema_datapoint *rows, size_t capacity, bool *truncated) {
    struct loose_tree tree;
    size_t count = 0;
    *truncated = false;
    enum status status = loose_parse(text, size, nodes, node_capacity, &tree, NULL);
    if (status == STATUS_NOT_FOUND || nodes[0].kind != LOOSE_ARRAY)
        return 0;
    *truncated = tree.truncated || status != STATUS_OK;
    for (const struct loose_node *node = loose_first(&tree, &nodes[0]); node;
         node = loose_next(&tree, node)) {
        struct schema_datapoint row;
        if (!row_read(&tree, node, &row))
            continue;
        if (count == capacity) {
            *truncated = true;
            break;
        }
        rows[count++] = row;
    }
    return count;
}

const char *schema_type_name(enum schema_type type) {
    return type < SCHEMA_UNKNOWN ? type_names[type] : "unknown";
}

static void value_range(struct text *out, const struct schema_datapoint *row) {
    text_fixed(out, row->least, row->scale);
    text_add(out, " .. ");
    text_fixed(out, row->most, row->scale);
    if (*row->unit) {
        text_char(out, ' ');
        text_add(out, row->unit);
    }
    if (row->step) {
        text_add(out, ", step ");
        text_fixed(out, row->step, row->scale);
    }
}

void schema_add_range(struct text *out, const struct schema_datapoint *row) {
    if (row->type == SCHEMA_VALUE) {
        value_range(out, row);
    } else if (row->type == SCHEMA_ENUM) {
        text_add(out, row->range);
    } else if (row->longest) {
        text_add(out, "at most ");
        text_int(out, row->longest);
        text_add(out, row->type == SCHEMA_BITMAP ? " bits" : " characters");
    }
}
