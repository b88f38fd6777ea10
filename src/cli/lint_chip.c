/* Commands by chip; see lint_chip.h. Source: openshwprojects/OpenBK7231T_App: docs/commands.md,
 * docs/constants.md. */
#include "cli/lint_chip.h"

#include "base/text.h"

#include <stddef.h>
#include <string.h>

#define BEKEN " BK7231T BK7231N BK7231U BK7231M BK7238 BK7252 BK7252N"

static const struct lint_chip_row rows[] = {
    {"logport", BEKEN " LN882H", "only Beken chips and the LN882H can choose the port of the log"},
    {"$rebootReason", BEKEN, "only Beken chips tell why they restarted"},
    {"WebServer", NULL, "only builds with TLS have it"},
    {"setMovingAvg", NULL, "only some builds have it"},
    {"BL0942opts", NULL, "only builds for two UARTs have it"},
};

const struct lint_chip_row *lint_chip_row(unsigned i) {
    return i < sizeof rows / sizeof *rows ? &rows[i] : NULL;
}

bool lint_chip_has(const struct lint_chip_row *row, const char *chip) {
    size_t n = strlen(chip);
    for (const char *p = row->chips ? row->chips : ""; *p;) {
        p += strspn(p, " ");
        size_t length = strcspn(p, " ");
        if (length == n && text_starts(p, chip))
            return true;
        p += length;
    }
    return false;
}

const struct lint_chip_row *lint_chip_lacks(const char *word, const char *chip) {
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if (text_same(rows[i].word, word) && !lint_chip_has(&rows[i], chip))
            return &rows[i];
    return NULL;
}
