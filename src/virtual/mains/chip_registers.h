/* What the registers of a power meter show of what flows: voltage and current as root mean squares
 * and power as average over one refresh of the chip; the fast current over a cycle of the mains or
 * a few, without anything that smooths it; and quantities that are told as the period of a pulse
 * train, which is complete only when the next pulse has come. Source: Belling BL0942 and BL0940
 * datasheets (I_FAST_RMS), Chipsea CSE7766 datasheet. */
#ifndef VIRTUAL_CHIP_REGISTERS_H
#define VIRTUAL_CHIP_REGISTERS_H
#include <stdbool.h>

struct chip_registers {
    double volts, amps, watts, hz; /* as they are shown */
    double fast_amps;
    double refresh_s, fast_s; /* lengths of their windows; 0: at once */
    struct {
        double volts_squares, amps_squares, watts, seconds;
    } sum; /* of the refresh that is being measured */
    struct {
        double squares, seconds;
    } fast;
};

/* What flows, for `seconds`. */
void chip_registers_feed(struct chip_registers *r, double volts, double amps, double watts,
                         double hz, double seconds);

/* A pulse train whose period is told. */
struct chip_period {
    double phase;   /* of the period that runs, 0 … 1 */
    double since_s; /* since the last pulse */
    double last_s;  /* between the last two; 0: there were none */
};

/* `hz` pulses a second, for `seconds`. */
void chip_period_run(struct chip_period *p, double hz, double seconds);
/* Seconds: of the last period, or of the one that runs when that is longer already (`*running`).
 * 0: not known. */
double chip_period_told(const struct chip_period *p, bool *running);
#endif
