/* Dropout, hold-up and start; see supply.h. */
#include "virtual/mains/supply.h"

void supply_follow(struct supply *s, double volts, uint64_t now_us) {
    if (s->off) {
        s->off = volts < SUPPLY_STARTS_V;
        s->low = false;
        return;
    }
    if (volts >= SUPPLY_DROPS_V) {
        s->low = false;
        return;
    }
    if (!s->low)
        s->low_us = now_us;
    s->low = true;
    if (now_us - s->low_us < SUPPLY_HOLDS_US)
        return;
    s->off = true;
    s->drops++;
}
