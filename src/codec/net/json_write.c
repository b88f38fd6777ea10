/* Members of JSON objects in a text of fixed size; strings are escaped by base/text. */
#include "codec/net/json.h"

void json_comma(struct text *out) {
    char last = out->length ? out->data[out->length - 1] : '{';
    if (last != '{' && last != '[' && last != ',' && last != ':')
        text_char(out, ',');
}

void json_add_name(struct text *out, const char *name) {
    json_comma(out);
    text_json_name(out, name);
}

void json_add_string(struct text *out, const char *name, const char *value) {
    json_add_name(out, name);
    text_json(out, value);
}

void json_add_int(struct text *out, const char *name, int64_t value) {
    json_add_name(out, name);
    text_int(out, value);
}

void json_add_bool(struct text *out, const char *name, bool value) {
    json_add_name(out, name);
    text_add(out, value ? "true" : "false");
}

void json_add_float(struct text *out, const char *name, double value, int decimals) {
    double scale = 1;
    json_add_name(out, name);
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    if (!(value * scale < 9e17 && value * scale > -9e17)) /* also what is no number */
        text_add(out, "null");
    else
        text_fixed(out, (int64_t)(value * scale + (value < 0 ? -0.5 : 0.5)), decimals);
}
