/* Commands of the network room: HTTP requests, update, access point, buttons of the index page.
 */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/script/expression.h"
#include "device/service/http/http.h"
#include "device/service/requests/requests.h"
#include "device/service/rest/web_buttons.h"
#include "device/service/time/sntp.h"
#include "device/service/update/update.h"
#include "device/service/wifi/wifi.h"

#define RUN(name) static enum command_result name(struct call *c)

enum { BODY = 512, RESTART_S = 3 };
/* Constants are replaced before the line is split, and \\" is a quote inside quotes. */
enum { EARLY = TOKEN_QUOTES | TOKEN_ESCAPES | TOKEN_EARLY };

RUN(ota_http) {
    const char *why = update_fetch(c->d, call_text(c, 0));
    if (!why)
        return COMMAND_OK;
    call_reply(c, why);
    device_log(c->d, LOG_ERROR, "ota", why);
    return COMMAND_ERROR;
}

/* --- requests to other machines --- */

static enum command_result queued(struct call *c, const struct request *request) {
    if (!request_send(c->d, request))
        device_log2(c->d, LOG_WARN, "httpclient",
                    "too many requests wait, not sent: ", request->url);
    return COMMAND_OK;
}
RUN(send_get) {
    char url[FETCH_PATH];
    constant_expand(c->d, call_text(c, 0), url, sizeof url);
    return queued(
        c, &(struct request){.url = url, .target = call_text(c, 1), .command = call_text(c, 2)});
}
RUN(send_post) {
    char url[FETCH_PATH], body[BODY];
    constant_expand(c->d, call_text(c, 0), url, sizeof url);
    constant_expand(c->d, call_text(c, 3), body, sizeof body);
    int32_t port = call_int(c, 1, 0);
    return queued(c, &(struct request){.url = url,
                                       .target = "",
                                       .command = call_text(c, 4),
                                       .type = call_text(c, 2),
                                       .body = body,
                                       .port = (uint16_t)(port < 1 || port > 65535 ? 0 : port)});
}

/* --- web server, buttons on its pages, access point --- */

RUN(mqtt_tls) {
    enum { PLAIN = 1883, SECURE = 8883 };
    struct obk_config *config = &c->d->config;
    config->mqtt_use_tls = call_int(c, 0, 1) != 0;
    if (config->mqtt_port == (config->mqtt_use_tls ? PLAIN : SECURE))
        config->mqtt_port = config->mqtt_use_tls ? SECURE : PLAIN;
    settings_changed(c->d);
    return COMMAND_OK;
}
RUN(web_server) {
    int32_t on = call_int(c, 0, -1);
    if (on != 0 && on != 1)
        return COMMAND_BAD_ARGUMENT;
    c->d->config.disable_web = !on;
    settings_save(c->d);
    if (on)
        device_restart(c->d, RESTART_S);
    else
        http_close(c->d);
    return COMMAND_OK;
}
static enum command_result button_text(struct call *c, enum web_button_part part) {
    return web_button_set(c->d, call_int(c, 0, -1), part, call_text(c, 1)) ? COMMAND_OK
                                                                           : COMMAND_BAD_ARGUMENT;
}
RUN(button_enabled) {
    return web_button_enable(c->d, call_int(c, 0, -1), call_int(c, 1, 1)) ? COMMAND_OK
                                                                          : COMMAND_BAD_ARGUMENT;
}
RUN(button_label) {
    return button_text(c, WEB_BUTTON_LABEL);
}
RUN(button_color) {
    return button_text(c, WEB_BUTTON_COLOR);
}
RUN(button_command) {
    return button_text(c, WEB_BUTTON_COMMAND);
}
/* A little later, so that whoever asked over Wi-Fi still gets an answer. */
RUN(open_ap) {
    if (!c->d->hal.wifi_access_point)
        return COMMAND_ERROR;
    wifi_open_later(c->d, (unsigned)call_int(c, 0, 0));
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

/* Which of the two networks a start tries first: kept in a retained slot, as OpenBeken does. */
RUN(first_network_slot) {
    int32_t slot = call_int(c, 0, -1);
    if (slot < -1 || slot > 10)
        return COMMAND_BAD_ARGUMENT;
    c->d->command.ssid_slot = (uint8_t)(slot + 1);
    return COMMAND_OK;
}
RUN(first_network) {
    unsigned slot = c->d->command.ssid_slot;
    int32_t which = call_int(c, 0, 0);
    if (!slot || which < 0 || which > 1)
        return COMMAND_BAD_ARGUMENT;
    channel_set_retained(c->d, slot - 1, (int16_t)which);
    return COMMAND_OK;
}

const struct command_row network_rows[] = {
    {"sendGet", "ttt", 1, EARLY, "url [target] [command]",
     "asks a web server; target cmd: runs the answer, else: stores it in that file; then runs "
     "command",
     send_get, NULL},
    {"sendPOST", "tittt", 4, EARLY, "url port type body [command]",
     "sends body to a web server; then runs command", send_post, NULL},
    {"ota_http", "r", 1, 0, "http://host/path", "fetches a firmware and restarts into it", ota_http,
     NULL},
    {"OpenAP", "i", 0, 0, "[seconds=0]",
     "in 5 s opens the own access point for so long; 0: until a network is set", open_ap, NULL},
    {"ClearNoPingTime", "", 0, 0, "", "zeroes the seconds without reply to pings", clear_no_ping,
     NULL},
    {"MqttTLS", "i", 1, 0, "0|1", "TLS to the broker; moves its usual port along", mqtt_tls, NULL},
    {"WebServer", "i", 1, 0, "0|1", "0: stops the web server for good; 1: starts it by a restart",
     web_server, NULL},
    {"setStartupSSIDChannel", "i", 0, 0, "[slot=-1]",
     "retained slot that says which network a start tries first; -1: none", first_network_slot,
     NULL},
    {"setStartupSSID", "i", 0, 0, "[0|1=0]", "the first or the second network, in that slot",
     first_network, NULL},
    {"setButtonEnabled", "ii", 2, 0, "button 0|1", "shows a button of driver HTTPButtons",
     button_enabled, NULL},
    {"setButtonLabel", "it", 2, TOKEN_QUOTES, "button text", "what stands on it", button_label,
     NULL},
    {"setButtonColor", "it", 2, TOKEN_QUOTES, "button colour", "its colour, as CSS names it",
     button_color, NULL},
    {"setButtonCommand", "it", 2, TOKEN_QUOTES, "button command", "what it runs", button_command,
     NULL},
    {"ntp_info", "", 0, 0, "", "tells about the clock and its servers", ntp_info, NULL},
};
const unsigned network_row_count = sizeof network_rows / sizeof *network_rows;
