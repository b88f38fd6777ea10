/* Finding commands, reading their arguments, running a line. */
#include "device/script/command.h"

#include "base/text.h"
#include "device/device.h"
#include "device/number.h"
#include "device/script/command_row.h"
#include "device/script/expression.h"
#include "device/script/script.h"

#include <string.h>

const struct command_row *command_row(const struct command_table *words, unsigned number) {
    for (unsigned i = 0; i < words->count; i++) {
        unsigned count = *words->groups[i].count;
        if (number < count)
            return &words->groups[i].rows[number];
        number -= count;
    }
    return NULL;
}

static bool is_named(const struct command_row *row, const char *word, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (!row->name[i] || text_lower(row->name[i]) != text_lower(word[i]))
            return false;
    return !row->name[length];
}

static int find_exact(const struct command_table *words, const char *word, size_t length) {
    int number = 0;
    for (unsigned g = 0; g < words->count; g++)
        for (unsigned i = 0; i < *words->groups[g].count; i++, number++)
            if (is_named(&words->groups[g].rows[i], word, length))
                return number;
    return -1;
}

int command_find(const struct command_table *words, const char *word, size_t length, int *suffix) {
    size_t cut = 0;
    *suffix = -1;
    int found = length ? find_exact(words, word, length) : -1;
    if (found >= 0)
        return found;
    while (cut < length && !text_is_digit(word[cut]))
        cut++;
    if (cut == 0 || cut == length)
        return -1;
    int number = number_int(number_read(word + cut, length - cut));
    *suffix = number > 999 ? 999 : number;
    return find_exact(words, word, cut);
}

static const uint8_t *find_arg(const struct call *c, unsigned i) {
    const uint8_t *p = c->args;
    if (i >= c->count)
        return NULL;
    while (i--)
        p += arg_size(p);
    return p;
}

float call_float(const struct call *c, unsigned i, float missing) {
    const uint8_t *p = find_arg(c, i);
    if (!p)
        return missing;
    if (p[0] == ARG_SMALL)
        return p[1];
    size_t size = (size_t)(p[1] | p[2] << 8), text = (size_t)(p[3] | p[4] << 8);
    int32_t whole;
    switch (p[0]) {
    case ARG_INT:
        memcpy(&whole, p + 3, sizeof whole);
        return (float)whole;
    case ARG_EXPR:
        return expression_run(c->d, p + 3, size);
    case ARG_BOTH:
        return expression_run(c->d, p + 5 + text, size - 2 - text);
    case ARG_TEXT:
        return expression_text(c->d, (const char *)p + 3);
    default:
        return missing;
    }
}

int32_t call_int(const struct call *c, unsigned i, int32_t missing) {
    const uint8_t *p = find_arg(c, i);
    int32_t whole;
    if (!p)
        return missing;
    if (p[0] == ARG_SMALL)
        return p[1];
    if (p[0] != ARG_INT)
        return number_int(call_float(c, i, 0));
    memcpy(&whole, p + 3, sizeof whole);
    return whole;
}

const char *call_raw(const struct call *c, unsigned i) {
    const uint8_t *p = find_arg(c, i);
    if (p && p[0] == ARG_TEXT)
        return (const char *)p + 3;
    return p && p[0] == ARG_BOTH ? (const char *)p + 5 : "";
}

/* The rest of a line is kept as it is: it is expanded when it runs. */
static bool is_rest(const struct call *c, unsigned i) {
    return i < strlen(c->row->kinds) && c->row->kinds[i] == 'r';
}

const char *call_text(const struct call *c, unsigned i) {
    struct command_state *s = &c->d->command;
    const char *raw = call_raw(c, i);
    bool inside = c->row->modes & TOKEN_INSIDE && strchr(raw, '$');
    if ((*raw != '$' && !inside) || c->row->modes & TOKEN_PLAIN || is_rest(c, i))
        return raw;
    char *buffer = s->expanded[s->expanded_next];
    struct text text = text_start(buffer, COMMAND_EXPANDED_SIZE);
    if (inside)
        constant_expand(c->d, raw, buffer, COMMAND_EXPANDED_SIZE);
    else if (!constant_text(c->d, raw, &text))
        return raw;
    s->expanded_next = (uint8_t)((s->expanded_next + 1u) % COMMAND_EXPANDED);
    return buffer;
}

bool call_is_int(const struct call *c, unsigned i) {
    const char *t = call_raw(c, i), *p = t;
    if (*t == '$' || (t[0] == '0' && t[1] == 'x'))
        return true;
    while (text_is_digit(*p))
        p++;
    return *t && !*p;
}

bool call_truth(const struct call *c, unsigned i) {
    const char *t = call_raw(c, i);
    return text_same(t, "ON") || text_same(t, "true") || call_int(c, i, 0) != 0;
}

int call_pin(const struct call *c, unsigned i) {
    return call_is_int(c, i) ? call_int(c, i, -1) : board_pin_find(c->d, call_raw(c, i));
}

const uint8_t *call_node(const struct call *c, unsigned i, size_t *size) {
    const uint8_t *p = find_arg(c, i);
    if (!p || p[0] != ARG_NODE || !(p[1] | p[2]))
        return NULL;
    *size = (size_t)(p[1] | p[2] << 8);
    return p + 3;
}

void call_reply(const struct call *c, const char *text) {
    struct text t = text_start(c->d->command.reply, sizeof c->d->command.reply);
    text_add(&t, text);
}

void call_answer(const struct call *c, const char *name, const char *value) {
    struct text t = text_start(c->d->command.reply, sizeof c->d->command.reply);
    if (!(c->source & COMMAND_FROM_TCP))
        text_add(&t, name);
    text_add(&t, value);
    device_log2(c->d, LOG_INFO, "cmd", name, value);
}

/* What stands behind the word `backlog`; NULL when the line begins otherwise. */
static const char *backlog_of(const char *line) {
    const char *p = line;
    while (text_is_space(*p))
        p++;
    return text_starts(p, "backlog") && text_is_space(p[7]) ? p + 8 : NULL;
}

enum command_result command_run(struct device *d, const char *line, unsigned source) {
    uint8_t code[SCRIPT_CODE_LINE];
    struct compiler c = compile_start(d, code, sizeof code);
    bool fits = compile_line(&c, line, strlen(line));
    if (!fits && backlog_of(line))
        return backlog_run(d, backlog_of(line), source);
    if (!fits) {
        device_log(d, LOG_ERROR, "cmd", "line is too long or holds too many commands; not run");
        return COMMAND_ERROR;
    }
    return c.used ? node_run(d, code, source) : COMMAND_EMPTY;
}

void command_init(struct device *d) {
    d->command = (struct command_state){0};
}
