/* Commands of files. The store is always mounted and has no directories: a "/" is a letter of the
 * name, so `lfs_mkdir` has nothing to do.
 * Source: openshwprojects/OpenBK7231T_App: src/littlefs/our_lfs.c. */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/script/script.h"
#include "device/store/files.h"

#include <string.h>

#define RUN(name) static enum command_result name(struct call *c)

static enum command_result outcome(struct call *c, enum status status) {
    if (status == STATUS_OK)
        return COMMAND_OK;
    char line[DEVICE_LOG_LINE];
    struct text text = text_start(line, sizeof line);
    text_add(&text, call_text(c, 0));
    text_add(&text, ": ");
    text_add(&text, status_text(status));
    device_log(c->d, LOG_ERROR, "file", line);
    return COMMAND_ERROR;
}
static enum command_result put(struct call *c, bool append, const char *text, const char *end) {
    struct store *store = &c->d->store;
    const char *file = call_text(c, 0);
    enum status status = append ? store_file_append(store, file, text, strlen(text))
                                : store_file_write(store, file, text, strlen(text));
    if (status == STATUS_OK && *end)
        status = store_file_append(store, file, end, strlen(end));
    return outcome(c, status);
}
RUN(set) {
    return put(c, false, call_text(c, 1), "");
}
RUN(add) {
    return put(c, true, call_text(c, 1), "");
}
RUN(set_line) {
    return put(c, false, call_text(c, 1), "\r\n");
}
RUN(add_line) {
    return put(c, true, call_text(c, 1), "\r\n");
}
RUN(add_int) {
    char number[16];
    struct text t = text_start(number, sizeof number);
    text_int(&t, call_int(c, 1, 0));
    return put(c, true, number, "");
}
/* Six decimals, of which as many stay as fit into seven characters. */
RUN(add_float) {
    char number[8];
    struct text t = text_start(number, sizeof number);
    double value = (double)call_float(c, 1, 0);
    if (!(value > -1e9 && value < 1e9))
        return COMMAND_BAD_ARGUMENT;
    text_fixed(&t, (int64_t)(value * 1e6 + (value < 0 ? -0.5 : 0.5)), 6);
    return put(c, true, number, "");
}
RUN(forget) {
    return outcome(c, store_file_remove(&c->d->store, call_text(c, 0)));
}
/* The size is kept for those who read the configuration; this store needs none. */
static enum command_result size(struct call *c, unsigned least) {
    int32_t bytes = call_int(c, 0, 0x8000) & ~0xFFF;
    if (bytes < 0x4000 || bytes > 0x80000)
        return least ? COMMAND_BAD_ARGUMENT : COMMAND_OK;
    if (c->d->config.lfs_size != (uint32_t)bytes) {
        c->d->config.lfs_size = (uint32_t)bytes;
        settings_changed(c->d);
    }
    return COMMAND_OK;
}
RUN(set_size) {
    if (!c->count) {
        char number[16];
        struct text t = text_start(number, sizeof number);
        text_uint(&t, c->d->config.lfs_size ? c->d->config.lfs_size : 0x8000);
        call_answer(c, "file system size ", number);
        return COMMAND_OK;
    }
    return size(c, 1);
}
RUN(format) {
    if (c->count)
        size(c, 0);
    return outcome(c, store_file_remove_all(&c->d->store));
}
RUN(always) {
    (void)c;
    return COMMAND_OK;
}
RUN(info) {
    const struct store *s = &c->d->store;
    char line[COMMAND_REPLY_SIZE];
    struct text t = text_start(line, sizeof line);
    text_uint(&t, store_free(s));
    text_add(&t, " bytes free, sectors erased ");
    text_uint(&t, store_erase_count(s));
    text_add(&t, " times, at ");
    text_uint(&t, store_pace(s, c->d->uptime_s));
    text_add(&t, " bytes a day good for ");
    uint32_t days = store_life_days(s, store_pace(s, c->d->uptime_s));
    if (days < 100 * 365)
        text_uint(&t, days / 365);
    else
        text_add(&t, "over 100");
    text_add(&t, " years");
    call_answer(c, "store: ", line);
    return COMMAND_OK;
}
RUN(exec) {
    script_exec(c->d, c->count ? call_text(c, 0) : "autoexec.bat");
    return COMMAND_OK;
}

const struct command_row file_rows[] = {
    {"exec", "t", 0, 0, "[file=autoexec.bat]", HELP("runs a file at once"), exec, NULL},
    {"lfs_write", "tr", 2, 0, "file text", HELP("writes a file"), set, NULL},
    {"lfs_append", "tr", 2, 0, "file text", HELP("appends"), add, NULL},
    {"lfs_writeLine", "tr", 2, 0, "file text", HELP("writes a line"), set_line, NULL},
    {"lfs_appendLine", "tr", 2, 0, "file text", HELP("appends a line"), add_line, NULL},
    {"lfs_appendInt", "ti", 2, 0, "file value", HELP("appends a number"), add_int, NULL},
    {"lfs_appendFloat", "tf", 2, 0, "file value", HELP("appends a number, 7 characters"), add_float,
     NULL},
    {"lfs_remove", "t", 1, 0, "file", HELP("removes a file"), forget, NULL},
    {"lfs_mkdir", "t", 1, 0, "name", HELP("nothing: a file may be named a/b without"), always,
     NULL},
    {"lfs_size", "i", 0, 0, "[bytes]", HELP("size as OpenBeken counts it, 0x4000-0x80000"),
     set_size, NULL},
    {"lfs_format", "i", 0, 0, "[size]", HELP("removes all files"), format, NULL},
    {"StoreInfo", "", 0, 0, "", HELP("room, wear and lifetime of the store"), info, NULL},
    {"lfs_mount", "", 0, 0, "", HELP("nothing: files are always there"), always, NULL},
    {"lfs_unmount", "", 0, 0, "", HELP("nothing: files are always there"), always, NULL},
};
const unsigned file_row_count = sizeof file_rows / sizeof *file_rows;
