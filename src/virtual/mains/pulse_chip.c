/* Transfer functions and edges; see pulse_chip.h. */
#include "virtual/mains/pulse_chip.h"

#include "virtual/random.h"

#include <math.h>

#define BL0937_VREF  1.218
#define HLW8012_VREF 2.43
#define HLW8012_FOSC 3.579e6
#define JITTER       0.002
#define CREEP_W      0.1
#define SETTLE_S     0.08
#define PI           3.14159265358979323846

static double uniform(uint64_t *random) {
    return ((double)(random_next(random) >> 11) + 0.5) * 0x1p-53;
}

double pulse_noise(uint64_t *random) {
    return sqrt(-2 * log(uniform(random))) * cos(2 * PI * uniform(random));
}

static void ready(struct pulse_chip *c, uint64_t seed) {
    c->jitter = JITTER;
    c->creep_w = CREEP_W;
    c->settle_s = SETTLE_S;
    c->random = seed;
    c->turned_s = -1e9;
    c->cf.left = uniform(&c->random);
    c->cf1.left = uniform(&c->random);
}

void pulse_chip_init(struct pulse_chip *c, const struct pulse_parts *p, uint64_t seed) {
    *c = (struct pulse_chip){.hz_per_w = 0};
    double shunt = p->shunt_mohm * 1e-3;
    if (p->hlw8012) {
        double per = HLW8012_VREF;
        c->hz_per_w = 48 * shunt / p->divider / (per * per) * HLW8012_FOSC / 128;
        c->hz_per_a = 24 * shunt / per * HLW8012_FOSC / 512;
        c->hz_per_v = 2 / p->divider / per * HLW8012_FOSC / 512;
    } else {
        c->hz_per_w = 1721506 * shunt / p->divider / (BL0937_VREF * BL0937_VREF);
        c->hz_per_a = 94638 * shunt / BL0937_VREF;
        c->hz_per_v = 15397 / p->divider / BL0937_VREF;
    }
    c->hz_per_w *= 1 + p->power_off;
    c->hz_per_a *= 1 + p->current_off;
    c->hz_per_v *= 1 + p->voltage_off;
    ready(c, seed);
}

void pulse_chip_factors(struct pulse_chip *c, double w_per_hz, double a_per_hz, double v_per_hz) {
    c->hz_per_w = 1 / w_per_hz;
    c->hz_per_a = 1 / a_per_hz;
    c->hz_per_v = 1 / v_per_hz;
}

void pulse_chip_select(struct pulse_chip *c, bool voltage, double now_s) {
    if (voltage == c->on_voltage)
        return;
    c->on_voltage = voltage;
    c->glide_hz = c->cf1.hz;
    c->turned_s = now_s;
}

void pulse_chip_feed(struct pulse_chip *c, double volts, double amps, double watts, double now_s) {
    double p = watts < 0 ? -watts : watts;
    c->cf.hz = p < c->creep_w ? 0 : p * c->hz_per_w;
    double target = c->on_voltage ? volts * c->hz_per_v : amps * c->hz_per_a;
    double since = now_s - c->turned_s;
    if (since < 12 * c->settle_s)
        target += (c->glide_hz - target) * exp(-since / c->settle_s);
    c->cf1.hz = target;
}

/* When the train's next edge comes, from now on; far away when there is none. */
static double until_edge(const struct pulse_train *t) {
    return t->hz > 1e-4 ? t->left / t->hz : 1e9;
}

static void move(struct pulse_train *t, double seconds) {
    t->left -= t->hz * seconds;
}

bool pulse_chip_next(struct pulse_chip *c, double *now_s, double end_s, bool *is_cf) {
    double a = until_edge(&c->cf), b = until_edge(&c->cf1), first = a < b ? a : b;
    if (*now_s + first >= end_s) {
        move(&c->cf, end_s - *now_s);
        move(&c->cf1, end_s - *now_s);
        *now_s = end_s;
        return false;
    }
    *is_cf = a <= b;
    move(&c->cf, first);
    move(&c->cf1, first);
    struct pulse_train *t = *is_cf ? &c->cf : &c->cf1;
    t->left = 1 + c->jitter * pulse_noise(&c->random);
    t->pulses++;
    *now_s += first;
    return true;
}
