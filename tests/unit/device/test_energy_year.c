/* A year of energy with 200 power cuts, in virtual time: the total never falls, no cut loses more
 * than 1 Wh or a minute's energy, and the flash wears within its budget. A short year (20 days, 40
 * cuts) by default; PLUGSMITH_SOAK=1 for the whole one. */
#include "device/meter/history.h"
#include "device/meter/ledger.h"
#include "device/script/clock.h"
#include "virtual/plug/plug.h"
#include "virtual/random.h"

#include <math.h>
#include <stdlib.h>

#include "check.h"

#define UWH_PER_WH 1000000.0
enum { CUTS_PER_YEAR = 200, SECTORS = 24, DAY_S = 86400 };

struct year {
    struct virtual_chip chip;
    struct store store;
    struct ledger ledger;
    struct history history;
    uint64_t random;
    double truth_wh, lost_wh, worst_wh, rest, minute_wh[60];
    uint32_t second;
    unsigned cuts;
};

static void boot(struct year *y) {
    virtual_chip_power(&y->chip, HAL_RESET_POWER);
    assert_int_equal(store_mount(&y->store, &y->chip.hal), STATUS_OK);
    ledger_start(&y->ledger, &y->store);
    history_start(&y->history, &y->store);
}

/* A household: standby, a fridge, an evening of television, an hour of heating. */
static double watts_at(uint32_t second) {
    uint32_t day = second % DAY_S, hour = day / 3600;
    double watts = 1.2;
    watts += second % 2400 < 600 ? 90 : 0;
    watts += hour >= 19 && hour < 23 ? 110 : 0;
    watts += hour == 7 ? 2000 : 0;
    return watts;
}

static double total_wh(const struct year *y) {
    return (double)ledger_figure(&y->ledger, LEDGER_TOTAL) / UWH_PER_WH;
}

/* Energy of the last minute. */
static double last_minute(const struct year *y) {
    double sum = 0;
    for (int i = 0; i < 60; i++)
        sum += y->minute_wh[i];
    return sum;
}

static void second(struct year *y) {
    double wh = watts_at(y->second) / 3600, uwh = wh * UWH_PER_WH + y->rest;
    uint64_t whole = (uint64_t)uwh;
    int64_t local = civil_days(2026, 1, 1) * DAY_S + y->second;
    y->rest = uwh - (double)whole;
    y->truth_wh += wh;
    y->minute_wh[y->second % 60] = wh;
    y->second++;
    ledger_add(&y->ledger, whole);
    ledger_second(&y->ledger, local);
    history_sample(&y->history, (float)(wh * 3600), whole);
    history_second(&y->history, local, local);
}

/* The supply goes, half of the times inside a flash operation. */
static void cut(struct year *y) {
    double before = total_wh(y), bound = last_minute(y) > 1 ? last_minute(y) : 1;
    if (random_next(&y->random) % 2) {
        y->chip.cut_at = y->chip.flash_steps + 1;
        y->chip.cut_random = (uint32_t)random_next(&y->random);
        for (int i = 0; i < 7200 && !y->chip.dead; i++)
            second(y);
        before = total_wh(y);
        bound = last_minute(y) > 1 ? last_minute(y) : 1;
    }
    boot(y);
    double lost = before - total_wh(y);
    assert_true(lost > -1e-6);
    assert_true(lost <= bound + 0.04); /* and the second that runs */
    y->lost_wh += lost;
    y->worst_wh = lost > y->worst_wh ? lost : y->worst_wh;
    y->cuts++;
}

static void a_year_with_200_power_cuts(void **state) {
    (void)state;
    static struct year y;
    uint32_t days = getenv("PLUGSMITH_SOAK") ? 365 : 20;
    unsigned cuts = days == 365 ? CUTS_PER_YEAR : 40;
    y.random = 4711;
    assert_true(virtual_chip_init(&y.chip, "BK7231N"));
    y.chip.hal.chip.store_size = SECTORS * HAL_FLASH_SECTOR;
    boot(&y);
    uint32_t erases = store_erase_count(&y.store);
    double before = 0;
    for (unsigned i = 0; i < cuts; i++) {
        uint32_t until = (uint32_t)((uint64_t)days * DAY_S * (i + 1) / cuts);
        while (y.second < until) {
            second(&y);
            assert_true(total_wh(&y) >= before - 1e-6);
            before = total_wh(&y);
        }
        cut(&y);
        before = total_wh(&y);
    }
    double used = store_erase_count(&y.store) - erases, years = (double)days / 365;
    double life = (double)y.chip.hal.chip.erase_cycles / (used / years);
    print_message(
        "%u days, %u cuts: %.1f Wh flowed, %.3f Wh lost (worst cut %.3f Wh), counted %.1f; "
        "%.0f erases of each sector a year, %.0f years of flash\n",
        days, y.cuts, y.truth_wh, y.lost_wh, y.worst_wh, total_wh(&y), used / years, life);
    assert_true(fabs(y.truth_wh - y.lost_wh - total_wh(&y)) < 0.1);
    assert_true(life >= 10);
    virtual_chip_free(&y.chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_year_with_200_power_cuts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
