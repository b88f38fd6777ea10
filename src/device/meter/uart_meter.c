/* Packets, the middle of three, lost and found; see uart_meter.h. */
#include "device/meter/uart_meter.h"

#include "base/text.h"
#include "device/device.h"
#include "device/meter/meter.h"

#include <math.h>
#include <string.h>

enum { BAUD = 4800, FLAG_SIGNS = 25, FLAG_SECOND_UART = 26 };
enum { DOUBTFUL_S = 3 /* a count that has leapt and stays is believed */ };
#define MORE      1.5 /* times the power that was told can have flowed, */
#define MORE_W    50  /* and so much */
#define AHEAD_S   2   /* of energy is booked before it is told, at most */
#define UWH_PER_J (1e6 / 3600)

static struct uart_meter *state(struct device *d) {
    return &d->metering.uart;
}

static uint32_t baud_of(const char *arguments) {
    uint32_t baud = 0;
    while (text_is_space(*arguments))
        arguments++;
    for (; text_is_digit(*arguments) && baud < 1000000; arguments++)
        baud = baud * 10 + (uint32_t)(*arguments - '0');
    return baud >= 1200 && baud <= 115200 ? baud : BAUD;
}

void uart_meter_start(struct device *d, const struct meter_driver *driver, const char *arguments,
                      unsigned parity) {
    struct uart_meter *u = state(d);
    memset(u, 0, sizeof *u);
    u->port = settings_flag(d, FLAG_SECOND_UART) ? 1 : 0;
    u->clean_s = UART_METER_CLEAN_S;
    u->baud = baud_of(arguments);
    fast_current_start(&u->fast);
    meter_use(d, driver);
    uart_meter_reopen(d, parity);
}

void uart_meter_reopen(struct device *d, unsigned parity) {
    struct uart_meter *u = state(d);
    u->opened_ms = d->now_ms;
    if (!d->hal.uart_open || !d->hal.uart_open(d->hal.context, u->port, u->baud, parity, 1))
        device_log(d, LOG_ERROR, "meter", "the UART of the meter cannot be opened");
}

void uart_meter_stop(struct device *d) {
    meter_use(d, NULL);
}

void uart_meter_send(struct device *d, const uint8_t *frame, size_t size) {
    if (d->hal.uart_write)
        d->hal.uart_write(d->hal.context, state(d)->port, frame, size);
}

void uart_meter_push(struct device *d, const struct uart_values *values) {
    struct uart_meter *u = state(d);
    u->last[2] = u->last[1];
    u->last[1] = u->last[0];
    u->last[0] = *values;
    u->last[0].at_us = u->asked_ms ? u->asked_ms * 1000 : meter_now_us(d);
    u->count = u->count < 3 ? (uint8_t)(u->count + 1) : 3;
    u->fresh = u->fresh < UINT8_MAX ? (uint8_t)(u->fresh + 1) : UINT8_MAX;
}

void uart_meter_feed(struct device *d, const struct uart_meter_kind *kind, unsigned port,
                     const uint8_t *data, size_t size) {
    struct uart_meter *u = state(d);
    struct uart_values values;
    for (size_t i = 0; port == u->port && i < size; i++) {
        enum meter_event event = meter_stream_feed(&u->stream, kind->format, data[i]);
        u->bad += event == METER_NOISE;
        if (event != METER_PACKET || !kind->decode(u->stream.data, &values))
            continue;
        uart_meter_push(d, &values);
        kind->moment(d, &values);
    }
}

/* Exact for counts of 32 bits, too. */
static double middle(double a, double b, double c) {
    if ((a <= b && b <= c) || (c <= b && b <= a))
        return b;
    return (b <= a && a <= c) || (c <= a && a <= b) ? a : c;
}

