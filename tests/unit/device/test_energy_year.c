/* A year of energy with 200 power cuts at random moments, half of them inside a flash operation:
 * the total never falls, no cut loses more than 1 Wh or the energy of 60 s, whichever is less, and
 * the flash wears within its budget. */
#include "device/clock.h"
#include "device/meter/history.h"
#include "device/meter/ledger.h"
#include "virtual/plug/plug.h"
#include "virtual/random.h"

#include <math.h>
#include <stdlib.h>

#include "check.h"

#define UWH_PER_WH 1000000.0
enum { DAYS = 365, CUTS = 200, SECTORS = 24, DAY_S = 86400, STEPS_MOST = 8 };
#define STEP_WH (LEDGER_STEP_UWH / UWH_PER_WH)

struct year {
    struct virtual_chip chip;
    struct store store;
    struct ledger ledger;
    struct history history;
    uint64_t random;
    double truth_wh, lost_wh, worst_wh, rest, minute_wh[61]; /* the second that runs, too */
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

/* What a cut may lose now. */
static double bound(const struct year *y) {
    double sum = 0;
    for (int i = 0; i < 61; i++)
        sum += y->minute_wh[i];
    return sum < 1 ? sum : 1;
}

static void book(struct year *y, double wh) {
    double uwh = wh * UWH_PER_WH + y->rest;
    uint64_t whole = (uint64_t)uwh;
    y->rest = uwh - (double)whole;
    y->truth_wh += wh;
    y->minute_wh[y->second % 61] += wh;
    ledger_add(&y->ledger, whole);
}

/* Energy comes in steps as a pulse meter books it; `steps`: only so many of this second. */
static void flow(struct year *y, unsigned steps) {
    double wh = watts_at(y->second) / 3600;
    unsigned whole = 1 + (unsigned)(wh / STEP_WH);
    y->minute_wh[y->second % 61] = 0;
    for (unsigned i = 0; i < whole && i < steps && !y->chip.dead; i++)
        book(y, wh / whole);
}

static void second(struct year *y) {
    int64_t local = civil_days(2026, 1, 1) * DAY_S + y->second;
    uint64_t before = y->ledger.counter;
    flow(y, STEPS_MOST);
    ledger_second(&y->ledger, local);
    history_sample(&y->history, (float)watts_at(y->second), y->ledger.counter - before);
    history_second(&y->history, local, local);
    y->second++;
}

/* The supply goes: in the middle of a second, or at the next step of flash. */
static void cut(struct year *y) {
    if (random_next(&y->random) % 2) {
        y->chip.cut_at = y->chip.flash_steps + 1;
        y->chip.cut_random = (uint32_t)random_next(&y->random);
        for (int i = 0; i < 7200 && !y->chip.dead; i++)
            second(y);
    }
    flow(y, (unsigned)(random_next(&y->random) % STEPS_MOST));
    double before = total_wh(y), most = bound(y);
    boot(y);
    double lost = before - total_wh(y);
    if (lost < -1e-6 || lost > most + 1e-6)
        fail_msg("cut %u at %u s lost %.6f Wh, the bound is %.6f", y->cuts, y->second, lost, most);
    y->lost_wh += lost;
    y->worst_wh = lost > y->worst_wh ? lost : y->worst_wh;
    y->cuts++;
    y->second++;
    y->minute_wh[y->second % 61] = 0;
}

static int by_time(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Half of the cuts fall into the hour in which 2 kW flow. */
static void draw_cuts(struct year *y, uint32_t at[CUTS]) {
    for (int i = 0; i < CUTS; i++) {
        uint32_t day = (uint32_t)(random_next(&y->random) % DAYS);
        uint32_t of_day = (uint32_t)(i % 2 ? random_next(&y->random) % DAY_S
                                           : 7 * 3600 + random_next(&y->random) % 3600);
        at[i] = day * DAY_S + of_day;
    }
    qsort(at, CUTS, sizeof *at, by_time);
}

static void a_year_with_200_power_cuts(void **state) {
    (void)state;
    static struct year y;
    uint32_t at[CUTS];
    double before = 0;
    y.random = 4711;
    assert_true(virtual_chip_init(&y.chip, "BK7231N"));
    y.chip.hal.chip.store_size = SECTORS * HAL_FLASH_SECTOR;
    boot(&y);
    draw_cuts(&y, at);
    uint32_t erases = store_erase_count(&y.store);
    for (unsigned i = 0; i <= CUTS; i++) {
        uint32_t until = i < CUTS ? at[i] : DAYS * DAY_S;
        while (y.second < until) {
            second(&y);
            assert_true(total_wh(&y) >= before - 1e-6);
            before = total_wh(&y);
        }
        if (i < CUTS)
            cut(&y);
        assert_true(total_wh(&y) >= before - y.worst_wh);
        before = total_wh(&y);
    }
    double used = store_erase_count(&y.store) - erases;
    double life = (double)y.chip.hal.chip.erase_cycles / used;
    print_message("%u cuts: %.1f Wh flowed, %.3f Wh lost (worst cut %.3f Wh), counted %.1f; "
                  "%.0f erases of each sector, %.0f years of flash\n",
                  y.cuts, y.truth_wh, y.lost_wh, y.worst_wh, total_wh(&y), used, life);
    assert_true(fabs(y.truth_wh - y.lost_wh - total_wh(&y)) < 0.1);
    assert_true(life >= LEDGER_YEARS);
    virtual_chip_free(&y.chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_year_with_200_power_cuts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
