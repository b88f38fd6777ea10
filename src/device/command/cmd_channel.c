/* Commands of channels: values, types, labels, start values.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_channels.c, cmd_enums.c. */
#include "base/text.h"
#include "codec/openbeken/channel_types.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/number.h"
#include <string.h>

#define RUN(name) static enum command_result name(struct call *c)
#define CH        call_int(c, 0, 0)

static enum command_result outcome(enum status status) {
    return status == STATUS_OK ? COMMAND_OK : COMMAND_ERROR;
}
/* A channel that does not exist is an error in the log, but none for the caller: scripts go on. */
static bool known(struct call *c) {
    if (channel_valid(CH))
        return true;
    device_log_int(c->d, LOG_ERROR, "channel", "there is no channel ", CH,
                   "; channels are 0 to 63");
    return false;
}
RUN(set) {
    channel_set(c->d, CH, call_int(c, 1, 0), 0);
    return COMMAND_OK;
}
RUN(set_float) {
    channel_set_float(c->d, CH, call_float(c, 1, 0));
    return COMMAND_OK;
}
RUN(add) {
    if (c->count >= 4)
        channel_add_range(c->d, CH, call_int(c, 1, 0), call_int(c, 2, 0), call_int(c, 3, 0),
                          call_int(c, 4, 0));
    else
        channel_add(c->d, CH, call_int(c, 1, 0));
    return COMMAND_OK;
}
RUN(clamp) {
    channel_add_range(c->d, CH, 0, call_int(c, 1, 0), call_int(c, 2, 0), call_int(c, 3, 0));
    return COMMAND_OK;
}
RUN(toggle) {
    channel_toggle(c->d, CH);
    return COMMAND_OK;
}
RUN(get) {
    char name[32], value[16];
    struct text t = text_start(name, sizeof name), v = text_start(value, sizeof value);
    text_add(&t, "Channel ");
    text_int(&t, CH);
    text_add(&t, " is ");
    text_int(&v, channel_get(c->d, CH));
    call_answer(c, name, value);
    return COMMAND_OK;
}
RUN(ch) {
    if (c->suffix < 0)
        return COMMAND_UNKNOWN;
    if (!c->count)
        return COMMAND_MISSING_ARGUMENT;
    channel_set(c->d, c->suffix, call_int(c, 0, 0), 0);
    return COMMAND_OK;
}
RUN(map) {
    float x = call_float(c, 1, 0), a = call_float(c, 2, 0), b = call_float(c, 3, 0);
    float p = call_float(c, 4, 0), q = call_float(c, 5, 0);
    if (!(a < b) && !(b < a))
        return COMMAND_BAD_ARGUMENT;
    channel_set(c->d, CH, number_int((x - a) * (q - p) / (b - a) + p), 0);
    return COMMAND_OK;
}
RUN(map_ranges) {
    int32_t n = 0;
    for (unsigned i = 2; i < c->count && call_float(c, i, 0) < call_float(c, 1, 0); i++)
        n++;
    channel_set(c->d, CH, n, 0);
    return COMMAND_OK;
}
RUN(type) {
    int type = channel_type_find(call_text(c, 1));
    if (type < 0 || type == channel_type_find("Error"))
        return COMMAND_BAD_ARGUMENT;
    return known(c) ? outcome(channel_set_type(c->d, CH, (unsigned)type)) : COMMAND_OK;
}
RUN(label) {
    if (!known(c))
        return COMMAND_OK;
    channel_set_toggle_word(c->d, CH, call_int(c, 2, 1) == 0);
    return outcome(channel_set_label(c->d, CH, call_text(c, 1)));
}
/* One option, "2:Fast"; without a colon the value is its own text. */
static enum status option(struct call *c, unsigned i) {
    const char *text = call_text(c, i), *colon = strchr(text, ':');
    size_t length = colon ? (size_t)(colon - text) : strlen(text);
    int32_t value = number_int(number_read(text, length));
    return channel_set_enum(c->d, CH, value, colon ? colon + 1 : text);
}
RUN(enums) {
    if (!known(c))
        return COMMAND_OK;
    channel_clear_enum(c->d, CH);
    for (unsigned i = 1; i < c->count; i++)
        if (option(c, i) != STATUS_OK)
            return COMMAND_ERROR;
    return COMMAND_OK;
}
RUN(visible) {
    channel_set_visible(c->d, CH, call_truth(c, 1));
    return COMMAND_OK;
}
RUN(private_) {
    channel_set_private(c->d, CH, call_truth(c, 1));
    return COMMAND_OK;
}
RUN(start) {
    return known(c) ? outcome(channel_set_start(c->d, CH, (int16_t)call_int(c, 1, 0))) : COMMAND_OK;
}
RUN(flash) {
    if (CH < 0 || CH >= CHANNEL_RETAINED_SLOTS_OBK)
        return COMMAND_BAD_ARGUMENT;
    channel_set_retained(c->d, (unsigned)CH, (int16_t)call_int(c, 1, 0));
    return COMMAND_OK;
}
RUN(show) {
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        char line[40];
        struct text t = text_start(line, sizeof line);
        if (!channel_used(c->d, i))
            continue;
        text_add(&t, "channel ");
        text_int(&t, i);
        text_add(&t, " is ");
        text_int(&t, channel_get(c->d, i));
        device_log(c->d, LOG_INFO, "channel", line);
    }
    return COMMAND_OK;
}

