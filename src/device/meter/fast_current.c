/* Ratio, power factor and what they say of a moment; see fast_current.h. */
#include "device/meter/fast_current.h"

#include <math.h>
#include <string.h>

enum { CALM = 4 /* packets: longer than a refresh */, WEIGHT = 16 };
#define DATASHEET_RATIO 0.363f
#define RATIO_LEAST     0.1f /* beyond, the register is something else */
#define RATIO_MOST      1.1f
#define LEAST_A         0.1f  /* below, the fast register's noise is too large to learn from */
#define SLOW_ALIKE      0.02f /* from packet to packet */
#define FAST_ALIKE      0.12f
#define AGREES          0.1f /* of the slow current, and */
#define AGREES_A        0.1f
#define FACTOR_LEAST    0.2f
enum { HINDSIGHT_PACKETS = 5 /* more than a second */, ALIKE = 2 /* of one refresh, at most */ };
#define REFRESH_S 0.4f  /* of the slow registers */
#define OPENING_S 0.04f /* until the relay has opened */
#define MARGIN    1.1f  /* by which the power factor may have been larger */

void fast_current_start(struct fast_current *f) {
    *f = (struct fast_current){.ratio = DATASHEET_RATIO};
}

static float clamped(float factor) {
    return factor > 1 ? 1 : factor < FACTOR_LEAST ? FACTOR_LEAST : factor;
}

static float factor_of(const struct slow_figures *slow) {
    float apparent = slow->volts * slow->amps;
    return apparent > 0 ? clamped(slow->watts / apparent) : 0;
}

static bool alike(float now, float before, float share) {
    return fabsf(now - before) <= share * before;
}

static void learn_ratio(struct fast_current *f, float ratio) {
    if (ratio < RATIO_LEAST || ratio > RATIO_MOST)
        f->ratio = 0;
    else
        f->ratio = f->ratio > 0 ? f->ratio + (ratio - f->ratio) / WEIGHT : ratio;
}

void fast_current_learn(struct fast_current *f, float raw_fast, const struct slow_figures *slow,
                        float matters_a) {
    bool same = alike(slow->raw_amps, f->before_slow, SLOW_ALIKE) &&
                alike(raw_fast, f->before_fast, FAST_ALIKE);
    f->before_slow = slow->raw_amps;
    f->before_fast = raw_fast;
    f->calm = !same ? 0 : f->calm < CALM ? (uint8_t)(f->calm + 1) : CALM;
    if (f->calm < CALM || slow->amps < LEAST_A || slow->raw_amps <= 0)
        return;
    learn_ratio(f, raw_fast / slow->raw_amps);
    if (matters_a <= 0 || slow->amps < matters_a || slow->volts <= 0)
        return;
    f->factor = factor_of(slow);
}

void fast_current_tripped(struct fast_current *f, bool estimated, const struct slow_figures *slow) {
    if (!estimated) {
        f->factor = factor_of(slow);
        return;
    }
    memset(&f->hindsight, 0, sizeof f->hindsight);
    f->hindsight.packets = HINDSIGHT_PACKETS;
    f->hindsight.seconds = f->seconds + OPENING_S;
}

/* Over a refresh power is averaged, and so is the square of the current: from the sums of both and
 * the time for which something flowed follows what it was. Two equal packets tell of one refresh.
 */
void fast_current_hindsight(struct fast_current *f, const struct slow_figures *slow) {
    if (!f->hindsight.packets)
        return;
    bool same = fabsf(slow->amps - f->hindsight.last_amps) <= 0;
    f->hindsight.alike = same && f->hindsight.alike < ALIKE ? f->hindsight.alike + 1 : 1;
    f->hindsight.last_amps = slow->amps;
    if (f->hindsight.alike == 1) {
        f->hindsight.watts += slow->watts;
        f->hindsight.amps2 += slow->amps * slow->amps;
    }
    if (--f->hindsight.packets || f->hindsight.amps2 <= 0 || slow->volts <= 0)
        return;
    float apparent = slow->volts * sqrtf(f->hindsight.amps2);
    float part = sqrtf(REFRESH_S / f->hindsight.seconds);
    f->factor = clamped(MARGIN * part * f->hindsight.watts / apparent);
}

float fast_current_scaled(const struct fast_current *f, float raw_fast) {
    return f->ratio > 0 ? raw_fast / f->ratio : 0;
}

void fast_current_moment(const struct fast_current *f, float amps, const struct slow_figures *slow,
                         struct load_moment *out) {
    float factor = f->factor > 0 ? f->factor : 1;
    out->estimated = f->ratio > 0 && fabsf(amps - slow->amps) > AGREES * slow->amps + AGREES_A;
    out->amps = out->estimated ? amps : slow->amps;
    out->watts = out->estimated ? slow->volts * amps * factor : slow->watts;
}
