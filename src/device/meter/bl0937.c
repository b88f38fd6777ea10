/* The BL0937: CF gives power, CF1 in turns voltage and current, as SEL says. Voltage moves slowly
 * and is looked at briefly; current gets the rest of the time. After a change of SEL the chip needs
 * to settle: edges are ignored for 600 ms, and two more periods. With a limit of the current it is
 * looked at nearly all the time, and at once when the power leaps in the voltage's turn. */
#include "base/text.h"
#include "codec/openbeken/roles.h"
#include "device/device.h"
#include "device/meter/meter.h"

#include <math.h>
#include <string.h>

enum {
    SETTLE_MS = 600,
    SETTLE_EDGES = 2,
    VOLTAGE_MS = 1300,      /* with settling */
    CURRENT_MS = 2000,      /* at least, */
    CURRENT_MOST_MS = 8000, /* and at most while it waits for */
    CURRENT_PERIODS = 4,
    NO_CURRENT_US = 2500000,
    CALM_TURNS = 200,
    /* With a limit of the current the voltage waits so long for its turn: */
    VOLTAGE_EVERY_MS = 60000,
    VOLTAGE_WATCHED_MS = 3500, /* if it has limits, too */
    J_PER_WH = 3600,
    BOOK_MOST_MS = 1000,
};

#define CALM        0.02f  /* figures that belong together */
#define LEAP        1.25f  /* of power: the current may have leapt, too, */
#define LEAP_LEAST  0.2f   /* if the power is this share of what the limit allows */
#define CHIP_JITTER 0.003f /* of one period */
#define TURN_ERROR  0.002f /* of one turn of voltage or current */

static uint8_t pin_with(const struct device *d, unsigned role) {
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (board_role(d, pin) == role)
            return (uint8_t)pin;
    return BL0937_NO_PIN;
}

/* SEL low selects the current, high the voltage; many boards invert it. */
static void turn(struct device *d, bool voltage) {
    struct bl0937 *b = &d->metering.bl0937;
    b->on_voltage = voltage;
    b->turned_us = b->began_us = meter_now_us(d);
    b->skip = SETTLE_EDGES;
    b->turn_hz = b->look_power.hz;
    b->look_current = (struct bl0937_look){.pulses = b->current.pulses};
    pulse_rate_restart(voltage ? &b->voltage : &b->current);
    if (b->sel != BL0937_NO_PIN && d->hal.pin_write)
        d->hal.pin_write(d->hal.context, b->sel, voltage != b->sel_inverted);
}

static void set_pin(struct device *d, uint8_t pin, enum hal_pin_mode mode) {
    if (pin != BL0937_NO_PIN && d->hal.pin_mode)
        d->hal.pin_mode(d->hal.context, pin, mode);
}

static void find_pins(struct device *d) {
    struct bl0937 *b = &d->metering.bl0937;
    b->cf = pin_with(d, OBK_ROLE_BL0937CF);
    b->cf1 = pin_with(d, OBK_ROLE_BL0937CF1);
    b->sel = pin_with(d, OBK_ROLE_BL0937SEL);
    if (b->sel == BL0937_NO_PIN)
        b->sel = pin_with(d, OBK_ROLE_BL0937SEL_N);
    b->sel_inverted = b->sel != BL0937_NO_PIN && board_role(d, b->sel) == OBK_ROLE_BL0937SEL_N;
    set_pin(d, b->cf, HAL_PIN_INPUT_PULL_UP);
    set_pin(d, b->cf1, HAL_PIN_INPUT_PULL_UP);
    set_pin(d, b->sel, HAL_PIN_OUTPUT);
}

static void start(struct device *d, const char *arguments) {
    struct bl0937 *b = &d->metering.bl0937;
    uint32_t step = d->hal.chip.clock_step_us;
    enum pulse_mode mode = text_starts(arguments, "fast")      ? PULSE_FAST
                           : text_starts(arguments, "precise") ? PULSE_PRECISE
                                                               : PULSE_BALANCED;
    memset(b, 0, sizeof *b);
    b->mode = (uint8_t)mode;
    pulse_rate_start(&b->power, mode, step);
    pulse_rate_start(&b->voltage, PULSE_BALANCED, step);
    pulse_rate_start(&b->current, PULSE_BALANCED, step);
    find_pins(d);
    meter_use(d, &bl0937_driver);
    if (b->cf == BL0937_NO_PIN)
        device_log(d, LOG_ERROR, "meter",
                   "BL0937: no pin has the role BL0937CF; set it, then "
                   "startDriver BL0937 again");
    turn(d, true);
}

