/* Registers, packets and the line; see uart_chip.h. Specimens fit the factors that firmware uses
 * until it is calibrated. */
#include "virtual/mains/uart_chip.h"

#include "codec/meter/bl0940.h"
#include "codec/meter/bl0942.h"
#include "codec/meter/cse7766.h"
#include "codec/meter/rn8209.h"
#include "virtual/random.h"

#include <string.h>

enum { EVEN = 2, MODE_SLOW = 1 << 3 };
enum { CSE_PERIOD_US = 55000, THINKING_US = 2000, VALUE_MAX = 0xFFFFFF };
enum { READ_BL0942 = 0x58, WRITE_BL0942 = 0xA8, READ_BL0940 = 0x50, WRITE_BL0940 = 0xA0 };
enum { CSE_VOLTAGE_COEFFICIENT = 195800, CSE_CURRENT_COEFFICIENT = 16690 };
enum { CSE_POWER_COEFFICIENT = 5471000, CSE_CYCLE_MOST = 10000000 };

/* Raw units per V, A, W; joules per count of the energy counter; microseconds a byte takes; seconds
 * over which the registers average, and the parity of the line. */
static const struct {
    const char *name;
    double per_v, per_a, per_w, joules;
    uint32_t byte_us;
    double refresh_s;
    uint8_t parity;
} kinds[UART_KINDS] = {
    [UART_BL0942] = {"BL0942", 15188, 251210, 598, 1638.4 * 256 / 598, 2083, 0.4, 0},
    [UART_BL0940] = {"BL0940", 33000, 275000, 1430, 1638.4 * 256 / 1430, 2083, 0.4, 0},
    [UART_CSE7766] = {"CSE7766", 1 / 1.94034719, 1, 1 / 1.88214409,
                      CSE_POWER_COEFFICIENT * 1e-6 * 1.88214409, 2292, 0, EVEN},
    [UART_RN8209] = {"RN8209", 8810, 57000, 71572.72, 1, 2292, 0, EVEN},
};

const char *uart_chip_name(enum uart_chip_kind kind) {
    return kinds[kind].name;
}

void uart_chip_init(struct uart_chip *c, enum uart_chip_kind kind, uint64_t seed) {
    *c = (struct uart_chip){.kind = (uint8_t)kind,
                            .random = seed,
                            .refresh_s = kinds[kind].refresh_s,
                            .parity = kinds[kind].parity};
}

void uart_chip_feed(struct uart_chip *c, double volts, double amps, double watts, double hz,
                    double seconds) {
    double w = watts * (1 + c->w_off);
    c->hz = hz;
    c->counter += (w < 0 ? -w : w) * seconds / kinds[c->kind].joules;
    c->sum.volts += volts * (1 + c->v_off) * seconds;
    c->sum.amps += amps * (1 + c->a_off) * seconds;
    c->sum.watts += w * seconds;
    c->sum.seconds += seconds;
    if (c->sum.seconds <= 0 || c->sum.seconds < c->refresh_s)
        return;
    c->volts = c->sum.volts / c->sum.seconds;
    c->amps = c->sum.amps / c->sum.seconds;
    c->watts = c->sum.watts / c->sum.seconds;
    memset(&c->sum, 0, sizeof c->sum);
}

