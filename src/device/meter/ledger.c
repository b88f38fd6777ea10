/* Counter, marks and when they are saved; see ledger.h. */
#include "device/meter/ledger.h"

#include "device/clock.h"

#include <string.h>

#define UWH_PER_WH 1000000u

static const uint16_t counter_key = STORE_KEY_ENERGY;
static const uint16_t marks_key = STORE_KEY_ENERGY_MARKS;
enum { DAY_S = 86400, HOUR_S = 3600, DAY_UNKNOWN = INT32_MIN, YEARS_MOST = 1000 };
enum { DAYS_PER_YEAR = 365, SAVE = 1000 /* in credit */ };
enum { MOST = 10 * SAVE /* a second */ };

/* Bytes a day that let the flash last LEDGER_YEARS, less what others write, as saves. */
static void renew_allowance(struct ledger *l) {
    uint64_t days = store_life_days(l->store, LEDGER_OTHERS_BYTES);
    uint64_t bytes = days * LEDGER_OTHERS_BYTES / (LEDGER_YEARS * DAYS_PER_YEAR);
    bytes = bytes > LEDGER_OTHERS_BYTES ? bytes - LEDGER_OTHERS_BYTES : 0;
    uint64_t saves = bytes * SAVE / LEDGER_COUNTER_RECORD / DAY_S;
    uint32_t least = SAVE / LEDGER_LONGEST_S + 1;
    l->allowance = saves < least ? least : saves < MOST ? (uint32_t)saves : MOST;
}

static uint64_t unsaved(const struct ledger *l) {
    return l->counter - l->saved_counter;
}

static uint64_t threshold_uwh(const struct ledger *l) {
    return (uint64_t)l->threshold_wh * UWH_PER_WH;
}

static void save_counter(struct ledger *l) {
    l->since_save_s = 0;
    l->credit -= l->credit < SAVE ? l->credit : SAVE;
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
    *l = (struct ledger){.store = store, .threshold_wh = LEDGER_THRESHOLD_WH};
    uint64_t counter = 0;
    if (store_get(store, marks_key, &l->marks, sizeof l->marks, NULL) != STATUS_OK)
        l->marks = (struct ledger_marks){.today = DAY_UNKNOWN};
    if (store_get(store, counter_key, &counter, sizeof counter, NULL) != STATUS_OK)
        counter = 0;
    l->counter = counter > l->marks.counter ? counter : l->marks.counter;
    l->saved_counter = l->start_counter = l->counter;
    renew_allowance(l);
    l->credit = l->allowance * HOUR_S; /* not a day's: cuts may be frequent */
}

/* Saves while one more step like this still fits, and one that is not yet known of. */
void ledger_add(struct ledger *l, uint64_t uwh) {
    uint64_t step = uwh > LEDGER_STEP_UWH ? uwh : LEDGER_STEP_UWH;
    l->counter += uwh;
    if (unsaved(l) + 2 * step > threshold_uwh(l) && l->credit >= SAVE)
        save_counter(l);
}

static int32_t month_of(int32_t day) {
    struct civil c = civil_of((int64_t)day * DAY_S);
    return 12 * c.year + c.month - 1;
}

static void begin_month(struct ledger_marks *m, int32_t month, uint64_t counter) {
    if (month == m->this_month)
        return;
    m->month[1] = month == m->this_month + 1 ? m->month[0] : counter;
    m->month[0] = counter;
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
    if (l->uptime_s++ % HOUR_S == 0)
        renew_allowance(l);
    l->since_save_s++;
    l->credit += l->allowance;
    if (l->credit > l->allowance * DAY_S)
        l->credit = l->allowance * DAY_S;
    if (local >= 0 && !l->dated)
        book_undated(l, local);
    else if (local >= 0)
        begin_day(l, (int32_t)(local / DAY_S), l->counter);
    if (l->marks_dirty) {
        save_counter(l);
        save_marks(l);
    }
    if (unsaved(l) && l->since_save_s >= LEDGER_LONGEST_S)
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
        return l->counter - m->month[0];
    case LEDGER_LAST_MONTH:
        return m->month[0] - m->month[1];
    default: {
        int back = (int)figure - LEDGER_TODAY;
        return back < LEDGER_DAYS ? m->day[back - 1] - m->day[back] : 0;
    }
    }
}

