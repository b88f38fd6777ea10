/* RN8209C: asked register by register; an answer says nothing of which register it is, so one that
 * does not come in time is given up. A round of four registers makes one packet. Boards differ in
 * the parity of the line: as long as nothing is understood, the next one is tried. Factors are in
 * OpenBeken's units: per V, per mA, per kW.
 *
 * While protection watches the load, the chip is told to renew its figures 14 instead of 3.5 times
 * a second (EMUCON2, UPMODE), and what the limits need is read between the registers of the round.
 * The chip's word is read back: one that refuses is reported, and then protection is as slow as its
 * figures.
 * Source: Renergy RN8209C user manual; openshwprojects/OpenBK7231T_App (drv_rn8209.c). */
#include "codec/meter/rn8209.h"

#include "device/device.h"
#include "device/meter/meter.h"

#include <math.h>

enum { ASK_MS = 60, ROUND = 4, PARITY_MS = 2500 };
enum {
    HURRY_MS = 20,    /* between two questions while protection watches, when they are answered */
    QUICK_READS = 3,  /* between two registers of the round */
    QUICK_MS = 70,    /* a refresh of the chip: quick, */
    SLOW_MS = 285,    /* and usual */
    LINE_MS = 16,     /* an answer on its way */
    REFUSALS = 3,     /* after which the chip is believed, */
    ASK_AGAIN_S = 60, /* and asked again so much later */
    CONFIRM_S = 10,   /* the pace is confirmed: the chip may have started anew */
};
static const uint8_t parities[] = {2, 1, 0}; /* even, odd, none */
#define ALIKE           0.06f                /* from one refresh to the next */
#define FREQUENCY_CLOCK (3579545.0f / 8)

static const uint8_t registers[ROUND] = {
    [METER_CAL_VOLTAGE] = RN8209_VOLTAGE,
    [METER_CAL_CURRENT] = RN8209_CURRENT_A,
    [METER_CAL_POWER] = RN8209_POWER_A,
    [METER_CALS] = RN8209_FREQUENCY,
};

/* To the units of the factors: current in A per 1000, power in W by 1000. */
static const float scales[3] = {1, 1e-3f, 1e3f};

static const struct uart_meter_kind kind = {.driver = &rn8209_driver};

static struct uart_meter *state(struct device *d) {
    return &d->metering.uart;
}

static void command(struct device *d, uint8_t what) {
    uint8_t frame[3];
    uart_meter_send(d, frame, rn8209_command(what, frame));
}

static void set_up(struct device *d) {
    command(d, RN8209_UNLOCK);
    command(d, RN8209_CHANNEL_A);
    command(d, RN8209_LOCK);
}

static void start(struct device *d, const char *arguments) {
    uart_meter_start(d, &rn8209_driver, arguments, parities[0]);
    set_up(d);
}

/* Nothing came for so long, ever: perhaps the line has another parity. */
static void try_parity(struct device *d) {
    struct uart_meter *u = state(d);
    if (u->count || d->now_ms - u->opened_ms < PARITY_MS)
        return;
    u->parity = (uint8_t)((u->parity + 1) % sizeof parities);
    uart_meter_reopen(d, parities[u->parity]);
    set_up(d);
}

/* The pace that the chip says it has; it is told another one where that is not wanted. */
static void take_pace(struct device *d, uint32_t control) {
    struct uart_meter *u = state(d);
    uint8_t frame[RN8209_WRITE_MAX];
    bool wanted = protection_watches(d);
    u->quick = (control & RN8209_QUICK) != 0;
    u->paced_ms = d->now_ms;
    if (u->quick == wanted) {
        u->refusals = 0;
        return;
    }
    if (u->refusals < REFUSALS && ++u->refusals == REFUSALS)
        device_log(d, LOG_WARN, "meter",
                   "RN8209 keeps its pace: at twice the limit protection takes up to a second");
    command(d, RN8209_UNLOCK);
    uart_meter_send(d, frame, rn8209_write(RN8209_CONTROL_2, control ^ RN8209_QUICK, frame));
    command(d, RN8209_LOCK);
}

static bool pace_is_due(const struct device *d) {
    const struct uart_meter *u = &d->metering.uart;
    bool wanted = protection_watches(d);
    uint64_t every = u->refusals >= REFUSALS ? ASK_AGAIN_S : u->quick == wanted ? CONFIRM_S : 0;
    return u->count && (wanted || u->quick) && d->now_ms - u->paced_ms >= every * 1000;
}

/* The first refresh after a change may hold some of what was before, the second is whole; only when
 * the third is like it, it is sure that this is no inrush, and that it has flowed since the first.
 */
static bool has_settled(uint8_t *moved, float raw, float before) {
    bool alike = fabsf(raw - before) <= ALIKE * fabsf(before);
    bool settled = alike && *moved >= 2;
    *moved = alike && *moved != 1 ? 0 : *moved < 2 ? (uint8_t)(*moved + 1) : 2;
    return settled;
}

