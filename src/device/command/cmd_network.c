/* Commands of the network room: HTTP requests, update, access point, buttons of the index page.
 * Rows marked AWAY are known by name, so that scripts load and say what is missing when they run.
 */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/service/time/sntp.h"
#include "device/service/update/update.h"
#include "device/service/wifi/wifi.h"

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
RUN(open_ap) {
    if (!c->d->hal.wifi_access_point)
        return COMMAND_ERROR;
    wifi_open(c->d, (unsigned)call_int(c, 0, 0));
    return COMMAND_OK;
}
RUN(clear_no_ping) {
    c->d->net_wifi.silent_s = 0;
    return COMMAND_OK;
}
RUN(ntp_info) {
    char line[COMMAND_REPLY_SIZE];
    struct text t = text_start(line, sizeof line);
    sntp_tell(c->d, &t);
    call_reply(c, line);
    device_log(c->d, LOG_INFO, "ntp", line);
    return COMMAND_OK;
}

const struct command_row network_rows[] = {
    AWAY("sendGet"),
    AWAY("sendPOST"),
    {"ota_http", "r", 1, 0, "http://host/path", "fetches a firmware and restarts into it", ota_http,
     NULL},
    {"OpenAP", "i", 0, 0, "[seconds=0]", "opens the own access point; 0: until a network is set",
     open_ap, NULL},
    {"ClearNoPingTime", "", 0, 0, "", "zeroes the seconds without reply to pings", clear_no_ping,
     NULL},
    AWAY("WebServer"),
    AWAY("setStartupSSIDChannel"),
    AWAY("setStartupSSID"),
    AWAY("setButtonEnabled"),
    AWAY("setButtonLabel"),
    AWAY("setButtonColor"),
    AWAY("setButtonCommand"),
    {"ntp_info", "", 0, 0, "", "tells about the clock and its servers", ntp_info, NULL},
};
const unsigned network_row_count = sizeof network_rows / sizeof *network_rows;
