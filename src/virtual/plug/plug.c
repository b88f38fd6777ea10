/* The virtual plug: frames, restarts, fingers and the load; see plug.h. */
#include "virtual/plug/plug.h"

#include "base/crc.h"
#include "base/text.h"
#include "device/board/role_groups.h"
#include "device/script/events.h"

#include <stdlib.h>
#include <string.h>

uint64_t plug_now_ms(const struct plug *plug) {
    return plug->chip.now_us / 1000;
}

static void publish(void *context, const char *topic, const char *payload, uint8_t qos,
                    bool retain) {
    struct plug *plug = context;
    (void)qos;
    if (plug->on_publish)
        plug->on_publish(plug->publish_context, topic, payload, retain);
}

/* A long message arrives in pieces and is shown whole. */
static void publish_piece(void *context, const char *topic, const char *piece, uint32_t length,
                          bool more) {
    struct plug *plug = context;
    char *grown = realloc(plug->lengthy, (size_t)length + 1);
    size_t size = strlen(piece);
    if (!grown)
        abort();
    plug->lengthy = grown;
    if (plug->lengthy_size + size <= length)
        memcpy(plug->lengthy + plug->lengthy_size, piece, size + 1);
    plug->lengthy_size += size;
    if (more)
        return;
    if (plug->on_publish)
        plug->on_publish(plug->publish_context, topic, plug->lengthy, true);
    plug->lengthy_size = 0;
}

static void start(struct plug *plug, const struct device_log *log) {
    device_init(&plug->device, &plug->chip.hal);
    plug->device.outlet.publish = publish;
    plug->device.outlet.piece = publish_piece;
    plug->device.outlet.context = plug;
    if (log)
        plug->device.log.sink = log->sink;
    device_start(&plug->device);
    plug->wake_ms = 0;
}

bool plug_init(struct plug *plug, const char *chip) {
    memset(plug, 0, sizeof *plug);
    if (!virtual_chip_init(&plug->chip, chip))
        return false;
    virtual_chip_power(&plug->chip, HAL_RESET_POWER);
    start(plug, NULL);
    return true;
}

bool plug_network(struct plug *plug) {
    if (!plug->net)
        plug->net = calloc(1, sizeof *plug->net);
    if (!plug->net)
        return false;
    virtual_net_attach(plug->net, &plug->chip.hal);
    plug_restart(plug, HAL_RESET_POWER);
    return true;
}

void plug_free(struct plug *plug) {
    if (plug->net)
        virtual_net_reset(plug->net);
    free(plug->net);
    virtual_chip_free(&plug->chip);
    free(plug->lengthy);
}

void plug_restart(struct plug *plug, enum hal_reset_cause cause) {
    struct device_log log = plug->device.log;
    plug->restarts++;
    if (plug->net)
        virtual_net_reset(plug->net);
    if (plug->on_restart)
        plug->on_restart(plug->restart_context);
    virtual_chip_power(&plug->chip, cause);
    start(plug, &log);
}

/* Is the load connected? Without any relay it always is. */
static bool load_on(const struct plug *plug) {
    const struct device *d = &plug->device;
    bool relays = false;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        unsigned role = board_role(d, pin), channel = d->config.pins[pin].channel;
        if (!(role_bits(role) & ROLE_RELAY) || channel >= CHANNEL_COUNT)
            continue;
        relays = true;
        if (d->channels.value[channel] > 0)
            return true;
    }
    return !relays;
}

static float load_watts(const struct plug *plug) {
    float watts = 0;
    for (unsigned i = 0; i < plug->load.count; i++)
        if (plug->load.steps[i].from_ms <= plug_now_ms(plug))
            watts = plug->load.steps[i].watts;
    return load_on(plug) ? watts : 0;
}

/* The ideal meter: once a second, without noise and without a chip. */
static void meter_read(struct plug *plug) {
    struct meter_sample sample = {.voltage = 230, .frequency = 50, .power = load_watts(plug)};
    sample.current = sample.power / sample.voltage;
    meter_take(&plug->device, &sample);
}

static void fingers(struct plug *plug) {
    for (unsigned pin = 0; pin < VIRTUAL_PINS; pin++)
        if (plug->press_until_ms[pin] && plug->press_until_ms[pin] <= plug_now_ms(plug)) {
            plug->press_until_ms[pin] = 0;
            virtual_pin_release(&plug->chip, pin);
            plug->wake_ms = 0;
        }
}

