/* The fast current of Belling's chips: a register that is renewed every cycle of the mains, while
 * current and power are averages of 400 or 800 ms. Coarse, but enough to see an overload at once.
 *
 * Its scale against the slow register is learnt while the load keeps still; the start is the
 * datasheets' 0.363 (BL0942, BL0940: I_FAST_RMS by I_RMS). What power a current means is known only
 * by the power factor: until the slow registers have followed, that of the last load that mattered
 * is assumed, and 1 as long as there was none. So the power is at most voltage times current, and
 * marked as estimated. When an estimate has tripped, the slow registers tell afterwards what
 * flowed: a load that was within its limit stays on when it is switched on again. */
#ifndef DEVICE_METER_FAST_CURRENT_H
#define DEVICE_METER_FAST_CURRENT_H
#include "device/meter/protection.h"

struct fast_current {
    float ratio;  /* fast by slow, as the registers show them; 0: it cannot be used */
    float factor; /* power factor of the last load that mattered; 0: none so far */
    float before_fast, before_slow;
    uint8_t calm;  /* packets in a row that were alike */
    float seconds; /* for which it has told something else than the slow ones */
    struct {
        uint8_t packets; /* still to come */
        uint8_t alike;   /* in a row */
        float seconds;   /* for which current flowed */
        float watts, amps2, last_amps;
    } hindsight; /* sums over refreshes */
};

/* The slow registers. */
struct slow_figures {
    float raw_amps; /* as the register shows it */
    float volts, amps, watts;
};

void fast_current_start(struct fast_current *f);
/* A packet that holds both. Loads from `matters_a` on tell their power factor; 0: none does. */
void fast_current_learn(struct fast_current *f, float raw_fast, const struct slow_figures *slow,
                        float matters_a);
/* The fast register in units of the slow one. */
float fast_current_scaled(const struct fast_current *f, float raw_fast);
/* Protection has tripped: by an estimate, which hindsight will judge, or by what the slow registers
 * show. */
void fast_current_tripped(struct fast_current *f, bool estimated, const struct slow_figures *slow);
/* Each packet that comes then: the last one before included, as it may tell of the beginning. */
void fast_current_hindsight(struct fast_current *f, const struct slow_figures *slow);
/* What flows: by the slow registers when the fast one (`amps`) agrees with them, else by it. */
void fast_current_moment(const struct fast_current *f, float amps, const struct slow_figures *slow,
                         struct load_moment *out);
#endif
