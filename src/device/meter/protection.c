/* When it trips, and what happens then; see protection.h.
 *
 * Loads are judged by an integral: time counts in full at twice the limit and above, in proportion
 * below, and runs back under the limit. It runs back, too, while the load falls quickly, for a
 * second and a half: that is a motor coming up to speed. Power that is only estimated counts from
 * one and a half times the limit on: a poor power factor makes it look larger. */
#include "device/meter/protection.h"

#include "device/device.h"
#include "device/meter/meter.h"
#include "device/role_groups.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name, *event, *unit;
    uint16_t delay_ms;
} kinds[PROTECT_KINDS] = {
    [PROTECT_CURRENT] = {"current", "over-current", "A", PROTECT_LOAD_MS},
    [PROTECT_POWER] = {"power", "over-power", "W", PROTECT_LOAD_MS},
    [PROTECT_OVER_VOLTAGE] = {"overvoltage", "over-voltage", "V", PROTECT_VOLTAGE_MS},
    [PROTECT_UNDER_VOLTAGE] = {"undervoltage", "under-voltage", "V", PROTECT_VOLTAGE_MS},
};
#define FALLEN     0.88f /* of what flowed recently: an inrush that decays */
#define RECENT_S   0.12f
#define ESTIMATED  1.5f  /* share from which an estimate counts, */
#define SURELY     1.75f /* and from which it does in full */
#define INRUSH_S   1.5f
#define SLOW_S     8.0f  /* the current of samples at twice its limit for so long */
#define NO_MAINS_V 30.0f /* below, the meter has not measured yet */

int protection_kind_find(const char *name) {
    for (int i = 0; i < PROTECT_KINDS; i++)
        if (text_same(name, kinds[i].name))
            return i;
    return -1;
}

static void keep(struct device *d) {
    struct protection_kept *k = &d->metering.protection.kept;
    store_put(&d->store, STORE_KEY_PROTECTION, k, sizeof *k);
}

void protection_start(struct device *d) {
    struct protection *p = &d->metering.protection;
    memset(p, 0, sizeof *p);
    size_t length = 0;
    if (store_get(&d->store, STORE_KEY_PROTECTION, &p->kept, sizeof p->kept, &length) !=
            STATUS_OK ||
        length != sizeof p->kept || p->kept.tripped > PROTECT_KINDS)
        memset(&p->kept, 0, sizeof p->kept);
}

static uint64_t relays_on(const struct device *d) {
    uint64_t on = 0;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        unsigned channel = d->config.pins[pin].channel;
        if (role_is_relay(board_role(d, pin)) && channel < CHANNEL_COUNT &&
            d->channels.value[channel] > 0)
            on |= (uint64_t)1 << channel;
    }
    return on;
}

static void switch_channels(struct device *d, uint64_t channels, int32_t value) {
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channels >> i & 1)
            channel_set(d, i, value, 0);
}

void protection_text(const struct device *d, struct text *out) {
    const struct protection_kept *k = &d->metering.protection.kept;
    if (!k->tripped) {
        text_add(out, "ok");
        return;
    }
    text_add(out, kinds[k->tripped - 1].event);
    text_char(out, ' ');
    text_fixed(out, (int64_t)((double)k->value * 100 + 0.5), 2);
    text_char(out, ' ');
    text_add(out, kinds[k->tripped - 1].unit);
}

void protection_rule_text(const struct device *d, enum protection_kind kind, struct text *out) {
    const struct protection_rule *rule = &d->metering.protection.kept.rule[kind];
    text_add(out, kinds[kind].name);
    if (rule->limit <= 0) {
        text_add(out, " off");
        return;
    }
    text_char(out, ' ');
    text_fixed(out, (int64_t)((double)rule->limit * 100 + 0.5), 2);
    text_char(out, ' ');
    text_add(out, kinds[kind].unit);
    text_char(out, ' ');
    text_uint(out, rule->delay_ms);
    text_add(out, " ms");
    if (rule->reconnect_s) {
        text_add(out, ", on again after ");
        text_uint(out, rule->reconnect_s);
        text_add(out, " s");
    }
}

/* The event: in the log, and retained under <client>/protection/get. */
static void tell(struct device *d) {
    char line[48];
    struct text text = text_start(line, sizeof line);
    protection_text(d, &text);
    device_log2(d, d->metering.protection.kept.tripped ? LOG_WARN : LOG_INFO, "protection",
                d->metering.protection.kept.tripped ? "switched off: " : "", line);
    d->wiring->publish(d, "protection", line, true, false);
}

static void forget_excess(struct protection *p) {
    memset(p->excess_s, 0, sizeof p->excess_s);
    memset(p->rise_s, 0, sizeof p->rise_s);
    p->slow_s = 0;
    p->quiet_s = p->good_s = 0;
}

