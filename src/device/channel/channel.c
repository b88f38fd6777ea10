/* Getting and setting channels; see channel.h. */
#include "device/channel/channel.h"

#include "codec/openbeken/channel_types.h"
#include "device/device.h"

bool channel_valid(int channel) {
    return channel >= 0 && channel < CHANNEL_COUNT;
}

static bool is_retained(int channel) {
    return channel >= CHANNEL_RETAINED && channel <= CHANNEL_RETAINED + CHANNEL_RETAINED_SLOTS;
}

static bool is_light(int channel) {
    return channel >= CHANNEL_LED_DIMMER && channel < CHANNEL_LED_BASE + 5;
}

int32_t channel_get(struct device *d, int channel) {
    if (channel_valid(channel))
        return d->channels.value[channel];
    if (is_light(channel))
        return d->wiring->view_get(d, channel);
    if (is_retained(channel))
        return channel_retained(d, (unsigned)(channel - CHANNEL_RETAINED));
    device_log_int(d, LOG_ERROR, "channel", "there is no channel ", channel, NULL);
    return 0;
}

float channel_get_float(struct device *d, int channel) {
    return channel_valid(channel) ? d->channels.exact[channel] : (float)channel_get(d, channel);
}

float channel_final(struct device *d, int channel) {
    const struct channel_type *type = channel_type_row(channel_type(d, channel));
    float divider = type && type->divider ? (float)type->divider : 1.0F;
    return (float)channel_get(d, channel) / divider;
}

static void changed(struct device *d, int channel, int32_t before, unsigned flags) {
    int32_t value = d->channels.value[channel];
    d->wiring->channel(d, channel);
    if (!(flags & CHANNEL_NO_MQTT) && channel_published(d, channel))
        d->wiring->publish_channel(d, channel);
    if (d->config.start_values[channel] == -1)
        channel_set_retained(d, (unsigned)channel, (int16_t)value);
    d->wiring->event(d, EVENT_ON_CHANNEL_CHANGE, channel, 0, 0);
    d->wiring->change(d, (unsigned)(EVENT_CHANNEL0 + channel), before, value);
}

void channel_set(struct device *d, int channel, int32_t value, unsigned flags) {
    if (is_light(channel)) {
        d->wiring->view_set(d, channel, value);
        return;
    }
    if (is_retained(channel)) {
        channel_set_retained(d, (unsigned)(channel - CHANNEL_RETAINED), (int16_t)value);
        return;
    }
    if (!channel_valid(channel)) {
        device_log_int(d, LOG_ERROR, "channel", "there is no channel ", channel,
                       "; channels are 0 to 63");
        return;
    }
    int32_t before = d->channels.value[channel];
    if (before == value && !(flags & CHANNEL_FORCE))
        return;
    d->channels.value[channel] = value;
    d->channels.exact[channel] = (float)value;
    if (!(flags & CHANNEL_SILENT))
        device_log_int(d, LOG_DEBUG, "channel", "channel ", channel, " changed");
    changed(d, channel, before, flags);
}

void channel_set_float(struct device *d, int channel, float value) {
    if (!channel_valid(channel)) {
        channel_set(d, channel, (int32_t)value, CHANNEL_NO_MQTT);
        return;
    }
    if (d->channels.exact[channel] == value)
        return;
    int32_t before = d->channels.value[channel];
    d->channels.exact[channel] = value;
    d->channels.value[channel] = (int32_t)value;
    d->wiring->channel(d, channel);
    d->wiring->event(d, EVENT_ON_CHANNEL_CHANGE, channel, 0, 0);
    d->wiring->change(d, (unsigned)(EVENT_CHANNEL0 + channel), before, (int32_t)value);
}

/* Adding never overflows: it stops at the ends of int32_t. */
static int32_t sum(int32_t a, int32_t b) {
    int64_t wide = (int64_t)a + b;
    return wide > INT32_MAX ? INT32_MAX : wide < INT32_MIN ? INT32_MIN : (int32_t)wide;
}

void channel_add(struct device *d, int channel, int32_t delta) {
    channel_set(d, channel, sum(channel_get(d, channel), delta), 0);
}

