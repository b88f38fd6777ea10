/* Commands of the system: names, settings, restart, files, help. */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/driver.h"
#include "device/script/expression.h"
#include "device/script/script.h"
#include <string.h>

#define RUN(name) static enum command_result name(struct call *c)

RUN(echo) {
    char line[COMMAND_REPLY_SIZE];
    constant_expand(c->d, call_text(c, 0), line, sizeof line);
    call_reply(c, line);
    device_log(c->d, LOG_INFO, "echo", line);
    return COMMAND_OK;
}
RUN(restart) {
    int32_t seconds = call_int(c, 0, 3);
    device_restart(c->d, seconds > 0 ? (unsigned)seconds : 1);
    return COMMAND_OK;
}
RUN(clear_config) {
    device_factory(c->d);
    return COMMAND_OK;
}
RUN(clear_io) {
    for (unsigned pin = 0; pin < c->d->hal.chip.pins; pin++)
        board_set_role(c->d, pin, OBK_ROLE_NONE);
    for (int i = 0; i < CHANNEL_COUNT; i++)
        channel_set_type(c->d, i, 0);
    for (unsigned pin = 0; pin < OBK_PINS_MAX; pin++)
        c->d->config.pins[pin] = (struct obk_pin){0};
    settings_changed(c->d);
    settings_save(c->d);
    return COMMAND_OK;
}
RUN(clear_all) {
    device_factory(c->d);
    for (int i = 0; i < CHANNEL_COUNT; i++)
        channel_set(c->d, i, 0, CHANNEL_SILENT);
    scripts_forget(c->d);
    command_run(c->d, "clearAllHandlers", COMMAND_FROM_SCRIPT);
    command_run(c->d, "clearRepeatingEvents", COMMAND_FROM_SCRIPT);
    return COMMAND_OK;
}
RUN(safe) {
    device_ask_safe_mode(c->d);
    int32_t seconds = call_int(c, 0, 1);
    device_restart(c->d, seconds > 0 ? (unsigned)seconds : 1);
    return COMMAND_OK;
}
/* Commands that are settings: which one, and whether the value is a number (else a text). */
static const struct {
    const char *command, *setting;
    bool number;
} kept[] = {
    {"ShortName", "name_short", false},
    {"FriendlyName", "name_long", false},
    {"SSID", "wifi_ssid", false},
    {"Password", "wifi_pass", false},
    {"MqttHost", "mqtt_host", false},
    {"MqttUser", "mqtt_user", false},
    {"MqttPassword", "mqtt_pass", false},
    {"MqttClient", "mqtt_client", false},
    {"MqttGroup", "mqtt_group", false},
    {"PingHost", "ping_host", false},
    {"PingInterval", "ping_interval", true},
    {"ntp_setServer", "ntp_server", false},
    {"FullBootTime", "boot_ok", true},
};
static enum command_result keep(struct call *c, const struct setting *s, bool is_number) {
    char number[16];
    struct text text = text_start(number, sizeof number);
    int32_t value = is_number ? call_int(c, 0, 0) : 0;
    text_int(&text, value < s->low ? s->low : value > s->high ? s->high : value);
    enum status status = setting_parse(c->d, s, is_number ? number : call_text(c, 0));
    if (status == STATUS_OK)
        return COMMAND_OK;
    device_log2(c->d, LOG_ERROR, "cmd",
                status == STATUS_BAD_LENGTH ? "too long for " : "out of range for ", s->name);
    return COMMAND_BAD_ARGUMENT;
}
RUN(store) {
    for (unsigned i = 0; i < sizeof kept / sizeof *kept; i++)
        if (strcmp(kept[i].command, c->row->name) == 0)
            return keep(c, setting_find(kept[i].setting), kept[i].number);
    return COMMAND_ERROR;
}
RUN(name) {
    bool is_short = text_same(c->row->name, "ShortName");
    if (c->count)
        return store(c);
    call_answer(c, is_short ? "ShortName is " : "FriendlyName is ",
                is_short ? c->d->config.short_name : c->d->config.long_name);
    return COMMAND_OK;
}
RUN(startup) {
    const struct setting *s = setting_find("startup");
    if (!s || setting_parse(c->d, s, call_text(c, 0)) != STATUS_OK)
        return COMMAND_BAD_ARGUMENT;
    settings_changed(c->d);
    if (call_int(c, 1, 0))
        command_run(c->d, call_text(c, 0), c->source);
    return COMMAND_OK;
}
RUN(refresh) {
    c->d->command.refresh = (uint16_t)call_int(c, 0, 0);
    return COMMAND_OK;
}
RUN(start) {
    driver_start(c->d, call_text(c, 0), call_text(c, 1));
    return COMMAND_OK;
}
RUN(stop) {
    driver_stop(c->d, call_text(c, 0));
    return COMMAND_OK;
}
/* Logs the names that begin so ("" all), as many to a line as fit; returns how many. */
static unsigned list_names(struct device *d, const char *prefix) {
    char line[COMMAND_REPLY_SIZE];
    struct text t = text_start(line, sizeof line);
    unsigned count = 0;
    const struct command_row *row;
    for (unsigned i = 0; (row = command_row(d->wiring->words, i)) != NULL; i++) {
        if (!text_starts(row->name, prefix))
            continue;
        if (t.length + strlen(row->name) + 2 > sizeof line) {
            device_log(d, LOG_INFO, "help", line);
            t = text_start(line, sizeof line);
        }
        text_add(&t, t.length ? " " : "");
        text_add(&t, row->name);
        count++;
    }
    if (t.length)
        device_log(d, LOG_INFO, "help", line);
    return count;
}
RUN(help) {
    const char *word = call_text(c, 0);
    const struct command_table *words = c->d->wiring->words;
    int suffix, number = command_find(words, word, strlen(word), &suffix);
    const struct command_row *row = number < 0 ? NULL : command_row(words, (unsigned)number);
    char line[COMMAND_REPLY_SIZE];
    struct text t = text_start(line, sizeof line);
    if (!row)
        return list_names(c->d, word) ? COMMAND_OK : COMMAND_UNKNOWN;
    text_add(&t, row->name);
    text_char(&t, ' ');
    text_add(&t, row->arguments);
    text_add(&t, ": ");
    text_add(&t, row->help);
    call_reply(c, line);
    device_log(c->d, LOG_INFO, "help", line);
    return COMMAND_OK;
}

