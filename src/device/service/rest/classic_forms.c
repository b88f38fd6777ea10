/* Form paths of older firmware: what bookmarks, scripts and provisioning tools send to set pins,
 * names, Wi-Fi, MQTT, flags. Each takes its arguments and answers in words; forms to fill in are
 * on the real pages. A request without arguments from a browser is theirs.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/http_fns.c. */
#include "codec/openbeken/flags.h"
#include "device/device.h"
#include "device/script/command.h"
#include "device/service/http/http.h"
#include "device/service/mqtt/mqtt.h"
#include "device/service/rest/rest.h"

enum { VALUE = 300, PASSWORD_MIN = 5 };

/* True when the real page is to answer: nobody wants to change anything. */
static bool declined(const struct http_exchange *x) {
    return !*x->query && !x->body_size && x->accepts_gzip;
}

static void begin(struct device *d, struct http_exchange *x, const char *title) {
    http_begin(x, 200, "text/html");
    classic_head(d, &x->out, title);
}

/* Stores an argument in a setting; empty arguments leave it alone unless `clears`. */
static bool put(struct device *d, struct http_exchange *x, const char *argument,
                const char *setting, bool clears) {
    char value[VALUE];
    int length = http_arg(x, argument, value, sizeof value);
    const struct setting *s = setting_find(setting);
    if (length < 0 || (!length && !clears) || !s)
        return false;
    if (setting_parse(d, s, value) == STATUS_OK)
        return true;
    text_add(&x->out, "<h3>Not accepted: ");
    text_html(&x->out, argument);
    text_add(&x->out, "</h3>");
    return false;
}

static void said(struct http_exchange *x, const char *text) {
    text_add(&x->out, "<h3>");
    text_add(&x->out, text);
    text_add(&x->out, "</h3>");
}

static void mqtt_set(struct device *d, struct http_exchange *x) {
    static const char *const rows[][2] = {
        {"port", "mqtt_port"},        {"user", "mqtt_user"},
        {"password", "mqtt_pass"},    {"client", "mqtt_client"},
        {"group", "mqtt_group"},      {"mqtt_cert_file", "mqtt_cert"},
        {"mqtt_use_tls", "mqtt_tls"}, {"mqtt_verify_tls_cert", "mqtt_verify"}};
    begin(d, x, "Saving MQTT");
    put(d, x, "host", "mqtt_host", true);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        put(d, x, rows[i][0], rows[i][1], false);
    said(x, "MQTT settings saved");
    classic_end(d, &x->out);
}

static bool dotted(const char *p, uint8_t out[4]) {
    for (unsigned i = 0; i < 4; i++) {
        unsigned value = 0, digits = 0;
        for (; text_is_digit(*p) && digits < 3; digits++)
            value = value * 10 + (unsigned)(*p++ - '0');
        if (!digits || value > 255 || (i < 3 && *p++ != '.'))
            return false;
        out[i] = (uint8_t)value;
    }
    return !*p;
}

static void ip_set(struct device *d, struct http_exchange *x) {
    static const char *const names[] = {"IP", "mask", "gate", "dns"};
    char value[VALUE];
    if (declined(x))
        return;
    begin(d, x, "IP");
    for (unsigned i = 0; i < 4; i++) {
        uint8_t bytes[4];
        if (http_arg(x, names[i], value, sizeof value) <= 0)
            continue;
        if (dotted(value, bytes)) {
            memcpy(d->config.static_ip + 4 * i, bytes, 4);
            settings_changed(d);
        } else {
            said(x, "an address is written like 192.168.0.10");
        }
    }
    said(x, "works after a restart");
    classic_end(d, &x->out);
}

static void webapp_set(struct device *d, struct http_exchange *x) {
    begin(d, x, "Webapp");
    put(d, x, "url", "webapp", false);
    said(x, "saved");
    classic_end(d, &x->out);
}