static int32_t ping_pong(struct device *d, int channel, int32_t delta, int32_t low, int32_t high) {
    uint64_t bit = channel_valid(channel) ? (uint64_t)1 << channel : 0;
    int32_t value = channel_get(d, channel);
    bool down = d->channels.add_down & bit;
    if (value >= high)
        down = true;
    if (value <= low)
        down = false;
    d->channels.add_down = down ? d->channels.add_down | bit : d->channels.add_down & ~bit;
    int32_t back = delta == INT32_MIN ? INT32_MAX : -delta;
    value = sum(value, down ? back : delta);
    return value > high ? high : value < low ? low : value;
}

void channel_add_range(struct device *d, int channel, int32_t delta, int32_t low, int32_t high,
                       int mode) {
    int32_t value = sum(channel_get(d, channel), delta);
    if (mode == 3) {
        if (channel_valid(channel))
            d->channels.add_down ^= (uint64_t)1 << channel;
        return;
    }
    if (mode == 2)
        value = ping_pong(d, channel, delta, low, high);
    else if (value > high)
        value = mode == 1 ? low : high;
    else if (value < low)
        value = mode == 1 ? high : low;
    channel_set(d, channel, value, 0);
}

void channel_toggle(struct device *d, int channel) {
    if (channel == CHANNEL_LED_ENABLE) {
        d->wiring->view_toggle(d);
        return;
    }
    channel_set(d, channel, channel_get(d, channel) ? 0 : channel_maximum(d, channel), 0);
}

void channel_set_retained(struct device *d, unsigned slot, int16_t value) {
    if (slot >= CHANNEL_RETAINED_SLOTS || d->channels.retained[slot] == value)
        return;
    d->channels.retained[slot] = value;
    d->channels.retained_dirty |= (uint64_t)1 << slot;
}

int16_t channel_retained(const struct device *d, unsigned slot) {
    return slot < CHANNEL_RETAINED_SLOTS ? d->channels.retained[slot] : 0;
}

void channel_flush(struct device *d) {
    uint64_t dirty = d->channels.retained_dirty;
    d->channels.retained_dirty = 0;
    for (unsigned slot = 0; dirty; slot++, dirty >>= 1) {
        if (!(dirty & 1))
            continue;
        int16_t value = d->channels.retained[slot];
        enum status status =
            store_put(&d->store, (uint16_t)(STORE_KEY_RETAINED + slot), &value, sizeof value);
        if (status != STATUS_OK && status != STATUS_UNSUPPORTED)
            device_log2(d, LOG_ERROR, "store", "channel value not saved: ", status_text(status));
    }
    d->channels.retained_saved_ms = d->now_ms;
}

void channel_init(struct device *d) {
    d->channels = (struct channels){0};
    for (unsigned slot = 0; slot < CHANNEL_RETAINED_SLOTS; slot++) {
        int16_t value = 0;
        if (store_get(&d->store, (uint16_t)(STORE_KEY_RETAINED + slot), &value, sizeof value,
                      NULL) == STATUS_OK)
            d->channels.retained[slot] = value;
    }
}

void channel_start(struct device *d) {
    for (unsigned i = 0; i < CHANNEL_COUNT; i++) {
        int16_t start = d->config.start_values[i];
        d->channels.value[i] = start == -1 ? d->channels.retained[i] : start;
        d->channels.exact[i] = (float)d->channels.value[i];
    }
}

unsigned channel_type(const struct device *d, int channel) {
    return channel_valid(channel) ? d->config.channel_types[channel] : 0;
}

enum status channel_set_type(struct device *d, int channel, unsigned type) {
    if (!channel_valid(channel) || type >= CHANNEL_TYPE_COUNT)
        return STATUS_BAD_ARGUMENT;
    if (d->config.channel_types[channel] == type)
        return STATUS_OK;
    d->config.channel_types[channel] = (uint8_t)type;
    settings_changed(d);
    return STATUS_OK;
}

enum status channel_set_start(struct device *d, int channel, int16_t value) {
    if (!channel_valid(channel))
        return STATUS_BAD_ARGUMENT;
    if (value == -1)
        channel_set_retained(d, (unsigned)channel, (int16_t)d->channels.value[channel]);
    if (d->config.start_values[channel] == value)
        return STATUS_OK;
    d->config.start_values[channel] = value;
    settings_changed(d);
    return STATUS_OK;
}
