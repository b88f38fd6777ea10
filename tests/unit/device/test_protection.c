/* Protection against the modelled mains: what it takes for an overload and what not, and what stays
 * after a restart. SOAK_STARTS=10000: that many motor starts (make soak). */
#include "device/protected_plug.h"

#include "check.h"

static struct plug *metered(const char *limits) {
    return protected_plug("BL0937", limits);
}

static void done(struct plug *plug) {
    protected_plug_free(plug);
}

static bool on(const struct plug *plug) {
    return relay_closed(plug);
}

static void ten_percent_above_trips_later_and_below_never(void **state) {
    (void)state;
    struct plug *plug = metered("Protection power 1000");
    uint64_t at = plug_now_ms(plug);
    plug_set_load(plug, "0m 990W; 60s 1100W");
    plug_run_ms(plug, 59000);
    assert_true(on(plug));
    int ms = trip_ms(plug, at + 60000);
    assert_in_range(ms, 1500, 3500);
    done(plug);
}

static void motors_start_without_a_trip(void **state) {
    (void)state;
    const char *runs = getenv("SOAK_STARTS");
    unsigned starts = runs ? (unsigned)atoi(runs) : 200;
    for (unsigned chip = 0; chip < METERING_CHIPS; chip++) {
        char load[64] = "";
        unsigned trips = motor_trips(metering_chips[chip], starts, load);
        print_message("%-8s %u motor starts, %u trips %s\n", metering_chips[chip], starts, trips,
                      load);
        assert_int_equal(trips, 0);
    }
}

static void trip_is_told_and_survives_a_restart(void **state) {
    (void)state;
    struct plug *plug = metered("Protection power 1000");
    channel_set_start(&plug->device, 1, 1);
    settings_save(&plug->device);
    plug_set_load(plug, "0m 2500W");
    plug_run_ms(plug, 2000);
    assert_false(on(plug));
    plug_restart(plug, HAL_RESET_POWER);
    plug_run_ms(plug, 2000);
    assert_false(on(plug)); /* although it should start switched on */
    char text[64];
    struct text out = text_start(text, sizeof text);
    protection_text(&plug->device, &out);
    assert_true(text_starts(text, "over-power "));
    plug_set_load(plug, "0m 100W");
    channel_set(&plug->device, 1, 1, 0); /* by hand */
    plug_run_ms(plug, 5000);
    assert_true(on(plug));
    assert_int_equal(plug->device.metering.protection.kept.tripped, 0);
    done(plug);
}

static void voltage_comes_back_and_so_does_the_load(void **state) {
    (void)state;
    struct plug *plug = metered("Protection overvoltage 250 1000 10");
    plug_set_load(plug, "0m 100W; 30s V=262; 60s V=230");
    plug_run_ms(plug, 29000);
    assert_true(on(plug));
    plug_run_ms(plug, 10000);
    assert_false(on(plug));
    plug_run_ms(plug, 22000);
    assert_false(on(plug));
    plug_run_ms(plug, 20000);
    assert_true(on(plug));
    done(plug);
}

static void overload_is_tried_three_times(void **state) {
    (void)state;
    struct plug *plug = metered("Protection power 1000 200 5");
    plug_set_load(plug, "0m 2500W");
    plug_run_ms(plug, 60000);
    assert_false(on(plug));
    assert_int_equal(plug->device.metering.protection.trips, 1 + PROTECT_TRIES);
    done(plug);
}

static void limits_of_stock_firmware_are_taken(void **state) {
    (void)state;
    struct plug *plug = metered("Protection");
    protection_stock(&plug->device, 16000, 250, 90);
    const struct protection_rule *rule = plug->device.metering.protection.kept.rule;
    assert_true(rule[PROTECT_CURRENT].limit > 15.9f && rule[PROTECT_CURRENT].limit < 16.1f);
    plug_set_load(plug, "0m 100W V=230; 20s V=85");
    plug_run_ms(plug, 19000);
    assert_true(on(plug));
    plug_run_ms(plug, 10000);
    assert_false(on(plug));
    done(plug);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_percent_above_trips_later_and_below_never),
        cmocka_unit_test(motors_start_without_a_trip),
        cmocka_unit_test(trip_is_told_and_survives_a_restart),
        cmocka_unit_test(voltage_comes_back_and_so_does_the_load),
        cmocka_unit_test(overload_is_tried_three_times),
        cmocka_unit_test(limits_of_stock_firmware_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
