/* The tolerant reader. Containers on a small stack of node numbers instead of recursion: a text of
 * ten thousand opening brackets must not cost more than its own length. */
#include "codec/tuya/loose.h"

#include <string.h>

struct reader {
    const char *text;
    size_t size, at;
    struct loose_tree *tree;
    uint16_t stack[LOOSE_DEPTH_MAX]; /* open containers */
    uint16_t last[LOOSE_DEPTH_MAX];  /* their last child so far */
    size_t depth;
    const char *key; /* name waiting for its value */
    size_t key_size;
    bool bare_seen;
};

static struct loose_node *node_add(struct reader *r, enum loose_kind kind, const char *text) {
    struct loose_tree *tree = r->tree;
    if (tree->count >= tree->capacity || tree->count >= LOOSE_NONE)
        return NULL;
    uint16_t number = (uint16_t)tree->count++;
    struct loose_node *node = &tree->nodes[number];
    *node = (struct loose_node){.text = text,
                                .kind = (uint8_t)kind,
                                .first = LOOSE_NONE,
                                .next = LOOSE_NONE,
                                .key = r->key,
                                .key_size = (uint32_t)r->key_size};
    r->key = NULL;
    r->key_size = 0;
    if (r->depth) {
        uint16_t last = r->last[r->depth - 1];
        if (last == LOOSE_NONE)
            tree->nodes[r->stack[r->depth - 1]].first = number;
        else
            tree->nodes[last].next = number;
        r->last[r->depth - 1] = number;
    }
    return node;
}

static bool is_punctuation(char c) {
    return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ',' || c == '"';
}

/* Reads a token; `quoted` tells its spelling. False at a text that ends inside the quotes. */
static bool token_read(struct reader *r, const char **start, size_t *length, bool *quoted) {
    *quoted = r->text[r->at] == '"';
    if (!*quoted) {
        size_t from = r->at;
        while (r->at < r->size && !is_punctuation(r->text[r->at]))
            r->at++;
        size_t end = r->at;
        while (end > from && text_is_space(r->text[end - 1]))
            end--;
        *start = r->text + from;
        *length = end - from;
        return true;
    }
    size_t from = ++r->at;
    while (r->at < r->size && r->text[r->at] != '"')
        r->at += r->text[r->at] == '\\' && r->at + 1 < r->size ? 2 : 1;
    *start = r->text + from;
    *length = r->at - from;
    if (r->at >= r->size)
        return false;
    r->at++;
    return true;
}

static void blanks_skip(struct reader *r) {
    while (r->at < r->size && (text_is_space(r->text[r->at]) || r->text[r->at] == '\0'))
        r->at++;
}

/* A token: the name of a member when a colon follows inside an object, else a value. */
static bool token_add(struct reader *r) {
    const char *start;
    size_t length;
    bool quoted, whole = token_read(r, &start, &length, &quoted);
    blanks_skip(r);
    bool object = r->tree->nodes[r->stack[r->depth - 1]].kind == LOOSE_OBJECT;
    bool colon = r->at < r->size && r->text[r->at] == ':';
    if (object && !r->key && (colon || !whole || r->at >= r->size)) {
        r->key = start;
        r->key_size = length;
        return true;
    }
    if (object && !r->key)
        return true; /* a word without colon is no member */
    struct loose_node *node = node_add(r, LOOSE_TOKEN, start);
    if (!node)
        return false;
    node->text_size = (uint32_t)length;
    node->quoted = quoted;
    r->bare_seen |= !quoted;
    return true;
}

static bool container_open(struct reader *r, enum loose_kind kind) {
    struct loose_node *node = node_add(r, kind, r->text + r->at);
    if (!node)
        return false;
    r->at++;
    r->stack[r->depth] = (uint16_t)(node - r->tree->nodes);
    r->last[r->depth++] = LOOSE_NONE;
    return true;
}

static void container_close(struct reader *r) {
    struct loose_node *node = &r->tree->nodes[r->stack[--r->depth]];
    node->text_size = (uint32_t)(r->text + r->at - node->text);
    r->key = NULL;
    r->key_size = 0;
}

/* Passes over a container that is nested too deeply. */
static void container_skip(struct reader *r) {
    size_t depth = 0;
    do {
        char c = r->text[r->at++];
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
    } while (depth && r->at < r->size);
    r->key = NULL;
}

/* A member whose name is followed by `,` or the end: it has an empty value. */
static bool value_missing(struct reader *r) {
    if (!r->key)
        return true;
    struct loose_node *node = node_add(r, LOOSE_TOKEN, r->text + r->at);
    if (node)
        node->quoted = true;
    return node != NULL;
}

static bool step(struct reader *r) {
    char c = r->text[r->at];
    if (c == '{' || c == '[') {
        if (r->depth == LOOSE_DEPTH_MAX) {
            container_skip(r);
            return true;
        }
        if (r->tree->nodes[r->stack[r->depth - 1]].kind == LOOSE_OBJECT && !r->key)
            r->key = ""; /* a container without a name stays reachable by order */
        return container_open(r, c == '{' ? LOOSE_OBJECT : LOOSE_ARRAY);
    }
    if (c == '}' || c == ']') {
        if (!value_missing(r))
            return false;
        r->at++;
        container_close(r);
        return true;
    }
    if (c == ',') {
        r->at++;
        return value_missing(r);
    }
    if (c == ':') {
        r->at++;
        return true;
    }
    return token_add(r);
}

enum status loose_parse(const char *text, size_t size, struct loose_node *nodes, size_t capacity,
                        struct loose_tree *tree, struct fault *fault) {
    *tree = (struct loose_tree){.nodes = nodes, .capacity = capacity};
    struct reader r = {.text = text, .size = size, .tree = tree};
    while (r.at < size && text[r.at] != '{' && text[r.at] != '[')
        r.at++;
    if (r.at >= size || size > UINT32_MAX)
        return fault_at(fault, STATUS_NOT_FOUND, 0, "an opening brace or bracket");
    bool fits = container_open(&r, text[r.at] == '{' ? LOOSE_OBJECT : LOOSE_ARRAY);
    while (fits && r.depth) {
        blanks_skip(&r);
        if (r.at >= size)
            break;
        fits = step(&r);
    }
    tree->end = r.at < size ? r.at : size;
    tree->truncated = r.depth > 0;
    tree->all_quoted = !r.bare_seen;
    while (r.depth)
        container_close(&r);
    return fits ? STATUS_OK
                : fault_at(fault, STATUS_NO_SPACE, tree->end, "fewer members in the text");
}

const struct loose_node *loose_first(const struct loose_tree *tree, const struct loose_node *node) {
    return node && node->first != LOOSE_NONE ? &tree->nodes[node->first] : NULL;
}

const struct loose_node *loose_next(const struct loose_tree *tree, const struct loose_node *node) {
    return node && node->next != LOOSE_NONE ? &tree->nodes[node->next] : NULL;
}

const struct loose_node *loose_member(const struct loose_tree *tree,
                                      const struct loose_node *object, const char *key) {
    if (!object || object->kind != LOOSE_OBJECT)
        return NULL;
    size_t size = strlen(key);
    const struct loose_node *node = loose_first(tree, object);
    for (; node; node = loose_next(tree, node))
        if (node->key && node->key_size == size && memcmp(node->key, key, size) == 0)
            return node;
    return NULL;
}
