/* The other end of two wires: hears what the device sends on them, acknowledges, and answers reads.
 * It hangs on the virtual chip's pins and knows nothing of the device. */
#ifndef TEST_I2C_LISTENER_H
#define TEST_I2C_LISTENER_H
#include "virtual/plug/plug.h"

enum { I2C_STARTED = 0x100, I2C_STOPPED = 0x200, I2C_HEARD = 256 };

static struct listener {
    struct virtual_chip *chip;
    struct hal hal; /* the chip's own functions */
    unsigned clock_pin, data_pin;
    bool clock, data; /* the lines as they were last */
    bool active, holding, reading, absent;
    bool enough; /* the device has not acknowledged: no more bytes */
    unsigned bits, byte;
    const uint8_t *answer; /* for reads */
    size_t answered;
    uint16_t heard[I2C_HEARD]; /* bytes, and the two marks */
    size_t count;
} listener;

static void note(unsigned what) {
    if (listener.count < I2C_HEARD)
        listener.heard[listener.count++] = (uint16_t)what;
}

/* What the device makes of a line: low, or let go. */
static bool let_go(unsigned pin) {
    const struct virtual_pin *p = &listener.chip->pins[pin];
    return p->mode != HAL_PIN_OUTPUT || p->out;
}

static void hold(bool low) {
    listener.holding = low;
    if (low)
        virtual_pin_set(listener.chip, listener.data_pin, false);
    else
        virtual_pin_release(listener.chip, listener.data_pin);
}

static void clock_rises(void) {
    if (!listener.reading && listener.bits < 8)
        listener.byte = listener.byte << 1 | let_go(listener.data_pin);
    if (listener.reading && listener.bits == 8)
        listener.enough = let_go(listener.data_pin);
    listener.bits++;
}

static void clock_falls(void) {
    if (listener.bits == 8 && !listener.reading) {
        note(listener.byte & 255);
        hold(!listener.absent); /* acknowledge */
        return;
    }
    if (listener.bits == 9) {
        if (!listener.reading && (listener.byte & 1) && listener.answer &&
            listener.heard[listener.count - 2] == I2C_STARTED)
            listener.reading = true;
        else if (listener.reading)
            listener.answered++;
        listener.bits = listener.byte = 0;
        hold(false);
    }
    if (listener.enough)
        return;
    if (listener.reading && listener.bits < 8)
        hold(!(listener.answer[listener.answered] >> (7 - listener.bits) & 1));
    else if (listener.reading)
        hold(false); /* the device acknowledges */
}

static void lines_moved(void) {
    bool clock = let_go(listener.clock_pin), data = let_go(listener.data_pin);
    if (clock && listener.clock && data != listener.data && !listener.holding) {
        note(data ? I2C_STOPPED : I2C_STARTED);
        listener.active = !data;
        listener.bits = listener.byte = 0;
        listener.answered = 0;
        listener.reading = listener.enough = false;
    } else if (listener.active && clock && !listener.clock) {
        clock_rises();
    } else if (listener.active && !clock && listener.clock && (listener.bits || listener.reading)) {
        clock_falls();
    }
    listener.clock = clock;
    listener.data = data;
}

static void heard_mode(void *context, unsigned pin, enum hal_pin_mode mode) {
    listener.hal.pin_mode(context, pin, mode);
    lines_moved();
}

static void heard_write(void *context, unsigned pin, bool level) {
    listener.hal.pin_write(context, pin, level);
    lines_moved();
}

/* Sits down at two pins of a plug; the device must be started after that. */
static void listen_at(struct plug *plug, unsigned clock_pin, unsigned data_pin) {
    listener = (struct listener){.chip = &plug->chip,
                                 .hal = plug->chip.hal,
                                 .clock_pin = clock_pin,
                                 .data_pin = data_pin,
                                 .clock = true,
                                 .data = true};
    plug->chip.hal.pin_mode = heard_mode;
    plug->chip.hal.pin_write = heard_write;
}
#endif
