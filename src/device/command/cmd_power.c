/* POWER and its kin, as Tasmota knows them, and flags.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_tasmota.c. */
#include "base/text.h"
#include "codec/openbeken/channel_types.h"
#include "device/command/groups.h"
#include "device/device.h"

#define RUN(name) static enum command_result name(struct call *c)

static bool is_toggle(const struct device *d, int channel) {
    return channel_type(d, channel) == (unsigned)channel_type_find("Toggle");
}

static bool is_switch(const struct device *d, int channel) {
    return channel_is_switched(d, channel) || is_toggle(d, channel);
}

/* The channel of POWER: the number in the word, counted from 1 when channel 0 is a relay too; else
 * the first relay or toggle. */
static int power_channel(const struct call *c) {
    if (c->suffix >= 0)
        return c->suffix > 0 && channel_is_switched(c->d, 0) ? c->suffix - 1 : c->suffix;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (is_switch(c->d, i))
            return i;
    return -1;
}

enum wish { WISH_NOTHING, WISH_TOGGLE, WISH_VALUE };

static enum wish wish_of(struct call *c, int32_t *value) {
    const char *word = call_raw(c, 0);
    if (!*word || text_same(word, "STATUS"))
        return WISH_NOTHING;
    if (text_same(word, "TOGGLE"))
        return WISH_TOGGLE;
    *value = text_same(word, "ON") ? 1 : text_same(word, "OFF") ? 0 : call_int(c, 0, 0);
    return WISH_VALUE;
}

RUN(power) {
    int32_t value = 0;
    enum wish wish = wish_of(c, &value);
    if (wish == WISH_NOTHING)
        return COMMAND_OK;
    int channel = light_active(c->d) ? CHANNEL_LED_ENABLE : power_channel(c);
    if (channel < 0)
        device_log(c->d, LOG_WARN, "cmd", "POWER: there is no relay, light or toggle here");
    else if (wish == WISH_TOGGLE)
        channel_toggle(c->d, channel);
    else
        channel_set(c->d, channel, value, 0);
    return COMMAND_OK;
}

RUN(power_all) {
    int32_t value = 0;
    if (wish_of(c, &value) == WISH_VALUE)
        channel_set_outputs(c->d, value);
    return COMMAND_OK;
}

RUN(flag) {
    return settings_set_flag(c->d, (unsigned)call_int(c, 0, 0), call_truth(c, 1)) == STATUS_OK
               ? COMMAND_OK
               : COMMAND_BAD_ARGUMENT;
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

RUN(accepted) {
    (void)c;
    return COMMAND_OK;
}

const struct command_row power_rows[] = {
    {"POWER", "b", 0, 0, "[ON|OFF|TOGGLE|number]", HELP("switches a relay or the light"), power,
     NULL},
    {"powerAll", "b", 1, 0, "ON|OFF|number", HELP("switches every output"), power_all, NULL},
    {"SetFlag", "ii", 2, 0, "flag 0/1", HELP("one configuration flag"), flag, NULL},
    {"flags", "t", 1, 0, "number", HELP("all configuration flags"), flags, NULL},
    {"State", "t", 0, 0, "", HELP("state, in the answer of HTTP and MQTT"), accepted, NULL},
    {"Sensor", "t", 0, 0, "", HELP("readings, in the answer of HTTP and MQTT"), accepted, NULL},
    {"Status", "t", 0, 0, "[n]", HELP("status, in the answer of HTTP and MQTT"), accepted, NULL},
    {"Result", "t", 0, 0, "", HELP("the last result"), accepted, NULL},
};
const unsigned power_row_count = sizeof power_rows / sizeof *power_rows;
