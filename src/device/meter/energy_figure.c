/* Names of figures and where each comes from; see energy_figure.h. */
#include "device/meter/energy_figure.h"

#include "base/text.h"
#include "device/clock.h"
#include "device/device.h"

#define UWH_PER_WH 1e6

static const char *const names[ENERGY_FIGURES] = {
    [LEDGER_TOTAL] = "total",           [LEDGER_TODAY] = "today",
    [LEDGER_YESTERDAY] = "yesterday",   [LEDGER_2_DAYS_AGO] = "2_days_ago",
    [LEDGER_3_DAYS_AGO] = "3_days_ago", [LEDGER_THIS_MONTH] = "month",
    [LEDGER_LAST_MONTH] = "last_month", [ENERGY_LAST_HOUR] = "last_hour",
};

const char *energy_figure_name(unsigned figure) {
    return figure < ENERGY_FIGURES ? names[figure] : NULL;
}

unsigned energy_figure_find(const char *name) {
    unsigned i = 0;
    while (i < ENERGY_FIGURES && !text_same(name, names[i]))
        i++;
    return i;
}

/* The window of SetupEnergyStats, where it runs, is what OpenBeken calls the last hour. */
static double last_hour_wh(const struct meter_state *m) {
    return m->stats.enabled ? (double)m->stats.window_wh
                            : (double)history_last_hour_uwh(&m->history) / UWH_PER_WH;
}

double energy_figure_wh(const struct device *d, unsigned figure) {
    const struct meter_state *m = &d->metering;
    return figure == ENERGY_LAST_HOUR
               ? last_hour_wh(m)
               : (double)ledger_figure(&m->ledger, (enum ledger_figure)figure) / UWH_PER_WH;
}

static void reset_last_hour(struct meter_state *m) {
    history_reset_last_hour(&m->history);
    energy_stats_clear(&m->stats);
}

enum status energy_figure_set(struct device *d, unsigned figure, double watt_hours) {
    if (!(watt_hours >= 0 && watt_hours <= ENERGY_MOST_WH))
        return STATUS_BAD_VALUE;
    uint64_t uwh = (uint64_t)(watt_hours * UWH_PER_WH + 0.5);
    if (figure == ENERGY_LAST_HOUR && uwh)
        return STATUS_UNSUPPORTED;
    if (figure == ENERGY_LAST_HOUR)
        reset_last_hour(&d->metering);
    else
        ledger_set(&d->metering.ledger, (enum ledger_figure)figure, uwh, clock_now(d));
    return STATUS_OK;
}

void energy_figures_reset(struct device *d) {
    ledger_reset(&d->metering.ledger, clock_now(d));
    reset_last_hour(&d->metering);
}
