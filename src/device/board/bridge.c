/* Latching (bistable) relays driven through an H-bridge or two coils: a short pulse on the forward
 * pin sets, on the reverse pin resets. One coil at a time, so that several relays switched together
 * do not pull the supply down. With start value -1 nothing is pulsed at boot: the contact still is
 * where it was. */
#include "codec/openbeken/roles.h"
#include "device/board/board.h"
#include "device/board/pins.h"
#include "device/device.h"

enum { BRIDGES = sizeof(((struct board *)0)->bridges) / sizeof(struct bridge), FREE = 0xFF };

static int coil_pin(const struct device *d, unsigned channel, bool on) {
    unsigned role = on ? OBK_ROLE_BRIDGE_FWD : OBK_ROLE_BRIDGE_REV;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == role && d->config.pins[pin].channel == channel)
            return (int)pin;
    return -1;
}

static struct bridge *bridge_find(struct device *d, unsigned channel) {
    for (unsigned i = 0; i < BRIDGES; i++)
        if (d->board.bridges[i].channel == channel)
            return &d->board.bridges[i];
    return NULL;
}

static void bridge_add(struct device *d, unsigned channel) {
    if (bridge_find(d, channel) || channel >= CHANNEL_COUNT || coil_pin(d, channel, false) < 0)
        return;
    struct bridge *b = bridge_find(d, FREE);
    if (!b)
        return;
    b->channel = (uint8_t)channel;
    b->wanted = d->channels.value[channel] > 0;
    b->left_ms = d->config.start_values[channel] == -1 ? 0 : d->board.pulse_ms;
}

void bridge_start(struct device *d) {
    if (!d->board.pulsing) {
        for (unsigned i = 0; i < BRIDGES; i++)
            if (coil_pin(d, d->board.bridges[i].channel, true) < 0 ||
                coil_pin(d, d->board.bridges[i].channel, false) < 0)
                d->board.bridges[i] = (struct bridge){.channel = FREE};
    }
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == OBK_ROLE_BRIDGE_FWD)
            bridge_add(d, d->config.pins[pin].channel);
}

void bridge_set(struct device *d, int channel, bool on) {
    struct bridge *b = bridge_find(d, (unsigned)channel);
    if (!b)
        return;
    if (d->board.pulsing && &d->board.bridges[d->board.pulsing - 1] == b) {
        pin_drive(d, (unsigned)coil_pin(d, b->channel, b->wanted), false);
        d->board.pulsing = 0;
    }
    b->wanted = on;
    b->left_ms = d->board.pulse_ms;
}

static void pulse_begin(struct device *d) {
    for (unsigned i = 0; i < BRIDGES; i++) {
        struct bridge *b = &d->board.bridges[i];
        int pin = b->left_ms ? coil_pin(d, b->channel, b->wanted) : -1;
        if (pin < 0)
            continue;
        pin_drive(d, (unsigned)pin, true);
        d->board.pulsing = (uint8_t)(i + 1);
        return;
    }
}

void bridge_tick(struct device *d, uint32_t elapsed_ms) {
    if (!d->board.pulsing) {
        pulse_begin(d);
        return;
    }
    struct bridge *b = &d->board.bridges[d->board.pulsing - 1];
    b->left_ms = elapsed_ms < b->left_ms ? (uint16_t)(b->left_ms - elapsed_ms) : 0;
    if (b->left_ms)
        return;
    int pin = coil_pin(d, b->channel, b->wanted);
    if (pin >= 0)
        pin_drive(d, (unsigned)pin, false);
    d->board.pulsing = 0;
    pulse_begin(d);
}

uint32_t bridge_next_ms(const struct device *d) {
    if (d->board.pulsing)
        return d->board.bridges[d->board.pulsing - 1].left_ms;
    for (unsigned i = 0; i < BRIDGES; i++)
        if (d->board.bridges[i].channel != FREE && d->board.bridges[i].left_ms)
            return 0;
    return UINT32_MAX;
}
