/* The compiler; see compile.h for the form of what it makes. Source of the rules:
 * openshwprojects/OpenBK7231T_App: src/cmnds/cmd_tokenizer.c, cmd_if.c, cmd_tasmota.c. */
#include "device/script/compile.h"

#include "base/suggest.h"
#include "base/text.h"
#include "device/device.h"
#include "device/number.h"
#include "device/script/command_row.h"
#include "device/script/expression.h"

#include <string.h>

uint32_t word_hash(const char *word, size_t length) {
    uint32_t hash = 0x811C9DC5u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)text_lower(word[i])) * 16777619u;
    return hash;
}
void compile_bytes(struct compiler *c, const void *bytes, size_t size) {
    if (size > c->size - c->used) {
        c->full = true;
        return;
    }
    memcpy(c->out + c->used, bytes, size);
    c->used += size;
}
void compile_byte(struct compiler *c, unsigned byte) {
    uint8_t b = (uint8_t)byte;
    compile_bytes(c, &b, 1);
}
static void word16(struct compiler *c, size_t value) {
    compile_byte(c, value & 0xFF);
    compile_byte(c, value >> 8 & 0xFF);
}
static size_t begin16(struct compiler *c) {
    word16(c, 0);
    return c->used;
}
/* Fills the 16-bit place before `mark` with the bytes since then, plus `more`. */
static void end16(struct compiler *c, size_t mark, size_t more) {
    if (c->full)
        return;
    size_t size = c->used - mark + more;
    c->out[mark - 2] = (uint8_t)size;
    c->out[mark - 1] = (uint8_t)(size >> 8);
}

void compile_finding(struct compiler *c, const char *at, const char *text, const char *word,
                     size_t length, const char *suggestion) {
    char line[DEVICE_LOG_LINE];
    if (!c->report)
        return;
    struct text t = text_start(line, sizeof line);
    text_add(&t, text);
    if (word) {
        text_add(&t, " `");
        text_add_n(&t, word, length < 40 ? length : 40);
        text_add(&t, "`");
    }
    if (suggestion) {
        text_add(&t, ", did you mean `");
        text_add(&t, suggestion);
        text_add(&t, "`?");
    }
    c->report(c->context, c->line, c->line_start ? (unsigned)(at - c->line_start) + 1 : 1, line);
}

static bool same_word(struct token a, const char *word) {
    return a.length == strlen(word) && word_hash(a.text, a.length) == word_hash(word, a.length);
}
static void put_text(struct compiler *c, struct token p) {
    for (size_t i = 0; i < p.length && p.escapes; i++)
        if (!(p.text[i] == '\\' && i + 1 < p.length && p.text[i + 1] == '"'))
            compile_byte(c, (uint8_t)p.text[i]);
    if (!p.escapes)
        compile_bytes(c, p.text, p.length);
    compile_byte(c, 0);
}
static struct token rest_of(const char *p, const char *end) {
    while (p < end && token_blank(*p))
        p++;
    return (struct token){.text = p, .length = (size_t)(end - p)};
}

/* A number that is known now; false: it must be computed when it runs. */
static bool plain_number(struct token p, int32_t *value) {
    bool hex = p.length > 2 && p.text[0] == '0' && p.text[1] == 'x';
    bool plain = p.length > 0 && p.length < 9;
    for (size_t i = 0; plain && !hex && i < p.length; i++)
        plain = text_is_digit(p.text[i]);
    if (hex) {
        uint32_t bits = 0;
        for (size_t i = 2; i < p.length && text_hex_digit(p.text[i]) >= 0; i++)
            bits = bits << 4 | (uint32_t)text_hex_digit(p.text[i]);
        *value = (int32_t)bits;
    } else if (plain) {
        *value = number_int(number_read(p.text, p.length));
    }
    return hex || plain;
}

static void argument_number(struct compiler *c, char kind, struct token p) {
    int32_t value;
    bool plain = (kind == 'i' || p.length < 2 || p.text[1] != 'x') && plain_number(p, &value);
    if (plain && value >= 0 && value <= UINT8_MAX) {
        compile_byte(c, ARG_SMALL);
        compile_byte(c, (unsigned)value);
        return;
    }
    compile_byte(c, plain ? ARG_INT : ARG_EXPR);
    size_t mark = begin16(c);
    if (plain)
        compile_bytes(c, &value, sizeof value);
    else
        compile_expression(c, p.text, p.length);
    end16(c, mark, 0);
}

