/* Shutters; see shutter.h. */
#include "device/board/shutter.h"

#include "base/text.h"
#include "codec/openbeken/roles.h"
#include "device/board/pins.h"
#include "device/device.h"

enum { FREE = 0xFF, DEFAULT_MS = 20000, EXTRA_PERCENT = 5 };

static int relay(const struct device *d, unsigned channel, bool opens) {
    unsigned role = opens ? OBK_ROLE_SHUTTER_A : OBK_ROLE_SHUTTER_B;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == role && d->config.pins[pin].channel == channel)
            return (int)pin;
    return -1;
}

static struct shutter *find(struct device *d, int channel) {
    for (unsigned i = 0; i < SHUTTER_COUNT; i++)
        if (channel != FREE && d->board.shutters[i].channel == channel)
            return &d->board.shutters[i];
    return NULL;
}

const struct shutter *shutter_at(const struct device *d, int channel) {
    for (unsigned i = 0; i < SHUTTER_COUNT; i++)
        if (channel != FREE && d->board.shutters[i].channel == channel)
            return &d->board.shutters[i];
    return NULL;
}

int shutter_first(const struct device *d) {
    int first = -1;
    for (unsigned i = 0; i < SHUTTER_COUNT; i++) {
        int channel = d->board.shutters[i].channel;
        if (channel != FREE && (first < 0 || channel < first))
            first = channel;
    }
    return first;
}

static void drive(struct device *d, struct shutter *s, int direction) {
    int a = relay(d, s->channel, true), b = relay(d, s->channel, false);
    s->direction = (int8_t)direction;
    if (a >= 0)
        pin_drive(d, (unsigned)a, direction > 0);
    if (b >= 0)
        pin_drive(d, (unsigned)b, direction < 0);
}

static void add(struct device *d, unsigned channel) {
    if (find(d, (int)channel) || channel >= CHANNEL_COUNT || relay(d, channel, false) < 0)
        return;
    for (unsigned i = 0; i < SHUTTER_COUNT; i++) {
        struct shutter *s = &d->board.shutters[i];
        if (s->channel != FREE)
            continue;
        int32_t value = d->channels.value[channel];
        float position = value < 0 ? 0 : value > 100 ? 100 : (float)value;
        *s = (struct shutter){.channel = (uint8_t)channel,
                              .position = position,
                              .target = position,
                              .open_ms = DEFAULT_MS,
                              .close_ms = DEFAULT_MS};
        return;
    }
    device_log(d, LOG_ERROR, "board", "more than four shutters; this one does not move");
}

void shutter_start(struct device *d) {
    for (unsigned i = 0; i < SHUTTER_COUNT; i++) {
        struct shutter *s = &d->board.shutters[i];
        if (s->channel == FREE ||
            (relay(d, s->channel, true) >= 0 && relay(d, s->channel, false) >= 0))
            continue;
        drive(d, s, 0);
        s->channel = FREE;
    }
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == OBK_ROLE_SHUTTER_A)
            add(d, d->config.pins[pin].channel);
}

/* Nearest whole percent. */
static int32_t percent_of(const struct shutter *s) {
    return ((int32_t)(s->position * 2) + 1) / 2;
}

static void tell(struct device *d, struct shutter *s) {
    char topic[16], payload[8];
    struct text name = text_start(topic, sizeof topic);
    struct text value = text_start(payload, sizeof payload);
    text_add(&name, "shutterPos");
    text_uint(&name, s->channel);
    text_int(&value, percent_of(s));
    d->wiring->publish(d, topic, payload, settings_flag(d, 7), false);
}

/* The channel follows the position. */
static void report(struct device *d, struct shutter *s) {
    s->reporting = true;
    channel_set(d, s->channel, percent_of(s), CHANNEL_NO_MQTT | CHANNEL_SILENT);
    s->reporting = false;
}

static void halt(struct device *d, struct shutter *s) {
    bool moved = s->direction != 0;
    drive(d, s, 0);
    s->target = s->position;
    s->extra_ms = 0;
    if (!moved)
        return;
    s->rest_ms = SHUTTER_REST_MS;
    report(d, s);
    tell(d, s);
}