static void stop(struct device *d) {
    if (d->metering.driver == &bl0937_driver)
        meter_use(d, NULL);
}

/* Falling edges only. */
static void edge(struct device *d, unsigned pin, bool level) {
    struct bl0937 *b = &d->metering.bl0937;
    uint64_t now = meter_now_us(d);
    if (level)
        return;
    if (pin == b->cf)
        pulse_rate_edge(&b->power, now);
    if (pin != b->cf1 || now - b->turned_us < SETTLE_MS * 1000)
        return;
    if (b->skip)
        b->skip--;
    else
        pulse_rate_edge(b->on_voltage ? &b->voltage : &b->current, now);
}

static bool within(float a, float b) {
    return fabsf(a - b) <= CALM * b;
}

/* One more figure of a quantity that keeps still; a change begins anew. */
static void note_turn(struct bl0937_calm *calm, float hz) {
    if (!within(hz, calm->hz) || calm->count >= CALM_TURNS)
        *calm = (struct bl0937_calm){.hz = hz};
    calm->sum += hz;
    calm->count++;
}

static void note_power(struct bl0937 *b, float hz) {
    if (hz > 0 && b->calm_hz > 0 && within(hz, b->calm_hz))
        return;
    b->calm_hz = hz;
    b->calm_us = b->power.last_us;
    b->calm_pulses = b->power.pulses;
}

/* Takes the figure of the quantity that had its turn; keeps the last one when nothing came. */
static void finish_turn(struct device *d) {
    struct bl0937 *b = &d->metering.bl0937;
    uint64_t now = meter_now_us(d);
    float hz = pulse_rate_read(b->on_voltage ? &b->voltage : &b->current, now);
    if (hz > 0)
        note_turn(&b->calm[b->on_voltage ? METER_CAL_VOLTAGE : METER_CAL_CURRENT], hz);
    if (b->on_voltage) {
        b->volts = hz > 0 ? meter_value(d, METER_CAL_VOLTAGE, hz) : b->volts;
        b->volts_us = now;
        b->hurried = false;
    } else if (hz > 0 || now - b->turned_us >= NO_CURRENT_US)
        b->amps = meter_value(d, METER_CAL_CURRENT, hz);
}

static bool current_done(const struct bl0937 *b, uint64_t ms) {
    uint64_t us;
    return ms >= CURRENT_MOST_MS ||
           (ms >= CURRENT_MS && pulse_rate_span(&b->current, &us) >= CURRENT_PERIODS) ||
           (ms >= CURRENT_MS && pulse_rate_read(&b->power, b->began_us + ms * 1000) <= 0);
}

/* With a limit of the current SEL stays with it until the voltage has become old. */
static bool current_stays(const struct device *d) {
    const struct bl0937 *b = &d->metering.bl0937;
    uint64_t most_ms =
        protection_watches_voltage(d) ? (uint64_t)VOLTAGE_WATCHED_MS : VOLTAGE_EVERY_MS;
    return protection_limit(d, PROTECT_CURRENT) > 0 && b->volts_us &&
           meter_now_us(d) - b->volts_us < most_ms * 1000;
}

/* Energy of the pulses since the last sample: their number times the energy of one. */
static uint64_t new_energy_uwh(struct device *d) {
    struct bl0937 *b = &d->metering.bl0937;
    uint64_t pulses = b->power.pulses - b->booked;
    double uwh = (double)pulses * (double)meter_factor(d, METER_CAL_POWER) * 1e6 / J_PER_WH +
                 (double)d->metering.energy_rest * 1e-9;
    uint64_t whole = uwh > 0 ? (uint64_t)uwh : 0;
    b->booked = b->power.pulses;
    d->metering.energy_rest = uwh > 0 ? (uint64_t)((uwh - (double)whole) * 1e9) : 0;
    return whole;
}

/* Books in small steps, so that little is unsaved when the power goes; ms until the next one. */
static uint32_t book(struct device *d) {
    struct bl0937 *b = &d->metering.bl0937;
    float step = LEDGER_STEP_UWH * 1e-6f * J_PER_WH / meter_factor(d, METER_CAL_POWER);
    float waiting = (float)(b->power.pulses - b->booked), hz = b->power.rate;
    if (waiting >= step)
        meter_book(d, new_energy_uwh(d));
    float ms = hz > 0 ? (waiting < step ? step - waiting : step) * 1000 / hz : BOOK_MOST_MS;
    return ms < BOOK_MOST_MS ? (uint32_t)ms + 1 : BOOK_MOST_MS;
}