static void argument_both(struct compiler *c, struct token p) {
    compile_byte(c, ARG_BOTH);
    size_t mark = begin16(c), text = begin16(c);
    put_text(c, p);
    end16(c, text, 0);
    compile_report *report = c->report;
    c->report = NULL; /* a word here need not be an expression */
    compile_expression(c, p.text, p.length);
    c->report = report;
    end16(c, mark, 0);
}

static bool is_command(char kind) {
    return kind == 'c' || kind == 'h' || kind == 'k';
}

static void argument(struct compiler *c, char kind, struct token p) {
    if (kind == 'i' || kind == 'f') {
        argument_number(c, kind, p);
    } else if (kind == 'b' || kind == 'p') {
        argument_both(c, p);
    } else {
        compile_byte(c, is_command(kind) ? ARG_NODE : ARG_TEXT);
        size_t mark = begin16(c);
        if (is_command(kind))
            compile_line(c, p.text, p.length);
        if (!is_command(kind) || kind == 'h')
            put_text(c, p);
        end16(c, mark, 0);
    }
}

static void fail(struct compiler *c, enum command_result result) {
    size_t mark = begin16(c);
    compile_byte(c, NODE_FAIL);
    compile_byte(c, result);
    end16(c, mark, 2);
}

static unsigned arguments(struct compiler *c, const struct command_row *row, const char *p,
                          const char *end) {
    unsigned count = 0;
    for (const char *kind = row->kinds; *kind && count < TOKEN_ARGUMENTS; count++) {
        struct token token = rest_of(p, end);
        if (!token.length)
            break;
        if (*kind == 'r' || *kind == 'c' || *kind == 'h')
            p = end;
        else
            token_next(&p, end, row->modes, count == 0, &token);
        argument(c, *kind, token);
        kind += kind[1] != '*';
    }
    return count;
}

static void late(struct compiler *c, unsigned number, int suffix, const char *p, const char *end) {
    size_t mark = begin16(c);
    compile_byte(c, NODE_LATE);
    word16(c, number);
    word16(c, (size_t)suffix + 1);
    put_text(c, rest_of(p, end));
    end16(c, mark, 2);
}

static void call(struct compiler *c, unsigned number, int suffix, const char *p, const char *end) {
    const struct command_row *row = command_row(c->words, number);
    size_t mark = begin16(c);
    compile_byte(c, NODE_CALL);
    word16(c, number);
    word16(c, (size_t)suffix + 1);
    size_t count_at = c->used;
    compile_byte(c, 0);
    unsigned count = arguments(c, row, p, end);
    if (!c->full)
        c->out[count_at] = (uint8_t)count;
    if (count < row->least)
        compile_finding(c, end, "too few arguments, expected:", row->arguments,
                        strlen(row->arguments), NULL);
    end16(c, mark, 2);
}

static const char *find_else(const char *p, const char *end) {
    struct token word = {.text = ""};
    while (token_next(&p, end, TOKEN_QUOTES, false, &word))
        if (same_word(word, "else"))
            return word.text;
    return NULL;
}

static void branch(struct compiler *c, const char *p, const char *end) {
    const struct token none = {.text = ""};
    struct token condition = none, then = none, first = none, last = none, second = {0};
    if (!token_next(&p, end, TOKEN_QUOTES, false, &condition) ||
        !token_next(&p, end, TOKEN_QUOTES, false, &then)) {
        compile_finding(c, end, "expected: if <condition> then <command>", NULL, 0, NULL);
        fail(c, COMMAND_MISSING_ARGUMENT);
        return;
    }
    if (!same_word(then, "then")) {
        compile_finding(c, then.text, "expected `then` (a condition with blanks needs quotes), got",
                        then.text, then.length, NULL);
        fail(c, COMMAND_BAD_ARGUMENT);
        return;
    }
    first = rest_of(p, end);
    p = first.text;
    if (!first.length) {
        compile_finding(c, end, "expected a command after `then`", NULL, 0, NULL);
        fail(c, COMMAND_MISSING_ARGUMENT);
        return;
    }
    const char *otherwise = find_else(p, end);
    if (otherwise) {
        token_next(&p, end, TOKEN_QUOTES, false, &first);
        if (!token_next(&p, end, TOKEN_QUOTES, false, &last) || last.text != otherwise) {
            compile_finding(c, otherwise, "with `else`, both commands need quotes", NULL, 0, NULL);
            fail(c, COMMAND_BAD_ARGUMENT);
            return;
        }
        token_next(&p, end, TOKEN_QUOTES, false, &second);
    }
    size_t mark = begin16(c);
    compile_byte(c, NODE_IF);
    size_t expr = begin16(c);
    compile_expression(c, condition.text, condition.length);
    end16(c, expr, 0);
    compile_line(c, first.text, first.length);
    if (second.text)
        compile_line(c, second.text, second.length);
    end16(c, mark, 2);
}

