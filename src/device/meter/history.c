/* Rings and how one feeds the next; see history.h. */
#include "device/meter/history.h"

#include <string.h>

enum { GAP = UINT16_MAX, MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400, UWH_PER_MWH = 1000 };
enum { MANTISSA_BITS = 12, MANTISSA = (1 << MANTISSA_BITS) - 1 };
#define MOST_W     60000.0f /* a minute of them fits 32 bits; GAP means more */
#define GAP_ENERGY UINT32_MAX

static const uint16_t hours_key = STORE_KEY_ENERGY_HISTORY;

_Static_assert(sizeof(struct history_kept) <= STORE_VALUE_MAX, "hours and days fit one record");

void history_start(struct history *h, struct store *store) {
    *h = (struct history){.store = store};
    if (store_get(store, hours_key, &h->kept, sizeof h->kept, NULL) != STATUS_OK ||
        h->kept.hours > HISTORY_HOUR_COUNT || h->kept.days > HISTORY_DAY_COUNT)
        h->kept = (struct history_kept){0};
}

static void keep(struct history *h) {
    store_put(h->store, hours_key, &h->kept, sizeof h->kept);
}

/* Newest entries of the kept rings stand at their end. */
static void push_energy(uint32_t *ring, uint16_t *count, unsigned room, uint32_t value) {
    memmove(ring, ring + 1, (room - 1) * sizeof *ring);
    ring[room - 1] = value;
    if (*count < room)
        (*count)++;
}

/* Power in mW as a mantissa of 12 bits and a shift of 4: exact to 4 W, to 0.012 % above. */
static uint16_t pack(uint32_t mw) {
    unsigned shift = 0;
    while (mw > MANTISSA) {
        mw = (mw + 1) / 2;
        shift++;
    }
    return (uint16_t)(shift << MANTISSA_BITS | mw);
}

static uint32_t unpack(uint16_t packed) {
    return (uint32_t)(packed & MANTISSA) << (packed >> MANTISSA_BITS);
}

void history_sample(struct history *h, float power_w, uint64_t uwh) {
    bool measured = power_w >= 0;
    uint32_t mw = measured ? (uint32_t)((power_w < MOST_W ? power_w : MOST_W) * 1000 + 0.5f) : 0;
    h->second[h->seconds % HISTORY_SECOND_COUNT] = measured ? pack(mw) : GAP;
    h->seconds++;
    h->hour_uwh += uwh;
    h->sum_mw += mw;
    h->samples += measured;
}

static void end_minute(struct history *h) {
    h->minute[h->minutes % HISTORY_MINUTE_COUNT] =
        h->samples ? pack((h->sum_mw + h->samples / 2) / h->samples) : (uint16_t)GAP;
    h->minutes++;
    h->sum_mw = h->samples = 0;
}

static uint32_t to_mwh(uint64_t uwh) {
    uint64_t mwh = uwh / UWH_PER_MWH;
    return mwh < GAP_ENERGY ? (uint32_t)mwh : GAP_ENERGY - 1;
}

/* Hours without power are gaps: the plug was off. */
static void skip_hours(struct history *h, int32_t hour) {
    int64_t missing = h->kept.last_hour ? (int64_t)hour - h->kept.last_hour - 1 : 0;
    for (int64_t i = 0; i < missing && i < HISTORY_HOUR_COUNT; i++)
        push_energy(h->kept.hour, &h->kept.hours, HISTORY_HOUR_COUNT, GAP_ENERGY);
}

static void end_day(struct history *h, int32_t day) {
    struct history_kept *k = &h->kept;
    if (k->last_day && day > k->last_day) {
        push_energy(k->day, &k->days, HISTORY_DAY_COUNT, k->day_so_far);
        for (int64_t i = (int64_t)k->last_day + 1; i < day && i < k->last_day + HISTORY_DAY_COUNT;
             i++)
            push_energy(k->day, &k->days, HISTORY_DAY_COUNT, GAP_ENERGY);
        k->day_so_far = 0;
    }
    k->last_day = day;
}

