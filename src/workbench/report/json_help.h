/* Small helpers around jansson: texts that may hold any byte, NULL as null, lists of lines. */
#ifndef WORKBENCH_REPORT_JSON_HELP_H
#define WORKBENCH_REPORT_JSON_HELP_H
#include "workbench/inspector/inspection.h"

#include <jansson.h>

/* A JSON string of any bytes: those that are no UTF-8 become '?'. NULL gives null. */
json_t *json_text(const char *text);
json_t *json_text_or_null(const char *text); /* "" gives null, too */
json_t *json_lines(const struct lines *lines);
static inline json_t *json_size(size_t value) {
    return json_integer((json_int_t)value);
}
static inline void json_put(json_t *object, const char *key, json_t *value) {
    json_object_set_new(object, key, value);
}
#endif
