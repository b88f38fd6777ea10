/* Registers, packets and the line; see uart_chip.h. Specimens fit the factors that firmware uses
 * until it is calibrated. */
#include "virtual/mains/uart_chip.h"

#include "codec/meter/bl0940.h"
#include "codec/meter/bl0942.h"
#include "codec/meter/cse7766.h"
#include "codec/meter/rn8209.h"
#include "virtual/mains/pulse_chip.h"
#include "virtual/random.h"

#include <string.h>

enum { EVEN = 2, MODE_SLOW = 1 << 3 };
enum {
    CSE_PERIOD_US = 55100 /* it takes 55.0 ms on the line */,
    THINKING_US = 2000,
    VALUE_MAX = 0xFFFFFF
};
enum { WRITE_BL0942 = 0xA8, WRITE_BL0940 = 0xA0, WRITE_RN8209 = 0x80 };
enum { CSE_VOLTAGE_COEFFICIENT = 195800, CSE_CURRENT_COEFFICIENT = 16690 };
enum { CSE_POWER_COEFFICIENT = 5471000, CSE_CYCLE_MOST = 10000000 };
#define CYCLE_S      0.02 /* of the mains */
#define CSE_LEAST_A  0.03 /* below, the chip tells no current */
#define RN_REFRESH_S (1 / 3.495)
#define RN_QUICK_S   (1 / 13.982)
/* The fast current is neither filtered nor averaged: a reading is off by 2 % rms, and by 10 mA. By
 * the datasheets it shows 0.363 of what the slow register shows. */
#define FAST_RATIO   0.363
#define FAST_NOISE   0.02
#define FAST_NOISE_A 0.01

/* Raw units per V, A, W; joules per count of the energy counter; microseconds a byte takes; seconds
 * over which registers and fast current average, and the parity of the line. */
static const struct {
    const char *name;
    double per_v, per_a, per_w, joules;
    uint32_t byte_us;
    double refresh_s, fast_s;
    uint8_t parity;
} kinds[UART_KINDS] = {
    [UART_BL0942] = {"BL0942", 15188, 251210, 598, 1638.4 * 256 / 598, 2083, 0.4, CYCLE_S, 0},
    [UART_BL0940] = {"BL0940", 33000, 275000, 1430, 1638.4 * 256 / 1430, 2083, 0.4, CYCLE_S, 0},
    [UART_CSE7766] = {"CSE7766", 1 / 1.94034719, 1, 1 / 1.88214409,
                      CSE_POWER_COEFFICIENT * 1e-6 * 1.88214409, 2292, CYCLE_S, CYCLE_S, EVEN},
    [UART_RN8209] = {"RN8209", 8810, 57000, 71572.72, 1, 2292, RN_REFRESH_S, CYCLE_S, EVEN},
};

const char *uart_chip_name(enum uart_chip_kind kind) {
    return kinds[kind].name;
}

void uart_chip_init(struct uart_chip *c, enum uart_chip_kind kind, uint64_t seed) {
    *c = (struct uart_chip){
        .kind = (uint8_t)kind,
        .random = seed,
        .registers = {.refresh_s = kinds[kind].refresh_s, .fast_s = kinds[kind].fast_s},
        .fast_ratio = FAST_RATIO,
        .fast_noise = FAST_NOISE,
        .parity = kinds[kind].parity};
}

/* In the chip's own units: what a coefficient divided by the cycle gives. */
static void run_periods(struct uart_chip *c, double seconds) {
    const struct chip_registers *r = &c->registers;
    double amps = r->amps < CSE_LEAST_A ? 0 : r->amps;
    const double hz[3] = {r->volts * kinds[c->kind].per_v * 1e6 / CSE_VOLTAGE_COEFFICIENT,
                          amps * kinds[c->kind].per_a * 1e6 / CSE_CURRENT_COEFFICIENT,
                          r->watts * kinds[c->kind].per_w * 1e6 / CSE_POWER_COEFFICIENT};
    for (int i = 0; i < 3; i++)
        chip_period_run(&c->period[i], hz[i], seconds);
}

void uart_chip_feed(struct uart_chip *c, double volts, double amps, double watts, double hz,
                    double seconds) {
    double w = watts * (1 + c->w_off);
    c->counter += (w < 0 ? -w : w) * seconds / kinds[c->kind].joules;
    chip_registers_feed(&c->registers, volts * (1 + c->v_off), amps * (1 + c->a_off), w, hz,
                        seconds);
    if (c->kind == UART_CSE7766)
        run_periods(c, seconds);
}

/* Only the registers that change the pace of others matter here. */
static void take_write(struct uart_chip *c, const uint8_t frame[BL0942_WRITE]) {
    static const double cycles[] = {0.5, 1, 2, 4};
    struct chip_registers *r = &c->registers;
    if (c->kind == UART_BL0942 && frame[1] == BL0942_MODE)
        r->refresh_s = frame[2] & MODE_SLOW ? 0.8 : 0.4;
    else if (c->kind == UART_BL0942 && frame[1] == BL0942_FAST_CYCLES)
        r->fast_s = CYCLE_S * (frame[2] < 4 ? cycles[frame[2]] : 8);
    else if (c->kind == UART_BL0940 && frame[1] == BL0940_FAST_CONTROL)
        r->fast_s = frame[3] & 0x80 ? CYCLE_S : CYCLE_S / 2;
}