static void advance(struct plug *plug, uint64_t frames) {
    uint64_t second_before = plug_now_ms(plug) / 1000;
    plug->chip.now_us += frames * PLUG_FRAME_MS * 1000;
    plug->frames += frames;
    fingers(plug);
    if (plug->metered && plug_now_ms(plug) / 1000 != second_before)
        meter_read(plug);
    plug->wake_ms = device_poll(&plug->device, plug_now_ms(plug));
    if (plug->chip.restart_asked)
        plug_restart(plug, HAL_RESET_SOFTWARE);
}

void plug_poll(struct plug *plug) {
    advance(plug, 0);
}

void plug_frame(struct plug *plug) {
    advance(plug, 1);
}

void plug_run_ms(struct plug *plug, uint64_t ms) {
    for (uint64_t done = 0; done < ms; done += PLUG_FRAME_MS)
        plug_frame(plug);
}

/* First frame in which the device, a finger or the meter has something to do. */
static uint64_t next_frame(const struct plug *plug, uint64_t end_ms) {
    uint64_t next = plug->wake_ms < end_ms ? plug->wake_ms : end_ms;
    for (unsigned pin = 0; pin < VIRTUAL_PINS; pin++)
        if (plug->press_until_ms[pin] && plug->press_until_ms[pin] < next)
            next = plug->press_until_ms[pin];
    uint64_t second = (plug_now_ms(plug) / 1000 + 1) * 1000;
    if (plug->metered && second < next)
        next = second;
    uint64_t now = plug_now_ms(plug);
    return next <= now ? 1 : (next - now + PLUG_FRAME_MS - 1) / PLUG_FRAME_MS;
}

void plug_run_fast(struct plug *plug, uint64_t ms) {
    uint64_t end = plug_now_ms(plug) + ms;
    while (plug_now_ms(plug) < end)
        advance(plug, next_frame(plug, end));
}

void plug_pin_set(struct plug *plug, unsigned pin, bool level) {
    bool before = virtual_pin_level(&plug->chip, pin);
    virtual_pin_set(&plug->chip, pin, level);
    if (before != virtual_pin_level(&plug->chip, pin))
        device_on_edge(&plug->device, pin, level);
    plug->wake_ms = 0;
}

void plug_press(struct plug *plug, unsigned pin, uint32_t ms) {
    if (pin >= VIRTUAL_PINS)
        return;
    bool high = role_bits(board_role(&plug->device, pin)) & ROLE_INVERTED;
    plug_pin_set(plug, pin, high);
    plug->press_until_ms[pin] = plug_now_ms(plug) + ms;
}

static const char *skip_blank(const char *p) {
    while (text_is_space(*p) || *p == ';')
        p++;
    return p;
}

/* One step, "20m 3W"; NULL when it is none. */
static const char *load_step(const char *p, uint64_t *from_ms, float *watts) {
    char *end;
    double at = strtod(p, &end);
    if (end == p || at < 0)
        return NULL;
    double unit = *end == 'h' ? 3.6e6 : *end == 'm' ? 6e4 : *end == 's' ? 1e3 : 0;
    if (unit == 0)
        return NULL;
    *from_ms = (uint64_t)(at * unit);
    p = skip_blank(end + 1);
    *watts = strtof(p, &end);
    if (end == p || (*end != 'W' && *end != 'w'))
        return NULL;
    return skip_blank(end + 1);
}

enum status plug_set_load(struct plug *plug, const char *profile) {
    struct plug_load load = {.count = 0};
    for (const char *p = skip_blank(profile); *p; load.count++) {
        if (load.count == PLUG_LOAD_STEPS)
            return STATUS_NO_SPACE;
        p = load_step(p, &load.steps[load.count].from_ms, &load.steps[load.count].watts);
        if (!p)
            return STATUS_BAD_SYNTAX;
    }
    plug->load = load;
    plug->metered = load.count > 0;
    plug->device.meter.present = plug->metered;
    return STATUS_OK;
}

uint32_t plug_hash(const struct plug *plug, uint32_t hash) {
    const struct device *d = &plug->device;
    hash = fnv1a_update(hash, d->channels.value, sizeof d->channels.value);
    hash = fnv1a_update(hash, &d->board.out, sizeof d->board.out);
    hash = fnv1a_update(hash, d->light.shown, sizeof d->light.shown);
    hash = fnv1a_update(hash, &d->uptime_s, sizeof d->uptime_s);
    return fnv1a_update(hash, &d->now_ms, sizeof d->now_ms);
}
