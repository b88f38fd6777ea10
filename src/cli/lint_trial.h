/* The trial of a script: its aliases and handlers are put into a plug of their own and set off one
 * by one, to find those that run each other without end in one tick. Conditions are decided by that
 * plug, so what is reported did happen. */
#ifndef CLI_LINT_TRIAL_H
#define CLI_LINT_TRIAL_H
#include "cli/script_lint.h"

/* `like`: the plug the script is meant for. */
void lint_trial(const struct device *like, const char *text, size_t size, lint_report *report,
                void *context);
#endif
