/* Commands of channels, pins and flags. */
#include "base/text.h"
#include "codec/openbeken/channel_types.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/script/expression.h"
#include <string.h>

#define RUN(name) static enum command_result name(struct call *c)
#define CH        call_int(c, 0, 0)

static enum command_result outcome(enum status status) {
    return status == STATUS_OK ? COMMAND_OK : COMMAND_BAD_ARGUMENT;
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
    char line[40];
    struct text t = text_start(line, sizeof line);
    text_add(&t, "Channel ");
    text_int(&t, CH);
    text_add(&t, " is ");
    text_int(&t, channel_get(c->d, CH));
    call_reply(c, line);
    device_log(c->d, LOG_INFO, "cmd", line);
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
    if (a == b)
        return COMMAND_BAD_ARGUMENT;
    channel_set(c->d, CH, expression_int((x - a) * (q - p) / (b - a) + p), 0);
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
    return type < 0 ? COMMAND_BAD_ARGUMENT : outcome(channel_set_type(c->d, CH, (unsigned)type));
}
RUN(label) {
    if (c->count > 2)
        channel_set_toggle_word(c->d, CH, call_int(c, 2, 1) == 0);
    return outcome(channel_set_label(c->d, CH, call_text(c, 1)));
}
RUN(enums) {
    for (unsigned i = 1; i < c->count; i++) {
        const char *text = call_text(c, i), *colon = strchr(text, ':');
        if (!colon)
            return COMMAND_BAD_ARGUMENT;
        int32_t value = expression_int(number_read(text, (size_t)(colon - text)));
        if (channel_set_enum(c->d, CH, value, colon + 1) != STATUS_OK)
            return COMMAND_ERROR;
    }
    return COMMAND_OK;
}
static bool truth(const struct call *c, unsigned i) {
    return text_same(call_text(c, i), "true") || call_int(c, i, 0) != 0;
}
RUN(visible) {
    channel_set_visible(c->d, CH, truth(c, 1));
    return COMMAND_OK;
}
RUN(private_) {
    channel_set_private(c->d, CH, truth(c, 1));
    return COMMAND_OK;
}
RUN(start) {
    return outcome(channel_set_start(c->d, CH, (int16_t)call_int(c, 1, 0)));
}
RUN(flash) {
    if ((unsigned)CH > 11)
        return COMMAND_BAD_ARGUMENT;
    channel_set_retained(c->d, (unsigned)CH, (int16_t)call_int(c, 1, 0));
    return COMMAND_OK;
}
RUN(role) {
    int pin = call_pin(c, 0), id = obk_role_find(call_text(c, 1));
    if (pin < 0 || id < 0)
        return COMMAND_BAD_ARGUMENT;
    return outcome(board_set_role(c->d, (unsigned)pin, (unsigned)id));
}
RUN(pin_channel) {
    int pin = call_pin(c, 0);
    if (pin < 0 || !channel_valid(call_int(c, 1, 0)))
        return COMMAND_BAD_ARGUMENT;
    if (c->count > 2)
        board_set_channel2(c->d, (unsigned)pin, (unsigned)call_int(c, 2, 0));
    return outcome(board_set_channel(c->d, (unsigned)pin, (unsigned)call_int(c, 1, 0)));
}
RUN(times) {
    return outcome(board_set_button_times(c->d, (unsigned)call_int(c, 0, 10),
                                          (unsigned)call_int(c, 1, 3),
                                          (unsigned)call_int(c, 2, 5)));
}
RUN(hold_repeat) {
    c->d->config.button_repeat = (uint8_t)call_int(c, 0, 5);
    settings_changed(c->d);
    return COMMAND_OK;
}
RUN(flag) {
    return outcome(settings_set_flag(c->d, (unsigned)CH, call_int(c, 1, 0) != 0));
}
RUN(flags) {
    uint64_t value = 0;
    const char *p = call_text(c, 0);
    if (!text_is_digit(*p))
        return COMMAND_BAD_ARGUMENT;
    for (; text_is_digit(*p); p++)
        value = value * 10 + (uint64_t)(*p - '0');
    settings_set_flags(c->d, value);
    return COMMAND_OK;
}
RUN(pwm) {
    board_set_pwm_frequency(c->d, (uint32_t)call_int(c, 0, 1000));
    return COMMAND_OK;
}
RUN(readings) {
    char line[40];
    number_print(c->d->meter.power, line, sizeof line);
    call_reply(c, line);
    device_log2(c->d, LOG_INFO, "cmd", "power in W: ", line);
    return COMMAND_OK;
}
RUN(show) {
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channel_used(c->d, i))
            device_log_int(c->d, LOG_INFO, "channel", "value: ", channel_get(c->d, i), NULL);
    return COMMAND_OK;
}
/* The channel of POWER: the first relay or toggle, or the number in the word. */
static int power_channel(const struct call *c) {
    if (c->suffix >= 0) {
        bool from_one = channel_is_relay(c->d, 0);
        return from_one && c->suffix > 0 ? c->suffix - 1 : c->suffix;
    }
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channel_is_output(c->d, i) || channel_type(c->d, i) == CHANNEL_SHOW_TOGGLE)
            return i;
    return -1;
}
RUN(power) {
    const char *word = call_text(c, 0);
    bool flip = text_same(word, "TOGGLE"), on = text_same(word, "ON");
    if (!*word || text_same(word, "STATUS"))
        return COMMAND_OK;
    if (!on && !text_same(word, "OFF"))
        on = call_int(c, 0, 0) != 0;
    if (light_active(c->d)) {
        light_set_on(c->d, flip ? !c->d->light.on : on);
        return COMMAND_OK;
    }
    int channel = power_channel(c);
    if (channel >= 0 && flip)
        channel_toggle(c->d, channel);
    else if (channel >= 0)
        channel_set(c->d, channel, on ? channel_maximum(c->d, channel) : 0, 0);
    return COMMAND_OK;
}
RUN(power_all) {
    bool on = text_same(call_text(c, 0), "ON") || call_int(c, 0, 0) != 0;
    channel_set_outputs(c->d, on);
    return COMMAND_OK;
}

