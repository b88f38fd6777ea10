/* Commands that no room brings yet. Rows marked
 * AWAY are known by name, so that scripts load and say what is missing when they run. */
#include "device/command/groups.h"

#define AWAY(name)                                                                                 \
    { name, "r", 0, 0, "...", "not in this build", 0, "a later version" }

const struct command_row later_rows[] = {
    AWAY("Json"),       AWAY("PowerSave"),         AWAY("PowerSave_WFI"),
    AWAY("DeepSleep"),  AWAY("PinDeepSleep"),      AWAY("DSEdge"),
    AWAY("DSTime"),     AWAY("lfs_size"),          AWAY("lfs_mkdir"),
    AWAY("logfeature"), AWAY("logtype"),           AWAY("logdelay"),
    AWAY("logport"),    AWAY("logStartup2lfs"),    AWAY("showgpi"),
    AWAY("setMutex"),   AWAY("BridgePulseLength"), AWAY("clock_calcDST"),
};
const unsigned later_row_count = sizeof later_rows / sizeof *later_rows;
