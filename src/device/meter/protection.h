/* Protection of the load and the plug: switches off at too much current or power, at too high or
 * too low a voltage, and back on by rules. It is no fuse, but it is quicker than a thermal one: at
 * twice the limit and more it trips within 0.3 s, nearer to the limit it takes longer, and the
 * falling current of a starting motor does not count. The delay of a rule counts from when the
 * overload began, so what the chip needs to measure and to tell is part of it. A trip is kept in
 * flash: the relay stays open through a restart. Switching on by hand ends a trip. */
#ifndef DEVICE_METER_PROTECTION_H
#define DEVICE_METER_PROTECTION_H
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct device;

enum protection_kind {
    PROTECT_CURRENT, /* A */
    PROTECT_POWER,   /* W */
    PROTECT_OVER_VOLTAGE,
    PROTECT_UNDER_VOLTAGE, /* V */
    PROTECT_KINDS
};

enum {
    PROTECT_TICK_MS = 40,
    PROTECT_TRIES = 3,         /* reconnections after overload before it stays off */
    PROTECT_FORGET_S = 600,    /* a time without trips, after which tries are counted anew */
    PROTECT_LOAD_MS = 200,     /* usual delay at twice the limit */
    PROTECT_VOLTAGE_MS = 1000, /* usual delay of voltage rules */
};

struct protection_rule {
    float limit;          /* 0: off */
    uint16_t delay_ms;    /* voltage: out of range for so long; else at twice the limit */
    uint16_t reconnect_s; /* 0: stays off until it is switched on */
};

/* What flows at a moment: quick rather than exact. */
struct load_moment {
    float watts, amps; /* NaN: not looked at */
    float seconds;     /* that it stands for: since the moment before */
    float age_s;       /* so long ago it was measured, on average */
    float watts_age_s; /* and watts so much longer ago, or over so long a time */
    bool estimated;    /* watts by a power factor of before */
};

/* Kept in flash. */
struct protection_kept {
    struct protection_rule rule[PROTECT_KINDS];
    uint64_t channels; /* that were on when it tripped */
    float value;       /* what was measured then */
    uint8_t tripped;   /* kind + 1; 0: not */
    uint8_t tries;
    uint8_t unused[2];
};

struct protection {
    struct protection_kept kept;
    float excess_s[PROTECT_KINDS]; /* time at twice the limit, or out of range */
    float slow_s;                  /* the same for the current as it is measured */
    float recent[PROTECT_KINDS];   /* share of the limit, falling slowly */
    float rise_s[PROTECT_KINDS];   /* since the load rose above the limit */
    uint64_t looked_ms;
    uint32_t quiet_s, good_s; /* since the trip; since the voltage is back */
    uint32_t trips;           /* since the start */
    bool enforced;            /* relays were opened for a trip of the last run */
};

void protection_start(struct device *d);
/* Looks at what flows now, if the meter is one that can be asked at any time; returns ms until the
 * next look. */
uint32_t protection_tick(struct device *d);
/* Looks at what a meter has told. */
void protection_look(struct device *d, const struct load_moment *moment);
bool protection_tripped(const struct device *d);
/* 0: the rule is off. */
float protection_limit(const struct device *d, enum protection_kind kind);
/* Is there a limit for the load, or one for the mains? */
bool protection_watches(const struct device *d);
bool protection_watches_voltage(const struct device *d);
/* The lowest limit of the load in A, power at `volts`; 0: none. */
float protection_least_amps(const struct device *d, float volts);
/* Looks at the sample that has just been taken. */
void protection_sample(struct device *d, float seconds);
void protection_second(struct device *d);
/* Saved. A limit of 0 switches the rule off. */
void protection_set(struct device *d, enum protection_kind kind, struct protection_rule rule);
/* Ends a trip; the relays stay as they are. */
void protection_clear(struct device *d);
/* From the thresholds of stock firmware: mA, V, V; 0: not given. */
void protection_stock(struct device *d, int32_t over_current_ma, int32_t over_voltage_v,
                      int32_t under_voltage_v);
/* "over-current 21.30 A", or "ok". */
void protection_text(const struct device *d, struct text *out);
void protection_rule_text(const struct device *d, enum protection_kind kind, struct text *out);
/* -1: no such kind. */
int protection_kind_find(const char *name);
#endif
