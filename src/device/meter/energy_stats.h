/* Consumption by interval, as `SetupEnergyStats` asks for: so many intervals of so many seconds,
 * newest first, the first one still running. Fixed memory; the report is written piece by piece,
 * so that its length is no matter. */
#ifndef DEVICE_METER_ENERGY_STATS_H
#define DEVICE_METER_ENERGY_STATS_H
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ENERGY_STATS_MOST = 180,
    ENERGY_STATS_LEAST = 10,
    ENERGY_STATS_SHORTEST_S = 10,
    ENERGY_STATS_LONGEST_S = 900,
};

struct energy_stats {
    bool enabled, json;
    uint16_t interval_s, count;
    uint16_t elapsed_s;
    uint32_t index;                /* intervals ended since it was set up */
    float slot[ENERGY_STATS_MOST]; /* Wh */
    float window_wh;               /* sum of all slots when the last interval ended */
};

/* Values out of range are brought into it. Keeps the slots when only switched on again with the
 * same shape; another interval or count clears them. */
void energy_stats_setup(struct energy_stats *s, bool enable, int32_t interval_s, int32_t count,
                        bool json);
void energy_stats_clear(struct energy_stats *s);
/* Once a second, with the energy of that second: true when an interval has ended just now. */
bool energy_stats_second(struct energy_stats *s, float wh);

/* What goes into the report besides the slots, in Wh. */
struct energy_report {
    uint32_t uptime_s;
    double total, last_hour;
    bool dated; /* the time is known: the rest is there, too */
    double day[4];
    const char *clear_date;
    bool kwh; /* totals in kWh; the two lists stay in Wh */
};
/* The report as JSON into `out`: keys and order as OpenBeken's consumption_stats. */
void energy_stats_json(const struct energy_stats *s, const struct energy_report *r,
                       struct text *out);
#endif
