/* Counter, marks and when they are saved; see ledger.h. */
#include "device/meter/ledger.h"

#include "device/script/clock.h"

#include <string.h>

#define UWH_PER_WH 1000000u

static const uint16_t counter_key = STORE_KEY_ENERGY;
static const uint16_t marks_key = STORE_KEY_ENERGY_MARKS;
enum { DAY_S = 86400, DAY_UNKNOWN = INT32_MIN, YEARS_MOST = 1000, DAYS_PER_YEAR = 365 };

static void save_counter(struct ledger *l) {
    l->since_save_s = 0;
    if (l->counter == l->saved_counter)
        return;
    if (store_put(l->store, counter_key, &l->counter, sizeof l->counter) == STATUS_OK) {
        l->saved_counter = l->counter;
        l->saves++;
    }
}

static void save_marks(struct ledger *l) {
    l->marks.counter = l->counter;
    if (store_put(l->store, marks_key, &l->marks, sizeof l->marks) == STATUS_OK)
        l->marks_dirty = false;
}

/* The marks also hold the counter: whichever of the two records is newer counts. */
void ledger_start(struct ledger *l, struct store *store) {
    *l = (struct ledger){.store = store, .threshold_uwh = LEDGER_THRESHOLD_WH * UWH_PER_WH};
    uint64_t counter = 0;
    if (store_get(store, marks_key, &l->marks, sizeof l->marks, NULL) != STATUS_OK)
        l->marks = (struct ledger_marks){.today = DAY_UNKNOWN};
    if (store_get(store, counter_key, &counter, sizeof counter, NULL) != STATUS_OK)
        counter = 0;
    l->counter = counter > l->marks.counter ? counter : l->marks.counter;
    l->saved_counter = l->start_counter = l->counter;
}

void ledger_add(struct ledger *l, uint64_t uwh) {
    l->counter += uwh;
}

static int32_t month_of(int32_t day) {
    struct civil c = civil_of((int64_t)day * DAY_S);
    return 12 * c.year + c.month - 1;
}

static void begin_month(struct ledger_marks *m, int32_t month, uint64_t counter) {
    if (month == m->this_month)
        return;
    m->last_month = month == m->this_month + 1 ? m->month : counter;
    m->month = counter;
    m->this_month = month;
}

/* Day `day` began when the counter read `counter`; days in between used nothing. A step back of one
 * day is a change of the time zone or of the clock and waits; a larger one means that the time
 * before was wrong, and only the number of the day changes. */
static void begin_day(struct ledger *l, int32_t day, uint64_t counter) {
    struct ledger_marks *m = &l->marks;
    if (m->today == DAY_UNKNOWN) {
        m->today = day;
        m->this_month = month_of(day);
        l->marks_dirty = true;
        return;
    }
    int64_t step = (int64_t)day - m->today;
    if (step == 0 || step == -1)
        return;
    for (int i = LEDGER_DAYS - 1; step > 0 && i >= 0; i--)
        m->day[i] = i >= step ? m->day[i - step] : counter;
    if (step > 0)
        begin_month(m, month_of(day), counter);
    else
        m->this_month = month_of(day);
    m->today = day;
    l->marks_dirty = true;
}

/* The counter at `s` seconds after the start, if energy flowed evenly. */
static uint64_t counter_at(const struct ledger *l, uint32_t s) {
    uint64_t used = l->counter - l->start_counter;
    return l->start_counter + (l->uptime_s ? used / l->uptime_s * s : 0);
}

/* The time has become known: what was used before belongs to the day of the start, and from
 * midnight on to the days after it. */
static void book_undated(struct ledger *l, int64_t local) {
    int64_t start = local - l->uptime_s;
    int32_t first = (int32_t)(start / DAY_S), last = (int32_t)(local / DAY_S);
    begin_day(l, first, l->start_counter);
    for (int32_t day = first + 1; day <= last; day++)
        begin_day(l, day, counter_at(l, (uint32_t)((int64_t)day * DAY_S - start)));
    l->dated = true;
}

void ledger_second(struct ledger *l, int64_t local) {
    l->uptime_s++;
    l->since_save_s++;
    if (local >= 0 && !l->dated)
        book_undated(l, local);
    else if (local >= 0)
        begin_day(l, (int32_t)(local / DAY_S), l->counter);
    if (l->marks_dirty) {
        save_counter(l);
        save_marks(l);
    }
    uint64_t unsaved = l->counter - l->saved_counter;
    if ((unsaved >= l->threshold_uwh && l->since_save_s >= LEDGER_LEAST_S) ||
        (unsaved && l->since_save_s >= LEDGER_LONGEST_S))
        save_counter(l);
}