/* Moves the first mark so that it lies `uwh` before `end`, and those behind it with it. */
static void move_marks(uint64_t *mark, unsigned count, uint64_t end, uint64_t uwh) {
    uint64_t moved = end - uwh - mark[0]; /* may wrap: down */
    for (unsigned i = 0; i < count; i++)
        mark[i] += moved;
}

/* The counter jumps ahead of what is shown, so that a day before its begin can have used energy. */
static void make_room(struct ledger *l, uint64_t uwh) {
    struct ledger_marks *m = &l->marks;
    for (int i = 0; i < LEDGER_DAYS; i++)
        m->day[i] += uwh;
    m->month[0] += uwh;
    m->month[1] += uwh;
    l->counter += uwh;
    l->start_counter += uwh;
    m->offset -= (int64_t)uwh;
}

void ledger_set(struct ledger *l, enum ledger_figure figure, uint64_t uwh, int64_t epoch) {
    struct ledger_marks *m = &l->marks;
    uint64_t room = m->day[LEDGER_DAYS - 1] < m->month[1] ? m->day[LEDGER_DAYS - 1] : m->month[1];
    if (figure != LEDGER_TOTAL && room < uwh)
        make_room(l, uwh - room);
    if (figure == LEDGER_TOTAL) {
        m->offset = (int64_t)uwh - (int64_t)l->counter;
    } else if (figure <= LEDGER_3_DAYS_AGO) {
        unsigned back = (unsigned)figure - LEDGER_TODAY;
        move_marks(&m->day[back], LEDGER_DAYS - back, back ? m->day[back - 1] : l->counter, uwh);
    } else {
        unsigned back = (unsigned)figure - LEDGER_THIS_MONTH;
        move_marks(&m->month[back], 2 - back, back ? m->month[0] : l->counter, uwh);
    }
    m->reset_epoch = epoch;
    save_counter(l);
    save_marks(l);
}

void ledger_reset(struct ledger *l, int64_t epoch) {
    struct ledger_marks *m = &l->marks;
    m->offset = -(int64_t)l->counter;
    for (int i = 0; i < LEDGER_DAYS; i++)
        m->day[i] = l->counter;
    m->month[0] = m->month[1] = l->counter;
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
    l->threshold_wh = (uint16_t)(wh < 1 ? 1 : wh > 5000 ? 5000 : wh);
}

/* Milliseconds between two saves at constant power. */
static uint64_t interval_ms(const struct ledger *l, uint32_t watts) {
    uint64_t room = threshold_uwh(l) - 2 * LEDGER_STEP_UWH, longest = LEDGER_LONGEST_S * 1000;
    uint64_t wanted = watts ? room * 36 / watts / 10 : longest; /* 1 W is 1/3.6 µWh in a ms */
    uint64_t allowed = (uint64_t)SAVE * 1000 / l->allowance;
    if (wanted < allowed)
        wanted = allowed + 1000; /* the budget grows once a second */
    return wanted < longest ? wanted : longest;
}

uint64_t ledger_cut_loss(const struct ledger *l, uint32_t watts) {
    uint64_t flown = interval_ms(l, watts) * watts * 10 / 36 + 2 * LEDGER_STEP_UWH;
    uint64_t minute = (uint64_t)watts * UWH_PER_WH / 60;
    return flown < minute ? flown : minute;
}

uint32_t ledger_life_years(const struct ledger *l, uint32_t watts) {
    uint64_t saves = (uint64_t)DAY_S * 1000 / interval_ms(l, watts);
    uint32_t bytes = (uint32_t)saves * LEDGER_COUNTER_RECORD + LEDGER_OTHERS_BYTES;
    uint32_t days = store_life_days(l->store, bytes);
    return days / DAYS_PER_YEAR < YEARS_MOST ? days / DAYS_PER_YEAR : YEARS_MOST;
}