static uint32_t next_turn(struct device *d) {
    struct bl0937 *b = &d->metering.bl0937;
    uint64_t ms = (meter_now_us(d) - b->began_us) / 1000;
    if (b->on_voltage ? ms >= VOLTAGE_MS : current_done(b, ms)) {
        finish_turn(d);
        if (!b->on_voltage && current_stays(d)) {
            b->began_us = meter_now_us(d);
            return CURRENT_MS;
        }
        turn(d, !b->on_voltage);
        return VOLTAGE_MS;
    }
    uint64_t end = b->on_voltage ? VOLTAGE_MS : ms < CURRENT_MS ? CURRENT_MS : ms + 100;
    return (uint32_t)(end - ms);
}

static uint32_t tick(struct device *d) {
    uint32_t turns = next_turn(d), books = book(d);
    return turns < books ? turns : books;
}

static void second(struct device *d) {
    struct bl0937 *b = &d->metering.bl0937;
    float watts = meter_value(d, METER_CAL_POWER, pulse_rate_read(&b->power, meter_now_us(d)));
    float before = d->metering.live[METER_POWER];
    struct meter_sample s = {.voltage = b->volts,
                             .current = watts > 0 ? b->amps : 0,
                             .power = watts > meter_power_limit(d) ? before : watts,
                             .frequency = NAN,
                             .counted = true,
                             .energy_uwh = new_energy_uwh(d)};
    if (pin_with(d, OBK_ROLE_BL0937CF) != b->cf || pin_with(d, OBK_ROLE_BL0937CF1) != b->cf1)
        find_pins(d); /* the roles have changed */
    note_power(b, pulse_rate_read(&b->power, meter_now_us(d)));
    meter_take(d, &s);
}

/* Hz between two looks, from edge to edge; silence bounds it. */
static float look(struct bl0937_look *l, const struct pulse_rate *r, uint64_t now) {
    uint64_t last = r->last_us, silent = now > last ? now - last : 0;
    if (r->pulses != l->pulses) {
        if (l->us && last > l->us)
            l->hz = (float)(r->pulses - l->pulses) * 1e6f / (float)(last - l->us);
        l->pulses = r->pulses;
        l->us = last;
    } else if ((float)silent * l->hz > 1.5e6f) {
        l->hz = 1e6f / (float)silent;
    }
    return l->hz;
}

/* The voltage's turn is given up for a look at the current, though not twice in a row. */
static void mind_leaps(struct device *d, float hz, float watts) {
    struct bl0937 *b = &d->metering.bl0937;
    float allowed = protection_limit(d, PROTECT_CURRENT) * b->volts;
    if (!b->on_voltage || b->hurried || allowed <= 0 || watts < LEAP_LEAST * allowed ||
        hz < LEAP * b->turn_hz)
        return;
    b->hurried = true;
    turn(d, false);
}

static bool now(struct device *d, struct load_moment *m) {
    struct bl0937 *b = &d->metering.bl0937;
    float hz = look(&b->look_power, &b->power, meter_now_us(d));
    m->watts = meter_value(d, METER_CAL_POWER, hz);
    mind_leaps(d, hz, m->watts);
    if (!b->on_voltage && b->current.started) {
        hz = look(&b->look_current, &b->current, meter_now_us(d));
        m->amps = meter_value(d, METER_CAL_CURRENT, hz);
    }
    return true;
}

/* The long average since the load last changed: what calibration rests on. */
static bool raw(struct device *d, enum meter_calibrated what, struct meter_raw *out) {
    struct bl0937 *b = &d->metering.bl0937;
    if (what != METER_CAL_POWER) {
        const struct bl0937_calm *calm = &b->calm[what];
        if (!calm->count)
            return false;
        *out = (struct meter_raw){.value = calm->sum / (float)calm->count,
                                  .error = TURN_ERROR / sqrtf((float)calm->count),
                                  .seconds = (float)calm->count};
        return what == METER_CAL_VOLTAGE || b->amps > 0;
    }
    uint64_t pulses = b->power.pulses - b->calm_pulses, us = b->power.last_us - b->calm_us;
    if (b->calm_hz <= 0 || !pulses || !us)
        return false;
    *out = (struct meter_raw){.value = (float)((double)pulses * 1e6 / (double)us),
                              .error = CHIP_JITTER / sqrtf((float)pulses) +
                                       2 * (float)b->power.step_us / (float)us,
                              .seconds = (float)us / 1e6f};
    return true;
}

const struct meter_driver bl0937_driver = {
    .name = "BL0937",
    .factor = {0.13253012048f, 0.0118577075f, 1.5f},
    .start = start,
    .stop = stop,
    .second = second,
    .edge = edge,
    .tick = tick,
    .raw = raw,
    .now = now,
};
