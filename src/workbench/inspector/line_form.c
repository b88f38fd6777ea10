/* Lines, patterns, members; see line_form.h. */
#include "workbench/inspector/line_form.h"

#include "base/bytes.h"
#include "codec/tuya/keys.h"
#include "codec/tuya/loose.h"

#include <string.h>

const char *span_find(struct span_text span, const char *word) {
    size_t at = bytes_find((const uint8_t *)span.text, span.size, 0, word, strlen(word));
    return at == SIZE_MAX ? NULL : span.text + at;
}

bool lines_next(struct lines *lines) {
    if (lines->at >= lines->all.size)
        return false;
    const char *start = lines->all.text + lines->at;
    size_t left = lines->all.size - lines->at;
    const char *end = memchr(start, '\n', left);
    size_t size = end ? (size_t)(end - start) : left;
    lines->at += size + (end != NULL);
    lines->number++;
    while (size && text_is_space(start[size - 1]))
        size--;
    while (size && text_is_space(*start)) {
        start++;
        size--;
    }
    struct text text = text_start(lines->line, sizeof lines->line);
    text_add_n(&text, start, size);
    return true;
}

/* One element of the pattern against the line; false when it does not fit. */
static bool match_one(char element, const char **line, struct line_match *match) {
    const char *p = *line;
    if (element == '#') {
        if (!text_is_digit(*p))
            return false;
        for (match->number = 0; text_is_digit(*p) && match->number < 10000; p++)
            match->number = match->number * 10 + (*p - '0');
    } else if (element == '$') {
        struct text value = text_start(match->value, sizeof match->value);
        while (*p && !text_is_space(*p) && *p != ',' && *p != ')')
            text_char(&value, *p++);
        if (!value.length)
            return false;
    } else if (element == '*') {
        while (text_is_space(*p))
            p++;
    } else if (text_lower(*p++) != text_lower(element)) {
        return false;
    }
    *line = p;
    return true;
}

bool line_match(const char *pattern, const char *line, struct line_match *match) {
    memset(match, 0, sizeof *match);
    for (; *pattern; pattern++)
        if (!match_one(*pattern, &line, match))
            return false;
    return true;
}

const struct tuya_key *line_known_key(const char *key, size_t size) {
    char name[64];
    struct text text = text_start(name, sizeof name);
    text_add_n(&text, key, size);
    return text.truncated ? NULL : tuya_key_find(name);
}

void line_add(struct tuya_config *config, const char *key, size_t key_size, const char *value,
              size_t value_size) {
    const struct tuya_key *known = line_known_key(key, key_size);
    bool number = known && (known->kind == TUYA_KEY_PIN || known->kind == TUYA_KEY_LEVEL);
    if (number && !loose_is_number(value, value_size))
        return;
    tuya_config_add(config, key, key_size, value, value_size,
                    loose_is_number(value, value_size) ? TUYA_NUMBER : TUYA_STRING);
}

void line_add_form(struct tuya_config *config, const char *key, const struct line_match *match) {
    char name[64];
    struct text text = text_start(name, sizeof name);
    for (; *key; key++) {
        if (*key == '#')
            text_int(&text, match->number);
        else
            text_char(&text, *key);
    }
    size_t size = strlen(match->value);
    while (size && (match->value[size - 1] == '.' || match->value[size - 1] == ';'))
        size--;
    line_add(config, name, text.length, match->value, size);
}