static void say(struct uart_chip *c, const uint8_t *data, size_t size, uint64_t now_us) {
    uint64_t at = c->line_free_us > now_us ? c->line_free_us : now_us;
    for (size_t i = 0; i < size && c->waiting < UART_CHIP_QUEUE; i++) {
        unsigned slot = (unsigned)(c->first + c->waiting++) % UART_CHIP_QUEUE;
        at += kinds[c->kind].byte_us;
        c->queue[slot] = data[i];
        c->queue_us[slot] = at;
    }
    c->line_free_us = at;
}

static uint32_t raw(double value, double per_unit) {
    double r = value * per_unit + 0.5;
    return r <= 0 ? 0 : r >= VALUE_MAX ? VALUE_MAX : (uint32_t)r;
}

static int32_t raw_signed(double value, double per_unit) {
    return value < 0 ? -(int32_t)raw(-value, per_unit) : (int32_t)raw(value, per_unit);
}

static uint32_t fast_raw(struct uart_chip *c) {
    double amps = c->registers.fast_amps * (1 + c->fast_noise * pulse_noise(&c->random)) +
                  (c->fast_noise > 0 ? FAST_NOISE_A * pulse_noise(&c->random) : 0);
    return raw(amps < 0 ? -amps : amps, kinds[c->kind].per_a * c->fast_ratio);
}

static void say_bl0942(struct uart_chip *c, uint64_t now_us) {
    uint8_t packet[BL0942_PACKET];
    const struct chip_registers *r = &c->registers;
    struct bl0942_packet p = {.current = raw(r->amps, kinds[c->kind].per_a),
                              .voltage = raw(r->volts, kinds[c->kind].per_v),
                              .fast_current = fast_raw(c),
                              .power = raw_signed(r->watts, kinds[c->kind].per_w),
                              .pulses = (uint32_t)((uint64_t)c->counter & VALUE_MAX),
                              .period = (uint16_t)(r->hz > 20 ? 1e6 / r->hz + 0.5 : 0)};
    bl0942_encode(&p, packet);
    say(c, packet, sizeof packet, now_us);
}

static void say_bl0940(struct uart_chip *c, uint64_t now_us) {
    uint8_t packet[BL0940_PACKET];
    const struct chip_registers *r = &c->registers;
    struct bl0940_packet p = {.current = raw(r->amps, kinds[c->kind].per_a),
                              .voltage = raw(r->volts, kinds[c->kind].per_v),
                              .fast_current = fast_raw(c),
                              .power = raw_signed(r->watts, kinds[c->kind].per_w),
                              .pulses = (uint32_t)((uint64_t)c->counter & VALUE_MAX),
                              .temperature = 510};
    bl0940_encode(&p, packet);
    say(c, packet, sizeof packet, now_us);
}

static void say_register(struct uart_chip *c, uint8_t command, uint8_t reg, uint32_t value,
                         uint64_t now_us) {
    uint8_t reply[BELLING_REPLY];
    size_t size = belling_reply_encode(command, reg, value, reply);
    say(c, reply, size, now_us);
}

/* The packet, or one register; of those only the fast current is asked for. */
static void say_belling(struct uart_chip *c, uint8_t command, uint8_t reg, uint64_t now_us) {
    bool bl0942 = c->kind == UART_BL0942;
    if (reg == BL0942_ALL && bl0942)
        say_bl0942(c, now_us);
    else if (reg == BL0940_ALL)
        say_bl0940(c, now_us);
    else if (reg == (bl0942 ? BL0942_FAST_CURRENT : BL0940_FAST_CURRENT))
        say_register(c, command, reg, fast_raw(c), now_us);
}

/* A cycle in µs; one that runs longer than the chip counts is "over its range". */
static uint32_t cycle(const struct chip_period *p, uint8_t valid, uint8_t over, uint8_t *adjust,
                      uint8_t *state) {
    bool running;
    double us = chip_period_told(p, &running) * 1e6;
    *adjust |= running ? 0 : valid;
    if (us > 0 && us < CSE_CYCLE_MOST)
        return (uint32_t)(us + 0.5);
    *state |= over;
    return CSE_CYCLE_MOST;
}

static void say_cse7766(struct uart_chip *c, uint64_t now_us) {
    uint8_t packet[CSE7766_PACKET], over = 0, adjust = 1;
    uint8_t ignored = 0; /* without load only the power says so */
    struct cse7766_packet p = {.voltage_coefficient = CSE_VOLTAGE_COEFFICIENT,
                               .current_coefficient = CSE_CURRENT_COEFFICIENT,
                               .power_coefficient = CSE_POWER_COEFFICIENT,
                               .pulses = (uint16_t)((uint64_t)c->counter & 0xFFFF)};
    p.voltage_cycle =
        cycle(&c->period[0], CSE7766_VOLTAGE_VALID, CSE7766_VOLTAGE_OVER, &adjust, &over);
    p.current_cycle = cycle(&c->period[1], CSE7766_CURRENT_VALID, 0, &adjust, &ignored);
    p.power_cycle = cycle(&c->period[2], CSE7766_POWER_VALID, CSE7766_POWER_OVER, &adjust, &over);
    p.adjust = adjust;
    p.state = over ? (uint8_t)(0xF0 | over) : 0x55;
    cse7766_encode(&p, packet);
    say(c, packet, sizeof packet, now_us);
}

