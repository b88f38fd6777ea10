/* Blanks what must not be published from a line of a boot log: keys, tokens, passwords, network
 * names, MAC addresses. Works on text, so it errs on the side of hiding too much. */
#ifndef WORKBENCH_EMULATOR_MASK_LINE_H
#define WORKBENCH_EMULATOR_MASK_LINE_H
#include <stdbool.h>

/* Overwrites secrets in place with '*'; true when something was hidden. */
bool mask_line(char *line);
#endif
