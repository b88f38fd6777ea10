/* Parts of the build step of the device's pages: slimming sources, and the pages' copy of the
 * code's tables. */
#ifndef WORKBENCH_WEBPACK_H
#define WORKBENCH_WEBPACK_H
#include "base/text.h"

enum slimming {
    SLIM_INDENT, /* blanks at line starts and empty lines */
    SLIM_SCRIPT, /* and lines that are only a // comment */
    SLIM_STYLE   /* and comments */
};

/* Adds `source` to out. Lines keep their ends: nothing is parsed, so nothing can be broken except
 * blanks at the start of a line inside a template string. */
void webpack_slim(struct text *out, const char *source, enum slimming slimming);

/* Adds the tables of roles, channel types, flags and modules as JavaScript constants:
 * ROLES [[name, channel fields, words]…], TYPES [[name, divider, unit, show, label, words]…],
 * FLAGS and LOGGER_FLAGS [words…], MODULES [[name, chip, shape, left, bottom, pads, test pads]…].
 */
void webpack_tables(struct text *out);
#endif
