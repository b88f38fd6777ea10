/* Expressions; see expression.h for the form and the facts. */
#include "device/script/expression.h"

#include "base/text.h"
#include "device/device.h"
#include "device/number.h"
#include "device/script/compile.h"
#include <string.h>

#include <math.h>

struct operator{
    char text[3];
    uint8_t priority; /* higher binds looser */
    uint8_t code;
};
static const struct operator operators[] = {
    {"&&", 12, EXPR_AND}, {"||", 12, EXPR_OR}, {"==", 10, EXPR_EQ}, {"!=", 10, EXPR_NE},
    {"<=", 10, EXPR_LE},  {">=", 10, EXPR_GE}, {"<", 10, EXPR_LT},  {">", 10, EXPR_GT},
    {"+", 6, EXPR_ADD},   {"-", 6, EXPR_SUB},  {"*", 4, EXPR_MUL},  {"/", 4, EXPR_DIV},
    {"%", 4, EXPR_MOD},
};

static const struct operator* operator_at(const char *text, size_t length) {
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        size_t n = operators[i].text[1] ? 2 : 1;
        if (length >= n && memcmp(text, operators[i].text, n) == 0)
            return &operators[i];
    }
    return NULL;
}

/* The place to split at; the last character of the whole text (`whole`) is never looked at. */
static const struct operator*
    split_find(const char *text, size_t length, const char *whole, size_t *at) {
    const struct operator* best = NULL;
    int level = 0;
    size_t i = length > 1 && text[0] == '-' && text_is_digit(text[1]) ? 1 : 0;
    while (i < length && text + i + 1 < whole) {
        level += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        const struct operator* op = level == 0 ? operator_at(text + i, length - i) : NULL;
        if (!op) {
            i++;
            continue;
        }
        size_t n = op->text[1] ? 2 : 1;
        bool sign = best && op->code == EXPR_SUB && i == *at + (best->text[1] ? 2u : 1u);
        if (!sign && (!best || op->priority >= best->priority)) {
            best = op;
            *at = i;
        }
        i += n;
    }
    return best;
}

/* True when the parenthesis at the start is closed by the last character. */
static bool wrapped(const char *text, size_t length) {
    int level = 0;
    if (length < 2 || text[0] != '(')
        return false;
    for (size_t i = 0; i < length; i++) {
        level += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (level == 0)
            return i == length - 1;
    }
    return false;
}

static void trim(const char **text, size_t *length) {
    while (*length && text_is_space(**text))
        (*text)++, (*length)--;
    while (*length && text_is_space((*text)[*length - 1]))
        (*length)--;
}

static void emit_number(struct compiler *c, float value) {
    if (value >= 0 && value <= 255 && value == (float)(int)value) {
        compile_byte(c, EXPR_SMALL);
        compile_byte(c, (unsigned)value);
        return;
    }
    compile_byte(c, EXPR_NUMBER);
    compile_bytes(c, &value, sizeof value);
}

static void emit_constant(struct compiler *c, struct constant_ref ref) {
    compile_byte(c, ref.id == CONSTANT_CHANNEL ? EXPR_CHANNEL : EXPR_CONSTANT);
    compile_byte(c, ref.id == CONSTANT_CHANNEL ? ref.index & 0xFF : ref.id);
    compile_byte(c, ref.id == CONSTANT_CHANNEL ? ref.index >> 8 : ref.index);
}

static void part(struct compiler *c, const char *text, size_t length, const char *whole,
                 unsigned depth) {
    size_t at = 0;
    struct constant_ref ref;
    trim(&text, &length);
    while (wrapped(text, length)) {
        text++, length -= 2;
        trim(&text, &length);
    }
    if (depth >= EXPR_STACK - 1) {
        compile_finding(c, text, "expression is nested too deeply, counts as 0", NULL, 0, NULL);
        emit_number(c, 0);
        return;
    }
    const struct operator* op = split_find(text, length, whole, &at);
    if (op) {
        size_t n = op->text[1] ? 2 : 1;
        /* the left side is computed first and then waits on the stack */
        part(c, text, at, whole, depth + 1);
        part(c, text + at + n, length - at - n, whole, depth + 1);
        compile_byte(c, op->code);
    } else if (length && text[0] == '!') {
        part(c, text + 1, length - 1, whole, depth + 1);
        compile_byte(c, EXPR_NOT);
    } else if (length && constant_match(text, length, &ref) == length) {
        emit_constant(c, ref);
    } else {
        if (length && text[0] == '$')
            compile_finding(c, text, "unknown constant, counts as 0:", text, length, NULL);
        emit_number(c, number_read(text, length));
    }
}

void compile_expression(struct compiler *c, const char *text, size_t length) {
    part(c, text, length, text + length, 0);
}

static float combine(unsigned op, float a, float b) {
    switch (op) {
    case EXPR_ADD:
        return a + b;
    case EXPR_SUB:
        return a - b;
    case EXPR_MUL:
        return a * b;
    case EXPR_DIV:
        if (b == 0)
            return a == 0 ? 0 : a > 0 ? HUGE_VALF : -HUGE_VALF;
        return a / b;
    case EXPR_EQ:
        return a == b;
    case EXPR_NE:
        return a != b;
    case EXPR_LT:
        return a < b;
    case EXPR_GT:
        return a > b;
    case EXPR_LE:
        return a <= b;
    case EXPR_GE:
        return a >= b;
    default:
        break;
    }
    int32_t x = number_int(a), y = number_int(b);
    if (op == EXPR_MOD)
        return y == 0 || y == -1 ? 0 : (float)(x % y);
    return op == EXPR_AND ? (x && y) : (x || y);
}

float expression_run(struct device *d, const uint8_t *code, size_t size) {
    float stack[EXPR_STACK + 2] = {0};
    unsigned top = 0; /* stack[top - 1] is the latest; slot 0 stays a harmless 0 */
    const uint8_t *end = code + size;
    while (code < end && top <= EXPR_STACK) {
        unsigned op = *code++;
        if (op == EXPR_NUMBER) {
            memcpy(&stack[top++], code, sizeof(float));
            code += sizeof(float);
        } else if (op == EXPR_SMALL) {
            stack[top++] = *code++;
        } else if (op == EXPR_CHANNEL) {
            stack[top++] = (float)channel_get(d, code[0] | code[1] << 8);
            code += 2;
        } else if (op == EXPR_CONSTANT) {
            stack[top++] = constant_value(d, (struct constant_ref){code[0], code[1]});
            code += 2;
        } else if (op == EXPR_NOT && top >= 1) {
            stack[top - 1] = stack[top - 1] == 0;
        } else if (top >= 2) {
            stack[top - 2] = combine(op, stack[top - 2], stack[top - 1]);
            top--;
        }
    }
    return top ? stack[top - 1] : 0;
}

static float expression_part(struct device *d, const char *text, size_t length) {
    uint8_t code[SCRIPT_CODE_LINE];
    struct compiler c = {.out = code, .size = sizeof code};
    compile_expression(&c, text, length);
    return c.full ? 0 : expression_run(d, code, c.used);
}

float expression_text(struct device *d, const char *text) {
    return expression_part(d, text, strlen(text));
}
