/* Commands of the MQTT room: publishing on demand, broadcast pace, Home Assistant discovery. Rows
 * marked AWAY are known by name, so that scripts load and say what is missing when they run. */
#include "device/command/groups.h"

#define AWAY(name)                                                                                 \
    { name, "r", 0, 0, "...", "not in this build", 0, "the MQTT room" }

const struct command_row mqtt_rows[] = {
    AWAY("publish"),
    AWAY("publishInt"),
    AWAY("publishFloat"),
    AWAY("publishFile"),
    AWAY("publishChannel"),
    AWAY("publishChannels"),
    AWAY("publishAll"),
    AWAY("publishDriver"),
    AWAY("mqtt_broadcastInterval"),
    AWAY("mqtt_broadcastItemsPerSec"),
    AWAY("TasTeleInterval"),
    AWAY("scheduleHADiscovery"),
};
const unsigned mqtt_row_count = sizeof mqtt_rows / sizeof *mqtt_rows;