void ledger_save(struct ledger *l) {
    save_counter(l);
    if (l->marks_dirty)
        save_marks(l);
}

uint64_t ledger_figure(const struct ledger *l, enum ledger_figure figure) {
    const struct ledger_marks *m = &l->marks;
    switch (figure) {
    case LEDGER_TOTAL:
        return (uint64_t)((int64_t)l->counter + m->offset);
    case LEDGER_TODAY:
        return l->counter - m->day[0];
    case LEDGER_THIS_MONTH:
        return l->counter - m->month;
    case LEDGER_LAST_MONTH:
        return m->month - m->last_month;
    default: {
        int back = (int)figure - LEDGER_TODAY;
        return back < LEDGER_DAYS ? m->day[back - 1] - m->day[back] : 0;
    }
    }
}

/* Moves the marks from `from` on so that the figure in front of it becomes `uwh`. */
static void set_day(struct ledger *l, int back, uint64_t uwh) {
    struct ledger_marks *m = &l->marks;
    uint64_t end = back ? m->day[back - 1] : l->counter;
    uint64_t wanted = end > uwh ? end - uwh : 0;
    int64_t move = (int64_t)(wanted - m->day[back]);
    for (int i = back; i < LEDGER_DAYS; i++)
        m->day[i] = (int64_t)m->day[i] + move > 0 ? m->day[i] + (uint64_t)move : 0;
}

void ledger_set(struct ledger *l, enum ledger_figure figure, uint64_t uwh, int64_t epoch) {
    struct ledger_marks *m = &l->marks;
    if (figure == LEDGER_TOTAL)
        m->offset = (int64_t)uwh - (int64_t)l->counter;
    else if (figure <= LEDGER_3_DAYS_AGO)
        set_day(l, (int)figure - LEDGER_TODAY, uwh);
    else if (figure == LEDGER_THIS_MONTH)
        m->month = l->counter > uwh ? l->counter - uwh : 0;
    else
        m->last_month = m->month > uwh ? m->month - uwh : 0;
    if (m->last_month > m->month)
        m->last_month = m->month;
    m->reset_epoch = epoch;
    save_counter(l);
    save_marks(l);
}

void ledger_reset(struct ledger *l, int64_t epoch) {
    struct ledger_marks *m = &l->marks;
    m->offset = -(int64_t)l->counter;
    for (int i = 0; i < LEDGER_DAYS; i++)
        m->day[i] = l->counter;
    m->month = m->last_month = l->counter;
    m->reset_epoch = epoch;
    save_counter(l);
    save_marks(l);
}

static uint64_t uwh_of(float wh) {
    return wh > 0 && wh < 1e12f ? (uint64_t)((double)wh * UWH_PER_WH) : 0;
}

void ledger_import(struct ledger *l, float total_wh, const float days_wh[LEDGER_DAYS]) {
    struct ledger_marks *m = &l->marks;
    uint64_t days = 0;
    for (int i = 0; i < LEDGER_DAYS; i++)
        days += uwh_of(days_wh[i]);
    l->counter += days; /* room for what the days used */
    uint64_t mark = l->counter;
    for (int i = 0; i < LEDGER_DAYS; i++)
        m->day[i] = mark -= uwh_of(days_wh[i]);
    m->offset = (int64_t)uwh_of(total_wh) - (int64_t)l->counter;
    l->start_counter = l->counter;
    save_counter(l);
    save_marks(l);
}

void ledger_threshold(struct ledger *l, uint32_t wh) {
    wh = wh < 1 ? 1 : wh > 5000 ? 5000 : wh;
    l->threshold_uwh = (uint64_t)wh * UWH_PER_WH;
}

uint32_t ledger_life_years(const struct ledger *l, uint32_t watts) {
    uint64_t uwh_per_day = (uint64_t)watts * 24 * UWH_PER_WH;
    uint64_t saves = uwh_per_day / (l->threshold_uwh ? l->threshold_uwh : 1);
    uint64_t most = DAY_S / LEDGER_LEAST_S, least = DAY_S / LEDGER_LONGEST_S;
    saves = saves > most ? most : saves < least ? least : saves;
    uint32_t bytes = (uint32_t)saves * LEDGER_COUNTER_RECORD + (uint32_t)sizeof l->marks + 8;
    uint32_t days = store_life_days(l->store, bytes);
    return days / DAYS_PER_YEAR < YEARS_MOST ? days / DAYS_PER_YEAR : YEARS_MOST;
}
