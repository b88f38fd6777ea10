/* JSON for expectations: finding a value by its pointer (RFC 6901) in a text, without a tree. */
#ifndef VIRTUAL_SCENARIO_JSON_H
#define VIRTUAL_SCENARIO_JSON_H
#include "virtual/plug/scenario_run.h"

enum json_kind { JSON_NONE, JSON_TEXT, JSON_NUMBER, JSON_OBJECT, JSON_ARRAY, JSON_OTHER };

struct json_value {
    enum json_kind kind;
    const char *start, *end; /* in the document, quotes and brackets included */
};

/* JSON_NONE when the text is no JSON or has nothing there. Of repeated keys the first counts. */
struct json_value scenario_json_find(const char *document, const char *pointer);
/* A string without quotes and escapes; anything else as it stands, without blanks. */
struct scenario_text scenario_json_text(struct scenario *s, const struct json_value *value);
#endif
