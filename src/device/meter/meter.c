/* From samples to everything that is told about power; see meter.h. Once a second: readings, then
 * energy into ledger, history and statistics, then messages by threshold and interval. */
#include "device/meter/meter.h"

#include "base/text.h"
#include "codec/openbeken/roles.h"
#include "device/board/role_groups.h"
#include "device/device.h"
#include "device/script/clock.h"
#include "device/script/events.h"
#include "device/service/mqtt/mqtt.h"
#include "device/store/migrate.h"

#include <math.h>
#include <string.h>

enum {
    FLAG_NEGATIVE = 25,
    FLAG_ZERO_WHEN_OPEN = 38,
    FLAG_KWH = 40,
    LEAST_FRAMES = 5,
    MOST_FRAMES = 60,
    SLOT_LIMIT = 3,
    REPORT_SIZE = 3072,
    LONGEST_GAP_US = 60000000, /* a longer pause is no measurement */
};
#define UWH_PER_WH    1e6
#define POWER_LIMIT_W 3680.0f
#define US_PER_HOUR   3.6e9

/* The first start after OpenBeken: its energy goes on. */
static void take_over_energy(struct device *d) {
    struct ledger *l = &d->metering.ledger;
    struct obk_counters c;
    if (store_has(&d->store, STORE_KEY_ENERGY_MARKS) || !migrate_counters_taken(d, &c))
        return;
    const float days[LEDGER_DAYS] = {c.today_wh, c.yesterday_wh, c.earlier_wh[0], c.earlier_wh[1]};
    ledger_start(l, &d->store);
    ledger_import(l, c.total_wh, days);
}

void meter_start(struct device *d) {
    struct meter_state *m = &d->metering;
    memset(m, 0, sizeof *m);
    take_over_energy(d);
    ledger_start(&m->ledger, &d->store);
    history_start(&m->history, &d->store);
    energy_stats_setup(&m->stats, false, 60, 60, false);
    protection_start(d);
    m->least_frames = LEAST_FRAMES;
    m->most_frames = MOST_FRAMES;
    for (int i = 0; i < METER_QUANTITIES; i++) {
        m->threshold[i] = meter_quantity_rows[i].threshold;
        m->digits[i] = meter_quantity_rows[i].digits;
    }
    for (int i = 0; i <= METER_FREQUENCY; i++)
        m->live[i] = NAN;
}

void meter_save(struct device *d) {
    ledger_save(&d->metering.ledger);
    history_save(&d->metering.history);
}

void meter_use(struct device *d, const struct meter_driver *driver) {
    d->metering.driver = driver;
    d->metering.sampled_us = 0;
    d->metering.present = driver != NULL;
}

static float stored_float(const struct device *d, int slot) {
    float value;
    memcpy(&value, d->config.calibration[slot], sizeof value);
    return value == value && value > -1e9f && value < 1e9f ? value : 0;
}

float meter_factor(const struct device *d, enum meter_calibrated what) {
    const struct meter_driver *driver = d->metering.driver;
    float stored = stored_float(d, what);
    return stored != 0 || !driver ? stored : driver->factor[what];
}

void meter_set_factor(struct device *d, enum meter_calibrated what, float factor) {
    memcpy(d->config.calibration[what], &factor, sizeof factor);
    d->config_dirty = true;
}

float meter_value(const struct device *d, enum meter_calibrated what, float raw) {
    float factor = meter_factor(d, what);
    const struct meter_driver *driver = d->metering.driver;
    return driver && driver->divides ? (factor != 0 ? raw / factor : 0) : raw * factor;
}

float meter_power_limit(const struct device *d) {
    float stored = stored_float(d, SLOT_LIMIT);
    return stored > 200 && stored < 7200 ? stored : POWER_LIMIT_W;
}

/* No relay, or none that is closed? A board without relays is never open. */
static bool all_open(const struct device *d) {
    bool relays = false;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        unsigned role = board_role(d, pin), channel = d->config.pins[pin].channel;
        if (!role_is_relay(role) || role == OBK_ROLE_BRIDGE_REV || channel >= CHANNEL_COUNT)
            continue;
        relays = true;
        bool inverted = role == OBK_ROLE_RELAY_N;
        if ((d->channels.value[channel] != 0) != inverted)
            return false;
    }
    return relays;
}

