/* Expressions: single-precision arithmetic over numbers and constants, with OpenBeken's order of
 * operators, compiled to postfix bytes. Source: openshwprojects/OpenBK7231T_App:
 * src/cmnds/cmd_if.c. */
#ifndef DEVICE_EXPRESSION_H
#define DEVICE_EXPRESSION_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

enum expr_op {
    EXPR_NUMBER = 1, /* float follows */
    EXPR_SMALL,      /* one byte 0 … 255 follows */
    EXPR_CHANNEL,    /* channel (2) follows */
    EXPR_CONSTANT,   /* constant (1), index (1) follow */
    EXPR_NOT,
    EXPR_ADD,
    EXPR_SUB,
    EXPR_MUL,
    EXPR_DIV,
    EXPR_MOD,
    EXPR_EQ,
    EXPR_NE,
    EXPR_LT,
    EXPR_GT,
    EXPR_LE,
    EXPR_GE,
    EXPR_AND,
    EXPR_OR,
};
enum { EXPR_STACK = 24 };

float expression_run(struct device *d, const uint8_t *code, size_t size);
/* Compiles and runs a text at once (web pages, tests). */
float expression_text(struct device *d, const char *text);
/* Constants: matches a name at the start of text; returns its length, 0 when none. */
struct constant_ref {
    uint8_t id;
    uint16_t index;
};
size_t constant_match(const char *text, size_t length, struct constant_ref *out);
enum { CONSTANT_CHANNEL = 0 };
float constant_value(struct device *d, struct constant_ref ref);
/* i-th row of the table for docs, linter and suggestions; NULL beyond. */
const char *constant_name(unsigned i);
const char *constant_help(unsigned i);
/* The text that an argument beginning with `$` stands for: $IP, $ShortName, $Name, or the truncated
 * value of a constant; false when it names nothing. */
struct text;
bool constant_text(struct device *d, const char *text, struct text *out);
/* Copies text with constants replaced; cut when it does not fit. Returns the length. */
size_t constant_expand(struct device *d, const char *text, char *out, size_t size);
/* Nearest integer when within 0.001, else six decimals. */
size_t number_print(float value, char *out, size_t size);
#endif
