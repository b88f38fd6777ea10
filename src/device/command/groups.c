/* All groups of commands; a word known twice means the earlier one. */
#include "device/command/groups.h"

#define GROUP(name)                                                                                \
    { name##_rows, &name##_row_count }

static const struct command_group groups[] = {
    GROUP(channel),    GROUP(pin),  GROUP(power),   GROUP(light),   GROUP(script), GROUP(system),
    GROUP(file),       GROUP(json), GROUP(log),     GROUP(sleep),   GROUP(meter),  GROUP(energy),
    GROUP(protection), GROUP(mqtt), GROUP(network), GROUP(tuyamcu),
};
const struct command_table command_words = {groups, sizeof groups / sizeof *groups};
