/* Who uses a channel: which pins drive or feed it, whether it is shown and published, how high it
 * can go. All of it follows from roles and types.
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.c (CHANNEL_ShouldBePublished and kin). */
#include "device/channel/channel.h"

#include "codec/openbeken/channel_types.h"
#include "codec/openbeken/roles.h"
#include "device/device.h"
#include "device/role_groups.h"

typedef bool role_test(unsigned role);

/* Does some pin with such a role have this channel (second channels too when asked)? */
static bool any_pin(const struct device *d, int channel, role_test *test, role_test *second) {
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        const struct obk_pin *p = &d->config.pins[pin];
        if (p->channel == channel && test(p->role))
            return true;
        if (second && p->channel2 == channel && second(p->role))
            return true;
    }
    return false;
}

static bool uses_first(unsigned role) {
    const struct obk_role_row *row = obk_role_row(role);
    return role != OBK_ROLE_NONE && row && row->channels >= 1;
}

static bool uses_second(unsigned role) {
    const struct obk_role_row *row = obk_role_row(role);
    return row && row->channels == 2;
}

static bool is_type(const struct device *d, int channel, const char *name) {
    return channel_type(d, channel) == (unsigned)channel_type_find(name);
}

bool channel_used(const struct device *d, int channel) {
    if (!channel_valid(channel))
        return false;
    return channel_type(d, channel) != 0 || any_pin(d, channel, uses_first, uses_second);
}

bool channel_is_relay(const struct device *d, int channel) {
    return any_pin(d, channel, role_is_relay, NULL);
}

uint64_t channels_relays(const struct device *d) {
    uint64_t channels = 0;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        const struct obk_pin *p = &d->config.pins[pin];
        if (p->channel < CHANNEL_COUNT && role_is_relay(p->role))
            channels |= UINT64_C(1) << p->channel;
    }
    return channels;
}

uint64_t channels_power(const struct device *d) {
    uint64_t channels = channels_relays(d);
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channel_type(d, i) == CHANNEL_TYPE_TOGGLE)
            channels |= UINT64_C(1) << i;
    return channels;
}

static bool role_is_switch(unsigned role) {
    unsigned bits = role_bits(role);
    return bits & ROLE_RELAY || (bits & ROLE_LEVEL && bits & ROLE_PUBLISHED);
}

bool channel_is_switched(const struct device *d, int channel) {
    return any_pin(d, channel, role_is_switch, NULL);
}

bool channel_is_output(const struct device *d, int channel) {
    return any_pin(d, channel, role_is_power_output, NULL);
}

bool channel_published(const struct device *d, int channel) {
    if (!channel_valid(channel) || channel_is_private(d, channel))
        return false;
    return channel_type(d, channel) != 0 || settings_flag(d, 39) ||
           any_pin(d, channel, role_is_published, role_is_sensor);
}

int32_t channel_maximum(const struct device *d, int channel) {
    if (is_type(d, channel, "Dimmer") || any_pin(d, channel, role_is_pwm, NULL))
        return 100;
    if (is_type(d, channel, "Dimmer256"))
        return 256;
    return is_type(d, channel, "Dimmer1000") ? 1000 : 1;
}

void channel_set_outputs(struct device *d, int32_t value) {
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channel_is_output(d, i))
            channel_set(d, i, value, 0);
}

void channel_toggle_relays(struct device *d) {
    int32_t value = 1;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (d->channels.value[i] > 0 && channel_is_relay(d, i))
            value = 0;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channel_is_relay(d, i))
            channel_set(d, i, value, 0);
}
