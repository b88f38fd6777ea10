/* Windows and periods; see chip_registers.h. */
#include "virtual/mains/chip_registers.h"

#include <math.h>
#include <string.h>

#define ROUNDING_S 1e-9 /* of sums of steps */

static void feed_fast(struct chip_registers *r, double amps, double seconds) {
    r->fast.squares += amps * amps * seconds;
    r->fast.seconds += seconds;
    if (r->fast.seconds + ROUNDING_S < r->fast_s)
        return;
    r->fast_amps = sqrt(r->fast.squares / r->fast.seconds);
    memset(&r->fast, 0, sizeof r->fast);
}

void chip_registers_feed(struct chip_registers *r, double volts, double amps, double watts,
                         double hz, double seconds) {
    r->hz = hz;
    if (seconds <= 0)
        return;
    feed_fast(r, amps, seconds);
    r->sum.volts_squares += volts * volts * seconds;
    r->sum.amps_squares += amps * amps * seconds;
    r->sum.watts += watts * seconds;
    r->sum.seconds += seconds;
    if (r->sum.seconds + ROUNDING_S < r->refresh_s)
        return;
    r->volts = sqrt(r->sum.volts_squares / r->sum.seconds);
    r->amps = sqrt(r->sum.amps_squares / r->sum.seconds);
    r->watts = r->sum.watts / r->sum.seconds;
    memset(&r->sum, 0, sizeof r->sum);
}

void chip_period_run(struct chip_period *p, double hz, double seconds) {
    double pulses = p->phase + hz * seconds;
    if (!(pulses >= 1)) {
        p->phase = pulses;
        p->since_s += seconds;
        return;
    }
    p->last_s = pulses >= 2 ? 1 / hz : p->since_s + (1 - p->phase) / hz;
    p->phase = pulses - floor(pulses);
    p->since_s = p->phase / hz;
}

double chip_period_told(const struct chip_period *p, bool *running) {
    *running = p->since_s > p->last_s;
    return p->last_s <= 0 ? 0 : *running ? p->since_s : p->last_s;
}