static bool has_word(const char *p, const char *end, const char *word) {
    size_t n = strlen(word);
    for (; (size_t)(end - p) >= n; p++)
        if (word_hash(p, n) == word_hash(word, n))
            return true;
    return false;
}

bool backlog_waits(const char *p, const char *end) {
    return has_word(p, end, "delay_s") || has_word(p, end, "delay_ms") ||
           has_word(p, end, "waitFor");
}

static void sequence(struct compiler *c, const char *p, const char *end) {
    bool waits = backlog_waits(p, end);
    size_t mark = begin16(c);
    compile_byte(c, waits ? NODE_THREAD : NODE_SEQ);
    while (p < end) {
        const char *stop = p;
        while (stop < end && *stop != ';')
            stop++;
        if (stop - p > 127)
            compile_finding(c, p, "a part of backlog is cut to 127 characters", NULL, 0, NULL);
        compile_line(c, p, stop - p > 127 ? 127 : (size_t)(stop - p));
        p = stop < end ? stop + 1 : end;
    }
    end16(c, mark, 2);
}

static void unknown(struct compiler *c, struct token word, const char *p, const char *end) {
    size_t mark = begin16(c);
    compile_byte(c, NODE_NAME);
    put_text(c, word);
    put_text(c, rest_of(p, end));
    end16(c, mark, 2);
    if (!c->report || (c->known && c->known(c->context, word.text, word.length)))
        return;
    char name[64];
    struct text t = text_start(name, sizeof name);
    text_add_n(&t, word.text, word.length);
    struct suggestion s = suggest_start(name);
    for (unsigned i = 0; command_row(c->words, i); i++)
        suggest_offer(&s, command_row(c->words, i)->name);
    compile_finding(c, word.text, "unknown command", word.text, word.length, suggest_result(&s));
}

/* "led1x" names a command only when no alias is called so; "POWER1" does in any case. */
static bool all_digits(struct token word) {
    size_t i = word.length;
    while (i && text_is_digit(word.text[i - 1]))
        i--;
    return i == strcspn(word.text, "0123456789");
}

static void command(struct compiler *c, struct token word, const char *p, const char *end) {
    int suffix, number = command_find(c->words, word.text, word.length, &suffix);
    if (same_word(word, "if"))
        branch(c, p, end);
    else if (same_word(word, "backlog"))
        sequence(c, p, end);
    else if (number < 0 || (suffix >= 0 && !all_digits(word)))
        unknown(c, word, p, end);
    else if (command_row(c->words, (unsigned)number)->modes & TOKEN_EARLY &&
             memchr(p, '$', (size_t)(end - p)) != NULL)
        late(c, (unsigned)number, suffix, p, end);
    else
        call(c, (unsigned)number, suffix, p, end);
}

struct compiler compile_start(const struct device *d, uint8_t *out, size_t size) {
    return (struct compiler){.words = d->wiring->words, .out = out, .size = size};
}

bool compile_line(struct compiler *c, const char *text, size_t length) {
    const char *p = text, *end = text + length;
    struct token word = {.text = ""};
    size_t start = c->used; /* blanks at the end belong to the last argument */
    if (!token_next(&p, end, 0, false, &word))
        return true;
    p = rest_of(p, end).text;
    if (++c->depth > COMPILE_DEPTH) {
        compile_finding(c, word.text, "nested too deeply", NULL, 0, NULL);
        fail(c, COMMAND_ERROR);
    } else {
        command(c, word, p, end);
    }
    c->depth--;
    if (c->full)
        c->used = start;
    return !c->full;
}

bool compile_call(struct compiler *c, unsigned row, int suffix, const char *arguments_) {
    call(c, row, suffix, arguments_, arguments_ + strlen(arguments_));
    return !c->full;
}

bool compile_cut(struct compiler *c, const char *word, const char *arguments_) {
    int suffix, number = command_find(c->words, word, strlen(word), &suffix);
    return number >= 0 && compile_call(c, (unsigned)number, suffix, arguments_);
}