static struct uart_values middle_of(const struct uart_values v[3]) {
    struct uart_values m = {
        .frequency = (float)middle(v[0].frequency, v[1].frequency, v[2].frequency),
        .pulses = (uint32_t)middle(v[0].pulses, v[1].pulses, v[2].pulses),
        .pulse = (float)middle(v[0].pulse, v[1].pulse, v[2].pulse),
        .at_us = v[1].at_us,
    };
    for (int i = 0; i < 3; i++)
        m.raw[i] = (float)middle(v[0].raw[i], v[1].raw[i], v[2].raw[i]);
    return m;
}

/* What can be told for this second; false: nothing that is sure. */
static bool settle(struct uart_meter *u, struct uart_values *out) {
    bool clean = u->clean_s >= UART_METER_CLEAN_S;
    bool middle = u->count >= 3 && (u->fresh >= 3 || !clean);
    *out = middle ? middle_of(u->last) : u->last[0];
    return u->fresh && (middle || clean);
}

static float watts_of(const struct device *d, const struct uart_values *values) {
    return fabsf(meter_value(d, METER_CAL_POWER, values->raw[METER_CAL_POWER]));
}

/* More energy than can have flowed since it was last booked? */
static bool too_much(const struct device *d, const struct uart_values *values, double uwh,
                     double pulse) {
    const struct uart_meter *u = &d->metering.uart;
    double now = (double)watts_of(d, values), before = (double)watts_of(d, &u->told);
    double watts = MORE * (now > before ? now : before) + MORE_W;
    return uwh > watts * (u->silent_s + u->doubtful_s + 1.0) * UWH_PER_J + 2 * pulse;
}

/* Energy by the chip's counter since it was last booked. The first count only begins it. One that
 * has leapt is not believed: if it was spoilt, the next one is right again and nothing is lost; if
 * it stays, the chip has begun anew, and the power tells what flowed meanwhile. */
static bool counted(struct device *d, const struct uart_meter_kind *kind,
                    const struct uart_values *values, uint64_t *uwh) {
    struct uart_meter *u = state(d);
    double each = kind->pulse_uwh ? kind->pulse_uwh(d, values) : 0;
    uint32_t advance = (values->pulses - u->pulses) & kind->counter_mask;
    bool primed = u->primed && each > 0 && values->pulses != 0;
    if (primed && too_much(d, values, advance * each, each)) {
        *uwh = 0;
        if (++u->doubtful_s < DOUBTFUL_S)
            return true;
        *uwh = (uint64_t)((double)watts_of(d, values) * u->doubtful_s * UWH_PER_J);
    } else
        *uwh = primed ? (uint64_t)(advance * each) : 0;
    u->doubtful_s = 0;
    u->primed = values->pulses != 0;
    u->pulses = values->pulses;
    return primed;
}

/* Where the chip measures no current, it is at least what the power needs. */
static float least_current(const struct uart_meter_kind *kind, const struct meter_sample *s) {
    float needed = s->voltage > 0 ? fabsf(s->power) / s->voltage : 0;
    return s->current < kind->least_amps && needed > s->current ? needed : s->current;
}

/* What has flown since the counter moved is not in it. */
static void note_count(struct device *d, const struct uart_meter_kind *kind,
                       const struct uart_values *values, const struct meter_sample *s) {
    struct uart_meter *u = state(d);
    if (!s->counted)
        u->counted_us = meter_now_us(d);
    else if (s->energy_uwh)
        u->counted_us = values->at_us;
    u->pulse_uwh = s->counted && kind->pulse_uwh ? (float)kind->pulse_uwh(d, values) : 0;
}

static void take(struct device *d, const struct uart_meter_kind *kind,
                 const struct uart_values *values) {
    struct meter_sample s = {.voltage = meter_value(d, METER_CAL_VOLTAGE, values->raw[0]),
                             .current = meter_value(d, METER_CAL_CURRENT, values->raw[1]),
                             .power = meter_value(d, METER_CAL_POWER, values->raw[2]),
                             .frequency = values->frequency};
    if (!settings_flag(d, FLAG_SIGNS))
        s.power = fabsf(s.power);
    s.current = least_current(kind, &s);
    s.counted = counted(d, kind, values, &s.energy_uwh);
    state(d)->told = *values;
    note_count(d, kind, values, &s);
    meter_take(d, &s);
}