static void password_set(struct device *d, struct http_exchange *x) {
    char value[VALUE];
    if (!http_arg_int(x, "web_admin_password_enabled", 0)) {
        d->config.web_password[0] = 0;
        settings_changed(d);
        return;
    }
    int length = http_arg(x, "web_admin_password", value, sizeof value);
    if (length >= PASSWORD_MIN)
        put(d, x, "web_admin_password", "web_password", false);
    else if (length > 0)
        said(x, "a web password has at least 5 characters");
}

static void wifi_set(struct device *d, struct http_exchange *x) {
    bool changed = false;
    begin(d, x, "Wi-Fi");
    if (http_arg_int(x, "open", 0)) {
        d->config.wifi_ssid[0] = d->config.wifi_pass[0] = 0;
        settings_changed(d);
        changed = true;
    } else {
        changed |= put(d, x, "ssid", "wifi_ssid", false);
        changed |= put(d, x, "pass", "wifi_pass", false);
        put(d, x, "ssid2", "wifi_ssid2", true);
        put(d, x, "pass2", "wifi_pass2", true);
    }
    password_set(d, x);
    said(x, changed ? "saved, joining the network in 2 s" : "saved");
    classic_end(d, &x->out);
}

static void name_set(struct device *d, struct http_exchange *x) {
    if (declined(x))
        return;
    begin(d, x, "Names");
    if (put(d, x, "shortName", "name_short", false))
        for (char *p = d->config.short_name; *p; p++)
            if (text_is_space(*p))
                *p = '_';
    put(d, x, "name", "name_long", false);
    settings_save(d);
    said(x, "saved");
    classic_end(d, &x->out);
}

static void mac_set(struct device *d, struct http_exchange *x) {
    if (declined(x))
        return;
    begin(d, x, "MAC");
    said(x, put(d, x, "mac", "mac", false) ? "saved" : "12 hexadecimal digits are needed");
    classic_end(d, &x->out);
}

static void ping_set(struct device *d, struct http_exchange *x) {
    if (declined(x))
        return;
    begin(d, x, "Ping");
    if (http_arg_int(x, "clear", 0)) {
        d->config.ping_host[0] = 0;
        d->config.ping_seconds = 0;
        settings_changed(d);
    } else {
        put(d, x, "host", "ping_host", false);
        put(d, x, "disconnectTime", "ping_seconds", false);
    }
    said(x, "saved");
    classic_end(d, &x->out);
}

static bool pin_part(struct device *d, struct http_exchange *x, const char *prefix, unsigned pin,
                     unsigned *seen) {
    char name[8];
    struct text text = text_start(name, sizeof name);
    text_add(&text, prefix);
    text_uint(&text, pin);
    int64_t value = http_arg_int(x, name, -1);
    if (value < 0 || value > 255)
        return false;
    const struct obk_pin *p = &d->config.pins[pin];
    unsigned now = *prefix == 'r' ? p->channel : *prefix == 'e' ? p->channel2 : p->role;
    ++*seen;
    if (now == (unsigned)value)
        return false;
    enum status status = *prefix == 'r'   ? board_set_channel(d, pin, (unsigned)value)
                         : *prefix == 'e' ? board_set_channel2(d, pin, (unsigned)value)
                                          : board_set_role(d, pin, (unsigned)value);
    return status == STATUS_OK;
}

static void pins_set(struct device *d, struct http_exchange *x) {
    unsigned seen = 0, changed = 0;
    if (declined(x))
        return;
    begin(d, x, "Pins");
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        changed += pin_part(d, x, "", pin, &seen);
        changed += pin_part(d, x, "r", pin, &seen);
        changed += pin_part(d, x, "e", pin, &seen);
    }
    if (changed)
        settings_save(d);
    text_add(&x->out, "Pins update - ");
    text_uint(&x->out, seen);
    text_add(&x->out, " reqs, ");
    text_uint(&x->out, changed);
    text_add(&x->out, " changed!");
    classic_end(d, &x->out);
}

