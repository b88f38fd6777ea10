/* What the forms of configuration lines share: going through a text line by line, patterns with a
 * number and a value in them, and adding what a line said to the configuration. */
#ifndef WORKBENCH_INSPECTOR_LINE_FORM_H
#define WORKBENCH_INSPECTOR_LINE_FORM_H
#include "workbench/inspector/textlines.h"

#define LINE_MAX_SIZE 512

struct lines {
    struct span_text all;
    size_t at, number;
    char line[LINE_MAX_SIZE]; /* trimmed, cut when longer */
};
/* False behind the last one. */
bool lines_next(struct lines *lines);

struct line_match {
    int number;
    char value[64];
};
/* Does the line begin as the pattern says? `#` is a number, `$` a value (a number or word), `*` any
 * number of blanks; letters match in either case. */
bool line_match(const char *pattern, const char *line, struct line_match *match);

/* NULL: a key that Tuya firmware does not know. */
const struct tuya_key *line_known_key(const char *key, size_t size);
/* Adds a member. A pin or a level that is no number has been mixed up with another line. */
void line_add(struct tuya_config *config, const char *key, size_t key_size, const char *value,
              size_t value_size);
/* The same from a match: `#` in the key is its number. */
void line_add_form(struct tuya_config *config, const char *key, const struct line_match *match);
#endif