static void trip(struct device *d, enum protection_kind kind, float value) {
    struct protection *p = &d->metering.protection;
    p->kept.channels = relays_on(d);
    p->kept.tripped = (uint8_t)(kind + 1);
    p->kept.value = value;
    p->trips++;
    p->enforced = true;
    forget_excess(p);
    switch_channels(d, p->kept.channels, 0);
    keep(d);
    tell(d);
}

void protection_clear(struct device *d) {
    struct protection *p = &d->metering.protection;
    if (!p->kept.tripped)
        return;
    p->kept.tripped = 0;
    forget_excess(p);
    keep(d);
    tell(d);
}

/* How much of the time counts at a share of the limit. */
static float weight(float share, bool estimated) {
    float counts = estimated ? (share - ESTIMATED) / (SURELY - ESTIMATED) : share - 1;
    return counts < 0 ? 0 : counts > 1 ? 1 : counts;
}

/* Below what flowed recently? That rises at once and follows slowly. */
static bool is_falling(float *recent, float share, float seconds) {
    float follows = seconds < RECENT_S ? seconds / RECENT_S : 1;
    bool falling = share < FALLEN * *recent;
    *recent = share > *recent ? share : *recent + (share - *recent) * follows;
    return falling;
}

/* One moment of a quantity; true when it must trip. */
static bool judge(struct protection *p, enum protection_kind kind, float value, bool estimated,
                  const struct load_moment *m) {
    float age_s = m->age_s + (kind == PROTECT_POWER ? m->watts_age_s : 0);
    const struct protection_rule *rule = &p->kept.rule[kind];
    if (rule->limit <= 0 || isnan(value))
        return false;
    float share = value / rule->limit;
    float counts = weight(share, estimated), *excess = &p->excess_s[kind];
    p->rise_s[kind] = share > 1 ? p->rise_s[kind] + m->seconds : 0;
    bool falls = is_falling(&p->recent[kind], share, m->seconds) && p->rise_s[kind] < INRUSH_S;
    if (counts <= 0 || falls) {
        *excess = *excess > m->seconds / 2 ? *excess - m->seconds / 2 : 0;
        return false;
    }
    *excess += counts * m->seconds;
    return (*excess + counts * age_s) * 1000 >= (float)rule->delay_ms;
}

bool protection_watches(const struct device *d) {
    return protection_limit(d, PROTECT_CURRENT) > 0 || protection_limit(d, PROTECT_POWER) > 0;
}

bool protection_tripped(const struct device *d) {
    return d->metering.protection.kept.tripped != 0;
}

float protection_limit(const struct device *d, enum protection_kind kind) {
    return d->metering.protection.kept.rule[kind].limit;
}

bool protection_watches_voltage(const struct device *d) {
    return protection_limit(d, PROTECT_OVER_VOLTAGE) > 0 ||
           protection_limit(d, PROTECT_UNDER_VOLTAGE) > 0;
}

float protection_least_amps(const struct device *d, float volts) {
    const struct protection_rule *rule = d->metering.protection.kept.rule;
    float current = rule[PROTECT_CURRENT].limit;
    float power = volts > NO_MAINS_V ? rule[PROTECT_POWER].limit / volts : 0;
    return current <= 0 || (power > 0 && power < current) ? power : current;
}

/* A trip of the last run, before anything else; and a hand that switched on again. */
static bool is_tripped(struct device *d) {
    struct protection *p = &d->metering.protection;
    uint64_t on;
    if (!p->kept.tripped)
        return false;
    on = relays_on(d);
    if (!p->enforced) {
        p->enforced = true;
        switch_channels(d, on, 0);
        tell(d);
    } else if (on) {
        p->kept.tries = 0;
        protection_clear(d);
    }
    return p->kept.tripped != 0;
}

void protection_look(struct device *d, const struct load_moment *m) {
    struct protection *p = &d->metering.protection;
    if (p->kept.tripped)
        return;
    bool power = judge(p, PROTECT_POWER, m->watts, m->estimated, m);
    bool current = judge(p, PROTECT_CURRENT, m->amps, false, m);
    if (power || current)
        trip(d, power ? PROTECT_POWER : PROTECT_CURRENT, power ? m->watts : m->amps);
}

/* Of a meter that tells power alone, now and then: the current is at least what that needs. */
static void look_now(struct device *d, float seconds) {
    struct load_moment m = {.seconds = seconds};
    float volts = d->metering.live[METER_VOLTAGE];
    if (!d->metering.driver->now(d, &m))
        return;
    float least = volts > NO_MAINS_V ? m.watts / volts : 0;
    m.amps = m.amps > least ? m.amps : least;
    protection_look(d, &m);
}

