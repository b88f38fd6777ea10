/* The line editor; see line_editor.h. Keys: arrows, Home, End, Delete, Backspace, and of Emacs'
 * ones Ctrl-A, Ctrl-E, Ctrl-U, Ctrl-K. */
#include "cli/line_editor.h"

#include "cli/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROMPT "> "
enum { OFFERED = 512 };
enum {
    CTRL_A = 1,
    CTRL_E = 5,
    CTRL_H = 8,
    TAB = 9,
    CTRL_K = 11,
    CTRL_U = 21,
    ESCAPE = 27,
    DELETE = 127
};

void line_start(struct line_editor *e, bool echo) {
    *e = (struct line_editor){.echo = echo};
    line_show(e);
}

void line_free(struct line_editor *e) {
    for (unsigned i = 0; i < e->count; i++)
        free(e->history[i]);
    e->count = 0;
}

void line_hide(const struct line_editor *e) {
    if (e->echo)
        fputs("\r\033[K", stdout);
}

void line_show(const struct line_editor *e) {
    if (!e->echo)
        return;
    fprintf(stdout, "\r" PROMPT "%s\033[K", e->text);
    if (e->cursor < e->length)
        fprintf(stdout, "\033[%zuD", e->length - e->cursor);
    fflush(stdout);
}

void line_clear(struct line_editor *e) {
    e->length = e->cursor = 0;
    e->text[0] = 0;
    e->shown = e->count;
}

static void put_text(struct line_editor *e, const char *text) {
    snprintf(e->text, sizeof e->text, "%s", text);
    e->length = e->cursor = strlen(e->text);
}

static void remember(struct line_editor *e) {
    if (!e->length || (e->count && strcmp(e->history[e->count - 1], e->text) == 0))
        return;
    char *copy = strdup(e->text);
    if (!copy)
        return;
    if (e->count == LINE_HISTORY) {
        free(e->history[0]);
        memmove(e->history, e->history + 1, (LINE_HISTORY - 1) * sizeof *e->history);
        e->count--;
    }
    e->history[e->count++] = copy;
}

void line_next(struct line_editor *e) {
    remember(e);
    line_clear(e);
}

static void call_back(struct line_editor *e, int step) {
    if ((step < 0 && e->shown == 0) || (step > 0 && e->shown >= e->count))
        return;
    e->shown = step < 0 ? e->shown - 1 : e->shown + 1;
    put_text(e, e->shown < e->count ? e->history[e->shown] : "");
}

static void insert(struct line_editor *e, char key) {
    if (e->length + 1 >= sizeof e->text)
        return;
    memmove(e->text + e->cursor + 1, e->text + e->cursor, e->length - e->cursor + 1);
    e->text[e->cursor++] = key;
    e->length++;
}

static void delete_at(struct line_editor *e, size_t at) {
    if (at >= e->length)
        return;
    memmove(e->text + at, e->text + at + 1, e->length - at);
    e->length--;
}

/* What comes behind Escape: "[A", "OA", "[3~"; anything else is dropped. */
static void sequence(struct line_editor *e) {
    const char *s = e->sequence;
    char last = s[e->sequence_length - 1];
    if (last == 'A' || last == 'B')
        call_back(e, last == 'A' ? -1 : 1);
    else if (last == 'C' && e->cursor < e->length)
        e->cursor++;
    else if (last == 'D' && e->cursor)
        e->cursor--;
    else if (last == 'H' || strcmp(s, "[1~") == 0)
        e->cursor = 0;
    else if (last == 'F' || strcmp(s, "[4~") == 0)
        e->cursor = e->length;
    else if (strcmp(s, "[3~") == 0)
        delete_at(e, e->cursor);
}

/* True when the byte belonged to a sequence. */
static bool sequence_key(struct line_editor *e, char key) {
    if (!e->sequence_length && key != ESCAPE)
        return false;
    if (key == ESCAPE) {
        memset(e->sequence, 0, sizeof e->sequence);
        e->sequence_length = 1;
        return true;
    }
    e->sequence[e->sequence_length++ - 1] = key;
    bool opens = e->sequence_length == 2 && (key == '[' || key == 'O');
    bool goes_on = opens || (key >= '0' && key <= '?');
    if (goes_on && e->sequence_length < sizeof e->sequence)
        return true;
    e->sequence_length--;
    sequence(e);
    e->sequence_length = 0;
    return true;
}

static void offer(const char *const *names, size_t count) {
    size_t column = 0;
    putchar('\n');
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(names[i]) + 2;
        if (column + n > 78) {
            putchar('\n');
            column = 0;
        }
        printf("  %s", names[i]);
        column += n;
    }
    putchar('\n');
}

/* Completes the word before the end of the line as far as it is clear, and shows what there is. */
static void complete(struct line_editor *e) {
    const char *names[OFFERED];
    size_t begin, count = complete_line(e->text, &begin, names, OFFERED);
    size_t common = complete_common(names, count), typed = e->length - begin;
    if (!count || !e->echo || e->cursor < e->length)
        return;
    if (count > 1 && common <= typed)
        offer(names, count);
    char line[LINE_SIZE];
    snprintf(line, sizeof line, "%.*s%.*s%s", (int)begin, e->text, (int)common, names[0],
             count == 1 ? " " : "");
    put_text(e, line);
}

static void edit(struct line_editor *e, char key) {
    switch (key) {
    case CTRL_A:
        e->cursor = 0;
        break;
    case CTRL_E:
        e->cursor = e->length;
        break;
    case CTRL_K:
        e->text[e->length = e->cursor] = 0;
        break;
    case CTRL_U:
        line_clear(e);
        break;
    case CTRL_H:
    case DELETE:
        if (e->cursor)
            delete_at(e, --e->cursor);
        break;
    case TAB:
        if (e->echo)
            complete(e);
        else
            insert(e, ' ');
        break;
    default:
        if ((unsigned char)key >= ' ')
            insert(e, key);
    }
}

bool line_key(struct line_editor *e, char key) {
    if (sequence_key(e, key)) {
        line_show(e);
        return false;
    }
    if (key == '\r' || key == '\n') {
        if (e->echo)
            putchar('\n');
        return true;
    }
    edit(e, key);
    line_show(e);
    return false;
}
