/* What the OpenBeken web application and LAN scanners ask about the plug as a whole: /api/info,
 * commands, log, restart.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/rest_interface.c. */
#include "codec/net/json.h"
#include "device/device.h"
#include "device/driver.h"
#include "device/script/command.h"
#include "device/service/http/http.h"
#include "device/service/rest/rest.h"
#include "device/service/rest/tasmota.h"
#include "device/version.h"

enum { REBOOT_S = 3, LOG_PIECE = 512 };

static void address(const struct device *d, struct text *out) {
    tasmota_address(out, d->hal.wifi_address ? d->hal.wifi_address(d->hal.context) : 0);
}

static void info_rest(struct device *d, struct http_exchange *x) {
    struct text *out = &x->out;
    x->more = NULL;
    text_add(out, "\"mqtttopic\":");
    text_json(out, d->config.mqtt_client_id);
    text_add(out, ",\"chipset\":");
    text_json(out, d->hal.chip.name);
    text_add(out, ",\"webapp\":");
    text_json(out, d->config.webapp_root);
    text_add(out, ",\"shortName\":");
    text_json(out, d->config.short_name);
    text_add(out, ",\"startcmd\":\"");
    x->more = rest_startup_pieces;
    x->cursor[0] = 0;
}

/* The startup command may be 1567 characters, six times that when escaped: it goes in pieces. */
void rest_startup_pieces(struct device *d, struct http_exchange *x) {
    const char *text = d->config.startup;
    size_t length = strlen(text), at = x->cursor[0] < length ? x->cursor[0] : length;
    size_t piece = length - at < 96 ? length - at : 96;
    text_escape(&x->out, text + at, piece);
    x->cursor[0] = (uint32_t)(at + piece);
    if (x->cursor[0] < length)
        return;
    x->more = NULL;
    text_add(&x->out, "\",\"supportsSSDP\":");
    text_char(&x->out, driver_on(d, "SSDP") ? '1' : '0');
    text_add(&x->out, ",\"supportsClientDeviceDB\":true}");
}

static void info(struct device *d, struct http_exchange *x) {
    struct text *out = &x->out;
    http_begin(x, 200, "application/json");
    text_add(out, "{\"uptime_s\":");
    text_uint(out, d->uptime_s);
    text_add(out, ",\"build\":\"" DEVICE_BUILD_TEXT "\",\"ip\":\"");
    address(d, out);
    text_add(out, "\",\"mac\":\"");
    tasmota_mac(d, out, true);
    text_add(out, "\",\"flags\":\"");
    text_uint(out, settings_flags(d));
    text_add(out, "\",\"mqtthost\":\"");
    text_escape(out, d->config.mqtt_host, strlen(d->config.mqtt_host));
    text_char(out, ':');
    text_int(out, d->config.mqtt_port);
    text_add(out, "\",");
    x->more = info_rest;
}

/* --- commands --- */

static const struct {
    uint16_t status;
    const char *text;
} results[] = {
    [COMMAND_OK] = {200, "OK"},
    [COMMAND_UNKNOWN] = {501, "Unknown command"},
    [COMMAND_MISSING_ARGUMENT] = {400, "Not enough arguments for this command"},
    [COMMAND_EMPTY] = {400, "No command entered"},
    [COMMAND_BAD_ARGUMENT] = {400, "Bad argument"},
    [COMMAND_ERROR] = {400, "Command found but returned error"},
};

static void command_more(struct device *d, struct http_exchange *x) {
    if (!tasmota_piece(d, x->body, x->step, &x->out)) {
        text_char(&x->out, '}');
        x->more = NULL;
    }
}

