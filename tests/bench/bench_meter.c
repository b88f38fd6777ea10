/* How well the pulse meter measures: rms and worst error of a reading each second, and how long a
 * step takes to show, on the edges of the modelled BL0937 (0.2 % jitter of each period, 0 … 20 µs
 * until the interrupt), next to counting the same edges for one second as other firmware does. The
 * power is drawn within 5 % of the nominal one. A step (from half the power to all of it) counts
 * as seen when the reading is within 5 % of the new power.
 *
 * Then protection, with every chip and the whole plug in virtual time: how long twice the limit
 * flows until the relay opens, and how many starts of motors trip it.
 * usage: bench_meter [SEED [W_PER_HZ [JITTER]]]: another draw, another board (0.95 … 2.1), another
 * chip (0.003). */
#include "device/meter/pulse_rate.h"
#include "virtual/mains/pulse_chip.h"
#include "virtual/random.h"

#include "../unit/device/protected_plug.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define VOLTS 230.0
enum { RUNS = 8, TICK_US = 2000, TRIALS = 100, STARTS = 1000 };

struct errors {
    double squares, worst;
    unsigned count;
};

static void note(struct errors *e, double measured, double truth) {
    double error = 100 * fabs(measured / truth - 1);
    e->squares += error * error;
    e->worst = error > e->worst ? error : e->worst;
    e->count++;
}

static double rms(const struct errors *e) {
    return sqrt(e->squares / e->count);
}

static double drawn(uint64_t *random) {
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

struct bench {
    struct pulse_chip chip;
    struct pulse_rate rate;
    uint64_t random, pulses, step_us;
    double now_s;
};

static struct {
    uint64_t seed;
    double w_per_hz, jitter;
} conditions = {0, 1.5, 0.002};

static void begin(struct bench *b, enum pulse_mode mode, uint32_t step_us, uint64_t seed) {
    const struct pulse_parts parts = {.shunt_mohm = 1, .divider = 1651};
    *b = (struct bench){.random = seed, .step_us = step_us};
    pulse_chip_init(&b->chip, &parts, seed);
    pulse_chip_factors(&b->chip, conditions.w_per_hz, 0.0118577075, 0.13253012048);
    b->chip.jitter = conditions.jitter;
    pulse_rate_start(&b->rate, mode, step_us);
}

static void run(struct bench *b, double watts, double factor, double until_s) {
    bool is_cf;
    pulse_chip_feed(&b->chip, VOLTS, watts / VOLTS / factor, watts, b->now_s);
    while (pulse_chip_next(&b->chip, &b->now_s, until_s, &is_cf)) {
        uint64_t us = (uint64_t)((b->now_s + 20e-6 * drawn(&b->random)) * 1e6);
        if (is_cf && pulse_rate_edge(&b->rate, us / b->step_us * b->step_us))
            b->pulses++;
    }
}

static double reading(const struct bench *b) {
    return conditions.w_per_hz * (double)pulse_rate_read(&b->rate, (uint64_t)(b->now_s * 1e6));
}

static void steady(double watts, double factor, enum pulse_mode mode, uint32_t step_us,
                   struct errors *ours, struct errors *counted) {
    double seconds = watts < 5 ? 400 : 90, settle = watts < 5 ? 40 : 20;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct bench b;
        begin(&b, mode, step_us, seed * 7919 + conditions.seed);
        double p = watts * (0.95 + 0.1 * drawn(&b.random));
        run(&b, p, factor, settle);
        for (double t = settle + 1; t <= seconds; t++) {
            uint64_t before = b.pulses;
            run(&b, p, factor, t);
            note(ours, reading(&b), p);
            note(counted, conditions.w_per_hz * (double)(b.pulses - before), p);
        }
    }
}

/* Seconds and pulses until a step from half the power shows; the worst of the runs. */
static double step(double watts, enum pulse_mode mode, uint32_t step_us, unsigned *pulses) {
    double worst = 0;
    *pulses = 0;
    for (uint64_t seed = 1; seed <= RUNS * 2; seed++) {
        struct bench b;
        begin(&b, mode, step_us, seed * 104729 + conditions.seed);
        double at = 40 + drawn(&b.random) * 3, t = at;
        run(&b, watts / 2, 1, at);
        uint64_t before = b.pulses;
        while (t < at + 60 && fabs(reading(&b) / watts - 1) > 0.05)
            run(&b, watts, 1, t += 0.01);
        worst = t - at > worst ? t - at : worst;
        *pulses = b.pulses - before > *pulses ? (unsigned)(b.pulses - before) : *pulses;
    }
    return worst;
}

static void row(double watts, double factor, uint32_t step_us) {
    struct errors e[PULSE_MODES] = {{0}}, counted = {0}, ignored = {0};
    unsigned pulses;
    for (int mode = 0; mode < PULSE_MODES; mode++)
        steady(watts, factor, (enum pulse_mode)mode, step_us, &e[mode],
               mode == PULSE_BALANCED ? &counted : &ignored);
    double seen = step(watts, PULSE_BALANCED, step_us, &pulses);
    const struct errors *b = &e[PULSE_BALANCED];
    printf("%6.1f W %4.1f %5s  %7.3f %7.3f  %7.3f  %7.3f  %8.3f %8.3f  %6.0f x  %5.2f s %3u\n",
           watts, factor, step_us > 1 ? "2 ms" : "1 us", rms(b), b->worst, rms(&e[PULSE_FAST]),
           rms(&e[PULSE_PRECISE]), rms(&counted), counted.worst, rms(&counted) / rms(b), seen,
           pulses);
}

static void protection(void) {
    printf("\nprotection at twice the limit (goal: 300 ms, no motor trips)\n"
           "    chip  trips     worst      mean  motor starts  tripped\n");
    for (unsigned chip = 0; chip < METERING_CHIPS; chip++) {
        struct trip_times t = {0};
        char load[64];
        for (unsigned i = 0; i < OVERLOADS; i++)
            trip_trials(metering_chips[chip], &overloads[i], TRIALS, &t);
        printf("%8s  %5u  %5d ms  %5d ms  %12u  %7u\n", metering_chips[chip], t.trials - t.bad,
               t.worst, t.sum / (int)t.trials, STARTS,
               motor_trips(metering_chips[chip], STARTS, load));
    }
}

int main(int argc, char **argv) {
    static const double watts[] = {0.5, 1, 2, 5, 20, 60, 500, 2300, 3680};
    conditions.seed = argc > 1 ? strtoull(argv[1], NULL, 0) : conditions.seed;
    conditions.w_per_hz = argc > 2 ? strtod(argv[2], NULL) : conditions.w_per_hz;
    conditions.jitter = argc > 3 ? strtod(argv[3], NULL) : conditions.jitter;
    printf(
        "pulse meter: error of a reading in %% of the truth (goal: rms 0.25 at 1 W, 0.05 from 60 "
        "W)\n"
        "   power   pf stamps  balanced        fast  precise   counting 1 s         ratio   step "
        "seen\n"
        "                      rms   worst      rms      rms      rms    worst   of rms  after "
        "pulses\n");
    for (int ticks = 0; ticks < 2; ticks++)
        for (int factor = 0; factor < 2; factor++)
            for (unsigned i = 0; i < sizeof watts / sizeof *watts; i++)
                row(watts[i], factor ? 0.5 : 1, ticks ? TICK_US : 1);
    protection();
    return 0;
}
