/* The helpers around jansson. */
#include "workbench/report/json_help.h"

#include <stdlib.h>

json_t *json_text(const char *text) {
    if (!text)
        return json_null();
    json_t *value = json_string(text);
    if (value)
        return value;
    size_t length = strlen(text);
    char *clean = malloc(length + 1);
    if (!clean)
        return json_null();
    for (size_t i = 0; i <= length; i++)
        clean[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
    value = json_string(clean);
    free(clean);
    return value ? value : json_null();
}

json_t *json_text_or_null(const char *text) {
    return text && *text ? json_text(text) : json_null();
}

json_t *json_lines(const struct lines *lines) {
    json_t *array = json_array();
    for (size_t i = 0; i < lines->count; i++)
        json_array_append_new(array, json_text(lines->line[i]));
    return array;
}
