/* Buttons: from a bouncing level to presses, clicks, holds and releases. A level counts when it has
 * stayed for 75 ms; short, long and repeat times are settings in units of 100 ms.
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.c. */
#include "device/board/board.h"
#include "device/board/pins.h"
#include "device/device.h"

enum { DEBOUNCE_MS = 75 };

/* Child lock (flag 41): no events and no actions. */
static bool locked(const struct device *d) {
    return settings_flag(d, 41);
}

static void fire(struct device *d, unsigned event, unsigned pin) {
    if (!locked(d))
        d->wiring->event(d, event, (int32_t)pin, 0, 0);
}

static void debounce(struct pin_state *p, bool raw, uint32_t elapsed_ms) {
    if (raw == p->level) {
        p->unstable_ms = 0;
        return;
    }
    p->unstable_ms = (uint16_t)(p->unstable_ms + elapsed_ms);
    if (p->unstable_ms >= DEBOUNCE_MS) {
        p->level = raw;
        p->unstable_ms = 0;
    }
}

static void released_in_time(struct device *d, unsigned pin, struct pin_state *p) {
    p->button = BUTTON_IDLE;
    if (!locked(d))
        d->wiring->clicks(d, pin, p->presses);
}

static void down_tick(struct device *d, unsigned pin, struct pin_state *p, bool pressed) {
    if (!pressed) {
        p->button = BUTTON_WAIT;
        p->since_ms = 0;
        fire(d, EVENT_ON_RELEASE, pin);
    } else if (p->since_ms > d->config.button_long * 100U) {
        p->button = BUTTON_HOLD;
        p->since_ms = 0;
        fire(d, EVENT_ON_HOLD_START, pin);
    }
}

static void down_again_tick(struct device *d, unsigned pin, struct pin_state *p) {
    bool quick = p->since_ms < d->config.button_short * 100U;
    p->button = quick ? BUTTON_WAIT : BUTTON_IDLE;
    p->since_ms = 0;
    fire(d, EVENT_ON_RELEASE, pin);
}

static void hold_tick(struct device *d, unsigned pin, struct pin_state *p, bool pressed) {
    if (!pressed) {
        p->button = BUTTON_IDLE;
        fire(d, EVENT_ON_RELEASE, pin);
    } else if (p->since_ms > d->config.button_repeat * 100U) {
        p->since_ms = 0;
        if (!locked(d))
            d->wiring->hold(d, pin);
    }
}

static void state_tick(struct device *d, unsigned pin, struct pin_state *p) {
    bool pressed = !p->level;
    switch (p->button) {
    case BUTTON_IDLE:
        if (!pressed)
            return;
        p->button = BUTTON_DOWN;
        p->presses = 1;
        p->since_ms = 0;
        fire(d, EVENT_ON_PRESS, pin);
        if (!locked(d))
            d->wiring->press(d, pin);
        break;
    case BUTTON_DOWN:
        down_tick(d, pin, p, pressed);
        break;
    case BUTTON_WAIT:
        if (pressed) {
            p->button = BUTTON_DOWN_AGAIN;
            p->presses++;
            p->since_ms = 0;
        } else if (p->since_ms > d->config.button_short * 100U) {
            released_in_time(d, pin, p);
        }
        break;
    case BUTTON_DOWN_AGAIN:
        if (!pressed)
            down_again_tick(d, pin, p);
        break;
    default:
        hold_tick(d, pin, p, pressed);
    }
}

bool button_tick(struct device *d, unsigned pin, uint32_t elapsed_ms) {
    struct pin_state *p = &d->board.pins[pin];
    bool raw = pin_read_logical(d, pin);
    if (p->button != BUTTON_IDLE)
        p->since_ms += elapsed_ms;
    debounce(p, raw, elapsed_ms);
    state_tick(d, pin, p);
    return p->button != BUTTON_IDLE || raw != p->level;
}
