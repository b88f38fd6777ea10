/* Walking a JSON text; see scenario_json.h. */
#include "virtual/plug/scenario_json.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 32 };

static const char *blank(const char *p) {
    return p + strspn(p, " \t\r\n");
}

static const char *skip(const char *p, unsigned depth);

static const char *skip_text(const char *p) {
    for (p++; *p && *p != '"'; p++)
        if (*p == '\\' && p[1])
            p++;
    return *p ? p + 1 : NULL;
}

static const char *skip_list(const char *p, char end, unsigned depth) {
    p = blank(p + 1);
    if (*p == end)
        return p + 1;
    for (;;) {
        if (end == '}') {
            p = *p == '"' ? skip_text(p) : NULL;
            p = p ? blank(p) : NULL;
            if (!p || *p != ':')
                return NULL;
            p = blank(p + 1);
        }
        p = skip(p, depth + 1);
        p = p ? blank(p) : NULL;
        if (!p || (*p != ',' && *p != end))
            return NULL;
        if (*p == end)
            return p + 1;
        p = blank(p + 1);
    }
}

/* The end of the value at p; NULL when there is none. */
static const char *skip(const char *p, unsigned depth) {
    if (depth > DEPTH)
        return NULL;
    if (*p == '"')
        return skip_text(p);
    if (*p == '{' || *p == '[')
        return skip_list(p, *p == '{' ? '}' : ']', depth);
    size_t length = strspn(p, "+-.0123456789abcdefghijklmnopqrstuvwxyzE");
    return length ? p + length : NULL;
}

static struct json_value value_at(const char *p) {
    struct json_value v = {JSON_NONE, p, skip(p, 0)};
    if (!v.end)
        return (struct json_value){JSON_NONE, "", ""};
    v.kind = *p == '"'                         ? JSON_TEXT
             : *p == '{'                       ? JSON_OBJECT
             : *p == '['                       ? JSON_ARRAY
             : strchr("-0123456789", *p) && *p ? JSON_NUMBER
                                               : JSON_OTHER;
    return v;
}

/* Undoes escapes of a key or string into `out`, which is as large as the text. */
static size_t unescape(const char *p, const char *end, char *out) {
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    size_t at = 0;
    for (; p < end; p++) {
        const char *special = p[0] == '\\' ? strchr(from, p[1]) : NULL;
        if (p[0] != '\\') {
            out[at++] = *p;
        } else if (p[1] == 'u' && p + 5 < end) {
            char hex[5] = {p[2], p[3], p[4], p[5], 0};
            unsigned long code = strtoul(hex, NULL, 16);
            if (code >= 0x800)
                out[at++] = (char)(0xE0 | code >> 12), out[at++] = (char)(0x80 | (code >> 6 & 63));
            else if (code >= 0x80)
                out[at++] = (char)(0xC0 | code >> 6);
            out[at++] = (char)(code >= 0x80 ? 0x80 | (code & 63) : code);
            p += 5;
        } else {
            out[at++] = special ? to[special - from] : p[1];
            p++;
        }
    }
    return at;
}

/* One step of a pointer: its key with ~0 and ~1 undone; returns what follows. */
static const char *token(const char *pointer, char *key, size_t size) {
    size_t at = 0;
    for (pointer++; *pointer && *pointer != '/'; pointer++) {
        char c = *pointer;
        if (c == '~' && (pointer[1] == '0' || pointer[1] == '1'))
            c = *++pointer == '1' ? '/' : '~';
        if (at + 1 < size)
            key[at++] = c;
    }
    key[at] = 0;
    return pointer;
}

static struct json_value member(struct json_value in, const char *key) {
    char name[256];
    unsigned long index = strtoul(key, NULL, 10), at = 0;
    const char *p = blank(in.start + 1);
    while (*p != '}' && *p != ']') {
        bool found = in.kind == JSON_ARRAY && *key >= '0' && *key <= '9' && at++ == index;
        if (in.kind == JSON_OBJECT) {
            const char *end = skip_text(p);
            size_t length = (size_t)(end - p) - 2;
            if (length < sizeof name)
                length = unescape(p + 1, end - 1, name);
            found = length == strlen(key) && memcmp(name, key, length) == 0;
            p = blank(blank(end) + 1);
        }
        if (found)
            return value_at(p);
        p = blank(skip(p, 0));
        p = *p == ',' ? blank(p + 1) : p;
    }
    return (struct json_value){JSON_NONE, "", ""};
}

struct json_value scenario_json_find(const char *document, const char *pointer) {
    char key[256];
    const char *start = blank(document);
    struct json_value v = value_at(start);
    if (v.kind == JSON_NONE || *blank(v.end))
        return (struct json_value){JSON_NONE, "", ""};
    while (*pointer == '/') {
        pointer = token(pointer, key, sizeof key);
        if (v.kind != JSON_OBJECT && v.kind != JSON_ARRAY)
            return (struct json_value){JSON_NONE, "", ""};
        v = member(v, key);
    }
    return v;
}

struct scenario_text scenario_json_text(struct scenario *s, const struct json_value *value) {
    size_t size = (size_t)(value->end - value->start);
    struct scenario_text out = scenario_text_keep(s, value->start, size);
    if (value->kind == JSON_TEXT) {
        out.length = unescape(value->start + 1, value->end - 1, out.data);
    } else {
        bool quoted = false;
        out.length = 0;
        for (const char *p = value->start; p < value->end; p++) {
            quoted ^= *p == '"' && p[-1] != '\\';
            if (quoted || !strchr(" \t\r\n", *p))
                out.data[out.length++] = *p;
        }
    }
    out.data[out.length] = 0;
    return out;
}