const struct command_row system_rows[] = {
    {"echo", "r", 0, 0, "text", HELP("logs the text"), echo, NULL},
    {"help", "t", 0, 0, "[command]", HELP("says what a command does, or lists those that begin so"),
     help, NULL},
    {"restart", "i", 0, 0, "[seconds]", HELP("warm restart"), restart, NULL},
    {"reboot", "i", 0, 0, "[seconds]", HELP("warm restart"), restart, NULL},
    {"clearConfig", "", 0, 0, "", HELP("factory settings"), clear_config, NULL},
    {"clearIO", "", 0, 0, "", HELP("forgets pins and channel types"), clear_io, NULL},
    {"clearAll", "", 0, 0, "", HELP("forgets everything but files"), clear_all, NULL},
    {"SafeMode", "i", 0, 0, "[seconds]", HELP("next start is safe mode"), safe, NULL},
    {"StartupCommand", "ti", 1, 1, "text [runNow]", HELP("runs at every start"), startup, NULL},
    {"ShortName", "t", 0, 1, "[text]", HELP("host name"), name, NULL},
    {"FriendlyName", "t", 0, 1, "[text]", HELP("name"), name, NULL},
    {"SSID", "t", 1, 1, "text", HELP("SSID1: network name"), store, NULL},
    {"Password", "t", 1, 1, "text", HELP("Password1: network password"), store, NULL},
    {"MqttHost", "t", 1, 1, "text", HELP("broker"), store, NULL},
    {"MqttUser", "t", 1, 1, "text", HELP("user at the broker"), store, NULL},
    {"MqttPassword", "t", 1, 1, "text", HELP("password at the broker"), store, NULL},
    {"MqttClient", "t", 1, 1, "text", HELP("client topic"), store, NULL},
    {"MqttGroup", "t", 1, 1, "text", HELP("group topic"), store, NULL},
    {"PingHost", "t", 1, 1, "host", HELP("whom to ping"), store, NULL},
    {"PingInterval", "i", 1, 0, "seconds", HELP("between pings"), store, NULL},
    {"FullBootTime", "i", 1, 0, "seconds", HELP("uptime of a good start"), store, NULL},
    {"ntp_setServer", "t", 1, 0, "address", HELP("time server"), store, NULL},
    {"IndexRefreshInterval", "i", 1, 0, "ms", HELP("page refresh"), refresh, NULL},
    {"startDriver", "tr", 1, 0, "name [arguments]", HELP("starts a driver"), start, NULL},
    {"stopDriver", "t", 1, 0, "name|*", HELP("stops a driver"), stop, NULL},
};
const unsigned system_row_count = sizeof system_rows / sizeof *system_rows;
