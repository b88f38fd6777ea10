/* What the plug used, for charts: four rings of fixed size. Seconds and minutes hold mean power,
 * hours and days hold energy. Hours and days are kept in flash, once an hour; seconds and minutes
 * begin anew with every start. A span in which nothing was measured is a gap, not zero. */
#ifndef DEVICE_METER_HISTORY_H
#define DEVICE_METER_HISTORY_H
#include "device/store/store.h"

#include <stdbool.h>
#include <stdint.h>

enum history_span { HISTORY_SECONDS, HISTORY_MINUTES, HISTORY_HOURS, HISTORY_DAYS, HISTORY_SPANS };
enum {
    HISTORY_SECOND_COUNT = 300,
    HISTORY_MINUTE_COUNT = 240,
    HISTORY_HOUR_COUNT = 96,
    HISTORY_DAY_COUNT = 62,
};

struct history {
    struct store *store;
    uint16_t second[HISTORY_SECOND_COUNT]; /* mean power, in half a word: see history.c */
    uint16_t minute[HISTORY_MINUTE_COUNT];
    struct history_kept {
        uint32_t hour[HISTORY_HOUR_COUNT]; /* mWh */
        uint32_t day[HISTORY_DAY_COUNT];
        int32_t last_hour; /* hours since 1970 (UTC) of the newest entry; 0: never dated */
        uint16_t hours, days;
        uint32_t day_so_far; /* mWh of today in whole hours */
        int32_t last_day;
    } kept;
    uint32_t seconds, minutes; /* taken so far */
    uint32_t last_hour_from;   /* minutes before it do not count for the last hour */
    uint32_t sum_mw, samples;  /* of this minute */
    uint64_t hour_uwh;         /* of this hour */
    uint32_t hour_s;
};

/* Loads hours and days. */
void history_start(struct history *h, struct store *store);
/* Energy that flowed; mean power of the second that ends now in W, or negative: not measured.
 * Called once a second, before history_second. */
void history_sample(struct history *h, float power_w, uint64_t uwh);
/* Ends the second; `utc` and `local` in seconds since 1970, -1 when not known. */
void history_second(struct history *h, int64_t utc, int64_t local);
/* Saves the running hour too: before a restart. */
void history_save(struct history *h);

/* How many entries a span holds now, and how long each is in seconds. */
unsigned history_count(const struct history *h, enum history_span span);
unsigned history_step_s(enum history_span span);
/* Entry `back` before the newest complete one (0: newest). False: a gap, or none. Power in W, or
 * energy in Wh for hours and days. */
bool history_value(const struct history *h, enum history_span span, unsigned back, float *value);
/* When the newest complete entry ended, in seconds since 1970 (UTC); 0: not known. */
int64_t history_end(const struct history *h, enum history_span span, int64_t utc, int32_t offset);
/* Energy of the last 60 minutes, as far as there are any, in µWh; and a new begin for it. */
uint64_t history_last_hour_uwh(const struct history *h);
void history_reset_last_hour(struct history *h);
#endif