static float positive(float value) {
    return value < 0 ? 0 : value;
}

static float smoothed(const struct meter_state *m, enum meter_quantity q, float now) {
    float before = m->live[q];
    return m->smooth > 1 && before > 0 ? ((float)(m->smooth - 1) * before + now) / (float)m->smooth
                                       : now;
}

static void clean(const struct device *d, struct meter_sample *s) {
    if (!settings_flag(d, FLAG_NEGATIVE)) {
        s->voltage = positive(s->voltage);
        s->current = positive(s->current);
        s->power = positive(s->power);
    }
    if (settings_flag(d, FLAG_ZERO_WHEN_OPEN) && all_open(d))
        s->power = s->current = 0;
    s->power = smoothed(&d->metering, METER_POWER, s->power);
    s->current = smoothed(&d->metering, METER_CURRENT, s->current);
}

static void keep(struct meter_state *m, const struct meter_sample *s) {
    m->present = true;
    m->live[METER_VOLTAGE] = s->voltage;
    m->live[METER_CURRENT] = s->current;
    m->live[METER_POWER] = s->power;
    m->live[METER_FREQUENCY] = s->frequency;
}

/* Energy of this sample in µWh: what the chip counted, or power over the time since the last. */
static uint64_t energy_of(struct device *d, const struct meter_sample *s) {
    struct meter_state *m = &d->metering;
    uint64_t now = d->hal.now_us ? d->hal.now_us(d->hal.context) : d->now_ms * 1000;
    uint64_t gap = m->sampled_us && now > m->sampled_us ? now - m->sampled_us : 1000000;
    m->sampled_us = now;
    if (s->counted)
        return s->energy_uwh;
    if (!(s->power > 0) || gap > LONGEST_GAP_US)
        return 0;
    double uwh =
        (double)s->power * (double)gap * (UWH_PER_WH / US_PER_HOUR) + (double)m->energy_rest * 1e-9;
    uint64_t whole = (uint64_t)uwh;
    m->energy_rest = (uint64_t)((uwh - (double)whole) * 1e9);
    return whole;
}

static double wh(const struct device *d, enum ledger_figure figure) {
    return (double)ledger_figure(&d->metering.ledger, figure) / UWH_PER_WH;
}

/* What V, A and W say together. */
static double derived(const float live[], enum meter_quantity quantity) {
    double power = (double)live[METER_POWER];
    double apparent = (double)live[METER_VOLTAGE] * (double)live[METER_CURRENT];
    if (quantity == METER_POWER_FACTOR)
        return apparent == 0 ? 1 : power / apparent;
    if (quantity == METER_REACTIVE_POWER)
        return apparent <= fabs(power) ? 0 : sqrt(apparent * apparent - power * power);
    return apparent;
}

static double last_hour_wh(const struct meter_state *m) {
    return m->stats.enabled ? (double)m->stats.window_wh
                            : (double)history_last_hour_uwh(&m->history) / UWH_PER_WH;
}

double meter_reading(const struct device *d, enum meter_quantity quantity) {
    const struct meter_state *m = &d->metering;
    int64_t cleared = m->ledger.marks.reset_epoch;
    if (quantity <= METER_FREQUENCY)
        return (double)m->live[quantity];
    if (quantity <= METER_POWER_FACTOR)
        return derived(m->live, quantity);
    if (quantity == METER_ENERGY_LAST_HOUR)
        return last_hour_wh(m);
    if (quantity == METER_CLEAR_DATE)
        return cleared ? (double)cleared : (double)NAN;
    return quantity == METER_ENERGY_TOTAL
               ? wh(d, LEDGER_TOTAL)
               : wh(d, (enum ledger_figure)(LEDGER_TODAY + quantity - METER_ENERGY_TODAY));
}

