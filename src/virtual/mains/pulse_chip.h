/* BL0937, HLW8012 and CSE7759 in software: voltage, current and power in, falling edges of CF and
 * CF1 out, at exact times. Each period jitters by itself; after SEL changed the frequency of CF1
 * glides from the one quantity to the other; below the creeping threshold CF rests.
 * Source: Belling BL0937 datasheet V1.01 (transfer functions, jitter), HLW8012 datasheet. */
#ifndef VIRTUAL_PULSE_CHIP_H
#define VIRTUAL_PULSE_CHIP_H
#include <stdbool.h>
#include <stdint.h>

/* The parts around the chip; tolerances are fractions of 1. */
struct pulse_parts {
    double shunt_mohm, divider;                 /* divider: (upper + lower) / lower */
    double power_off, current_off, voltage_off; /* how far this specimen is off its formulas */
    bool hlw8012;
};

struct pulse_train {
    double hz;   /* now */
    double left; /* of the period that runs, in periods */
    uint64_t pulses;
};

struct pulse_chip {
    double hz_per_w, hz_per_a, hz_per_v; /* this specimen */
    double jitter;                       /* rms, of one period */
    double creep_w;
    double settle_s; /* time constant of CF1 after SEL changed */
    uint64_t random;
    bool on_voltage;
    double turned_s, glide_hz; /* when SEL changed, and from which frequency */
    struct pulse_train cf, cf1;
};

void pulse_chip_init(struct pulse_chip *c, const struct pulse_parts *parts, uint64_t seed);
/* A specimen with exactly these factors (W, A, V per Hz). */
void pulse_chip_factors(struct pulse_chip *c, double w_per_hz, double a_per_hz, double v_per_hz);
/* SEL: true asks for voltage. */
void pulse_chip_select(struct pulse_chip *c, bool voltage, double now_s);
/* Puts in what flows from `now_s` on. */
void pulse_chip_feed(struct pulse_chip *c, double volts, double amps, double watts, double now_s);
/* The next edge before `end_s`: returns true with its time and whether it is CF's; false when there
 * is none, and then the trains have moved on to end_s. Call until false. */
bool pulse_chip_next(struct pulse_chip *c, double *now_s, double end_s, bool *is_cf);
/* A normally distributed number, mean 0, deviation 1. */
double pulse_noise(uint64_t *random);
#endif
