/* Commands, drivers and roles that are not there; see script_missing.h. All of it comes from the
 * tables of the device and of lint_chip. */
#include "cli/script_missing.h"

#include "cli/lint_chip.h"
#include "codec/openbeken/roles.h"
#include "device/command/drivers.h"
#include "device/command/groups.h"
#include "device/role_groups.h"
#include "device/script/command_row.h"

#include <stdio.h>

static void row(const char *name, const char *before, const char *why) {
    printf("  %-32s%s%s\n", name, before, why);
}

static void not_on_chip(const char *chip) {
    printf("OpenBeken on the %s lacks, at least in some builds:\n", chip);
    for (unsigned i = 0; lint_chip_row(i); i++)
        if (!lint_chip_has(lint_chip_row(i), chip))
            row(lint_chip_row(i)->word, "", lint_chip_row(i)->why);
}

static void not_in_build(void) {
    printf("commands that this build knows by name only:\n");
    const struct command_row *word;
    for (unsigned i = 0; (word = command_row(&command_words, i)) != NULL; i++)
        if (!word->run)
            row(word->name, "it comes with ", word->where);
    printf("drivers:\n");
    for (unsigned i = 0; driver_table[i].name; i++)
        if (driver_table[i].where)
            row(driver_table[i].name, "it comes with ", driver_table[i].where);
    printf("pin roles that are kept, but not served:\n");
    for (unsigned i = 0; obk_role_row(i); i++)
        if (role_bits(i) & ROLE_AWAY)
            printf("  %s\n", obk_role_name(i));
}

enum cli_exit script_missing(const struct hal_chip *chip) {
    char pins[16];
    snprintf(pins, sizeof pins, "%u", chip->pins);
    printf("%s:\n", chip->name);
    row("pins", pins, ", numbered from 0");
    not_on_chip(chip->name);
    not_in_build();
    return CLI_OK;
}
