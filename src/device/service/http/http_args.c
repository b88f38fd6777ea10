/* Arguments of requests: names and values in queries and forms, percent-encoding. */
#include "device/service/http/http.h"

size_t http_decode(char *text, bool form) {
    char *to = text;
    for (const char *p = text; *p; p++) {
        int high = *p == '%' ? text_hex_digit(p[1]) : -1;
        int low = high >= 0 ? text_hex_digit(p[2]) : -1;
        if (low >= 0) {
            *to++ = (char)(high * 16 + low);
            p += 2;
        } else {
            *to++ = form && *p == '+' ? ' ' : *p;
        }
    }
    *to = 0;
    return (size_t)(to - text);
}

/* The value that belongs to `name`, and its encoded length; NULL when absent. */
static const char *find(const char *pairs, const char *name, size_t *length) {
    size_t wanted = strlen(name);
    while (*pairs) {
        size_t all = strcspn(pairs, "&"), key = strcspn(pairs, "=&");
        if (key == wanted && memcmp(pairs, name, wanted) == 0) {
            const char *value = pairs + key + (pairs[key] == '=');
            *length = (size_t)(pairs + all - value);
            return value;
        }
        pairs += all + (pairs[all] == '&');
    }
    return NULL;
}

static char decoded(const char **p, const char *end) {
    char c = *(*p)++;
    if (c == '+')
        return ' ';
    if (c != '%' || end - *p < 2)
        return c;
    int high = text_hex_digit((*p)[0]), low = text_hex_digit((*p)[1]);
    if (high < 0 || low < 0)
        return c;
    *p += 2;
    return (char)(high * 16 + low);
}

int http_value(const char *pairs, const char *name, char *buffer, size_t size) {
    size_t length, at = 0;
    const char *p = find(pairs, name, &length), *end = p ? p + length : NULL;
    buffer[0] = 0;
    if (!p)
        return -1;
    while (p < end && at + 1 < size)
        buffer[at++] = decoded(&p, end);
    buffer[at] = 0;
    return (int)at;
}

int http_arg(const struct http_exchange *x, const char *name, char *buffer, size_t size) {
    int length = http_value(x->query, name, buffer, size);
    return length < 0 && x->body ? http_value(x->body, name, buffer, size) : length;
}

int64_t http_arg_int(const struct http_exchange *x, const char *name, int64_t missing) {
    char text[24] = "", *p = text;
    int64_t value = 0;
    if (http_arg(x, name, text, sizeof text) <= 0)
        return missing;
    bool minus = *p == '-';
    p += minus;
    if (!text_is_digit(*p))
        return missing;
    for (; text_is_digit(*p) && value < INT64_MAX / 20; p++)
        value = value * 10 + (*p - '0');
    return *p ? missing : minus ? -value : value;
}