static void command(struct device *d, struct http_exchange *x) {
    const char *line = x->body ? x->body : "";
    d->command.reply[0] = 0;
    enum command_result result = command_run(d, line, COMMAND_FROM_HTTP);
    unsigned row = (unsigned)result < sizeof results / sizeof *results ? result : COMMAND_ERROR;
    http_begin(x, results[row].status, "application/json");
    text_add(&x->out, row == COMMAND_OK ? "{\"success\":" : "{\"error\":");
    text_uint(&x->out, results[row].status);
    text_add(&x->out, ", \"msg\":\"");
    text_add(&x->out, results[row].text);
    text_add(&x->out, "\", \"res\":");
    if (text_starts(line, "echo")) { /* keeps the whole valid JSON */
        text_json(&x->out, d->command.reply);
        text_char(&x->out, '}');
    } else if (tasmota_piece(d, line, 0, &x->out)) {
        x->more = command_more;
    } else {
        text_char(&x->out, '}');
    }
}

static void reboot(struct device *d, struct http_exchange *x) {
    device_restart(d, REBOOT_S);
    http_text(x, 200, "application/json", "{\"reboot\":3}");
}

/* --- log --- */

static const char *const levels[] = {
    "NONE:", "Error:", "Warn:", "Info:", "Debug:", "ExtraDebug:", "All:"};
static const char *const features[] = {
    "HTTP:", "MQTT:", "CFG:", "HTTP_CLIENT:", "OTA:",     "PINS:",   "MAIN:",        "GEN:",
    "API:",  "LFS:",  "CMD:", "NTP:",         "TuyaMCU:", "I2C:",    "EnergyMeter:", "EVENT:",
    "DGR:",  "DDP:",  "RAW:", "HASS:",        "IR:",      "SENSOR:", "DRV:",         "BERRY:"};

static void names(struct text *out, const char *const *list, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        text_add(out, i ? "," : "");
        text_json(out, list[i]);
    }
}

static void log_config(struct device *d, struct http_exchange *x) {
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"level\":");
    text_uint(&x->out, d->log.level);
    text_add(&x->out, ",\"features\":");
    text_uint(&x->out, 67108351u & ~d->log.muted);
    text_add(&x->out, ",\"levelnames\":[");
    names(&x->out, levels, sizeof levels / sizeof *levels);
    text_add(&x->out, "],\"featurenames\":[");
    names(&x->out, features, sizeof features / sizeof *features);
    text_add(&x->out, "]}");
}

struct log_change {
    struct device *d;
    struct text *out;
    char key[16];
};

static bool log_take(void *context, enum json_event event, unsigned depth, const char *text,
                     size_t length) {
    struct log_change *c = context;
    if (event == JSON_KEY) {
        struct text key = text_start(c->key, sizeof c->key);
        text_add(&key, text);
        if (depth == 1 && !text_same(c->key, "level") && !text_same(c->key, "features")) {
            text_add(c->out, "Unexpected key: ");
            text_add(c->out, c->key);
            text_char(c->out, '\n');
        }
    }
    if (event != JSON_NUMBER || depth != 1)
        return true;
    uint32_t value = (uint32_t)rest_number(text, length);
    if (text_same(c->key, "level") && value <= 9)
        c->d->log.level = (uint8_t)value;
    for (int i = 0; text_same(c->key, "features") && i < 24; i++)
        device_log_feature(c->d, i, value >> i & 1);
    return true;
}

static void log_config_set(struct device *d, struct http_exchange *x) {
    struct json_reader reader;
    struct log_change change = {.d = d, .out = &x->out};
    http_begin(x, 200, "text/plain");
    json_start(&reader, log_take, &change);
    json_feed(&reader, x->body ? x->body : "", x->body_size);
    if (json_finish(&reader) != STATUS_OK)
        http_error(x, 400, "Failed to parse JSON");
}

static void serial_log(struct device *d, struct http_exchange *x) {
    bool on = x->path[strlen(x->path) - 1] == '1';
    (void)d;
    http_begin(x, 200, "application/json");
    text_add(&x->out, "Direct serial logging set to ");
    text_char(&x->out, on ? '1' : '0');
}