const struct command_row channel_rows[] = {
    {"SetChannel", "ii", 2, 0, "channel value", HELP("sets a channel"), set, NULL},
    {"SetChannelFloat", "if", 2, 0, "channel value", HELP("sets a channel with a fraction"),
     set_float, NULL},
    {"AddChannel", "iiiii", 2, 0, "channel delta [min max] [mode]",
     HELP("adds; at the limits 0 stops, 1 wraps, 2 turns round, 3 only turns"), add, NULL},
    {"ClampChannel", "iiii", 3, 0, "channel min max [mode]", HELP("keeps within limits"), clamp,
     NULL},
    {"ToggleChannel", "i", 1, 0, "channel", HELP("0 to its maximum, else 0"), toggle, NULL},
    {"GetChannel", "i", 1, 0, "channel", HELP("tells the value"), get, NULL},
    {"Ch", "i", 0, 0, "value", HELP("Ch5 7 sets channel 5"), ch, NULL},
    {"Map", "ifffff", 6, 0, "channel x inMin inMax outMin outMax", HELP("linear map"), map, NULL},
    {"MapRanges", "if*", 3, 0, "channel x limit...", HELP("how many limits are below x"),
     map_ranges, NULL},
    {"SetChannelType", "it", 2, 0, "channel type", HELP("how a channel is read and shown"), type,
     NULL},
    {"SetChannelLabel", "iti", 2, 1, "channel text [hideToggle=1]", HELP("names a channel"), label,
     NULL},
    {"SetChannelEnum", "it*", 2, 1, "channel value:text...", HELP("names values"), enums, NULL},
    {"SetChannelVisible", "ib", 2, 0, "channel 0/1", HELP("shown on the page (channels 0-31)"),
     visible, NULL},
    {"SetChannelPrivate", "ib", 2, 0, "channel 0/1", HELP("never published (channels 0-31)"),
     private_, NULL},
    {"SetStartValue", "ii", 2, 0, "channel value", HELP("power-on value, -1 the last"), start,
     NULL},
    {"SetFlash", "ii", 2, 0, "slot value", HELP("writes a retained slot, 0-11"), flash, NULL},
    {"showChannelValues", "", 0, 0, "", HELP("logs channels in use"), show, NULL},
};
const unsigned channel_row_count = sizeof channel_rows / sizeof *channel_rows;