/* `hour` is the hour that ended, 0 when the time is not known. */
static void end_hour(struct history *h, int32_t hour, int32_t day) {
    struct history_kept *k = &h->kept;
    uint32_t mwh = to_mwh(h->hour_uwh);
    if (hour > k->last_hour) {
        skip_hours(h, hour);
        k->last_hour = hour;
    } else if (k->last_hour)
        k->last_hour++; /* goes on without time */
    push_energy(k->hour, &k->hours, HISTORY_HOUR_COUNT, mwh);
    if (day)
        end_day(h, day);
    k->day_so_far += mwh;
    h->hour_uwh = 0;
    h->hour_s = 0;
    keep(h);
}

void history_second(struct history *h, int64_t utc, int64_t local) {
    h->hour_s++;
    if (h->seconds % MINUTE_S == 0)
        end_minute(h);
    bool on_the_hour = utc > 0 && utc % HOUR_S == 0 && h->hour_s > 1;
    bool too_long = utc <= 0 && h->hour_s >= HOUR_S;
    if (on_the_hour)
        end_hour(h, (int32_t)(utc / HOUR_S - 1), (int32_t)((local - 1) / DAY_S));
    else if (too_long)
        end_hour(h, 0, 0);
}

void history_save(struct history *h) {
    if (h->hour_uwh)
        keep(h);
}

unsigned history_count(const struct history *h, enum history_span span) {
    switch (span) {
    case HISTORY_SECONDS:
        return h->seconds < HISTORY_SECOND_COUNT ? h->seconds : HISTORY_SECOND_COUNT;
    case HISTORY_MINUTES:
        return h->minutes < HISTORY_MINUTE_COUNT ? h->minutes : HISTORY_MINUTE_COUNT;
    case HISTORY_HOURS:
        return h->kept.hours;
    case HISTORY_DAYS:
        return h->kept.days;
    default:
        return 0;
    }
}

unsigned history_step_s(enum history_span span) {
    static const uint32_t steps[HISTORY_SPANS] = {1, MINUTE_S, HOUR_S, DAY_S};
    return span < HISTORY_SPANS ? steps[span] : 0;
}

static bool power_value(uint16_t packed, float *value) {
    *value = packed == GAP ? 0 : (float)unpack(packed) / 1000;
    return packed != GAP;
}

static bool energy_value(uint32_t mwh, float *value) {
    *value = (float)mwh / 1000.0f;
    return mwh != GAP_ENERGY;
}

bool history_value(const struct history *h, enum history_span span, unsigned back, float *value) {
    *value = 0;
    if (back >= history_count(h, span))
        return false;
    switch (span) {
    case HISTORY_SECONDS:
        return power_value(h->second[(h->seconds - 1 - back) % HISTORY_SECOND_COUNT], value);
    case HISTORY_MINUTES:
        return power_value(h->minute[(h->minutes - 1 - back) % HISTORY_MINUTE_COUNT], value);
    case HISTORY_HOURS:
        return energy_value(h->kept.hour[HISTORY_HOUR_COUNT - 1 - back], value);
    default:
        return energy_value(h->kept.day[HISTORY_DAY_COUNT - 1 - back], value);
    }
}

int64_t history_end(const struct history *h, enum history_span span, int64_t utc, int32_t offset) {
    const struct history_kept *k = &h->kept;
    switch (span) {
    case HISTORY_SECONDS:
        return utc > 0 ? utc : 0;
    case HISTORY_MINUTES:
        return utc > 0 ? utc - h->seconds % MINUTE_S : 0;
    case HISTORY_HOURS:
        return k->last_hour ? ((int64_t)k->last_hour + 1) * HOUR_S : 0;
    default:
        return k->last_day ? (int64_t)k->last_day * DAY_S - offset : 0;
    }
}

uint64_t history_last_hour_uwh(const struct history *h) {
    uint64_t mws = h->sum_mw; /* of the minute that runs */
    for (uint32_t back = 0; back < MINUTE_S && back < h->minutes - h->last_hour_from; back++) {
        uint16_t packed = h->minute[(h->minutes - 1 - back) % HISTORY_MINUTE_COUNT];
        mws += packed == GAP ? 0 : (uint64_t)unpack(packed) * MINUTE_S;
    }
    return mws * 1000 / HOUR_S;
}

void history_reset_last_hour(struct history *h) {
    h->last_hour_from = h->minutes;
    h->sum_mw = h->samples = 0;
}
