/* The groups of command rows, one file each. Adding a group: declare it here and name it in
 * groups.c; adding a command to a group touches only the group's file. */
#ifndef DEVICE_COMMAND_GROUPS_H
#define DEVICE_COMMAND_GROUPS_H
#include "device/script/command_row.h"

#define COMMAND_GROUP(name)                                                                        \
    extern const struct command_row name##_rows[];                                                 \
    extern const unsigned name##_row_count;

COMMAND_GROUP(channel)
COMMAND_GROUP(light)
COMMAND_GROUP(script)
COMMAND_GROUP(system)
COMMAND_GROUP(meter)
COMMAND_GROUP(energy)
COMMAND_GROUP(protection)
COMMAND_GROUP(mqtt)
COMMAND_GROUP(network)
COMMAND_GROUP(tuyamcu)
COMMAND_GROUP(pin)
COMMAND_GROUP(power)
COMMAND_GROUP(file)
COMMAND_GROUP(json)
COMMAND_GROUP(log)
COMMAND_GROUP(sleep)
#undef COMMAND_GROUP

extern const struct command_table command_words;
#endif
