/* The tokenizer; see tokenizer.h. */
#include "device/script/tokenizer.h"

#include "base/text.h"
#include "device/number.h"
#include "device/script/expression.h"

#include <string.h>

bool token_blank(char c) {
    return text_is_space(c) || (unsigned char)c == 0xA0;
}

static void quoted(const char **p, const char *end, unsigned modes, struct token *out) {
    const char *start = ++*p;
    while (*p < end && **p != '"') {
        if ((modes & TOKEN_ESCAPES) && **p == '\\' && *p + 1 < end && (*p)[1] == '"') {
            out->escapes = true;
            ++*p;
        }
        ++*p;
    }
    out->text = start;
    out->length = (size_t)(*p - start);
    if (*p < end)
        ++*p;
}

bool token_next(const char **p, const char *end, unsigned modes, bool first, struct token *out) {
    while (*p < end && token_blank(**p))
        ++*p;
    if (*p >= end)
        return false;
    *out = (struct token){.text = *p};
    if (modes & TOKEN_SINGLE) {
        *p = end;
        out->length = (size_t)(end - out->text);
        return true;
    }
    if (**p == '"' && (first || (modes & TOKEN_QUOTES))) {
        quoted(p, end, modes, out);
        return true;
    }
    while (*p < end && !token_blank(**p))
        ++*p;
    out->length = (size_t)(*p - out->text);
    return true;
}

static void copy(struct text *to, const struct token *token) {
    for (size_t i = 0; i < token->length; i++)
        if (!(token->escapes && token->text[i] == '\\' && i + 1 < token->length &&
              token->text[i + 1] == '"'))
            text_char(to, token->text[i]);
}

void tokens_split(struct device *d, const char *text, unsigned modes, struct tokens *out) {
    out->count = 0;
    out->modes = modes;
    if (modes & TOKEN_EARLY) {
        constant_expand(d, text, out->line, sizeof out->line);
    } else {
        struct text line = text_start(out->line, sizeof out->line);
        text_add(&line, text);
    }
    struct token token;
    char *to = out->text;
    const char *p = out->line, *end = p + strlen(p);
    while (out->count < TOKEN_ARGUMENTS) {
        while (p < end && token_blank(*p))
            p++;
        out->starts[out->count] = p;
        if (!token_next(&p, end, modes, out->count == 0, &token))
            break;
        struct text arg = text_start(to, sizeof out->text - (size_t)(to - out->text));
        copy(&arg, &token);
        out->args[out->count++] = to;
        to += arg.length + 1;
    }
}

const char *tokens_text(struct device *d, struct tokens *t, unsigned i) {
    bool single = t->modes & TOKEN_SINGLE;
    if (i >= t->count)
        return "";
    if (t->modes & TOKEN_PLAIN)
        return t->args[i];
    if (single || (t->modes & TOKEN_INSIDE)) {
        constant_expand(d, t->args[i], t->expanded, single ? sizeof t->expanded : TOKEN_EXPANDED);
        return t->expanded;
    }
    struct text out = text_start(t->expanded, TOKEN_EXPANDED);
    return *t->args[i] == '$' && constant_text(d, t->args[i], &out) ? t->expanded : t->args[i];
}

const char *tokens_from(const struct tokens *t, unsigned i) {
    return i < t->count ? t->starts[i] : "";
}

int32_t tokens_int(struct device *d, const struct tokens *t, unsigned i) {
    if (i >= t->count)
        return 0;
    if (t->args[i][0] == '0' && t->args[i][1] == 'x')
        return number_int(number_read(t->args[i], strlen(t->args[i])));
    return number_int(tokens_float(d, t, i));
}

float tokens_float(struct device *d, const struct tokens *t, unsigned i) {
    return i < t->count ? expression_text(d, t->args[i]) : 0;
}
