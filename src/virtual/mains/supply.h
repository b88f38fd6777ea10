/* The plug's own power supply: it carries the chip over short dips and gives up when the mains stay
 * too low; when they are back, the chip starts as after a power cut. */
#ifndef VIRTUAL_SUPPLY_H
#define VIRTUAL_SUPPLY_H
#include <stdbool.h>
#include <stdint.h>

enum { SUPPLY_HOLDS_US = 100000 }; /* out of its capacitor */
#define SUPPLY_DROPS_V  80.0       /* below, it lives from the capacitor */
#define SUPPLY_STARTS_V 90.0

struct supply {
    bool off;        /* the chip has no power */
    bool low;        /* the mains are too low, */
    uint64_t low_us; /* since then */
    uint32_t drops;  /* how often the power went */
};

/* The mains have `volts` at a time. */
void supply_follow(struct supply *s, double volts, uint64_t now_us);
#endif
