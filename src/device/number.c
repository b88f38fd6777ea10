/* Reading numbers; see number.h. */
#include "device/number.h"

#include "base/text.h"

#include <stdbool.h>

int32_t number_int(float value) {
    if (value != value)
        return 0;
    if (value >= 2147483648.0f)
        return INT32_MAX;
    return value <= -2147483648.0f ? INT32_MIN : (int32_t)value;
}

static float hex_read(const char *p, const char *end) {
    float value = 0;
    for (; p < end && text_hex_digit(*p) >= 0; p++)
        value = value * 16 + (float)text_hex_digit(*p);
    return value;
}

static int exponent_read(const char *p, const char *end) {
    if (end - p < 2 || text_lower(*p) != 'e')
        return 0;
    bool negative = p[1] == '-';
    int value = 0;
    for (p += p[1] == '-' || p[1] == '+' ? 2 : 1; p < end && text_is_digit(*p); p++)
        value = value < 100 ? value * 10 + (*p - '0') : value;
    return negative ? -value : value;
}

float number_read(const char *text, size_t length) {
    const char *p = text, *end = text + length;
    double value = 0;
    int scale = 0;
    while (p < end && text_is_space(*p))
        p++;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (end - p > 2 && p[0] == '0' && text_lower(p[1]) == 'x')
        return negative ? -hex_read(p + 2, end) : hex_read(p + 2, end);
    bool any = false;
    for (; p < end && text_is_digit(*p); p++, any = true)
        value = value * 10 + (*p - '0');
    if (p < end && *p == '.')
        for (p++; p < end && text_is_digit(*p); p++, scale--, any = true)
            value = value * 10 + (*p - '0');
    scale += any ? exponent_read(p, end) : 0;
    for (; scale > 0; scale--)
        value *= 10;
    for (; scale < 0; scale++)
        value /= 10;
    return (float)(negative ? -value : value);
}
