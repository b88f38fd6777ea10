/* What OpenBeken has only on some chips: commands and constants that a script had better not need
 * when it is meant for others. */
#ifndef CLI_LINT_CHIP_H
#define CLI_LINT_CHIP_H
#include <stdbool.h>

struct lint_chip_row {
    const char *word;  /* command or constant */
    const char *chips; /* those that have it, each begun by a blank; NULL: only some builds */
    const char *why;
};
/* i-th row, NULL beyond. */
const struct lint_chip_row *lint_chip_row(unsigned i);
/* Has that chip the word of the row? Rows of special builds: no. */
bool lint_chip_has(const struct lint_chip_row *row, const char *chip);
/* The row of a word that the chip lacks; NULL: it is there, as far as is known. */
const struct lint_chip_row *lint_chip_lacks(const char *word, const char *chip);
#endif
