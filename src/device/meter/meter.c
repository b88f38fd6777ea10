/* From samples to readings, ledger, history and statistics; see meter.h. */
#include "device/meter/meter.h"

#include "codec/openbeken/roles.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/meter/energy_figure.h"
#include "device/role_groups.h"
#include "device/store/migrate.h"

#include <math.h>
#include <string.h>

enum {
    FLAG_NEGATIVE = 25,
    FLAG_ZERO_WHEN_OPEN = 38,
    LEAST_FRAMES = 5,
    MOST_FRAMES = 60,
    SLOT_LIMIT = 3,
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

uint64_t meter_now_us(const struct device *d) {
    return d->hal.now_us ? d->hal.now_us(d->hal.context) : d->now_ms * 1000;
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
    uint64_t now = meter_now_us(d);
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

double meter_reading(const struct device *d, enum meter_quantity quantity) {
    static const uint8_t figures[METER_QUANTITIES] = {
        [METER_ENERGY_TOTAL] = LEDGER_TOTAL,
        [METER_ENERGY_LAST_HOUR] = ENERGY_LAST_HOUR,
        [METER_ENERGY_TODAY] = LEDGER_TODAY,
        [METER_ENERGY_YESTERDAY] = LEDGER_YESTERDAY,
        [METER_ENERGY_2_DAYS_AGO] = LEDGER_2_DAYS_AGO,
        [METER_ENERGY_3_DAYS_AGO] = LEDGER_3_DAYS_AGO,
    };
    int64_t cleared = d->metering.ledger.marks.reset_epoch;
    if (quantity <= METER_FREQUENCY)
        return (double)d->metering.live[quantity];
    if (quantity <= METER_POWER_FACTOR)
        return derived(d->metering.live, quantity);
    if (quantity >= METER_CLEAR_DATE)
        return cleared ? (double)cleared : (double)NAN;
    return energy_figure_wh(d, figures[quantity]);
}

double meter_reading_or_0(const struct device *d, enum meter_quantity quantity) {
    double value = meter_reading(d, quantity);
    return isnan(value) ? 0 : value;
}

void meter_book(struct device *d, uint64_t uwh) {
    struct meter_state *m = &d->metering;
    ledger_add(&m->ledger, uwh);
    m->second_uwh += uwh;
    m->sample_uwh += uwh;
}

void meter_book_ahead(struct device *d, uint64_t uwh) {
    d->metering.ahead_uwh += uwh;
    meter_book(d, uwh);
}

/* What of a sample's energy is not yet booked. */
static uint64_t take_off_ahead(struct meter_state *m, uint64_t uwh) {
    uint64_t known = uwh < m->ahead_uwh ? uwh : m->ahead_uwh;
    m->ahead_uwh -= known;
    return uwh - known;
}

void meter_take(struct device *d, const struct meter_sample *sample) {
    struct meter_state *m = &d->metering;
    struct meter_sample s = *sample;
    clean(d, &s);
    keep(m, &s);
    uint64_t before_us = m->sampled_us;
    meter_book(d, take_off_ahead(m, energy_of(d, &s)));
    m->second_sampled = true;
    if (d->clock_set && !m->ledger.marks.reset_epoch)
        m->ledger.marks.reset_epoch = clock_now(d);
    if (energy_stats_second(&m->stats, (float)((double)m->sample_uwh / UWH_PER_WH)) &&
        m->stats.json)
        meter_publish_stats(d);
    m->sample_uwh = 0;
    meter_publish_due(d);
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
    uint32_t look = protection_tick(d), book = driver && driver->uart ? uart_meter_book(d) : next;
    next = book < next ? book : next;
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
