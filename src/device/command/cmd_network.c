/* Commands of the network room: HTTP requests, update, access point, buttons of the index page.
 * Rows marked AWAY are known by name, so that scripts load and say what is missing when they run.
 */
#include "device/command/groups.h"

#define AWAY(name)                                                                                 \
    { name, "r", 0, 0, "...", "not in this build", 0, "the network room" }

const struct command_row network_rows[] = {
    AWAY("sendGet"),
    AWAY("sendPOST"),
    AWAY("ota_http"),
    AWAY("OpenAP"),
    AWAY("ClearNoPingTime"),
    AWAY("WebServer"),
    AWAY("setStartupSSIDChannel"),
    AWAY("setStartupSSID"),
    AWAY("setButtonEnabled"),
    AWAY("setButtonLabel"),
    AWAY("setButtonColor"),
    AWAY("setButtonCommand"),
    AWAY("ntp_info"),
};
const unsigned network_row_count = sizeof network_rows / sizeof *network_rows;