/* Nothing sure came in this second; says so once when the chip seems to be gone. */
static void miss(struct device *d) {
    struct uart_meter *u = state(d);
    if (u->silent_s < UINT8_MAX)
        u->silent_s++;
    if (u->silent_s != UART_METER_LOST_S)
        return;
    device_log2(d, LOG_ERROR, "meter", d->metering.driver->name,
                " does not answer: check its UART; the readings are 0 until it is back");
    struct meter_sample none = {.frequency = NAN, .counted = true};
    meter_take(d, &none);
    u->primed = false;
    u->count = 0;
}

void uart_meter_second(struct device *d, const struct uart_meter_kind *kind) {
    struct uart_meter *u = state(d);
    struct uart_values values;
    if (u->bad != u->bad_before)
        u->clean_s = 0;
    else if (u->clean_s < UART_METER_CLEAN_S)
        u->clean_s++;
    u->bad_before = u->bad;
    if (settle(u, &values)) {
        take(d, kind, &values);
        if (u->silent_s >= UART_METER_LOST_S)
            device_log2(d, LOG_INFO, "meter", d->metering.driver->name, " answers again");
        u->silent_s = 0;
    } else
        miss(d);
    u->fresh = 0;
}

/* Power that flows for sure, as far as is known: told last, and by the last packet. */
static double sure_watts(const struct device *d) {
    const struct uart_meter *u = &d->metering.uart;
    double told = (double)d->metering.live[METER_POWER];
    double last = (double)watts_of(d, &u->last[0]);
    return u->silent_s || !u->count || !(told > 0) ? 0 : last < told ? last : told;
}

uint32_t uart_meter_book(struct device *d) {
    const struct uart_meter *u = state(d);
    double a_second = sure_watts(d) * UWH_PER_J, pulse = (double)u->pulse_uwh;
    if (a_second < LEDGER_STEP_UWH)
        return UINT32_MAX;
    /* on average, the counter moved half a pulse before it was seen to have */
    double flown = a_second * (double)(meter_now_us(d) - u->counted_us) * 1e-6 + pulse / 2;
    double most = AHEAD_S * a_second + pulse;
    double waiting = (flown < most ? flown : most) - (double)d->metering.ahead_uwh;
    if (waiting >= LEDGER_STEP_UWH) {
        meter_book_ahead(d, (uint64_t)waiting);
        waiting = 0;
    }
    return (uint32_t)((LEDGER_STEP_UWH - waiting) * 1000 / a_second) + 1;
}

bool uart_meter_figures(const struct device *d, unsigned packets, struct slow_figures *out) {
    const struct uart_meter *u = &d->metering.uart;
    if (u->silent_s > 2 || u->count < packets)
        return false;
    struct uart_values values = packets > 1 ? middle_of(u->last) : u->last[0];
    const float *raw = values.raw;
    out->raw_amps = raw[METER_CAL_CURRENT];
    out->volts = meter_value(d, METER_CAL_VOLTAGE, raw[METER_CAL_VOLTAGE]);
    out->amps = meter_value(d, METER_CAL_CURRENT, raw[METER_CAL_CURRENT]);
    out->watts = fabsf(meter_value(d, METER_CAL_POWER, raw[METER_CAL_POWER]));
    return true;
}

void uart_meter_tell(struct device *d, enum meter_calibrated what, struct load_moment *moment,
                     uint64_t at_ms, uint32_t most_ms) {
    uint64_t *looked = &state(d)->looked_ms[what == METER_CAL_POWER];
    uint64_t gone = at_ms - *looked;
    *looked = at_ms;
    moment->seconds = (float)(gone < most_ms ? gone : most_ms) / 1000;
    protection_look(d, moment);
}

bool uart_meter_raw(struct device *d, enum meter_calibrated what, struct meter_raw *out) {
    const struct uart_meter *u = state(d);
    *out = (struct meter_raw){.value = u->told.raw[what], .error = 0.002f, .seconds = 1};
    return out->value < 0 || out->value > 0;
}
