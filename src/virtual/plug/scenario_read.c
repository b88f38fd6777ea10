/* Reading a scenario line: texts, words, queries, arguments by a signature. */
#include "base/text.h"
#include "virtual/plug/scenario_rooms.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void scenario_bad(struct scenario *s, const char *expected, const char *at) {
    if (!s->bad[0])
        snprintf(s->bad, sizeof s->bad, "expected %s at \"%.40s\"", expected, at);
}

void scenario_lacks(struct scenario *s, const char *name, size_t length) {
    if (!s->missing[0])
        snprintf(s->missing, sizeof s->missing, "%.*s", (int)length, name);
}

struct scenario_text scenario_text_keep(struct scenario *s, const char *data, size_t length) {
    char *copy = malloc(length + 1);
    char **grown = realloc(s->scratch, (s->scratch_count + 1) * sizeof *grown);
    if (!copy || !grown)
        abort();
    if (data)
        memcpy(copy, data, length);
    copy[length] = 0;
    s->scratch = grown;
    s->scratch[s->scratch_count++] = copy;
    return (struct scenario_text){copy, length};
}

struct scenario_text scenario_text_of(struct scenario *s, const char *string) {
    return scenario_text_keep(s, string ? string : "", string ? strlen(string) : 0);
}

const char *scenario_number_text(struct scenario *s, double value) {
    char buffer[40];
    snprintf(buffer, sizeof buffer, "%.9g", value);
    return scenario_text_of(s, buffer).data;
}

static bool blank(char c) {
    return c == ' ' || c == '\t';
}

void scenario_skip_blanks(const char **p) {
    while (blank(**p))
        ++*p;
}

bool scenario_name_char(char c) {
    return text_is_alpha(c) || text_is_digit(c) || c == '_';
}

/* One escape after the backslash; false when it is none. */
static bool escape(const char **p, char *out) {
    switch (*(*p)++) {
    case '"':
        *out = '"';
        return true;
    case '\\':
        *out = '\\';
        return true;
    case 'n':
        *out = '\n';
        return true;
    case 'r':
        *out = '\r';
        return true;
    case 't':
        *out = '\t';
        return true;
    case 'x': {
        int high = text_hex_digit((*p)[0]), low = high < 0 ? -1 : text_hex_digit((*p)[1]);
        if (low < 0)
            return false;
        *out = (char)(high << 4 | low);
        *p += 2;
        return true;
    }
    default:
        return false;
    }
}

static bool quoted(struct scenario *s, const char **p, struct scenario_text *out) {
    const char *start = *p;
    *out = scenario_text_keep(s, NULL, strlen(*p));
    size_t length = 0;
    for (++*p; **p && **p != '"';) {
        char c = *(*p)++;
        if (c == '\\' && !escape(p, &c)) {
            scenario_bad(s, "an escape", start);
            return false;
        }
        out->data[length++] = c;
    }
    if (**p != '"') {
        scenario_bad(s, "a closing quote", start);
        return false;
    }
    ++*p;
    out->data[length] = 0;
    out->length = length;
    return true;
}

static const struct scenario_query *query_find(struct scenario *s, const char *name,
                                               size_t length) {
    const struct scenario_query *q = scenario_query_find(name, length);
    if (q)
        return q;
    if (scenario_query_missing(name, length)) {
        scenario_lacks(s, name, length);
        return NULL;
    }
    scenario_bad(s, "a query", name);
    return NULL;
}

void scenario_skip_call(const char **p) {
    int depth = 0;
    bool in_quotes = false;
    for (; **p; ++*p) {
        if (**p == '\\' && in_quotes && (*p)[1])
            ++*p;
        else if (**p == '"')
            in_quotes = !in_quotes;
        else if (!in_quotes && **p == '(')
            depth++;
        else if (!in_quotes && **p == ')' && --depth == 0) {
            ++*p;
            return;
        }
    }
}