/* A figure for protection: one that differs, or that has stayed for a refresh of the chip. */
static void look(struct device *d, enum meter_calibrated what, float raw) {
    struct uart_meter *u = state(d);
    bool power = what == METER_CAL_POWER;
    uint32_t refresh = u->quick ? QUICK_MS : SLOW_MS;
    bool same = raw <= u->looked[power] && raw >= u->looked[power];
    if (!protection_watches(d) || (same && u->asked_ms - u->looked_ms[power] < refresh))
        return;
    bool settled = has_settled(&u->moved[power], raw, u->looked[power]);
    u->looked[power] = raw;
    u->looked_ms[power] = u->asked_ms - refresh; /* it stands for a whole one */
    float value = fabsf(meter_value(d, what, raw));
    struct load_moment m = {.watts = power ? value : NAN,
                            .amps = power ? NAN : value,
                            .age_s = ((float)refresh / 2 + LINE_MS) / 1000};
    if (settled)
        m.age_s += (float)refresh / 1000;
    uart_meter_tell(d, what, &m, u->asked_ms, refresh + LINE_MS);
}

/* What the limits need, in turns; the round's own registers after so many of them. */
static enum meter_calibrated pick(struct device *d) {
    struct uart_meter *u = state(d);
    const struct protection_rule *rule = d->metering.protection.kept.rule;
    bool amps = rule[PROTECT_CURRENT].limit > 0, watts = rule[PROTECT_POWER].limit > 0;
    u->between = protection_watches(d) && u->count && u->quick_reads < QUICK_READS;
    u->quick_reads = u->between ? (uint8_t)(u->quick_reads + 1) : 0;
    if (!u->between)
        return (enum meter_calibrated)u->turn;
    bool power = watts && (!amps || u->reading != METER_CAL_POWER);
    return power ? METER_CAL_POWER : METER_CAL_CURRENT;
}

static uint8_t register_read(const struct uart_meter *u) {
    return u->by_register ? RN8209_CONTROL_2 : registers[u->reading];
}

/* One more register of the round, which stands in `gathering`. */
static void gather(struct device *d, int32_t value) {
    struct uart_meter *u = state(d);
    struct uart_values *v = &u->gathering;
    if (u->turn < METER_CALS)
        v->raw[u->turn] = (float)value * scales[u->turn];
    else
        v->frequency = value > 0 ? FREQUENCY_CLOCK / (float)value : 0;
    u->turn++;
    if (u->turn == ROUND) {
        uart_meter_push(d, v);
        u->turn = 0;
    }
}

static void answer(struct device *d, int32_t value) {
    struct uart_meter *u = state(d);
    if (u->by_register) {
        take_pace(d, (uint32_t)value);
        return;
    }
    enum meter_calibrated what = (enum meter_calibrated)u->reading;
    if (!u->between)
        gather(d, value);
    if (what == METER_CAL_CURRENT || what == METER_CAL_POWER)
        look(d, what, (float)value * scales[what]);
}

static void uart(struct device *d, unsigned port, const uint8_t *data, size_t size) {
    struct uart_meter *u = state(d);
    size_t wanted = rn8209_size(register_read(u)) + 1;
    int32_t value;
    for (size_t i = 0; port == u->port && i < size; i++) {
        if (u->reply_size < sizeof u->reply)
            u->reply[u->reply_size++] = data[i];
        if (u->reply_size != wanted || u->answered)
            continue;
        u->answered = true; /* more than was asked for is noise */
        if (rn8209_decode(register_read(u), u->reply, wanted, &value)) {
            answer(d, value);
        } else {
            u->bad++;
            if (!u->between)
                u->turn = 0; /* the whole round anew */
        }
    }
}

static uint32_t tick(struct device *d) {
    struct uart_meter *u = state(d);
    uint32_t every = protection_watches(d) && u->answered ? HURRY_MS : ASK_MS;
    uint64_t gone = d->now_ms - u->asked_ms;
    if (gone < every)
        return protection_watches(d) ? HURRY_MS / 2 : (uint32_t)(every - gone);
    try_parity(d);
    u->asked_ms = d->now_ms;
    u->reply_size = 0;
    u->answered = false;
    u->by_register = pace_is_due(d);
    if (!u->by_register)
        u->reading = (uint8_t)pick(d);
    uint8_t reg = register_read(u);
    uart_meter_send(d, &reg, 1);
    return protection_watches(d) ? HURRY_MS : ASK_MS;
}

static void second(struct device *d) {
    uart_meter_second(d, &kind);
}

const struct meter_driver rn8209_driver = {
    .name = "RN8209",
    .divides = true,
    .factor = {8810, 57, 71572720},
    .start = start,
    .stop = uart_meter_stop,
    .second = second,
    .tick = tick,
    .uart = uart,
    .raw = uart_meter_raw,
};
