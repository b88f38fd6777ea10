/* Protection against the modelled mains: how soon it trips, what it does not take for an overload,
 * and what stays after a restart. SOAK_STARTS=10000: that many motor starts (make soak). */
#include "device/script/command.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>

#include "check.h"

enum { RELAY = 26, CF = 6, CF1 = 7, SEL = 8 };

static struct plug *metered_by(const char *driver, const char *limits) {
    char start[32];
    struct plug *plug = malloc(sizeof *plug);
    assert_non_null(plug);
    assert_true(plug_init(plug, "BK7231N"));
    struct device *d = &plug->device;
    board_set_role(d, RELAY, OBK_ROLE_RELAY);
    board_set_channel(d, RELAY, 1);
    board_set_role(d, CF, OBK_ROLE_BL0937CF);
    board_set_role(d, CF1, OBK_ROLE_BL0937CF1);
    board_set_role(d, SEL, OBK_ROLE_BL0937SEL);
    settings_save(d);
    snprintf(start, sizeof start, "startDriver %s", driver);
    command_run(d, start, 0);
    assert_int_equal(command_run(d, limits, 0), COMMAND_OK);
    channel_set(d, 1, 1, 0);
    return plug;
}

static struct plug *metered(const char *limits) {
    return metered_by("BL0937", limits);
}

static void done(struct plug *plug) {
    plug_free(plug);
    free(plug);
}

static bool on(const struct plug *plug) {
    return plug->device.channels.value[1] != 0;
}

/* Milliseconds from `at_ms` until the relay opens; -1: it does not within ten seconds. */
static int trip_ms(struct plug *plug, uint64_t at_ms) {
    while (plug_now_ms(plug) < at_ms + 10000) {
        plug_frame(plug);
        if (!on(plug))
            return (int)(plug_now_ms(plug) - at_ms);
    }
    return -1;
}

static void twice_the_limit_trips_within_300_ms(void **state) {
    (void)state;
    static const char *const limits[] = {"Protection power 100", "Protection power 1500",
                                         "Protection power 3000", "Protection current 8"};
    static const char *const loads[] = {"0m 60W; 20s 200W", "0m 900W; 20s 3000W",
                                        "0m off; 20s 6000W", "0m 60W; 20s 3720W"};
    int worst = 0;
    for (int i = 0; i < 4; i++)
        for (unsigned phase = 0; phase < 10; phase++) {
            struct plug *plug = metered(limits[i]);
            plug_run_ms(plug, phase * 30);
            uint64_t at = plug_now_ms(plug) + 20000;
            assert_int_equal(plug_set_load(plug, loads[i]), 0);
            plug_run_ms(plug, 19990);
            assert_true(on(plug));
            int ms = trip_ms(plug, at);
            assert_in_range(ms, 1, 300);
            worst = ms > worst ? ms : worst;
            done(plug);
        }
    print_message("twice the limit: worst %d ms\n", worst);
}

/* These chips renew their figures every 400 ms; the middle of three packets comes on top. */
static void chips_on_a_uart_trip_within_a_second(void **state) {
    (void)state;
    static const char *const drivers[] = {"BL0942", "BL0940", "CSE7766", "RN8209"};
    for (int i = 0; i < 4; i++) {
        int worst = 0;
        for (unsigned phase = 0; phase < 10; phase++) {
            struct plug *plug = metered_by(drivers[i], "Protection power 1500");
            plug_run_ms(plug, phase * 50);
            uint64_t at = plug_now_ms(plug) + 20000;
            assert_int_equal(plug_set_load(plug, "0m 900W; 20s 3000W"), 0);
            plug_run_ms(plug, 19990);
            assert_true(on(plug));
            int ms = trip_ms(plug, at);
            assert_in_range(ms, 1, 1200);
            worst = ms > worst ? ms : worst;
            done(plug);
        }
        print_message("%s: twice the limit: worst %d ms\n", drivers[i], worst);
    }
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
    uint32_t random = 1;
    struct plug *plug = metered("Protection power 3000");
    command_run(&plug->device, "Protection current 13", 0);
    for (unsigned i = 0; i < starts; i++) {
        char load[64];
        random = random * 1664525U + 1013904223U;
        unsigned watts = 200 + random % 2500, inrush = 3 + (random >> 12) % 6;
        snprintf(load, sizeof load, "0s 40W; 1s motor %uW inrush=%u", watts, inrush);
        plug_set_load(plug, load);
        plug_run_ms(plug, 4000 + (random >> 20) % 100 * 10);
        if (!on(plug))
            fail_msg("start %u: %s: kind %u, %.2f", i, load,
                     plug->device.metering.protection.kept.tripped,
                     (double)plug->device.metering.protection.kept.value);
    }
    assert_int_equal(plug->device.metering.protection.trips, 0);
    done(plug);
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
        cmocka_unit_test(twice_the_limit_trips_within_300_ms),
        cmocka_unit_test(chips_on_a_uart_trip_within_a_second),
        cmocka_unit_test(ten_percent_above_trips_later_and_below_never),
        cmocka_unit_test(motors_start_without_a_trip),
        cmocka_unit_test(trip_is_told_and_survives_a_restart),
        cmocka_unit_test(voltage_comes_back_and_so_does_the_load),
        cmocka_unit_test(overload_is_tried_three_times),
        cmocka_unit_test(limits_of_stock_firmware_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
