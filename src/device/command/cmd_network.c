/* Commands of the network room: HTTP requests, update, access point, buttons of the index page.
 * Rows marked AWAY are known by name, so that scripts load and say what is missing when they run.
 */
#include "device/command/groups.h"
#include "device/device.h"
#include "device/service/update/update.h"

#define RUN(name) static enum command_result name(struct call *c)

#define AWAY(name)                                                                                 \
    { name, "r", 0, 0, "...", "not in this build", 0, "the network room" }

RUN(ota_http) {
    const char *why = update_fetch(c->d, call_text(c, 0));
    if (!why)
        return COMMAND_OK;
    call_reply(c, why);
    device_log(c->d, LOG_ERROR, "ota", why);
    return COMMAND_ERROR;
}

const struct command_row network_rows[] = {
    AWAY("sendGet"),
    AWAY("sendPOST"),
    {"ota_http", "r", 1, 0, "http://host/path", "fetches a firmware and restarts into it", ota_http,
     NULL},
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
