/* Running compiled lines. Aliases are looked up by name when they run, so one may be defined after
 * the line that uses it. Depth and number of commands in one run are bounded: what calls itself is
 * stopped and said, and the device goes on. */
#include "base/text.h"
#include "device/device.h"
#include "device/number.h"
#include "device/script/command_row.h"
#include "device/script/expression.h"
#include "device/script/script.h"

#include <string.h>

enum { DEPTH_MAX = 24, BUDGET = 2000 };

struct block *alias_find(const struct device *d, const char *word, size_t length) {
    for (struct block *b = block_first(d, BLOCK_ALIAS); b; b = block_next(d, b)) {
        const char *name = block_fields(b);
        if (strlen(name) == length && word_hash(name, length) == word_hash(word, length))
            return b;
    }
    return NULL;
}

/* The first word of what an alias stands for, which is all that is kept when it gets arguments. */
static void first_word(const struct device *d, const uint8_t *node, struct text *out) {
    switch (node[2]) {
    case NODE_CALL:
    case NODE_LATE:
        text_add(out, command_row(d->wiring->words, script_get16(node + 3))->name);
        if (script_get16(node + 5))
            text_int(out, script_get16(node + 5) - 1);
        break;
    case NODE_NAME:
        text_add(out, (const char *)node + NODE_HEAD);
        break;
    default:
        text_add(out, node[2] == NODE_IF ? "if" : "backlog");
    }
}

static enum command_result run_alias_with(struct device *d, const uint8_t *node, const char *more,
                                          unsigned source) {
    char line[SCRIPT_LINE_MAX + 1];
    struct text t = text_start(line, sizeof line);
    first_word(d, node, &t);
    text_char(&t, ' ');
    text_add(&t, more);
    return command_run(d, line, source);
}

static enum command_result run_alias(struct device *d, const struct block *alias, const char *more,
                                     unsigned source) {
    const uint8_t *node = block_code(d, alias);
    return *more ? run_alias_with(d, node, more, source) : node_run(d, node, source);
}

/* A word with digits behind the name of a command or alias ("led1x"): that one. */
static enum command_result run_cut(struct device *d, const char *word, const char *more,
                                   unsigned source) {
    uint8_t code[SCRIPT_CODE_LINE] = {0};
    struct compiler c = compile_start(d, code, sizeof code);
    if (compile_cut(&c, word, more))
        return node_run(d, code, source);
    size_t cut = strcspn(word, "0123456789");
    const struct block *alias = word[cut] ? alias_find(d, word, cut) : NULL;
    return alias ? run_alias(d, alias, more, source) : COMMAND_UNKNOWN;
}

static enum command_result run_name(struct device *d, const uint8_t *p, unsigned source) {
    const char *word = (const char *)p, *more = word + strlen(word) + 1;
    const struct block *alias = alias_find(d, word, strlen(word));
    if (alias)
        return run_alias(d, alias, more, source);
    if (d->command.extra && d->command.extra(d->command.extra_context, word, more))
        return COMMAND_OK;
    enum command_result result = run_cut(d, word, more, source);
    if (result == COMMAND_UNKNOWN)
        device_log2(d, LOG_WARN, "cmd", "unknown command ", word);
    return result;
}

static enum command_result run_sequence(struct device *d, const uint8_t *node, unsigned source) {
    enum command_result result = COMMAND_OK, one;
    for (const uint8_t *p = node + NODE_HEAD; p < node + script_get16(node); p += script_get16(p)) {
        one = node_run(d, p, source);
        if (one != COMMAND_OK && one != COMMAND_EMPTY)
            result = one;
    }
    return result;
}

/* A backlog that waits becomes a nameless script; the same one again runs the same block. */
static enum command_result run_thread(struct device *d, const uint8_t *node) {
    size_t size = script_get16(node) - (size_t)NODE_HEAD;
    struct block *b = block_first(d, BLOCK_SCRIPT);
    for (; b; b = block_next(d, b))
        if (!*(char *)block_fields(b) && (size_t)b->size >= b->code + size &&
            memcmp((uint8_t *)b + b->code, node + NODE_HEAD, size) == 0)
            break;
    if (!b) {
        uint8_t copy[SCRIPT_CODE_LINE]; /* its own block even when the line lies in a script */
        if (size > sizeof copy)
            return COMMAND_ERROR;
        memcpy(copy, node + NODE_HEAD, size);
        b = block_new(d, BLOCK_SCRIPT, "", 1, copy, size);
    }
    return b && thread_start_at(d, b, b->code, 0) ? COMMAND_OK : COMMAND_ERROR;
}

