/* The energy ledger. One counter of µWh that only grows, and marks: what it read when today, the
 * days before and this month began. Every figure is a difference of two of these, so they can never
 * contradict each other, and a reset moves a mark instead of losing anything.
 *
 * In flash: the counter as a record of 16 bytes, before a whole Wh is unsaved and at least once a
 * minute while energy flows, so a power cut loses at most 1 Wh or the energy of 60 s, whichever is
 * less; the marks when a day changes. The counter is saved on every clean restart, which then loses
 * nothing. Saves are paid from a budget that lets the flash last ten years: it grows by what may be
 * written each second, up to a day's worth. Only an area too small for the load (less than 64 KiB
 * at 3680 W day and night) makes saves rarer, never rarer than one a minute.
 *
 * Days are local ones. Until the time is known energy counts in the total only; when it arrives,
 * what was used since the start is booked to the days it belongs to. */
#ifndef DEVICE_METER_LEDGER_H
#define DEVICE_METER_LEDGER_H
#include "device/store/store.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    LEDGER_DAYS = 4,             /* today and three before */
    LEDGER_LONGEST_S = 60,       /* energy is never unsaved for longer */
    LEDGER_THRESHOLD_WH = 1,     /* energy that may be unsaved */
    LEDGER_STEP_UWH = 100000,    /* energy should come in steps of at most so much */
    LEDGER_COUNTER_RECORD = 16,  /* bytes of flash for one save: 8 of data, 8 of the log */
    LEDGER_YEARS = 10,           /* the flash lasts for */
    LEDGER_OTHERS_BYTES = 32768, /* a day, for all else that is written */
};

enum ledger_figure {
    LEDGER_TOTAL,
    LEDGER_TODAY,
    LEDGER_YESTERDAY,
    LEDGER_2_DAYS_AGO,
    LEDGER_3_DAYS_AGO,
    LEDGER_THIS_MONTH,
    LEDGER_LAST_MONTH,
    LEDGER_FIGURES
};

/* What stands in flash as one record; see LEDGER_MARKS. */
struct ledger_marks {
    uint64_t counter;          /* when this was saved */
    int64_t offset;            /* total = counter + offset, µWh */
    uint64_t day[LEDGER_DAYS]; /* counter at the start of today, yesterday … */
    uint64_t month[2];         /* of this month and the last */
    int64_t reset_epoch;       /* UTC seconds of the last reset; 0: never, or time not known */
    int32_t today;             /* local day number since 1970; INT32_MIN: not known */
    int32_t this_month;        /* 12 * year + month */
};

struct ledger {
    struct store *store;
    uint64_t counter; /* µWh */
    struct ledger_marks marks;
    uint64_t saved_counter, start_counter;
    uint32_t since_save_s, uptime_s;
    uint32_t saves;     /* since the start */
    uint32_t allowance; /* saves a second that the flash allows, in 1/1000 */
    uint32_t credit;    /* saves that may be made now, in 1/1000 */
    uint16_t threshold_wh;
    bool dated; /* the time was known since the start */
    bool marks_dirty;
};

/* Loads. A store without a ledger begins at 0. */
void ledger_start(struct ledger *l, struct store *store);
/* Adds energy, and saves when it is time. */
void ledger_add(struct ledger *l, uint64_t uwh);
/* Once a second. `local` is local time as seconds since 1970, or -1 when it is not known. */
void ledger_second(struct ledger *l, int64_t local);
/* Saves what is new, now: before a restart or when the supply falls. */
void ledger_save(struct ledger *l);

/* µWh. */
uint64_t ledger_figure(const struct ledger *l, enum ledger_figure figure);
/* Sets one figure, in µWh, and no other (LEDGER_TOTAL: the reading of an older meter; 0: reset).
 * `epoch` is UTC, 0 when not known. */
void ledger_set(struct ledger *l, enum ledger_figure figure, uint64_t uwh, int64_t epoch);
/* Everything to 0. */
void ledger_reset(struct ledger *l, int64_t epoch);
/* Takes over figures of other firmware: total, today and three days before, in Wh. */
void ledger_import(struct ledger *l, float total_wh, const float days_wh[LEDGER_DAYS]);
/* Wh between two saves, 1 … 5000. */
void ledger_threshold(struct ledger *l, uint32_t wh);
/* Years until the flash is worn out, if `watts` flow all the time; 1000 at most. */
uint32_t ledger_life_years(const struct ledger *l, uint32_t watts);
/* µWh that a power cut loses at most, if `watts` flow all the time. */
uint64_t ledger_cut_loss(const struct ledger *l, uint32_t watts);
#endif
