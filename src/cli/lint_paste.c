/* Pasted errors; see lint_paste.h. */
#include "cli/lint_paste.h"

#include "base/text.h"
#include "device/command/groups.h"
#include "device/script/command_row.h"

#include <stdio.h>
#include <string.h>

enum where { ANYWHERE, BEFORE_NUMBER };

static const struct {
    const char *bytes;
    enum where where;
    const char *what;
} strangers[] = {
    {"\xEF\xBB\xBF", ANYWHERE, "a byte order mark: the file must begin with its first letter"},
    {"\xE2\x80\x9C", ANYWHERE, "a curly quote, a plug knows only the straight one: \""},
    {"\xE2\x80\x9D", ANYWHERE, "a curly quote, a plug knows only the straight one: \""},
    {"\xE2\x80\x9E", ANYWHERE, "a low quote, a plug knows only the straight one: \""},
    {"\xC2\xAB", ANYWHERE, "an angle quote, a plug knows only the straight one: \""},
    {"\xC2\xBB", ANYWHERE, "an angle quote, a plug knows only the straight one: \""},
    {"\xE2\x80\x98", ANYWHERE, "a curly apostrophe, a plug knows only the straight quote: \""},
    {"\xE2\x80\x99", ANYWHERE, "a curly apostrophe, a plug knows only the straight quote: \""},
    {"\xE2\x80\x93", BEFORE_NUMBER, "a dash, a plug knows only the minus sign: -"},
    {"\xE2\x80\x94", BEFORE_NUMBER, "a dash, a plug knows only the minus sign: -"},
    {"\xE2\x88\x92", BEFORE_NUMBER, "a dash, a plug knows only the minus sign: -"},
    {"\xC2\xA0", ANYWHERE, "a blank that does not break: replace it by an ordinary one"},
    {"\xE2\x80\x8B", ANYWHERE, "a blank of no width: delete it"},
    {"\xE2\x89\xA4", ANYWHERE, "one sign for two: write <="},
    {"\xE2\x89\xA5", ANYWHERE, "one sign for two: write >="},
    {"\xE2\x89\xA0", ANYWHERE, "one sign for two: write !="},
    {"&gt;", ANYWHERE, "HTML: write > for `&gt;`"},
    {"&lt;", ANYWHERE, "HTML: write < for `&lt;`"},
    {"&amp;", ANYWHERE, "HTML: write & for `&amp;`"},
    {"&quot;", ANYWHERE, "HTML: write \" for `&quot;`"},
    {"&nbsp;", ANYWHERE, "HTML: write a blank for `&nbsp;`"},
    {"&#39;", ANYWHERE, "HTML: write ' for `&#39;`"},
    {"<br", ANYWHERE, "HTML: a new line was meant by `<br`"},
};

static bool fits(enum where where, char next) {
    return where == ANYWHERE || text_is_digit(next) || next == '$' || next == '(';
}

static void look_strangers(const char *line, paste_report *report, void *context) {
    for (const char *p = line; *p; p++)
        for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
            size_t n = strlen(strangers[i].bytes);
            if (strncmp(p, strangers[i].bytes, n) == 0 && fits(strangers[i].where, p[n]))
                report(context, (unsigned)(p - line) + 1, strangers[i].what);
        }
}

static bool begins_command(const char *p) {
    int suffix;
    p += strspn(p, " \t");
    size_t n = strcspn(p, " \t;");
    return n && command_find(&command_words, p, n, &suffix) >= 0;
}

static const char *find_word(const char *line, const char *word) {
    for (; *line; line++)
        if (text_starts(line, word))
            return line;
    return NULL;
}

/* Behind `backlog` it separates; elsewhere it is a letter of the last argument. An entity of HTML
 * has one, too. */
static void look_semicolons(const char *line, paste_report *report, void *context) {
    bool quoted = false;
    if (find_word(line, "backlog") || find_word(line, "echo"))
        return;
    for (const char *p = line; *p; p++) {
        quoted ^= *p == '"';
        if (*p != ';' || quoted)
            continue;
        if (!p[1 + strspn(p + 1, " \t")] && !memchr(line, '&', (size_t)(p - line)))
            report(context, (unsigned)(p - line) + 1,
                   "a `;` at the end belongs to the last argument: leave it out");
        else if (begins_command(p + 1))
            report(context, (unsigned)(p - line) + 1,
                   "`;` separates commands only behind `backlog`: write it in front, or begin a "
                   "new line");
        else
            continue;
        return;
    }
}

/* The condition of an `if`: one token, or quoted. */
static void look_equals(const char *line, paste_report *report, void *context) {
    const char *p = line + strspn(line, " \t");
    for (; (p = find_word(p, "if ")) != NULL; p += 3) {
        if (p > line && p[-1] != ' ' && p[-1] != '\t' && p[-1] != '"')
            continue;
        const char *from = p + 3 + strspn(p + 3, " \t");
        const char *end =
            from + (*from == '"' ? 1 + strcspn(from + 1, "\"") : strcspn(from, " \t"));
        for (const char *c = from + 1; c < end; c++)
            if (*c == '=' && c[1] != '=' && !strchr("=!<>", c[-1])) {
                report(context, (unsigned)(c - line) + 1, "`=` compares nothing: write ==");
                return;
            }
    }
}

static void look_backlog(const char *line, paste_report *report, void *context) {
    const char *p = line + strspn(line, " \t");
    if (text_same(p, "backlog"))
        report(
            context, (unsigned)(p - line) + 1,
            "`backlog` alone does nothing: its commands stand in the same line, with `;` between "
            "them");
}

/* At the end of a line it is nothing; alone it is no end of a line. */
static void look_returns(const char *line, paste_report *report, void *context) {
    const char *cr = strchr(line, '\r');
    if (cr)
        report(context, (unsigned)(cr - line) + 1,
               "a carriage return alone ends no line: a plug takes all of this for one line");
}

void lint_paste(const char *line, paste_report *report, void *context) {
    look_strangers(line, report, context);
    look_returns(line, report, context);
    look_semicolons(line, report, context);
    look_equals(line, report, context);
    look_backlog(line, report, context);
}