double meter_reading_or_0(const struct device *d, enum meter_quantity quantity) {
    double value = meter_reading(d, quantity);
    return isnan(value) ? 0 : value;
}

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
        events_change(d, row->event, event_argument(row, before), event_argument(row, now));
    meter_text(d, (enum meter_quantity)i, &text);
    mqtt_publish(d, row->topic, payload, MQTT_QOS0);
}

static bool due(const struct meter_state *m, int i, double now) {
    double change = fabs(now - (double)m->sent[i]);
    return (change > (double)m->threshold[i] && m->frames[i] >= m->least_frames) ||
           m->frames[i] >= m->most_frames;
}

static void tell(struct device *d) {
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

static void report(struct device *d) {
    char json[REPORT_SIZE], date[32];
    struct text text = text_start(json, sizeof json), date_out = text_start(date, sizeof date);
    struct meter_state *m = &d->metering;
    if (m->ledger.marks.reset_epoch)
        meter_text(d, METER_CLEAR_DATE, &date_out);
    struct energy_report r = {.uptime_s = d->uptime_s,
                              .total = wh(d, LEDGER_TOTAL),
                              .last_hour = (double)m->stats.window_wh,
                              .dated = d->clock_set,
                              .clear_date = date,
                              .kwh = settings_flag(d, FLAG_KWH)};
    for (int i = 0; i < LEDGER_DAYS; i++)
        r.day[i] = wh(d, (enum ledger_figure)(LEDGER_TODAY + i));
    energy_stats_json(&m->stats, &r, &text);
    mqtt_publish(d, "consumption_stats", json, 0);
}

void meter_take(struct device *d, const struct meter_sample *sample) {
    struct meter_state *m = &d->metering;
    struct meter_sample s = *sample;
    clean(d, &s);
    keep(m, &s);
    uint64_t before_us = m->sampled_us;
    uint64_t uwh = energy_of(d, &s);
    ledger_add(&m->ledger, uwh);
    m->second_uwh += uwh;
    m->second_sampled = true;
    if (d->clock_set && !m->ledger.marks.reset_epoch)
        m->ledger.marks.reset_epoch = clock_now(d);
    if (energy_stats_second(&m->stats, (float)((double)uwh / UWH_PER_WH)) && m->stats.json)
        report(d);
    tell(d);
    uint64_t gap_us = before_us ? m->sampled_us - before_us : 0;
    protection_sample(d, gap_us < 3000000 ? (float)gap_us * 1e-6f : 0);
}

void meter_second(struct device *d) {
    struct meter_state *m = &d->metering;
    int64_t utc = d->clock_set ? clock_now(d) : -1;
    int64_t local = d->clock_set ? utc + clock_offset(d) : -1;
    ledger_second(&m->ledger, local);
    history_sample(&m->history, m->second_sampled ? m->live[METER_POWER] : -1, m->second_uwh);
    history_second(&m->history, utc, local);
    protection_second(d);
    m->second_uwh = 0;
    m->second_sampled = false;
}

uint32_t meter_tick(struct device *d) {
    const struct meter_driver *driver = d->metering.driver;
    uint32_t next = driver && driver->tick ? driver->tick(d) : UINT32_MAX;
    uint32_t look = protection_tick(d);
    return look < next ? look : next;
}

void meter_edge(struct device *d, unsigned pin, bool level) {
    const struct meter_driver *driver = d->metering.driver;
    if (driver && driver->edge)
        driver->edge(d, pin, level);
}

void meter_uart(struct device *d, unsigned port, const uint8_t *data, size_t size) {
    const struct meter_driver *driver = d->metering.driver;
    if (driver && driver->uart)
        driver->uart(d, port, data, size);
}

void meter_reset_energy(struct device *d) {
    ledger_reset(&d->metering.ledger, clock_now(d));
    energy_stats_clear(&d->metering.stats);
    d->metering.stats.window_wh = 0;
}

void meter_set_total(struct device *d, double watt_hours) {
    double uwh = watt_hours > 0 && watt_hours < 1e9 ? watt_hours * UWH_PER_WH : 0;
    ledger_set(&d->metering.ledger, LEDGER_TOTAL, (uint64_t)uwh, clock_now(d));
}
