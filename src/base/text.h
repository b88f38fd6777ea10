/* Building text in a buffer of fixed size without ever writing past it, and the few string
 * helpers that freestanding C lacks. A text that did not fit is cut, ends with NUL, and says so in
 * `truncated`. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *data;
    size_t size;   /* capacity in bytes, NUL included */
    size_t length; /* characters so far, NUL excluded */
    bool truncated;
};

/* Starts an empty text in buffer; size must be at least 1. */
struct text text_start(char *buffer, size_t size);
void text_char(struct text *text, char c);
void text_add(struct text *text, const char *string);
void text_add_n(struct text *text, const char *string, size_t length);
/* Decimal, and hexadecimal in capitals padded with zeros to `digits`. */
void text_int(struct text *text, int64_t value);
void text_uint(struct text *text, uint64_t value);
void text_hex(struct text *text, uint64_t value, int digits);
/* Fixed point: value / 10^decimals, for example text_fixed(t, 2305, 1) adds "230.5". */
void text_fixed(struct text *text, int64_t value, int decimals);
/* A JSON string with its quotes, escaped; without the quotes; and "name": in front of a value.
 * Bytes that are no UTF-8 become "?". */
void text_json(struct text *text, const char *string);
void text_escape(struct text *text, const char *string, size_t length);
void text_json_name(struct text *text, const char *name);
/* For HTML content and attribute values. */
void text_html(struct text *text, const char *string);

char text_lower(char c);
bool text_is_digit(char c);
bool text_is_alpha(char c);
bool text_is_space(char c);
/* -1 when not a hexadecimal digit. */
int text_hex_digit(char c);
/* Case-insensitive equality of NUL-terminated strings (ASCII). */
bool text_same(const char *a, const char *b);
/* Case-insensitive: does string start with prefix? */
bool text_starts(const char *string, const char *prefix);
#endif
