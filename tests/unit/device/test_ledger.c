/* The energy ledger: nothing is lost on a clean restart, little on a power cut, days and months are
 * local ones, and the flash lasts. */
#include "device/clock.h"
#include "device/meter/energy_stats.h"
#include "device/meter/history.h"
#include "device/meter/ledger.h"
#include "virtual/plug/plug.h"

#include <math.h>

#include "check.h"

#define WH UINT64_C(1000000)

static struct virtual_chip chip;
static struct store store;
static struct ledger ledger;
static struct history history;

static int setup(void **state) {
    (void)state;
    assert_true(virtual_chip_init(&chip, "BK7231N"));
    chip.hal.chip.store_size = 8 * HAL_FLASH_SECTOR;
    assert_int_equal(store_mount(&store, &chip.hal), STATUS_OK);
    ledger_start(&ledger, &store);
    history_start(&history, &store);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    virtual_chip_free(&chip);
    return 0;
}

static void remake(uint32_t sectors) {
    virtual_chip_free(&chip);
    assert_true(virtual_chip_init(&chip, "BK7231N"));
    chip.hal.chip.store_size = sectors * HAL_FLASH_SECTOR;
    assert_int_equal(store_mount(&store, &chip.hal), STATUS_OK);
    ledger_start(&ledger, &store);
    history_start(&history, &store);
}

static void power_cut(void) {
    virtual_chip_power(&chip, HAL_RESET_POWER);
    assert_int_equal(store_mount(&store, &chip.hal), STATUS_OK);
    ledger_start(&ledger, &store);
    history_start(&history, &store);
}

/* Runs at constant power; `local` below 0: time not known. Returns the local time after it. */
static int64_t run(uint32_t seconds, uint32_t watts, int64_t local) {
    for (uint32_t i = 0; i < seconds; i++) {
        uint64_t uwh = (uint64_t)watts * WH / 3600;
        if (local >= 0)
            local++;
        ledger_add(&ledger, uwh);
        ledger_second(&ledger, local);
        history_sample(&history, (float)watts, uwh);
        history_second(&history, local, local);
    }
    return local;
}

static double wh(enum ledger_figure figure) {
    return (double)ledger_figure(&ledger, figure) / (double)WH;
}

static int64_t at(int year, int month, int day, int hour) {
    return civil_days(year, month, day) * 86400 + hour * 3600;
}

static void a_clean_restart_loses_nothing(void **state) {
    (void)state;
    run(5000, 37, -1);
    uint64_t before = ledger_figure(&ledger, LEDGER_TOTAL);
    ledger_save(&ledger);
    power_cut();
    assert_int_equal(ledger_figure(&ledger, LEDGER_TOTAL), before);
}

static void a_power_cut_loses_at_most_one_wh_and_one_minute(void **state) {
    (void)state;
    static const uint32_t watts[] = {1, 5, 60, 500, 3680};
    uint32_t x = 7;
    remake(24);
    for (int i = 0; i < 60; i++) {
        uint32_t w = watts[i % 5];
        x = x * 1664525 + 1013904223;
        run(1 + (x >> 8) % 7000, w, -1);
        uint64_t before = ledger_figure(&ledger, LEDGER_TOTAL);
        power_cut();
        uint64_t lost = before - ledger_figure(&ledger, LEDGER_TOTAL);
        uint64_t minute = (uint64_t)w * WH / 60, bound = minute < WH ? minute : WH;
        assert_true(lost <= bound);
        assert_true(lost <= ledger_cut_loss(&ledger, w));
    }
}

static void days_change_at_local_midnight(void **state) {
    (void)state;
    int64_t t = run(6 * 3600, 100, at(2026, 3, 30, 18));
    assert_float_equal(wh(LEDGER_YESTERDAY), 600, 0.1);
    run(12 * 3600, 100, t);
    assert_float_equal(wh(LEDGER_TODAY), 1200, 0.2);
    assert_float_equal(wh(LEDGER_THIS_MONTH), 1800, 0.3);
    power_cut();
    run(1, 0, at(2026, 4, 2, 9)); /* off for a day and a half: the month has changed, too */
    assert_float_equal(wh(LEDGER_TODAY), 0, 0.1);
    assert_float_equal(wh(LEDGER_YESTERDAY), 0, 0.1);
    assert_float_equal(wh(LEDGER_2_DAYS_AGO), 1200, 2);
    assert_float_equal(wh(LEDGER_3_DAYS_AGO), 600, 2);
    assert_float_equal(wh(LEDGER_THIS_MONTH), 0, 0.1);
    assert_float_equal(wh(LEDGER_LAST_MONTH), 1800, 2);
}