static void generic_set(struct device *d, struct http_exchange *x) {
    uint64_t flags = 0;
    if (declined(x))
        return;
    begin(d, x, "Flags");
    if (http_arg_int(x, "setFlags", 0)) {
        for (unsigned i = 0; i < OBK_FLAG_COUNT; i++) {
            char name[8];
            struct text text = text_start(name, sizeof name);
            text_add(&text, "flag");
            text_uint(&text, i);
            flags |= (uint64_t)(http_arg_int(x, name, 0) != 0) << i;
        }
        settings_set_flags(d, flags);
    }
    put(d, x, "boot_ok_delay", "boot_ok", false);
    text_add(&x->out, "<h5>Flags (Current value=");
    text_uint(&x->out, settings_flags(d));
    text_add(&x->out, ")</h5>");
    classic_end(d, &x->out);
}

static void startup_value(struct device *d, struct http_exchange *x) {
    int64_t channel = http_arg_int(x, "idx", -1), value = http_arg_int(x, "value", 0);
    if (declined(x))
        return;
    begin(d, x, "Start values");
    if (channel >= 0 && channel_valid((int)channel) && value >= INT16_MIN && value <= INT16_MAX &&
        channel_set_start(d, (int)channel, (int16_t)value) == STATUS_OK)
        said(x, "saved");
    else
        said(x, "idx is a channel from 0 to 63");
    classic_end(d, &x->out);
}

/* The text is decoded where it lies, in the request: it may be longer than any buffer here. */
static void startup_command(struct device *d, struct http_exchange *x) {
    if (declined(x))
        return;
    if (!http_arg_int(x, "startup_cmd", 0)) {
        begin(d, x, "Startup command");
        text_add(&x->out, "<form action=\"/startup_command\"><textarea name=\"data\">");
        char part[512];
        struct text text = text_start(part, sizeof part);
        text_add_n(&text, d->config.startup,
                   strlen(d->config.startup) < 511 ? strlen(d->config.startup) : 511);
        size_t room = x->out.size - x->out.length - 600;
        for (size_t i = 0; part[i] && room > 8; i++, room -= 6)
            text_html(&x->out, (const char[2]){part[i], 0});
        text_add(&x->out,
                 "</textarea><input type=\"hidden\" name=\"startup_cmd\" value=\"1\"><input "
                 "type=\"submit\" value=\"Save\"></form>");
        classic_end(d, &x->out);
        return;
    }
    http_arg(x, "data", d->config.startup, OBK_STARTUP_SIZE);
    settings_changed(d);
    begin(d, x, "Startup command");
    said(x, "saved");
    classic_end(d, &x->out);
}

static void group_set(struct device *d, struct http_exchange *x) {
    static const struct {
        const char *name;
        uint8_t bit;
        bool send;
    } shares[] = {{"s_pwr", 1, true},  {"r_pwr", 1, false}, {"s_lbr", 2, true},
                  {"r_lbr", 2, false}, {"s_lcl", 16, true}, {"r_lcl", 16, false}};
    if (declined(x))
        return;
    begin(d, x, "Device groups");
    if (http_arg_int(x, "bSet", 0)) {
        uint32_t send = 0, receive = 0;
        put(d, x, "name", "dgr_name", true);
        for (unsigned i = 0; i < sizeof shares / sizeof *shares; i++)
            if (http_arg_int(x, shares[i].name, 0))
                *(shares[i].send ? &send : &receive) |= shares[i].bit;
        d->config.group_send_flags = send;
        d->config.group_receive_flags = receive;
        settings_changed(d);
    }
    said(x, "saved");
    classic_end(d, &x->out);
}

static void log_level_set(struct device *d, struct http_exchange *x) {
    int64_t level = http_arg_int(x, "loglevel", -1);
    begin(d, x, "Log level");
    if (level >= 0 && level <= 9)
        d->log.level = (uint8_t)level;
    said(x, level >= 0 && level <= 9 ? "LOG level set" : "loglevel is a number from 0 to 9");
    classic_end(d, &x->out);
}

