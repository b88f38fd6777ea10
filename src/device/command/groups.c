/* All groups of commands; a word known twice means the earlier one. */
#include "device/command/groups.h"

#define GROUP(name, number)                                                                        \
    { name##_rows, number }

const struct command_group command_groups[] = {
    GROUP(channel, 27), GROUP(light, 23),     GROUP(script, 34),
    GROUP(system, 41),  GROUP(elsewhere, 80),
};
const unsigned command_group_count = sizeof command_groups / sizeof *command_groups;
