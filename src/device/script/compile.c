/* The compiler; see compile.h for the form of what it makes. Source of the rules:
 * openshwprojects/OpenBK7231T_App: src/cmnds/cmd_tokenizer.c, cmd_if.c, cmd_tasmota.c. */
#include "device/script/compile.h"

#include "base/suggest.h"
#include "base/text.h"
#include "device/command/row.h"
#include "device/device.h"
#include "device/script/expression.h"

#include <string.h>

static bool blank(char c) {
    return text_is_space(c) || (unsigned char)c == 0xA0;
}
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

struct piece {
    const char *text;
    size_t length;
};

/* The next argument from *p; quotes are honoured when asked. */
static bool next_token(const char **p, const char *end, bool quotes, struct piece *out) {
    while (*p < end && blank(**p))
        (*p)++;
    if (*p >= end)
        return false;
    const char *start = *p;
    if (quotes && *start == '"') {
        out->text = ++start;
        while (start < end && *start != '"')
            start++;
        out->length = (size_t)(start - out->text);
        *p = start < end ? start + 1 : end;
        return true;
    }
    while (*p < end && !blank(**p))
        (*p)++;
    *out = (struct piece){start, (size_t)(*p - start)};
    return true;
}
static bool same_word(struct piece a, const char *word) {
    return a.length == strlen(word) && word_hash(a.text, a.length) == word_hash(word, a.length);
}
static void put_text(struct compiler *c, struct piece p) {
    compile_bytes(c, p.text, p.length);
    compile_byte(c, 0);
}

static void argument_number(struct compiler *c, struct piece p) {
    bool plain = p.length > 0 && p.length < 9;
    for (size_t i = 0; plain && i < p.length; i++)
        plain = text_is_digit(p.text[i]);
    compile_byte(c, plain ? ARG_INT : ARG_EXPR);
    size_t mark = begin16(c);
    if (plain) {
        int32_t value = expression_int(number_read(p.text, p.length));
        compile_bytes(c, &value, sizeof value);
    } else {
        compile_expression(c, p.text, p.length);
    }
    end16(c, mark, 0);
}

static void argument_both(struct compiler *c, struct piece p) {
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

static void argument(struct compiler *c, char kind, struct piece p) {
    if (kind == 'i' || kind == 'f') {
        argument_number(c, p);
    } else if (kind == 'b' || kind == 'p') {
        argument_both(c, p);
    } else {
        compile_byte(c, kind == 'c' ? ARG_NODE : ARG_TEXT);
        size_t mark = begin16(c);
        if (kind == 'c')
            compile_line(c, p.text, p.length);
        else
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
    for (const char *kind = row->kinds; *kind && count < 32; count++) {
        struct piece piece = {"", 0};
        while (p < end && blank(*p))
            p++;
        if (p >= end)
            break;
        if (*kind == 'r' || *kind == 'c') {
            piece = (struct piece){p, (size_t)(end - p)};
            p = end;
        } else {
            next_token(&p, end, row->quotes || count == 0, &piece);
        }
        argument(c, *kind, piece);
        kind += kind[1] != '*';
    }
    return count;
}

static void call(struct compiler *c, unsigned number, int suffix, const char *p, const char *end) {
    const struct command_row *row = command_row(number);
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
    struct piece word = {"", 0};
    while (next_token(&p, end, true, &word))
        if (same_word(word, "else"))
            return word.text;
    return NULL;
}

static void branch(struct compiler *c, const char *p, const char *end) {
    const struct piece none = {"", 0};
    struct piece condition = none, then = none, first = none, last = none, second = {0};
    if (!next_token(&p, end, true, &condition) || !next_token(&p, end, true, &then)) {
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
    while (p < end && blank(*p))
        p++;
    first = (struct piece){p, (size_t)(end - p)};
    if (!first.length) {
        compile_finding(c, end, "expected a command after `then`", NULL, 0, NULL);
        fail(c, COMMAND_MISSING_ARGUMENT);
        return;
    }
    const char *otherwise = find_else(p, end);
    if (otherwise) {
        next_token(&p, end, true, &first);
        if (!next_token(&p, end, true, &last) || last.text != otherwise) {
            compile_finding(c, otherwise, "with `else`, both commands need quotes", NULL, 0, NULL);
            fail(c, COMMAND_BAD_ARGUMENT);
            return;
        }
        next_token(&p, end, true, &second);
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

static void sequence(struct compiler *c, const char *p, const char *end) {
    bool waits =
        has_word(p, end, "delay_s") || has_word(p, end, "delay_ms") || has_word(p, end, "waitFor");
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

static void unknown(struct compiler *c, struct piece word, const char *p, const char *end) {
    size_t mark = begin16(c);
    compile_byte(c, NODE_NAME);
    put_text(c, word);
    put_text(c, (struct piece){p, (size_t)(end - p)});
    end16(c, mark, 2);
    if (!c->report || (c->known && c->known(c->context, word.text, word.length)))
        return;
    char name[64];
    struct text t = text_start(name, sizeof name);
    text_add_n(&t, word.text, word.length);
    struct suggestion s = suggest_start(name);
    for (unsigned i = 0; command_row(i); i++)
        suggest_offer(&s, command_row(i)->name);
    compile_finding(c, word.text, "unknown command", word.text, word.length, suggest_result(&s));
}

bool compile_line(struct compiler *c, const char *text, size_t length) {
    const char *p = text, *end = text + length;
    struct piece word = {"", 0};
    int suffix, number;
    while (p < end && blank(*p)) /* blanks at the end belong to the last argument */
        p++;
    if (p >= end)
        return true;
    size_t start = c->used;
    next_token(&p, end, false, &word);
    while (p < end && blank(*p))
        p++;
    if (++c->depth > COMPILE_DEPTH) {
        compile_finding(c, word.text, "nested too deeply", NULL, 0, NULL);
        fail(c, COMMAND_ERROR);
    } else if (same_word(word, "if")) {
        branch(c, p, end);
    } else if (same_word(word, "backlog")) {
        sequence(c, p, end);
    } else if ((number = command_find(word.text, word.length, &suffix)) >= 0) {
        call(c, (unsigned)number, suffix, p, end);
    } else {
        unknown(c, word, p, end);
    }
    c->depth--;
    if (c->full)
        c->used = start;
    return !c->full;
}
