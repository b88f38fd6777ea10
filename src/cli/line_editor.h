/* A line on a terminal: typed, corrected, called back. Output of others that comes meanwhile is put
 * in front of it: hide, print, show. Without a terminal the same bytes make the same lines, and
 * nothing is echoed. */
#ifndef CLI_LINE_EDITOR_H
#define CLI_LINE_EDITOR_H
#include <stdbool.h>
#include <stddef.h>

enum { LINE_SIZE = 4096, LINE_HISTORY = 32 };

struct line_editor {
    bool echo; /* a terminal */
    char text[LINE_SIZE];
    size_t length, cursor;
    char *history[LINE_HISTORY]; /* newest last */
    unsigned count, shown;       /* entries; the one on show, `count`: none */
    char sequence[8];            /* bytes of an escape sequence so far */
    unsigned sequence_length;
};

void line_start(struct line_editor *e, bool echo);
void line_free(struct line_editor *e);
/* One byte of input. True: the line is complete; read `text`, then line_next. */
bool line_key(struct line_editor *e, char key);
void line_next(struct line_editor *e);
void line_clear(struct line_editor *e);
void line_hide(const struct line_editor *e);
void line_show(const struct line_editor *e);
#endif