/* Bytes of the log from number `from` on that are still kept, at most LOG_PIECE. */
static uint32_t log_piece(const struct device *d, uint32_t from, struct text *out, bool html) {
    const struct device_log_ring *r = d->log.ring;
    uint32_t total = d->log.bytes, kept = r ? r->size : 0;
    if (total - from > kept)
        from = total - kept;
    uint32_t size = total - from < LOG_PIECE ? total - from : LOG_PIECE / 4;
    for (uint32_t i = 0; i < size; i++, from++) {
        uint32_t back = total - from; /* 1: the newest byte */
        char c[2] = {r->text[(r->head + DEVICE_LOG_RING - back) % DEVICE_LOG_RING], 0};
        if (html)
            text_html(out, c);
        else
            text_char(out, c[0]);
    }
    return from;
}

static void log_more(struct device *d, struct http_exchange *x) {
    bool html = x->cursor[1] != 0;
    x->cursor[0] = log_piece(d, x->cursor[0], &x->out, html);
    d->http.log_seen = x->cursor[0];
    if (x->cursor[0] != d->log.bytes)
        return;
    x->more = NULL;
    if (html)
        text_add(&x->out, "</pre></body></html>");
}

static void log_raw(struct device *d, struct http_exchange *x) {
    http_begin(x, 200, "text/html");
    x->cursor[0] = d->http.log_seen;
    x->more = log_more;
}

static void log_page(struct device *d, struct http_exchange *x) {
    if (x->accepts_gzip)
        return; /* the pages have a better one */
    http_begin(x, 200, "text/html");
    text_add(&x->out, "<!doctype html><html><head><title>Log</title></head><body><pre>");
    x->cursor[0] = d->log.bytes - (d->log.ring ? d->log.ring->size : 0);
    x->cursor[1] = 1;
    x->more = log_more;
}

static void app(struct device *d, struct http_exchange *x) {
    http_begin(x, 200, "text/html");
    text_add(&x->out, "<!DOCTYPE html><html><head><script>var root='");
    text_html(&x->out, d->config.webapp_root);
    text_add(&x->out, "',device='http://'+location.host;</script><script src=\"");
    text_html(&x->out, d->config.webapp_root);
    text_add(&x->out, "/startup.js\"></script></head><body></body></html>");
}

static void unknown_api(struct device *d, struct http_exchange *x) {
    (void)d;
    http_begin(x, 404, "text/html");
    text_add(&x->out, x->method == HTTP_POST ? "POST to " : "GET of ");
    for (const char *p = x->path + 1; *p && p < x->path + 128; p++)
        text_html(&x->out, (const char[2]){*p, 0});
}

const struct http_route api_routes[] = {
    {HTTP_GET, HTTP_VIEW, false, "/api/info", info, NULL, "what the plug is", NULL, "JSON"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/cmnd", command, NULL, "runs a command line",
     "the line as text", "JSON with res"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/reboot", reboot, NULL, "restarts in 3 s", NULL, "JSON"},
    {HTTP_GET, HTTP_VIEW, false, "/api/logconfig", log_config, NULL,
     "level and categories of the log", NULL, "JSON"},
    {HTTP_POST, HTTP_ADMIN, true, "/api/logconfig", log_config_set, NULL, "changes them",
     "{\"level\":3,\"features\":n}", "text"},
    {HTTP_GET, HTTP_ADMIN, true, "/api/seriallog0", serial_log, NULL, "accepted", NULL, "text"},
    {HTTP_GET, HTTP_ADMIN, true, "/api/seriallog1", serial_log, NULL, "accepted", NULL, "text"},
    {HTTP_GET, HTTP_VIEW, false, "/lograw", log_raw, NULL, "log since the last reading", NULL,
     "text"},
    {HTTP_GET, HTTP_VIEW, false, "/logs", log_page, NULL, "the log as a page", NULL, "HTML"},
    {HTTP_GET, HTTP_VIEW, false, "/app", app, NULL, "starts the web application", NULL, "HTML"},
    {0},
};

const struct http_route api_rest_routes[] = {
    {HTTP_GET | HTTP_POST, HTTP_VIEW, false, "/api/*", unknown_api, NULL, NULL, NULL, NULL},
    {0},
};
