/* What comes along when a script is pasted from a forum or a word processor: quotes that are none,
 * HTML for signs, a `;` where a new line or `backlog` was meant, `=` for `==`. Looks at the text of
 * a line, before anything is compiled. */
#ifndef CLI_LINT_PASTE_H
#define CLI_LINT_PASTE_H
#include <stddef.h>

/* One finding: where in the line (from 1), and what. */
typedef void paste_report(void *context, unsigned column, const char *text);

void lint_paste(const char *line, paste_report *report, void *context);
#endif
