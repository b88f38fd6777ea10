/* Writing JSON into a text of fixed size. */
#include "codec/net/json.h"

#include <string.h>

/* Length of the valid UTF-8 sequence at p, 0 when there is none. */
static size_t sequence(const unsigned char *p, size_t left) {
    size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xC2 && p[0] < 0xE0 ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : 4;
    if (n > left || (n == 4 && (p[0] < 0xF0 || p[0] > 0xF4)))
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if (n == 3 && ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F)))
        return 0;
    if (n == 4 && ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F)))
        return 0;
    return n;
}

static void control(struct text *out, unsigned char c) {
    static const char letters[] = "b\bf\fn\nr\rt\t";
    for (size_t i = 0; i + 1 < sizeof letters; i += 2)
        if (letters[i + 1] == (char)c) {
            text_char(out, '\\');
            text_char(out, letters[i]);
            return;
        }
    text_add(out, "\\u00");
    text_hex(out, c, 2);
}

void json_text_n(struct text *out, const char *string, size_t length) {
    const unsigned char *p = (const unsigned char *)string;
    text_char(out, '"');
    for (size_t i = 0, n; i < length; i += n) {
        n = sequence(p + i, length - i);
        if (n == 0) {
            text_char(out, '?');
            n = 1;
        } else if (p[i] < 0x20 || p[i] == 0x7F) {
            control(out, p[i]);
        } else {
            if (p[i] == '"' || p[i] == '\\')
                text_char(out, '\\');
            text_add_n(out, string + i, n);
        }
    }
    text_char(out, '"');
}

void json_text(struct text *out, const char *string) {
    json_text_n(out, string, strlen(string));
}

void json_comma(struct text *out) {
    char last = out->length ? out->data[out->length - 1] : '{';
    if (last != '{' && last != '[')
        text_char(out, ',');
}

void json_name(struct text *out, const char *name) {
    json_comma(out);
    json_text(out, name);
    text_char(out, ':');
}

void json_string(struct text *out, const char *name, const char *value) {
    json_name(out, name);
    json_text(out, value);
}

void json_int(struct text *out, const char *name, int64_t value) {
    json_name(out, name);
    text_int(out, value);
}

void json_bool(struct text *out, const char *name, bool value) {
    json_name(out, name);
    text_add(out, value ? "true" : "false");
}

void json_float(struct text *out, const char *name, double value, int decimals) {
    double scale = 1;
    json_name(out, name);
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    if (!(value * scale < 9e17 && value * scale > -9e17)) /* also what is no number */
        text_add(out, "null");
    else
        text_fixed(out, (int64_t)(value * scale + (value < 0 ? -0.5 : 0.5)), decimals);
}
