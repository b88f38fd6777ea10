/* Blanks what must not be published from a line of a boot log: keys, tokens, passwords, network
 * names, MAC addresses. Works on text, so it errs on the side of hiding too much. */
#ifndef WORKBENCH_EMULATOR_MASK_LINE_H
#define WORKBENCH_EMULATOR_MASK_LINE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Overwrites secrets in place with '*'; true when something was hidden. */
bool mask_line(char *line);
/* Overwrites what is known to be secret wherever it stands in the line; values too short to mean
 * anything are left alone. */
bool mask_value(char *line, const uint8_t *value, size_t length);
#endif