static int32_t rn8209_value(const struct uart_chip *c, uint8_t reg) {
    const struct chip_registers *r = &c->registers;
    switch (reg) {
    case RN8209_VOLTAGE:
        return (int32_t)raw(r->volts, kinds[c->kind].per_v);
    case RN8209_CURRENT_A:
        return (int32_t)raw(r->amps, kinds[c->kind].per_a);
    case RN8209_POWER_A:
        return (int32_t)(r->watts * kinds[c->kind].per_w);
    case RN8209_FREQUENCY:
        return (int32_t)(r->hz > 20 ? 3579545.0 / 8 / r->hz + 0.5 : 0);
    case RN8209_CONTROL_2:
        return c->control;
    case RN8209_ID:
        return 0x820900;
    default:
        return 0;
    }
}

/* Commands and writes of registers; returns how many bytes were used. */
static size_t obey_rn8209(struct uart_chip *c, uint64_t now_us) {
    const uint8_t *h = c->heard;
    uint8_t reply[RN8209_REPLY_MAX], reg = h[0] & (uint8_t)~WRITE_RN8209;
    size_t data = reg == RN8209_COMMAND ? 1 : rn8209_size(reg);
    if (!(h[0] & WRITE_RN8209)) {
        size_t size = rn8209_encode(reg, rn8209_value(c, reg), reply);
        say(c, reply, size, now_us);
        return 1;
    }
    if (c->heard_count < data + 2)
        return 0;
    if (reg == RN8209_COMMAND && (h[1] == RN8209_UNLOCK || h[1] == RN8209_LOCK))
        c->unlocked = h[1] == RN8209_UNLOCK;
    if (reg == RN8209_CONTROL_2 && c->unlocked && !c->keeps_pace) {
        c->control = (uint16_t)(h[1] << 8 | h[2]);
        c->registers.refresh_s = c->control & RN8209_QUICK ? RN_QUICK_S : RN_REFRESH_S;
    }
    return data + 2;
}

/* Complete commands answer; writes are taken silently. Returns how many bytes were used. */
static size_t obey(struct uart_chip *c, uint64_t now_us) {
    const uint8_t *h = c->heard;
    size_t n = c->heard_count;
    bool bl0942 = c->kind == UART_BL0942;
    if (c->kind == UART_RN8209)
        return obey_rn8209(c, now_us);
    if (h[0] == (bl0942 ? WRITE_BL0942 : WRITE_BL0940)) {
        if (n < BL0942_WRITE)
            return 0;
        take_write(c, h);
        return BL0942_WRITE;
    }
    if (h[0] != (bl0942 ? BL0942_READ : BL0940_READ))
        return 1;
    if (n < BELLING_ASK)
        return 0;
    say_belling(c, h[0], h[1], now_us);
    return BELLING_ASK;
}

void uart_chip_hear(struct uart_chip *c, const uint8_t *data, size_t size, uint64_t now_us) {
    if (c->kind == UART_CSE7766 || c->silent)
        return;
    for (size_t i = 0; i < size; i++) {
        c->heard[c->heard_count++] = data[i];
        for (size_t used = 1; c->heard_count && used;) {
            used = obey(c, now_us + THINKING_US);
            memmove(c->heard, c->heard + used, c->heard_count - used);
            c->heard_count = (uint8_t)(c->heard_count - used);
        }
        if (c->heard_count == sizeof c->heard)
            c->heard_count = 0;
    }
}

void uart_chip_run(struct uart_chip *c, uint64_t now_us) {
    if (c->kind != UART_CSE7766 || now_us < c->talk_us)
        return;
    c->talk_us = (c->talk_us ? c->talk_us : now_us) + CSE_PERIOD_US;
    if (c->talk_us + CSE_PERIOD_US < now_us)
        c->talk_us = now_us; /* time was skipped */
    if (!c->silent)
        say_cse7766(c, now_us);
}

bool uart_chip_byte(struct uart_chip *c, uint64_t now_us, uint8_t *byte, uint64_t *at_us) {
    while (c->waiting && c->queue_us[c->first] <= now_us) {
        *byte = c->queue[c->first];
        *at_us = c->queue_us[c->first];
        c->first = (uint8_t)((c->first + 1) % UART_CHIP_QUEUE);
        c->waiting--;
        c->sent++;
        if (random_chance(&c->random, c->drop)) {
            c->spoilt++;
            continue;
        }
        if (random_chance(&c->random, c->corrupt)) {
            *byte ^= (uint8_t)(1u << random_next(&c->random) % 8);
            c->spoilt++;
        }
        return true;
    }
    return false;
}
