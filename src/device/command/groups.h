/* The groups of command rows; adding a group: declare it here and name it in groups.c. */
#ifndef DEVICE_COMMAND_GROUPS_H
#define DEVICE_COMMAND_GROUPS_H
#include "device/command/row.h"

extern const struct command_row channel_rows[], light_rows[], script_rows[], system_rows[],
    elsewhere_rows[];
extern const unsigned channel_row_count, light_row_count, script_row_count, system_row_count,
    elsewhere_row_count;
#endif
