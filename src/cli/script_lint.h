/* What is wrong with a script beyond its grammar: channels that nobody sets, handlers that can
 * never run, loops that never wait, roles, types and events that do not exist, pins and commands
 * that a chip lacks. Looks at the compiled lines, so it sees what a plug would see. */
#ifndef CLI_SCRIPT_LINT_H
#define CLI_SCRIPT_LINT_H
#include "device/device.h"

#include <stddef.h>

struct lint_finding {
    unsigned line, column;
    char text[200];
};
typedef void lint_report(void *context, const struct lint_finding *finding);

/* `d` is the plug the script is meant for: its chip counts, and when `pins_known` (a template was
 * given) its pins do too. */
void script_lint(struct device *d, bool pins_known, const char *text, size_t size,
                 lint_report *report, void *context);
#endif
