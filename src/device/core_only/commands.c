/* A plug without network: the groups of commands that it lacks are empty. */
#include "device/command/groups.h"

const struct command_row mqtt_rows[1] = {{0}};
const unsigned mqtt_row_count = 0;
const struct command_row network_rows[1] = {{0}};
const unsigned network_row_count = 0;
const struct command_row tuyamcu_rows[1] = {{0}};
const unsigned tuyamcu_row_count = 0;
