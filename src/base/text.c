/* The text builder: every addition goes through text_add_n, which is the only place that writes. */
#include "base/text.h"

#include <string.h>

struct text text_start(char *buffer, size_t size) {
    buffer[0] = '\0';
    return (struct text){.data = buffer, .size = size};
}

void text_add_n(struct text *text, const char *string, size_t length) {
    size_t room = text->size - 1 - text->length;
    if (length > room) {
        length = room;
        text->truncated = true;
    }
    memcpy(text->data + text->length, string, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_add(struct text *text, const char *string) {
    text_add_n(text, string, strlen(string));
}

void text_char(struct text *text, char c) {
    text_add_n(text, &c, 1);
}

void text_uint(struct text *text, uint64_t value) {
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    text_add_n(text, digits + at, sizeof digits - at);
}

void text_int(struct text *text, int64_t value) {
    if (value < 0)
        text_char(text, '-');
    text_uint(text, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void text_hex(struct text *text, uint64_t value, int digits) {
    char out[16];
    int at = 16;
    do {
        out[--at] = "0123456789ABCDEF"[value & 15];
        value >>= 4;
        digits--;
    } while (at > 0 && (value || digits > 0));
    text_add_n(text, out + at, (size_t)(16 - at));
}

void text_fixed(struct text *text, int64_t value, int decimals) {
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint64_t scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    if (value < 0)
        text_char(text, '-');
    text_uint(text, magnitude / scale);
    if (decimals > 0)
        text_char(text, '.');
    for (uint64_t rest = magnitude % scale; decimals > 0; decimals--) {
        scale /= 10;
        text_char(text, (char)('0' + rest / scale));
        rest %= scale;
    }
}

/* Length of the UTF-8 character at p; 0: there is none (RFC 3629). */
static size_t utf8_length(const unsigned char *p, size_t left) {
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (n > left || (n > 1 && p[0] < 0xC2) || p[0] > 0xF4)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool bad = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
               (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F);
    return bad ? 0 : n;
}

void text_escape(struct text *text, const char *string, size_t length) {
    static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)string[i];
        size_t n = utf8_length((const unsigned char *)string + i, length - i);
        if (n != 1) { /* many bytes, or none that make a character */
            text_add_n(text, n ? string + i : "?", n ? n : 1);
            i += n ? n - 1 : 0;
            continue;
        }
        const char *special = c ? strchr(plain, c) : NULL;
        if (special) {
            text_char(text, '\\');
            text_char(text, letters[special - plain]);
        } else if (c < ' ' || c == 127) {
            text_add(text, "\\u00");
            text_hex(text, c, 2);
        } else {
            text_char(text, (char)c);
        }
    }
}

void text_json(struct text *text, const char *string) {
    text_char(text, '"');
    text_escape(text, string, strlen(string));
    text_char(text, '"');
}

void text_json_name(struct text *text, const char *name) {
    text_json(text, name);
    text_char(text, ':');
}

void text_html(struct text *text, const char *string) {
    for (; *string; string++)
        if (*string == '<')
            text_add(text, "&lt;");
        else if (*string == '>')
            text_add(text, "&gt;");
        else if (*string == '&')
            text_add(text, "&amp;");
        else if (*string == '"')
            text_add(text, "&quot;");
        else if (*string == '\'')
            text_add(text, "&#39;");
        else
            text_char(text, *string);
}

char text_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool text_is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool text_is_alpha(char c) {
    c = text_lower(c);
    return c >= 'a' && c <= 'z';
}

bool text_is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

int text_hex_digit(char c) {
    if (text_is_digit(c))
        return c - '0';
    c = text_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_same(const char *a, const char *b) {
    while (*a && text_lower(*a) == text_lower(*b)) {
        a++;
        b++;
    }
    return text_lower(*a) == text_lower(*b);
}

bool text_starts(const char *string, const char *prefix) {
    while (*prefix && text_lower(*string) == text_lower(*prefix)) {
        string++;
        prefix++;
    }
    return *prefix == '\0';
}