/* Only the register that changes the pace of the others matters here. */
static void take_write(struct uart_chip *c, const uint8_t frame[BL0942_WRITE]) {
    if (c->kind == UART_BL0942 && frame[1] == BL0942_MODE)
        c->refresh_s = frame[2] & MODE_SLOW ? 0.8 : 0.4;
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

static void say_bl0942(struct uart_chip *c, uint64_t now_us) {
    uint8_t packet[BL0942_PACKET];
    struct bl0942_packet p = {.current = raw(c->amps, kinds[c->kind].per_a),
                              .voltage = raw(c->volts, kinds[c->kind].per_v),
                              .power = raw_signed(c->watts, kinds[c->kind].per_w),
                              .pulses = (uint32_t)((uint64_t)c->counter & VALUE_MAX),
                              .period = (uint16_t)(c->hz > 20 ? 1e6 / c->hz + 0.5 : 0)};
    bl0942_encode(&p, packet);
    say(c, packet, sizeof packet, now_us);
}

static void say_bl0940(struct uart_chip *c, uint64_t now_us) {
    uint8_t packet[BL0940_PACKET];
    struct bl0940_packet p = {.current = raw(c->amps, kinds[c->kind].per_a),
                              .voltage = raw(c->volts, kinds[c->kind].per_v),
                              .power = raw_signed(c->watts, kinds[c->kind].per_w),
                              .pulses = (uint32_t)((uint64_t)c->counter & VALUE_MAX),
                              .temperature = 510};
    bl0940_encode(&p, packet);
    say(c, packet, sizeof packet, now_us);
}

/* A cycle is coefficient / value; a value near 0 is "over its range". */
static uint32_t cycle(double coefficient, double value, uint8_t over, uint8_t *state) {
    if (value > 0 && coefficient / value < CSE_CYCLE_MOST)
        return (uint32_t)(coefficient / value + 0.5);
    *state |= over;
    return CSE_CYCLE_MOST;
}

static void say_cse7766(struct uart_chip *c, uint64_t now_us) {
    uint8_t packet[CSE7766_PACKET], over = 0;
    struct cse7766_packet p = {.voltage_coefficient = CSE_VOLTAGE_COEFFICIENT,
                               .current_coefficient = CSE_CURRENT_COEFFICIENT,
                               .power_coefficient = CSE_POWER_COEFFICIENT,
                               .adjust = 0x71,
                               .pulses = (uint16_t)((uint64_t)c->counter & 0xFFFF)};
    const double w = c->watts * kinds[c->kind].per_w;
    p.voltage_cycle = cycle(CSE_VOLTAGE_COEFFICIENT, c->volts * kinds[c->kind].per_v,
                            CSE7766_VOLTAGE_OVER, &over);
    uint8_t ignored = 0; /* without load only the power says so */
    p.current_cycle = cycle(CSE_CURRENT_COEFFICIENT, c->amps * kinds[c->kind].per_a, 0, &ignored);
    p.power_cycle = cycle(CSE_POWER_COEFFICIENT, w, CSE7766_POWER_OVER, &over);
    p.state = over ? (uint8_t)(0xF0 | over) : 0x55;
    cse7766_encode(&p, packet);
    say(c, packet, sizeof packet, now_us);
}

static void say_rn8209(struct uart_chip *c, uint8_t reg, uint64_t now_us) {
    uint8_t reply[RN8209_REPLY_MAX];
    int32_t value = 0;
    if (reg == RN8209_VOLTAGE)
        value = (int32_t)raw(c->volts, kinds[c->kind].per_v);
    else if (reg == RN8209_CURRENT_A)
        value = (int32_t)raw(c->amps, kinds[c->kind].per_a);
    else if (reg == RN8209_POWER_A)
        value = (int32_t)(c->watts * kinds[c->kind].per_w);
    else if (reg == RN8209_FREQUENCY)
        value = (int32_t)(c->hz > 20 ? 3579545.0 / 8 / c->hz + 0.5 : 0);
    else if (reg == RN8209_ID)
        value = 0x820900;
    size_t size = rn8209_encode(reg, value, reply);
    say(c, reply, size, now_us);
}

/* Complete commands answer; writes are taken silently. Returns how many bytes were used. */
static size_t obey(struct uart_chip *c, uint64_t now_us) {
    const uint8_t *h = c->heard;
    size_t n = c->heard_count;
    bool bl0942 = c->kind == UART_BL0942;
    if (c->kind == UART_RN8209) {
        if (h[0] & 0x80)
            return n >= 3 ? 3 : 0;
        say_rn8209(c, h[0], now_us);
        return 1;
    }
    if (h[0] == (bl0942 ? WRITE_BL0942 : WRITE_BL0940)) {
        if (n < BL0942_WRITE)
            return 0;
        take_write(c, h);
        return BL0942_WRITE;
    }
    if (h[0] != (bl0942 ? READ_BL0942 : READ_BL0940))
        return 1;
    if (n < 2)
        return 0;
    if (h[1] == BL0942_ALL && bl0942)
        say_bl0942(c, now_us);
    else if (h[1] == BL0942_ALL)
        say_bl0940(c, now_us);
    return 2;
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
