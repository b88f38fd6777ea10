/* Inputs: channels that follow a level, switches that toggle on each change, pulse counters. */
#include "device/board/board.h"
#include "device/board/pins.h"
#include "device/device.h"
#include "device/role_groups.h"

bool input_tick(struct device *d, unsigned pin, uint32_t elapsed_ms) {
    struct pin_state *p = &d->board.pins[pin];
    uint16_t limit = settings_flag(d, 6) ? 100 : 250;
    bool level = pin_read_logical(d, pin);
    int channel = d->config.pins[pin].channel;
    if (level == p->level) {
        p->unstable_ms = 0;
        return false;
    }
    if (p->unstable_ms <= limit) {
        p->unstable_ms = (uint16_t)(p->unstable_ms + elapsed_ms);
        return true;
    }
    p->level = level;
    p->unstable_ms = 0;
    if (role_bits(board_role(d, pin)) & ROLE_TOGGLER) {
        channel_toggle(d, channel);
        d->wiring->event(d, EVENT_ON_TOGGLE, (int32_t)pin, 0, 0);
    } else {
        channel_set(d, channel, level, 0);
    }
    return true;
}

void counter_tick(struct device *d, unsigned pin) {
    struct pin_state *p = &d->board.pins[pin];
    if (!p->since_ms)
        return;
    int32_t pulses = (int32_t)p->since_ms;
    p->since_ms = 0;
    channel_add(d, d->config.pins[pin].channel, pulses);
}

void board_edge(struct device *d, unsigned pin, bool level) {
    if (pin >= d->hal.chip.pins || !d->board.on)
        return;
    unsigned bits = role_bits(board_role(d, pin));
    if (bits & ROLE_COUNTER && level == ((bits & ROLE_INVERTED) != 0))
        d->board.pins[pin].since_ms++;
}
