/* The virtual plug: frames, restarts and fingers; see plug.h. */
#include "virtual/plug/plug.h"

#include "base/crc.h"
#include "device/role_groups.h"
#include "virtual/plug/plug_mains.h"

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
    if (plug->networked)
        device_on_wifi(&plug->device, HAL_WIFI_CONNECTED);
    plug->wake_ms = 0;
}

bool plug_init(struct plug *plug, const char *chip) {
    memset(plug, 0, sizeof *plug);
    if (!virtual_chip_init(&plug->chip, chip))
        return false;
    plug_mains_wire(plug);
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
    plug_mains_free(plug);
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

static void fingers(struct plug *plug) {
    for (unsigned pin = 0; pin < VIRTUAL_PINS; pin++)
        if (plug->press_until_ms[pin] && plug->press_until_ms[pin] <= plug_now_ms(plug)) {
            plug->press_until_ms[pin] = 0;
            virtual_pin_release(&plug->chip, pin);
            plug->wake_ms = 0;
        }
}

/* A plug with a network: whatever name it asks for is there. */
static void radio(struct plug *plug) {
    if (!plug->networked || !plug->chip.wifi_asked)
        return;
    plug->chip.wifi_asked = false;
    device_on_wifi(&plug->device, HAL_WIFI_CONNECTED);
}

/* The mains were too low for too long since the last look. True while there is no power. */
static bool starved(struct plug *plug) {
    const struct supply *supply = plug->mains ? &plug->mains->supply : NULL;
    if (!supply || (!supply->off && supply->drops == plug->drops))
        return false;
    if (!supply->off) {
        plug->drops = supply->drops;
        plug_restart(plug, HAL_RESET_POWER);
        return false;
    }
    virtual_chip_power(&plug->chip, HAL_RESET_POWER);
    plug->wake_ms = plug_now_ms(plug) + PLUG_FRAME_MS;
    return true;
}

static void advance(struct plug *plug, uint64_t frames) {
    uint64_t second_before = plug_now_ms(plug) / 1000;
    plug_mains_run(plug, plug->chip.now_us + frames * PLUG_FRAME_MS * 1000);
    plug->frames += frames;
    if (starved(plug))
        return;
    fingers(plug);
    if (plug_now_ms(plug) / 1000 != second_before)
        plug_mains_second(plug);
    radio(plug);
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
    if (plug_mains_ideal(plug) && second < next)
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

uint32_t plug_hash(const struct plug *plug, uint32_t hash) {
    const struct device *d = &plug->device;
    hash = fnv1a_update(hash, d->channels.value, sizeof d->channels.value);
    hash = fnv1a_update(hash, &d->board.out, sizeof d->board.out);
    hash = fnv1a_update(hash, d->light.shown, sizeof d->light.shown);
    hash = fnv1a_update(hash, &d->uptime_s, sizeof d->uptime_s);
    return fnv1a_update(hash, &d->now_ms, sizeof d->now_ms);
}