static void energy_before_the_time_is_known_is_booked_to_its_days(void **state) {
    (void)state;
    run(10, 0, at(2026, 5, 1, 12)); /* the first day */
    ledger_save(&ledger);
    power_cut();
    run(2 * 3600, 300, -1); /* from 23:00 on, but nobody knows */
    assert_float_equal(wh(LEDGER_TOTAL), 600, 0.2);
    run(1, 300, at(2026, 5, 3, 1));
    assert_float_equal(wh(LEDGER_TODAY), 300, 1);
    assert_float_equal(wh(LEDGER_YESTERDAY), 300, 1);
    assert_float_equal(wh(LEDGER_2_DAYS_AGO), 0, 0.1);
}

static void a_clock_that_steps_back_an_hour_changes_no_day(void **state) {
    (void)state;
    int64_t t = run(1800, 60, at(2026, 10, 25, 0));
    run(3600, 60, t - 3600); /* back over midnight, into yesterday, and forward again */
    assert_float_equal(wh(LEDGER_TODAY), 90, 0.1);
    assert_float_equal(wh(LEDGER_YESTERDAY), 0, 0.1);
}

static void figures_are_set_and_reset(void **state) {
    (void)state;
    run(3600, 1000, at(2026, 6, 1, 10));
    ledger_set(&ledger, LEDGER_TOTAL, 5000 * WH, 1);
    assert_float_equal(wh(LEDGER_TOTAL), 5000, 0.001);
    assert_float_equal(wh(LEDGER_TODAY), 1000, 0.1);
    power_cut();
    assert_float_equal(wh(LEDGER_TOTAL), 5000, 0.001);
    ledger_set(&ledger, LEDGER_TODAY, 0, 1);
    assert_float_equal(wh(LEDGER_TODAY), 0, 0.001);
    assert_float_equal(wh(LEDGER_TOTAL), 5000, 0.001);
    ledger_reset(&ledger, 2);
    for (int i = 0; i < LEDGER_FIGURES; i++)
        assert_float_equal(wh((enum ledger_figure)i), 0, 0.001);
}

/* Also to more than was ever counted: the figures of an older meter. */
static void setting_one_figure_leaves_the_others(void **state) {
    (void)state;
    static const double wanted[] = {5000, 0.25, 0};
    int64_t t = run(5 * 86400, 20, at(2026, 6, 28, 10));
    for (int figure = 0; figure < LEDGER_FIGURES; figure++)
        for (int i = 0; i < 3; i++) {
            double before[LEDGER_FIGURES];
            for (int f = 0; f < LEDGER_FIGURES; f++)
                before[f] = wh((enum ledger_figure)f);
            ledger_set(&ledger, (enum ledger_figure)figure, (uint64_t)(wanted[i] * 1e6), t);
            power_cut();
            for (int f = 0; f < LEDGER_FIGURES; f++)
                assert_true(
                    fabs(wh((enum ledger_figure)f) - (f == figure ? wanted[i] : before[f])) < 1e-4);
        }
}

static void figures_of_other_firmware_are_taken_over(void **state) {
    (void)state;
    static const float days[LEDGER_DAYS] = {12.5f, 100, 200, 300};
    ledger_import(&ledger, 123456.5f, days);
    power_cut();
    assert_float_equal(wh(LEDGER_TOTAL), 123456.5, 0.01);
    assert_float_equal(wh(LEDGER_TODAY), 12.5, 0.001);
    assert_float_equal(wh(LEDGER_YESTERDAY), 100, 0.001);
    assert_float_equal(wh(LEDGER_3_DAYS_AGO), 300, 0.001);
}

/* Day and night, at several loads and sizes of the store: what is stated is what happens. */
static void the_flash_lasts_ten_years(void **state) {
    (void)state;
    static const uint32_t sectors[] = {8, 24}, watts[] = {5, 2300, 3680};
    for (int i = 0; i < 6; i++) {
        enum { DAYS = 20, STEPS = 10 };
        uint32_t w = watts[i % 3];
        remake(sectors[i / 3]);
        uint64_t worst = 0, stated = ledger_cut_loss(&ledger, w);
        uint32_t erases = store_erase_count(&store), years = ledger_life_years(&ledger, w);
        for (uint32_t s = 0; s < DAYS * 86400; s++) {
            for (int step = 0; step < STEPS; step++) {
                ledger_add(&ledger, (uint64_t)w * WH / 3600 / STEPS);
                uint64_t unsaved = ledger.counter - ledger.saved_counter;
                worst = unsaved > worst ? unsaved : worst;
            }
            ledger_second(&ledger, -1);
        }
        double used = (store_erase_count(&store) - erases) * 365.0 / DAYS;
        double seen = (double)chip.hal.chip.erase_cycles / used;
        print_message("%2u sectors, %4u W day and night: %u years stated, %.0f seen; a cut loses "
                      "at most %.3f Wh stated, %.3f Wh seen\n",
                      sectors[i / 3], w, years, seen, (double)stated / (double)WH,
                      (double)worst / (double)WH);
        assert_true(worst <= stated);
        assert_true(years >= LEDGER_YEARS && seen >= LEDGER_YEARS);
        assert_true(sectors[i / 3] == 8 || stated <= WH);
    }
}