uint32_t protection_tick(struct device *d) {
    struct protection *p = &d->metering.protection;
    bool tripped = is_tripped(d), looks = d->metering.driver && d->metering.driver->now;
    if (tripped || !looks || !protection_watches(d))
        return UINT32_MAX;
    uint64_t gone = d->now_ms - p->looked_ms;
    if (gone < PROTECT_TICK_MS)
        return (uint32_t)(PROTECT_TICK_MS - gone);
    p->looked_ms = d->now_ms;
    look_now(d, gone > 2 * PROTECT_TICK_MS ? 0 : (float)gone / 1000);
    return PROTECT_TICK_MS;
}

static bool out_of_range(struct protection *p, enum protection_kind kind, float volts,
                         float seconds) {
    const struct protection_rule *rule = &p->kept.rule[kind];
    bool out = rule->limit > 0 && volts > NO_MAINS_V &&
               (kind == PROTECT_OVER_VOLTAGE ? volts > rule->limit : volts < rule->limit);
    p->excess_s[kind] = out ? p->excess_s[kind] + seconds : 0;
    return out && p->excess_s[kind] * 1000 >= (float)rule->delay_ms;
}

/* The current of samples, for meters that tell nothing in between: too slow for motors. */
static bool too_much_current(struct protection *p, float amps, float seconds) {
    float limit = p->kept.rule[PROTECT_CURRENT].limit;
    float share = limit > 0 ? amps / limit : 0;
    p->slow_s = share > 1 ? p->slow_s + (share > 2 ? 1 : share - 1) * seconds : 0;
    return p->slow_s >= SLOW_S;
}

void protection_sample(struct device *d, float seconds) {
    struct protection *p = &d->metering.protection;
    float volts = d->metering.live[METER_VOLTAGE];
    float amps = d->metering.live[METER_CURRENT];
    bool high = out_of_range(p, PROTECT_OVER_VOLTAGE, volts, seconds);
    bool low = out_of_range(p, PROTECT_UNDER_VOLTAGE, volts, seconds);
    p->good_s = p->excess_s[PROTECT_OVER_VOLTAGE] > 0 || p->excess_s[PROTECT_UNDER_VOLTAGE] > 0 ||
                        volts <= NO_MAINS_V
                    ? 0
                    : p->good_s + 1;
    if (p->kept.tripped)
        return;
    if (high || low)
        trip(d, high ? PROTECT_OVER_VOLTAGE : PROTECT_UNDER_VOLTAGE, volts);
    else if (too_much_current(p, amps, seconds))
        trip(d, PROTECT_CURRENT, amps);
}

static void reconnect(struct device *d) {
    struct protection *p = &d->metering.protection;
    bool load = p->kept.tripped - 1 <= PROTECT_POWER;
    const struct protection_rule *rule = &p->kept.rule[p->kept.tripped - 1];
    if (!rule->reconnect_s || p->quiet_s < rule->reconnect_s ||
        (!load && p->good_s < rule->reconnect_s) || (load && p->kept.tries >= PROTECT_TRIES))
        return;
    p->kept.tries = load ? (uint8_t)(p->kept.tries + 1) : 0;
    uint64_t channels = p->kept.channels;
    protection_clear(d);
    switch_channels(d, channels, 1);
}

void protection_second(struct device *d) {
    struct protection *p = &d->metering.protection;
    p->quiet_s++;
    if (p->kept.tripped) {
        reconnect(d);
    } else if (p->quiet_s == PROTECT_FORGET_S && p->kept.tries) {
        p->kept.tries = 0;
        keep(d);
    }
}

void protection_set(struct device *d, enum protection_kind kind, struct protection_rule rule) {
    struct protection *p = &d->metering.protection;
    if (!rule.delay_ms)
        rule.delay_ms = kinds[kind].delay_ms;
    p->kept.rule[kind] = rule;
    p->excess_s[kind] = 0;
    d->metering.next_ms = 0;
    keep(d);
}

void protection_stock(struct device *d, int32_t over_current_ma, int32_t over_voltage_v,
                      int32_t under_voltage_v) {
    const float limits[PROTECT_KINDS] = {
        [PROTECT_CURRENT] = (float)over_current_ma / 1000,
        [PROTECT_OVER_VOLTAGE] = (float)over_voltage_v,
        [PROTECT_UNDER_VOLTAGE] = (float)under_voltage_v,
    };
    for (int i = 0; i < PROTECT_KINDS; i++)
        if (limits[i] > 0)
            protection_set(d, (enum protection_kind)i,
                           (struct protection_rule){.limit = limits[i]});
}