enum status shutter_stop(struct device *d, int channel) {
    struct shutter *s = find(d, channel);
    if (!s)
        return STATUS_BAD_ARGUMENT;
    halt(d, s);
    return STATUS_OK;
}

static int direction_of(const struct shutter *s) {
    return s->target > s->position ? 1 : s->target < s->position ? -1 : 0;
}

enum status shutter_move(struct device *d, int channel, float percent) {
    struct shutter *s = find(d, channel);
    if (!s || !(percent >= 0 && percent <= 100))
        return STATUS_BAD_ARGUMENT;
    s->target = percent;
    s->extra_ms = 0;
    bool at_end = percent <= 0 || percent >= 100;
    if (at_end && s->target <= s->position && s->target >= s->position) {
        /* already there by reckoning: run on a little, towards that end, to be sure */
        s->extra_ms = (percent > 0 ? s->open_ms : s->close_ms) * EXTRA_PERCENT / 100;
    }
    int direction = s->extra_ms ? (percent > 0 ? 1 : -1) : direction_of(s);
    if (s->direction && direction != s->direction) {
        drive(d, s, 0);
        s->rest_ms = SHUTTER_REST_MS;
    }
    if (direction && !s->rest_ms)
        drive(d, s, direction);
    return STATUS_OK;
}

enum status shutter_set_times(struct device *d, int channel, float open_s, float close_s) {
    struct shutter *s = find(d, channel);
    if (!s || !(open_s >= 0.1F && open_s <= 600 && close_s >= 0.1F && close_s <= 600))
        return STATUS_BAD_ARGUMENT;
    s->open_ms = (uint32_t)(open_s * 1000);
    s->close_ms = (uint32_t)(close_s * 1000);
    return STATUS_OK;
}

void shutter_apply(struct device *d, int channel) {
    struct shutter *s = find(d, channel);
    int32_t value = d->channels.value[channel];
    if (!s || s->reporting)
        return;
    shutter_move(d, channel, value < 0 ? 0 : value > 100 ? 100 : (float)value);
}

/* Moves the reckoned position; at the target the motor stops, at an end it first runs on. */
static void travel(struct device *d, struct shutter *s, uint32_t elapsed_ms) {
    uint32_t whole = s->direction > 0 ? s->open_ms : s->close_ms;
    float way = 100.0F * (float)elapsed_ms / (float)whole;
    float left = s->direction > 0 ? s->target - s->position : s->position - s->target;
    if (s->extra_ms) {
        s->extra_ms = elapsed_ms < s->extra_ms ? s->extra_ms - elapsed_ms : 0;
        if (!s->extra_ms)
            halt(d, s);
        return;
    }
    if (way < left) {
        s->position += s->direction > 0 ? way : -way;
        report(d, s);
        return;
    }
    s->position = s->target;
    if (s->target <= 0 || s->target >= 100)
        s->extra_ms = whole * EXTRA_PERCENT / 100;
    if (!s->extra_ms)
        halt(d, s);
    else
        report(d, s);
}

void shutter_tick(struct device *d, uint32_t elapsed_ms) {
    for (unsigned i = 0; i < SHUTTER_COUNT; i++) {
        struct shutter *s = &d->board.shutters[i];
        if (s->channel == FREE)
            continue;
        if (s->rest_ms) {
            s->rest_ms = elapsed_ms < s->rest_ms ? s->rest_ms - elapsed_ms : 0;
            if (!s->rest_ms && (s->extra_ms || direction_of(s)))
                drive(d, s, s->extra_ms ? (s->target > 0 ? 1 : -1) : direction_of(s));
        } else if (s->direction) {
            travel(d, s, elapsed_ms);
        }
    }
}

uint32_t shutter_next_ms(const struct device *d) {
    for (unsigned i = 0; i < SHUTTER_COUNT; i++) {
        const struct shutter *s = &d->board.shutters[i];
        if (s->channel != FREE && (s->direction || s->rest_ms))
            return 10;
    }
    return UINT32_MAX;
}
