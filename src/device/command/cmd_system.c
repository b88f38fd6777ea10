/* Commands of the system: names, settings, restart, files, help. */
#include "base/text.h"
#include "device/command/driver.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/script/expression.h"
#include "device/script/script.h"
#include "device/store/files.h"
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
    device_restart(c->d, (unsigned)call_int(c, 0, 3));
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
    settings_changed(c->d);
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
    device_restart(c->d, (unsigned)call_int(c, 0, 1));
    return COMMAND_OK;
}
RUN(store) {
    static const char *const keys[][2] = {
        {"ShortName", "name_short"},
        {"FriendlyName", "name_long"},
        {"SSID", "wifi_ssid"},
        {"Password", "wifi_pass"},
        {"MqttHost", "mqtt_host"},
        {"MqttUser", "mqtt_user"},
        {"MqttPassword", "mqtt_pass"},
        {"MqttClient", "mqtt_client"},
        {"MqttGroup", "mqtt_group"},
        {"PingHost", "ping_host"},
        {"PingInterval", "ping_interval"},
        {"ntp_setServer", "ntp_server"},
        {"FullBootTime", "boot_ok"},
    };
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i][0], c->row->name) == 0) {
            const struct setting *s = setting_find(keys[i][1]);
            if (!s || setting_parse(c->d, s, call_text(c, 0)) != STATUS_OK)
                return COMMAND_BAD_ARGUMENT;
            settings_changed(c->d);
        }
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
RUN(level) {
    int32_t value = call_int(c, 0, 0);
    if (value < 0 || value > 9)
        return COMMAND_BAD_ARGUMENT;
    c->d->log.level = (uint8_t)value;
    return COMMAND_OK;
}
RUN(refresh) {
    c->d->command.refresh = (uint16_t)call_int(c, 0, 0);
    return COMMAND_OK;
}
RUN(accepted) {
    (void)c;
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
RUN(help) {
    int suffix, number = command_find(call_text(c, 0), strlen(call_text(c, 0)), &suffix);
    const struct command_row *row = number < 0 ? NULL : command_row((unsigned)number);
    char line[COMMAND_REPLY_SIZE];
    struct text t = text_start(line, sizeof line);
    if (!row)
        return COMMAND_UNKNOWN;
    text_add(&t, row->name);
    text_char(&t, ' ');
    text_add(&t, row->arguments);
    text_add(&t, ": ");
    text_add(&t, row->help);
    call_reply(c, line);
    device_log(c->d, LOG_INFO, "help", line);
    return COMMAND_OK;
}

static enum command_result write_file(struct call *c, bool append, const char *end) {
    const char *text = call_text(c, 1);
    char line[SCRIPT_LINE_MAX + 3];
    struct text t = text_start(line, sizeof line);
    text_add(&t, text);
    text_add(&t, end);
    enum status status = append ? store_file_append(&c->d->store, call_text(c, 0), line, t.length)
                                : store_file_write(&c->d->store, call_text(c, 0), line, t.length);
    return status == STATUS_OK ? COMMAND_OK : COMMAND_ERROR;
}
RUN(file_set) {
    return write_file(c, false, "");
}
RUN(file_add) {
    return write_file(c, true, "");
}
RUN(file_set_line) {
    return write_file(c, false, "\r\n");
}
RUN(file_add_line) {
    return write_file(c, true, "\r\n");
}
static enum command_result add_number(struct call *c, float value) {
    char number[24];
    size_t n = number_print(value, number, sizeof number);
    return store_file_append(&c->d->store, call_text(c, 0), number, n) == STATUS_OK ? COMMAND_OK
                                                                                    : COMMAND_ERROR;
}
RUN(file_add_int) {
    return add_number(c, (float)call_int(c, 1, 0));
}
RUN(file_add_float) {
    return add_number(c, call_float(c, 1, 0));
}
RUN(file_delete) {
    return store_file_remove(&c->d->store, call_text(c, 0)) == STATUS_OK ? COMMAND_OK
                                                                         : COMMAND_ERROR;
}
RUN(file_format) {
    return store_file_remove_all(&c->d->store) == STATUS_OK ? COMMAND_OK : COMMAND_ERROR;
}
RUN(exec) {
    const char *file = c->count ? call_text(c, 0) : "autoexec.bat";
    script_exec(c->d, file);
    return COMMAND_OK;
}

const struct command_row system_rows[] = {
    {"echo", "r", 0, 0, "text", "logs the text", echo, NULL},
    {"help", "t", 1, 0, "command", "says what a command does", help, NULL},
    {"restart", "i", 0, 0, "[seconds]", "warm restart", restart, NULL},
    {"reboot", "i", 0, 0, "[seconds]", "warm restart", restart, NULL},
    {"clearConfig", "", 0, 0, "", "factory settings", clear_config, NULL},
    {"clearIO", "", 0, 0, "", "forgets pins and channel types", clear_io, NULL},
    {"clearAll", "", 0, 0, "", "forgets everything but files", clear_all, NULL},
    {"SafeMode", "i", 0, 0, "[seconds]", "next start is safe mode", safe, NULL},
    {"StartupCommand", "ti", 1, 1, "text [runNow]", "runs at every start", startup, NULL},
    {"exec", "t", 0, 0, "[file]", "runs a file at once", exec, NULL},
    {"ShortName", "t", 1, 1, "text", "host name", store, NULL},
    {"FriendlyName", "t", 1, 1, "text", "name", store, NULL},
    {"SSID", "t", 1, 1, "text", "SSID1: network name", store, NULL},
    {"Password", "t", 1, 1, "text", "Password1: network password", store, NULL},
    {"MqttHost", "t", 1, 1, "text", "broker", store, NULL},
    {"MqttUser", "t", 1, 1, "text", "user at the broker", store, NULL},
    {"MqttPassword", "t", 1, 1, "text", "password at the broker", store, NULL},
    {"MqttClient", "t", 1, 1, "text", "client topic", store, NULL},
    {"MqttGroup", "t", 1, 1, "text", "group topic", store, NULL},
    {"PingHost", "t", 1, 1, "host", "whom to ping", store, NULL},
    {"PingInterval", "t", 1, 0, "seconds", "between pings", store, NULL},
    {"FullBootTime", "t", 1, 0, "seconds", "uptime of a good start", store, NULL},
    {"ntp_setServer", "t", 1, 0, "address", "time server", store, NULL},
    {"loglevel", "i", 1, 0, "0-9", "what is logged", level, NULL},
    {"IndexRefreshInterval", "i", 1, 0, "ms", "page refresh", refresh, NULL},
    {"State", "t", 0, 0, "", "state", accepted, NULL},
    {"Sensor", "t", 0, 0, "", "readings", accepted, NULL},
    {"Status", "t", 0, 0, "[n]", "status", accepted, NULL},
    {"Result", "t", 0, 0, "", "result", accepted, NULL},
    {"startDriver", "tr", 1, 0, "name [arguments]", "starts a driver", start, NULL},
    {"stopDriver", "t", 1, 0, "name|*", "stops a driver", stop, NULL},
    {"lfs_write", "tr", 2, 0, "file text", "writes a file", file_set, NULL},
    {"lfs_append", "tr", 2, 0, "file text", "appends", file_add, NULL},
    {"lfs_writeLine", "tr", 2, 0, "file text", "writes a line", file_set_line, NULL},
    {"lfs_appendLine", "tr", 2, 0, "file text", "appends a line", file_add_line, NULL},
    {"lfs_appendInt", "ti", 2, 0, "file value", "appends a number", file_add_int, NULL},
    {"lfs_appendFloat", "tf", 2, 0, "file value", "appends a number", file_add_float, NULL},
    {"lfs_remove", "t", 1, 0, "file", "removes a file", file_delete, NULL},
    {"lfs_format", "t", 0, 0, "", "removes all files", file_format, NULL},
    {"lfs_mount", "", 0, 0, "", "files are always there", accepted, NULL},
    {"lfs_unmount", "", 0, 0, "", "files are always there", accepted, NULL},
};
const unsigned system_row_count = sizeof system_rows / sizeof *system_rows;