const struct command_row channel_rows[] = {
    {"SetChannel", "ii", 2, 0, "channel value", "sets a channel", set, NULL},
    {"SetChannelFloat", "if", 2, 0, "channel value", "sets a channel with a fraction", set_float,
     NULL},
    {"AddChannel", "iiiii", 2, 0, "channel delta [min max] [mode]", "adds; 0 clamp 1 wrap 2 back",
     add, NULL},
    {"ClampChannel", "iiii", 3, 0, "channel min max [mode]", "keeps within limits", clamp, NULL},
    {"ToggleChannel", "i", 1, 0, "channel", "0 to its maximum, else 0", toggle, NULL},
    {"GetChannel", "i", 1, 0, "channel", "tells the value", get, NULL},
    {"Ch", "i", 0, 0, "value", "Ch5 7 sets channel 5", ch, NULL},
    {"Map", "ifffff", 6, 0, "channel x inMin inMax outMin outMax", "linear map", map, NULL},
    {"MapRanges", "if*", 3, 0, "channel x limit...", "how many limits are below x", map_ranges,
     NULL},
    {"SetChannelType", "it", 2, 0, "channel type", "how a channel is read and shown", type, NULL},
    {"SetChannelLabel", "iti", 2, 1, "channel text [hideToggle]", "names a channel", label, NULL},
    {"SetChannelEnum", "it*", 2, 1, "channel value:text...", "names values", enums, NULL},
    {"SetChannelVisible", "ib", 2, 0, "channel 0/1", "shown on the page", visible, NULL},
    {"SetChannelPrivate", "ib", 2, 0, "channel 0/1", "never published", private_, NULL},
    {"SetStartValue", "ii", 2, 0, "channel value", "power-on value, -1 the last", start, NULL},
    {"SetFlash", "ii", 2, 0, "slot value", "writes a retained slot", flash, NULL},
    {"SetPinRole", "pt", 2, 0, "pin role", "what hangs on a pin", role, NULL},
    {"SetPinChannel", "pii", 2, 0, "pin channel [channel2]", "channel of a pin", pin_channel, NULL},
    {"SetButtonTimes", "iii", 3, 0, "long short repeat", "in 0.1 s", times, NULL},
    {"SetButtonHoldRepeat", "i", 1, 0, "time", "in 0.1 s", hold_repeat, NULL},
    {"SetFlag", "ii", 2, 0, "flag 0/1", "one configuration flag", flag, NULL},
    {"flags", "t", 1, 0, "number", "all configuration flags", flags, NULL},
    {"PWMFrequency", "i", 1, 0, "Hz", "frequency of PWM pins", pwm, NULL},
    {"GetReadings", "", 0, 0, "", "meter readings", readings, NULL},
    {"showChannelValues", "", 0, 0, "", "logs channels in use", show, NULL},
    {"POWER", "b", 0, 0, "[ON|OFF|TOGGLE]", "switches a relay or the light", power, NULL},
    {"powerAll", "b", 1, 0, "ON|OFF", "switches every output", power_all, NULL},
};
const unsigned channel_row_count = sizeof channel_rows / sizeof *channel_rows;