static void a_cut_at_any_flash_step_keeps_old_or_new(void **state) {
    (void)state;
    for (uint32_t step = 1; step < 60; step++) {
        virtual_chip_free(&chip);
        setup(NULL);
        int64_t t = run(7200, 900, at(2026, 2, 27, 20));
        ledger_save(&ledger);
        uint64_t before = ledger_figure(&ledger, LEDGER_TOTAL);
        chip.cut_at = chip.flash_steps + step;
        chip.cut_random = step * 77;
        run(4 * 3600, 900, t);
        uint64_t most = ledger_figure(&ledger, LEDGER_TOTAL);
        chip.cut_at = 0;
        power_cut();
        uint64_t after = ledger_figure(&ledger, LEDGER_TOTAL);
        assert_true(after >= before && after <= most);
        assert_true(ledger_figure(&ledger, LEDGER_TODAY) <= after);
    }
}

static void history_has_seconds_minutes_hours_and_days(void **state) {
    (void)state;
    float value;
    int64_t t = run(3600 * 3, 100, at(2026, 7, 1, 22));
    t = run(120, 50, t);
    assert_int_equal(history_count(&history, HISTORY_SECONDS), HISTORY_SECOND_COUNT);
    assert_true(history_value(&history, HISTORY_SECONDS, 0, &value));
    assert_float_equal(value, 50, 0.1);
    assert_true(history_value(&history, HISTORY_SECONDS, 120, &value));
    assert_float_equal(value, 100, 0.1);
    assert_true(history_value(&history, HISTORY_MINUTES, 1, &value));
    assert_float_equal(value, 50, 0.1);
    assert_true(history_value(&history, HISTORY_MINUTES, 2, &value));
    assert_float_equal(value, 100, 0.1);
    assert_int_equal(history_count(&history, HISTORY_HOURS), 3);
    assert_true(history_value(&history, HISTORY_HOURS, 0, &value));
    assert_float_equal(value, 100, 0.2);
    assert_int_equal(history_count(&history, HISTORY_DAYS), 1);
    assert_true(history_value(&history, HISTORY_DAYS, 0, &value));
    assert_float_equal(value, 200, 0.2);
    assert_in_range(history_last_hour_uwh(&history) / 1000, 98000, 98800);
    power_cut();
    assert_int_equal(history_count(&history, HISTORY_HOURS), 3);
    run(3600 - 120 - 1, 10, t + 5 * 3600); /* off for five hours */
    run(2, 10, t + 6 * 3600 - 121);
    assert_false(history_value(&history, HISTORY_HOURS, 1, &value));
}

static void intervals_are_counted_and_reported(void **state) {
    (void)state;
    static struct energy_stats s;
    char json[512];
    struct text text = text_start(json, sizeof json);
    energy_stats_setup(&s, true, 60, 10, true);
    int ended = 0;
    for (int i = 0; i < 185; i++)
        ended += energy_stats_second(&s, 0.5f);
    assert_int_equal(ended, 3);
    assert_int_equal(s.index, 3);
    assert_float_equal(s.slot[1], 30, 0.01);
    assert_float_equal(s.slot[0], 3, 0.01);
    assert_float_equal(s.window_wh, 89.5, 0.01);
    struct energy_report r = {.uptime_s = 185, .total = 92.5, .last_hour = 89.5};
    energy_stats_json(&s, &r, &text);
    assert_string_equal(json,
                        "{\"uptime\":185,\"consumption_total\":92.500,"
                        "\"consumption_last_hour\":89.500,\"consumption_stat_index\":3,"
                        "\"consumption_sample_count\":10,\"consumption_sampling_period\":60,"
                        "\"consumption_samples\":[3.000,30.000,30.000,29.500,0.000,0.000,0.000,"
                        "0.000,0.000,0.000]}");
    energy_stats_setup(&s, true, 1, 5000, false);
    assert_int_equal(s.interval_s, 10);
    assert_int_equal(s.count, 180);
    assert_float_equal(s.slot[1], 0, 0.001);
}

int main(void) {
#define LEDGER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        LEDGER_TEST(a_clean_restart_loses_nothing),
        LEDGER_TEST(a_power_cut_loses_at_most_one_wh_and_one_minute),
        LEDGER_TEST(days_change_at_local_midnight),
        LEDGER_TEST(energy_before_the_time_is_known_is_booked_to_its_days),
        LEDGER_TEST(a_clock_that_steps_back_an_hour_changes_no_day),
        LEDGER_TEST(figures_are_set_and_reset),
        LEDGER_TEST(setting_one_figure_leaves_the_others),
        LEDGER_TEST(figures_of_other_firmware_are_taken_over),
        LEDGER_TEST(the_flash_lasts_ten_years),
        LEDGER_TEST(a_cut_at_any_flash_step_keeps_old_or_new),
        LEDGER_TEST(history_has_seconds_minutes_hours_and_days),
        LEDGER_TEST(intervals_are_counted_and_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
