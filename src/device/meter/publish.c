/* What is told about power, and when: each quantity by its threshold and interval, as an event for
 * scripts and a message for the broker; the report of SetupEnergyStats. */
#include "base/text.h"
#include "device/device.h"
#include "device/meter/energy_figure.h"
#include "device/meter/meter.h"

#include <math.h>

enum { FLAG_KWH = 40, REPORT_SIZE = 3072 };

static int32_t event_argument(const struct meter_quantity_row *row, double value) {
    value *= row->scale;
    return value >= 2147483647.0 ? INT32_MAX : value <= -2147483648.0 ? INT32_MIN : (int32_t)value;
}

static void send(struct device *d, int i) {
    const struct meter_quantity_row *row = &meter_quantity_rows[i];
    struct meter_state *m = &d->metering;
    char payload[40];
    struct text text = text_start(payload, sizeof payload);
    double before = (double)m->sent[i], now = meter_reading(d, (enum meter_quantity)i);
    m->sent[i] = (float)now;
    m->frames[i] = 0;
    if (row->event)
        d->wiring->change(d, row->event, event_argument(row, before), event_argument(row, now));
    meter_text(d, (enum meter_quantity)i, &text);
    d->wiring->publish_reading(d, row->topic, payload);
}

static bool due(const struct meter_state *m, int i, double now) {
    double change = fabs(now - (double)m->sent[i]);
    return (change > (double)m->threshold[i] && m->frames[i] >= m->least_frames) ||
           m->frames[i] >= m->most_frames;
}

void meter_publish_due(struct device *d) {
    struct meter_state *m = &d->metering;
    for (int i = 0; i < METER_QUANTITIES; i++) {
        double now = meter_reading(d, (enum meter_quantity)i);
        if (isnan(now) || !meter_has(d, (enum meter_quantity)i))
            continue;
        if (due(m, i, now))
            send(d, i);
        else
            m->frames[i]++;
    }
}

void meter_publish_all(struct device *d) {
    for (int i = 0; i < METER_QUANTITIES; i++)
        if (!isnan(meter_reading(d, (enum meter_quantity)i)) &&
            meter_has(d, (enum meter_quantity)i))
            send(d, i);
}

void meter_publish_stats(struct device *d) {
    char json[REPORT_SIZE], date[32];
    struct text text = text_start(json, sizeof json), date_out = text_start(date, sizeof date);
    struct meter_state *m = &d->metering;
    if (m->ledger.marks.reset_epoch)
        meter_text(d, METER_CLEAR_DATE, &date_out);
    struct energy_report r = {.uptime_s = d->uptime_s,
                              .total = energy_figure_wh(d, LEDGER_TOTAL),
                              .last_hour = (double)m->stats.window_wh,
                              .dated = d->clock_set,
                              .clear_date = date,
                              .kwh = settings_flag(d, FLAG_KWH)};
    for (int i = 0; i < LEDGER_DAYS; i++)
        r.day[i] = energy_figure_wh(d, LEDGER_TODAY + (unsigned)i);
    energy_stats_json(&m->stats, &r, &text);
    d->wiring->publish(d, "consumption_stats", json, false, false);
}
