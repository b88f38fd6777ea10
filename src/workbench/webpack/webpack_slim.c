/* Taking out of a source what only its reader needs. */
#include "workbench/webpack/webpack.h"

#include <string.h>

static bool comment_line(const char *line, enum slimming slimming) {
    return slimming == SLIM_SCRIPT && line[0] == '/' && line[1] == '/';
}

/* Past a comment of a style sheet, or `at` when there is none. */
static const char *past_comment(const char *at, enum slimming slimming) {
    if (slimming != SLIM_STYLE || at[0] != '/' || at[1] != '*')
        return at;
    const char *end = strstr(at + 2, "*/");
    return end ? end + 2 : at + strlen(at);
}

void webpack_slim(struct text *out, const char *source, enum slimming slimming) {
    for (const char *at = source; *at;) {
        at += strspn(at, " \t\r\n");
        const char *past = past_comment(at, slimming);
        if (past != at) {
            at = past;
            continue;
        }
        size_t length = strcspn(at, "\n");
        if (length && !comment_line(at, slimming)) {
            text_add_n(out, at, length);
            text_char(out, '\n');
        }
        at += length;
    }
}
