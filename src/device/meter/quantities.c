/* The quantities, and how each reads as text. */
#include "base/text.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/event.h"

#include <math.h>

enum { FLAG_KWH = 40, HOUR_S = 3600 };

// clang-format off
const struct meter_quantity_row meter_quantity_rows[METER_QUANTITIES] = {
    [METER_VOLTAGE] = {"voltage", "Voltage", "V", "voltage", 0, 1, false, 0.25f, EVENT_VOLTAGE, 1},
    [METER_CURRENT] = {"current", "Current", "A", "current", 1, 3, false, 0.002f, EVENT_CURRENT, 1000},
    [METER_POWER] = {"power", "Power", "W", "power", 2, 2, false, 0.25f, EVENT_POWER, 1},
    [METER_FREQUENCY] = {"138", "Frequency", "Hz", "frequency", 138, 2, false, 0.02f, EVENT_FREQUENCY, 100},
    [METER_APPARENT_POWER] = {"power_apparent", "Apparent power", "VA", "apparent_power", 9, 2, false, 0.25f, 0, 1},
    [METER_REACTIVE_POWER] = {"power_reactive", "Reactive power", "var", "reactive_power", 10, 2, false, 0.25f, 0, 1},
    [METER_POWER_FACTOR] = {"power_factor", "Power factor", "", "power_factor", 11, 2, false, 0.05f, 0, 1},
    [METER_ENERGY_TOTAL] = {"energycounter", "Energy", "Wh", "energy", 3, 3, true, 0.1f, EVENT_ENERGY, 1},
    [METER_ENERGY_LAST_HOUR] = {"energycounter_last_hour", "Energy last hour", "Wh", "energy", 4, 3, true, 0.1f, EVENT_ENERGY_LAST_HOUR, 1},
    [METER_ENERGY_TODAY] = {"energycounter_today", "Energy today", "Wh", "energy", 7, 3, true, 0.1f, 0, 1},
    [METER_ENERGY_YESTERDAY] = {"energycounter_yesterday", "Energy yesterday", "Wh", "energy", 6, 3, true, 0.1f, 0, 1},
    [METER_ENERGY_2_DAYS_AGO] = {"energycounter_2_days_ago", "Energy 2 days ago", "Wh", "energy", 12, 3, true, 0.1f, 0, 1},
    [METER_ENERGY_3_DAYS_AGO] = {"energycounter_3_days_ago", "Energy 3 days ago", "Wh", "energy", 13, 3, true, 0.1f, 0, 1},
    [METER_CLEAR_DATE] = {"energycounter_clear_date", "Energy counted since", "", "timestamp", 8, 0, false, 86400, 0, 1},
};
// clang-format on

/* "2024-11-20T09:13+02:00" */
static void date_text(const struct device *d, int64_t epoch, struct text *out) {
    int32_t offset = clock_offset(d), minutes = (offset < 0 ? -offset : offset) / 60;
    civil_text(civil_of(epoch + offset), CIVIL_MINUTE, out);
    text_char(out, offset < 0 ? '-' : '+');
    two_digits(minutes / 60, out);
    text_char(out, ':');
    two_digits(minutes % 60, out);
}

/* Digits are cut, not rounded; a millionth is added so that 0.3 does not become 0.299. */
void meter_text(const struct device *d, enum meter_quantity quantity, struct text *out) {
    const struct meter_quantity_row *row = &meter_quantity_rows[quantity];
    double value = meter_reading(d, quantity);
    int digits = d->metering.digits[quantity];
    if (quantity == METER_CLEAR_DATE) {
        date_text(d, (int64_t)value, out);
        return;
    }
    if (row->energy && settings_flag(d, FLAG_KWH))
        value /= 1000;
    for (int i = 0; i < digits; i++)
        value *= 10;
    text_fixed(out, (int64_t)(value + (value < 0 ? -1e-4 : 1e-4)), digits);
}

bool meter_has(const struct device *d, enum meter_quantity quantity) {
    const struct meter_state *m = &d->metering;
    if (!m->present)
        return false;
    if (quantity == METER_FREQUENCY || quantity == METER_CLEAR_DATE)
        return !isnan(meter_reading(d, quantity));
    if (quantity >= METER_ENERGY_TODAY && quantity <= METER_ENERGY_3_DAYS_AGO)
        return d->clock_set;
    return true;
}
