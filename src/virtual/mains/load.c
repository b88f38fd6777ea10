/* What loads draw; see load.h. The figures of motors and chargers are round ones of household
 * appliances: a motor starts in about 0.4 s, a compressor in 0.3 s. */
#include "virtual/mains/load.h"

#include <math.h>
#include <stddef.h>

#define NOMINAL_V 230.0
#define START_S   0.15 /* the inrush falls to a third in this time */
#define TRICKLE   0.02 /* what a full charger still draws, of its power */

const struct load_step *load_step_at(const struct load_profile *p, uint64_t now_us) {
    const struct load_step *found = NULL;
    for (unsigned i = 0; i < p->steps && p->step[i].from_us <= now_us; i++)
        found = &p->step[i];
    return found;
}

const struct load_row *load_row_at(const struct load_profile *p, uint64_t now_us) {
    unsigned low = 0, high = p->rows;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (p->row[middle].from_us <= now_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &p->row[low - 1] : NULL;
}

static double inrush(const struct load_part *part, double since_s) {
    return since_s > 20 * START_S ? 1 : 1 + ((double)part->inrush - 1) * exp(-since_s / START_S);
}

static double taper(const struct load_part *part, double since_s) {
    double full = (double)part->taper_s;
    if (since_s <= full || full <= 0)
        return 1;
    double left = exp2(-(since_s - full) * 4 / full);
    return left > TRICKLE ? left : TRICKLE;
}

static double watts_of(const struct load_part *part, double volts, double since_s) {
    double watts = (double)part->watts, share = volts / NOMINAL_V;
    switch (part->kind) {
    case LOAD_HEATER:
        return watts * share * share;
    case LOAD_MOTOR:
        return watts * inrush(part, since_s);
    case LOAD_CHARGER:
        return watts * taper(part, since_s);
    case LOAD_FRIDGE: {
        double phase = fmod(since_s, (double)part->on_s + (double)part->off_s);
        return phase < (double)part->on_s ? watts * inrush(part, phase) : 0;
    }
    default:
        return watts;
    }
}

/* Currents of loads with different power factors add up by their active and reactive shares. */
void load_draw(const struct load_profile *p, const struct load_step *step, double volts,
               double powered_s, double *watts, double *amps) {
    double active = 0, reactive = 0;
    for (unsigned i = 0; i < step->count && volts > 0; i++) {
        const struct load_part *part = &p->part[step->first + i];
        double w = watts_of(part, volts, powered_s), pf = (double)part->power_factor;
        active += w;
        reactive += w * sqrt(1 / (pf * pf) - 1);
    }
    *watts = active;
    *amps = volts > 0 ? sqrt(active * active + reactive * reactive) / volts : 0;
}
