/* Commands of the log.
 * Source: openshwprojects/OpenBK7231T_App: src/logging/logging.c. */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"

#define RUN(name) static enum command_result name(struct call *c)

RUN(level) {
    int32_t value = call_int(c, 0, 0);
    if (value < 0 || value > 9)
        return COMMAND_BAD_ARGUMENT;
    c->d->log.level = (uint8_t)value;
    return COMMAND_OK;
}
RUN(feature) {
    int32_t index = call_int(c, 0, 0);
    return device_log_feature(c->d, index, c->count < 2 || call_truth(c, 1)) ? COMMAND_OK
                                                                             : COMMAND_BAD_ARGUMENT;
}
RUN(type) {
    const char *word = call_text(c, 0);
    bool none = text_same(word, "none");
    if (!none && !text_same(word, "direct") && !text_same(word, "thread"))
        return COMMAND_BAD_ARGUMENT;
    c->d->log.quiet = none;
    return COMMAND_OK;
}
RUN(delay) {
    if (call_int(c, 0, 0) < 0)
        return COMMAND_BAD_ARGUMENT;
    device_log(c->d, LOG_INFO, "cmd", "logdelay: lines are never held up here");
    return COMMAND_OK;
}
RUN(port) {
    int32_t port = call_int(c, 0, 0);
    if (port < 1 || port > 2)
        return COMMAND_BAD_ARGUMENT;
    device_log(c->d, LOG_INFO, "cmd", "logport: this platform decides where its log goes");
    return COMMAND_OK;
}
RUN(to_file) {
    int32_t seconds = call_int(c, 0, 10), starts = call_int(c, 1, 1);
    if (seconds < 0 || seconds > 30 || starts < 0 || starts > 8 ||
        seconds + 31 * starts > UINT8_MAX)
        return COMMAND_BAD_ARGUMENT;
    c->d->config.log2lfs = (uint8_t)(seconds && starts ? seconds + 31 * starts : 0);
    settings_changed(c->d);
    return COMMAND_OK;
}

const struct command_row log_rows[] = {
    {"loglevel", "i", 1, 0, "0-9", HELP("1 error, 2 warning, 3 info, 4 and above debug"), level,
     NULL},
    {"logfeature", "ii", 1, 0, "index [0/1=1]", HELP("one category of the log on or off"), feature,
     NULL},
    {"logtype", "t", 1, 0, "none|direct|thread", HELP("none: nothing on the serial port"), type,
     NULL},
    {"logdelay", "i", 1, 0, "ms", HELP("accepted; lines are never held up"), delay, NULL},
    {"logport", "i", 1, 0, "1|2", HELP("accepted; the platform decides"), port, NULL},
    {"logStartup2lfs", "ii", 0, 0, "[seconds=10] [starts=1]",
     HELP("copies the log of the next starts into startupLog_N.txt"), to_file, NULL},
};
const unsigned log_row_count = sizeof log_rows / sizeof *log_rows;