static enum command_result run_if(struct device *d, const uint8_t *node, unsigned source) {
    const uint8_t *expr = node + NODE_HEAD + 2, *then = expr + script_get16(node + NODE_HEAD);
    const uint8_t *end = node + script_get16(node);
    if (number_int(expression_run(d, expr, (size_t)(then - expr))) == 0)
        then = then < end ? then + script_get16(then) : end;
    if (then < end)
        node_run(d, then, source);
    return COMMAND_OK;
}

static enum command_result elsewhere(const struct call *c) {
    char line[96];
    struct text t = text_start(line, sizeof line);
    text_add(&t, c->row->name);
    text_add(&t, ": not in this build; it comes with ");
    text_add(&t, c->row->where);
    call_reply(c, line);
    device_log(c->d, LOG_WARN, "cmd", line);
    return COMMAND_ERROR;
}

/* The alias that is called like this command with its number. */
static struct block *digit_alias(const struct device *d, const struct command_row *row,
                                 int suffix) {
    char word[64];
    struct text t = text_start(word, sizeof word);
    text_add(&t, row->name);
    text_int(&t, suffix);
    return alias_find(d, word, t.length);
}

static enum command_result run_call(struct device *d, const uint8_t *node, unsigned source) {
    struct call c = {.d = d,
                     .row = command_row(d->wiring->words, script_get16(node + 3)),
                     .suffix = (int16_t)(script_get16(node + 5) - 1),
                     .count = node[7],
                     .args = node + 8,
                     .source = source};
    if (c.suffix >= 0 && d->script.digit_alias) {
        const struct block *alias = digit_alias(d, c.row, c.suffix);
        if (alias)
            return node_run(d, block_code(d, alias), source);
    }
    if (c.count < c.row->least)
        return COMMAND_MISSING_ARGUMENT;
    return c.row->run ? c.row->run(&c) : elsewhere(&c);
}

/* A line whose constants are replaced before it is split: compiled each time it runs. */
static enum command_result run_late(struct device *d, const uint8_t *node, unsigned source) {
    char line[SCRIPT_LINE_MAX + 1];
    uint8_t code[SCRIPT_CODE_LINE] = {0};
    struct compiler c = compile_start(d, code, sizeof code);
    constant_expand(d, (const char *)node + 7, line, sizeof line);
    if (!compile_call(&c, script_get16(node + 3), script_get16(node + 5) - 1, line))
        return COMMAND_ERROR;
    return node_run(d, code, source);
}

static enum command_result dispatch(struct device *d, const uint8_t *node, unsigned source) {
    switch (node[2]) {
    case NODE_CALL:
        return run_call(d, node, source);
    case NODE_IF:
        return run_if(d, node, source);
    case NODE_SEQ:
        return run_sequence(d, node, source);
    case NODE_THREAD:
        return run_thread(d, node);
    case NODE_NAME:
        return run_name(d, node + NODE_HEAD, source);
    case NODE_LATE:
        return run_late(d, node, source);
    case NODE_FAIL:
        return (enum command_result)node[3];
    default:
        return COMMAND_OK;
    }
}

enum command_result node_run(struct device *d, const uint8_t *node, unsigned source) {
    struct command_state *s = &d->command;
    if (script_get16(node) < NODE_HEAD)
        return COMMAND_EMPTY;
    if (s->depth == 0) {
        s->budget = BUDGET;
        s->said = false;
    }
    if (s->depth >= DEPTH_MAX || s->budget == 0) {
        if (!s->said)
            device_log(d, LOG_ERROR, "script",
                       "endless recursion or too many commands at once; stopped");
        s->said = true;
        return COMMAND_ERROR;
    }
    s->depth++, s->budget--, d->script.running++;
    enum command_result result = dispatch(d, node, source);
    s->depth--, d->script.running--;
    return result;
}

void block_run(struct device *d, const struct block *b) {
    node_run(d, block_code(d, b), COMMAND_FROM_SCRIPT);
}
