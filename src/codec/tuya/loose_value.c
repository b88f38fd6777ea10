/* What a token of a loose text means (number or string) and how it is written back as JSON. */
#include "codec/tuya/loose.h"

#include <string.h>

bool loose_is_number(const char *text, size_t size) {
    if (size == 0 || size > 18 || (text[0] == '0' && size > 1))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!text_is_digit(text[i]))
            return false;
    return true;
}

bool loose_node_is_number(const struct loose_tree *tree, const struct loose_node *node) {
    return node->kind == LOOSE_TOKEN && (!node->quoted || tree->all_quoted) &&
           loose_is_number(node->text, node->text_size);
}

int64_t loose_integer(const struct loose_node *node, int64_t otherwise) {
    if (!node || node->kind != LOOSE_TOKEN || node->text_size == 0 || node->text_size > 18)
        return otherwise;
    bool negative = node->text[0] == '-';
    int64_t value = 0;
    for (size_t i = negative; i < node->text_size; i++) {
        if (!text_is_digit(node->text[i]))
            return otherwise;
        value = value * 10 + (node->text[i] - '0');
    }
    return negative ? -value : value;
}

bool loose_equals(const struct loose_node *node, const char *word) {
    return node && node->kind == LOOSE_TOKEN && strlen(word) == node->text_size &&
           memcmp(node->text, word, node->text_size) == 0;
}

/* \uXXXX as UTF-8 (surrogates become `?`); 0 when the digits are not there. */
static size_t unicode_add(struct text *out, const char *p, size_t left) {
    if (left < 4)
        return 0;
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = text_hex_digit(p[i]);
        if (digit < 0)
            return 0;
        code = code << 4 | (unsigned)digit;
    }
    if (code < 0x20 || (code >= 0xD800 && code < 0xE000)) {
        text_char(out, code < 0x20 ? ' ' : '?');
    } else if (code < 0x80) {
        text_char(out, (char)code);
    } else if (code < 0x800) {
        text_char(out, (char)(0xC0 | code >> 6));
        text_char(out, (char)(0x80 | (code & 63)));
    } else {
        text_char(out, (char)(0xE0 | code >> 12));
        text_char(out, (char)(0x80 | (code >> 6 & 63)));
        text_char(out, (char)(0x80 | (code & 63)));
    }
    return 4;
}

void loose_add_text(struct text *out, const struct loose_node *node) {
    for (size_t i = 0; i < node->text_size; i++) {
        char c = node->text[i];
        if (node->quoted && c == '\\' && i + 1 < node->text_size) {
            c = node->text[++i];
            if (c == 'u') {
                i += unicode_add(out, node->text + i + 1, node->text_size - i - 1);
                continue;
            }
            c = strchr("bfnrt", c) ? ' ' : c;
        }
        text_char(out, (unsigned char)c < 0x20 || c == 0x7F ? ' ' : c);
    }
}

void loose_add_json_string(struct text *out, const char *string, size_t size) {
    text_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)string[i];
        if (c == '"' || c == '\\')
            text_char(out, '\\');
        if (c < 0x20 || c >= 0x7F) { /* bytes of unknown encoding stay readable as Latin-1 */
            text_add(out, "\\u");
            text_hex(out, c, 4);
        } else {
            text_char(out, (char)c);
        }
    }
    text_char(out, '"');
}

static void token_json(struct text *out, const struct loose_tree *tree,
                       const struct loose_node *node) {
    if (loose_node_is_number(tree, node)) {
        text_add_n(out, node->text, node->text_size);
        return;
    }
    char plain[1024];
    struct text clean = text_start(plain, sizeof plain);
    loose_add_text(&clean, node);
    loose_add_json_string(out, plain, clean.length);
}

static void name_json(struct text *out, const struct loose_node *node) {
    if (!node->key)
        return;
    loose_add_json_string(out, node->key, node->key_size);
    text_char(out, ':');
}

void loose_add_json(struct text *out, const struct loose_tree *tree,
                    const struct loose_node *node) {
    const struct loose_node *stack[LOOSE_DEPTH_MAX + 1];
    size_t depth = 0;
    const struct loose_node *at = node;
    while (at && !out->truncated) {
        if (at != node)
            name_json(out, at);
        if (at->kind == LOOSE_TOKEN)
            token_json(out, tree, at);
        else
            text_char(out, at->kind == LOOSE_OBJECT ? '{' : '[');
        if (at->kind != LOOSE_TOKEN && loose_first(tree, at)) {
            stack[depth++] = at;
            at = loose_first(tree, at);
            continue;
        }
        if (at->kind != LOOSE_TOKEN)
            text_char(out, at->kind == LOOSE_OBJECT ? '}' : ']');
        while (depth && !loose_next(tree, at)) {
            at = stack[--depth];
            text_char(out, at->kind == LOOSE_OBJECT ? '}' : ']');
        }
        if (!depth)
            break;
        text_char(out, ',');
        at = loose_next(tree, at);
    }
}