/* name(args …): fills number or text. */
bool scenario_call(struct scenario *s, const char **p, bool want_text, struct scenario_arg *out) {
    const char *name = *p;
    struct scenario_arg args[SCENARIO_ARGS];
    while (scenario_name_char(**p))
        ++*p;
    size_t length = (size_t)(*p - name);
    if (**p != '(' || !length) {
        scenario_bad(s, "a number, a text or a query", name);
        return false;
    }
    const struct scenario_query *q = query_find(s, name, length);
    if (!q) {
        scenario_skip_call(p);
        return false;
    }
    ++*p;
    unsigned count = scenario_read_args(s, p, q->signature, ')', args);
    scenario_skip_blanks(p);
    if (**p != ')') {
        scenario_bad(s, "a closing parenthesis", *p);
        return false;
    }
    ++*p;
    if (s->bad[0] || s->missing[0])
        return false;
    if (want_text ? !q->text : !q->number) {
        scenario_bad(s, want_text ? "a text query" : "a numeric query", name);
        return false;
    }
    if (want_text)
        out->text = q->text(s, args, count);
    else
        out->number = q->number(s, args, count);
    return true;
}

bool scenario_read_text(struct scenario *s, const char **p, struct scenario_text *out) {
    struct scenario_arg arg = {0};
    *out = (struct scenario_text){"", 0};
    scenario_skip_blanks(p);
    if (**p == '"')
        return quoted(s, p, out);
    if (!scenario_call(s, p, true, &arg))
        return false;
    *out = arg.text;
    return true;
}

/* A number where a word may stand: its digits are the word. */
static void number_as_word(struct scenario *s, const char **p, char stop,
                           struct scenario_arg *arg) {
    arg->number = scenario_expression(s, p, stop != 0);
    arg->text = scenario_text_of(s, scenario_number_text(s, arg->number));
}

/* Does a query begin here, and is it a numeric one? */
static bool query_at(const char *p, bool *is_number) {
    size_t length = 0;
    while (scenario_name_char(p[length]))
        length++;
    bool call = length && p[length] == '(';
    const struct scenario_query *query = call ? scenario_query_find(p, length) : NULL;
    *is_number = query && query->number;
    return call;
}

static void read_word(struct scenario *s, const char **p, char stop, struct scenario_arg *arg) {
    bool is_number, is_query = query_at(*p, &is_number);
    const char *start = *p;
    if (**p == '"') {
        quoted(s, p, &arg->text);
        return;
    }
    if (**p == '@' || **p == '(' || is_number) {
        number_as_word(s, p, stop, arg);
        return;
    }
    if (is_query) {
        scenario_read_text(s, p, &arg->text);
        return;
    }
    while (**p && !blank(**p) && (!stop || (**p != stop && **p != ',')))
        ++*p;
    arg->text = scenario_text_keep(s, start, (size_t)(*p - start));
    arg->number = strtod(arg->text.data, NULL);
    if (*p == start)
        scenario_bad(s, "a word", start);
}

static void read_arg(struct scenario *s, const char **p, char kind, char stop,
                     struct scenario_arg *arg) {
    switch (kind) {
    case 'n':
        arg->number = scenario_expression(s, p, stop != 0);
        break;
    case 't':
        scenario_read_text(s, p, &arg->text);
        break;
    case 'r':
        arg->number = scenario_expression(s, p, true);
        break;
    case '*':
    case '?':
        arg->text = scenario_text_keep(s, *p, strlen(*p));
        *p += strlen(*p);
        break;
    default:
        read_word(s, p, stop, arg);
    }
}

unsigned scenario_read_args(struct scenario *s, const char **p, const char *signature, char stop,
                            struct scenario_arg *args) {
    unsigned count = 0;
    memset(args, 0, SCENARIO_ARGS * sizeof *args);
    for (unsigned i = 0; i < SCENARIO_ARGS; i++)
        args[i].text.data = "";
    for (; *signature && count < SCENARIO_ARGS; signature++) {
        bool optional = (*signature >= 'A' && *signature <= 'Z') || *signature == '?';
        bool repeated = signature[1] == '+';
        scenario_skip_blanks(p);
        if (stop && count && **p == ',') {
            ++*p;
            scenario_skip_blanks(p);
        }
        if (!**p || (stop && **p == stop)) {
            if (!optional)
                scenario_bad(s, "one more argument", *p);
            return count;
        }
        read_arg(s, p, text_lower(*signature), stop, &args[count++]);
        if (s->bad[0])
            return count;
        signature -= repeated;
    }
    return count;
}