static void command_tool(struct device *d, struct http_exchange *x) {
    static const char *const texts[] = {"OK",
                                        "Unknown command",
                                        "Not enough arguments for this command",
                                        "No command entered",
                                        "Bad argument",
                                        "Command found but returned error"};
    char line[512];
    if (declined(x))
        return;
    begin(d, x, "Command");
    text_add(&x->out, "<form action=\"/cmd_tool\"><input name=\"cmd\"><input type=\"submit\" "
                      "value=\"Run\"></form>");
    if (http_arg(x, "cmd", line, sizeof line) >= 0) {
        d->command.reply[0] = 0;
        enum command_result result = command_run(d, line, COMMAND_FROM_CONSOLE);
        text_add(&x->out, "<pre>");
        text_html(&x->out, d->command.reply);
        text_add(&x->out, "</pre>");
        said(x, (unsigned)result < sizeof texts / sizeof *texts ? texts[result] : "Unknown error");
    }
    classic_end(d, &x->out);
}

static void discovery(struct device *d, struct http_exchange *x) {
    char prefix[sizeof d->config.ha_prefix];
    http_begin(x, 200, "text/plain");
    http_arg(x, "prefix", prefix, sizeof prefix);
    if (!d->mqtt_connected) {
        text_add(&x->out, "MQTT not running.");
        return;
    }
    mqtt_discover(d, 1, prefix);
    text_add(&x->out, "MQTT discovery queued.");
}

static void menu(struct device *d, struct http_exchange *x) {
    static const char *const links[][2] = {{"/cfg_pins", "Pins"},
                                           {"/cfg_generic", "Flags"},
                                           {"/cfg_name", "Names"},
                                           {"/cfg_wifi", "Wi-Fi"},
                                           {"/cfg_mqtt", "MQTT"},
                                           {"/ha_cfg", "Home Assistant"},
                                           {"/startup_command", "Startup command"},
                                           {"/cmd_tool", "Command"},
                                           {"/ota", "Update"}};
    if (declined(x))
        return;
    begin(d, x, "Config");
    for (unsigned i = 0; i < sizeof links / sizeof *links; i++) {
        text_add(&x->out, "<p><a href=\"");
        text_add(&x->out, links[i][0]);
        text_add(&x->out, "\">");
        text_add(&x->out, links[i][1]);
        text_add(&x->out, "</a></p>");
    }
    classic_end(d, &x->out);
}

#define ACT(path, handler)                                                                         \
    { HTTP_GET | HTTP_POST, HTTP_ADMIN, true, path, handler, NULL, NULL, NULL, NULL }
const struct http_route form_routes[] = {
    ACT("/cfg_mqtt_set", mqtt_set),
    ACT("/cfg_ip", ip_set),
    ACT("/cfg_webapp_set", webapp_set),
    ACT("/cfg_wifi_set", wifi_set),
    ACT("/cfg_name", name_set),
    ACT("/cfg_mac", mac_set),
    ACT("/cfg_ping", ping_set),
    ACT("/cfg_pins", pins_set),
    ACT("/cfg_generic", generic_set),
    ACT("/cfg_startup", startup_value),
    ACT("/startup_command", startup_command),
    ACT("/cfg_dgr", group_set),
    ACT("/cfg_loglevel_set", log_level_set),
    ACT("/cmd_tool", command_tool),
    ACT("/ha_discovery", discovery),
    {HTTP_GET, HTTP_VIEW, false, "/cfg", menu, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/about", menu, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/cfg_mqtt", menu, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/cfg_wifi", menu, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/cfg_webapp", menu, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/ha_cfg", menu, NULL, NULL, NULL, NULL},
    {HTTP_GET, HTTP_VIEW, false, "/ota", menu, NULL, NULL, NULL, NULL},
    {0},
};
