/* What is plugged in, as a text: "0m 60W; 20m 3W pf=0.5". From a time on, one or several loads:
 *
 *   0m 60W                  a plain load of so many watts (kW, pf=0.5 allowed)
 *   0m heater 2000W         a resistance: rises with the square of the voltage
 *   0m motor 500W inrush=6  six times as much for a moment, each time it gets power
 *   0m charger 40W taper=2h full power first, then less and less
 *   0m fridge 90W on=10m off=30m
 *   0m 3W + motor 100W      several at once
 *   5m V=180                the mains from then on; also drift=, ripple=, brownouts= (an hour), Hz=
 *
 * or as a recording, one line per second: "230.1,0.26,59.8" (V, A, W), or with the time in seconds
 * in front. */
#ifndef VIRTUAL_LOAD_H
#define VIRTUAL_LOAD_H
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { LOAD_STEPS = 64, LOAD_PARTS = 128 };

enum load_kind { LOAD_PLAIN, LOAD_HEATER, LOAD_MOTOR, LOAD_CHARGER, LOAD_FRIDGE, LOAD_KINDS };

struct load_part {
    uint8_t kind;
    float watts, power_factor;
    float inrush;      /* factor, motor and fridge */
    float on_s, off_s; /* fridge */
    float taper_s;     /* charger: full that long, then half every quarter of it */
};

/* The mains as a step leaves them. */
struct mains_shape {
    float volts, hz;
    float drift_v, ripple_v;
    float brownouts; /* an hour */
};

struct load_step {
    uint64_t from_us;
    uint8_t first, count; /* parts */
    struct mains_shape mains;
};

struct load_row {
    uint64_t from_us;
    float volts, amps, watts;
};

struct load_profile {
    struct load_step step[LOAD_STEPS];
    struct load_part part[LOAD_PARTS];
    unsigned steps, parts;
    struct load_row *row; /* a recording, heap */
    unsigned rows;
};

/* BAD_SYNTAX with `fault->offset` and what was expected, or NO_SPACE. What was in the profile is
 * freed first. */
enum status load_parse(struct load_profile *p, const char *text, struct fault *fault);
void load_free(struct load_profile *p);
/* The step that counts at a time; NULL before the first one. */
const struct load_step *load_step_at(const struct load_profile *p, uint64_t now_us);
/* The row of a recording; NULL before the first. */
const struct load_row *load_row_at(const struct load_profile *p, uint64_t now_us);
/* Watts and amperes at `volts`, `powered_s` after the contact closed on this step. */
void load_draw(const struct load_profile *p, const struct load_step *step, double volts,
               double powered_s, double *watts, double *amps);
#endif
