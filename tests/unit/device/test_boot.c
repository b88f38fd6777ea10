/* Starting and stopping: settings and a taken-over configuration with the power cut at every flash
 * step, what survives a restart, and safe mode that tells a crash loop from a weak grid. */
#include "codec/openbeken/easyflash.h"
#include "codec/openbeken/obk_config.h"
#include "codec/openbeken/obk_counters.h"
#include "device/store/migrate.h"
#include "virtual/plug/plug.h"

#include "check.h"

static struct plug plug;

static int setup(void **state) {
    (void)state;
    assert_true(plug_init(&plug, "BK7231N"));
    return 0;
}

static int teardown(void **state) {
    (void)state;
    plug_free(&plug);
    return 0;
}

static struct device *dev(void) {
    return &plug.device;
}

static void relay_on_pin_9(int16_t start) {
    board_set_role(dev(), 9, OBK_ROLE_RELAY);
    board_set_channel(dev(), 9, 1);
    channel_set_start(dev(), 1, start);
    plug_run_ms(&plug, 2000);
}

/* Text settings, numbers and the startup file: each old or new, never something else. */
static void settings_write(bool second) {
    struct obk_config *c = &dev()->config;
    strcpy(c->wifi_ssid, second ? "new network" : "old network");
    c->mqtt_port = second ? 8883 : 1884;
    c->pins[9].role = second ? OBK_ROLE_RELAY_N : OBK_ROLE_RELAY;
    memset(c->startup, 0, sizeof c->startup);
    memset(c->startup, second ? 'n' : 'o', second ? 1500 : 1200);
    settings_changed(dev());
    settings_save(dev());
}

static void check_old_or_new(bool whole) {
    const struct obk_config *c = &dev()->config;
    bool ssid_new = strcmp(c->wifi_ssid, "new network") == 0;
    assert_true(ssid_new || strcmp(c->wifi_ssid, "old network") == 0);
    assert_true(c->mqtt_port == 8883 || c->mqtt_port == 1884);
    assert_true(c->pins[9].role == OBK_ROLE_RELAY || c->pins[9].role == OBK_ROLE_RELAY_N);
    size_t length = strlen(c->startup);
    assert_true((length == 1500 && c->startup[0] == 'n' && c->startup[1499] == 'n') ||
                (length == 1200 && c->startup[0] == 'o' && c->startup[1199] == 'o'));
    if (whole)
        assert_true(ssid_new && c->mqtt_port == 8883 && length == 1500);
}

static void settings_are_old_or_new_wherever_power_is_cut(void **state) {
    (void)state;
    for (unsigned step = 1;; step++) {
        settings_write(false);
        plug.chip.cut_at = plug.chip.flash_steps + step;
        plug.chip.cut_random = step * 40503U;
        settings_write(true);
        bool whole = !plug.chip.dead;
        plug_restart(&plug, HAL_RESET_POWER);
        check_old_or_new(whole);
        teardown(NULL);
        setup(NULL);
        if (whole) {
            assert_true(step > 5);
            return;
        }
    }
}

static void block_make(uint8_t block[OBK_CONFIG_SIZE]) {
    static struct obk_config config;
    static const uint8_t mac[6] = {1, 2, 3, 4, 5, 6};
    obk_config_defaults(&config, obk_chip_find("BK7231N"), mac);
    strcpy(config.wifi_ssid, "home");
    strcpy(config.mqtt_host, "broker.example");
    strcpy(config.startup, "backlog startDriver NTP; setChannel 1 1");
    config.pins[9].role = OBK_ROLE_RELAY;
    config.pins[9].channel = 1;
    config.start_values[1] = 1;
    config.start_values[2] = -1;
    config.channel_types[3] = 5;
    config.flags |= 1U << 21;
    config.calibration[0][2] = 0x42;
    assert_int_equal(obk_config_encode(&config, block, OBK_CONFIG_SIZE), OBK_CONFIG_SIZE);
}

/* The running values, in the second sector, replaced once, so that the older one is still there. */
static const struct obk_counters counters = {.boots = 77,
                                             .completed = 76,
                                             .slots = {0, 1, 234, -5, 0, 0, 0, 0, 1, 1, 200, 55},
                                             .total_wh = 12345.5F,
                                             .today_wh = 100.25F,
                                             .yesterday_wh = 7,
                                             .rgb = {255, 128, 1},
                                             .today = 24};

static void vars_write(struct virtual_chip *chip) {
    static uint8_t area[0x8000];
    uint8_t value[OBK_COUNTERS_SIZE] = {0};
    const struct easyflash_layout *layout = &easyflash_layouts[0];
    easyflash_format(area, sizeof area, layout);
    assert_true(easyflash_put(area, sizeof area, layout, "OBK_FV", value, sizeof value));
    obk_counters_encode(&counters, value);
    assert_true(easyflash_put(area, sizeof area, layout, "OBK_FV", value, sizeof value));
    virtual_flash_write(chip, chip->hal.chip.obk_vars_offset, area, sizeof area);
}

static void check_counters(void) {
    struct obk_counters taken;
    assert_true(migrate_counters_taken(dev(), &taken));
    assert_float_equal(taken.total_wh, 12345.5, 0.001);
    assert_float_equal(taken.today_wh, 100.25, 0.001);
    assert_int_equal(channel_retained(dev(), 2), 234);
    assert_int_equal(channel_retained(dev(), 3), -5);
    assert_int_equal(channel_retained(dev(), LIGHT_SLOT_DIMMER), 55);
    assert_int_equal(channel_retained(dev(), LIGHT_SLOT_RGB + 1), 128);
    assert_int_equal(dev()->channels.value[2], 234); /* start value -1 */
}

static void check_taken_over(void) {
    const struct obk_config *c = &dev()->config;
    assert_string_equal(c->wifi_ssid, "home");
    assert_string_equal(c->mqtt_host, "broker.example");
    assert_string_equal(c->startup, "backlog startDriver NTP; setChannel 1 1");
    assert_int_equal(c->pins[9].role, OBK_ROLE_RELAY);
    assert_int_equal(c->channel_types[3], 5);
    assert_true(settings_flag(dev(), 21));
    assert_int_equal(c->calibration[0][2], 0x42);
    assert_true(virtual_pin_level(&plug.chip, 9)); /* start value 1 */
}

static void taken_over_wherever_power_is_cut(const char *chip) {
    uint8_t block[OBK_CONFIG_SIZE];
    block_make(block);
    for (unsigned step = 1;; step++) {
        teardown(NULL);
        memset(&plug, 0, sizeof plug);
        assert_true(virtual_chip_init(&plug.chip, chip));
        virtual_flash_write(&plug.chip, plug.chip.hal.chip.obk_offset, block, sizeof block);
        vars_write(&plug.chip);
        virtual_chip_power(&plug.chip, HAL_RESET_POWER);
        plug.chip.cut_at = plug.chip.flash_steps + step;
        plug.chip.cut_random = step * 977U;
        device_init(dev(), &plug.chip.hal);
        device_start(dev());
        bool whole = !plug.chip.dead;
        plug_restart(&plug, HAL_RESET_POWER);
        check_taken_over();
        check_counters();
        plug_restart(&plug, HAL_RESET_POWER);
        check_taken_over();
        check_counters();
        if (whole) {
            assert_true(step > 20);
            print_message("          cut at %u steps\n", step - 1);
            return;
        }
    }
}

/* On a T the device's store lies over OpenBeken's running values, on an N beside them. */
static void openbeken_is_taken_over_wherever_power_is_cut(void **state) {
    (void)state;
    taken_over_wherever_power_is_cut("BK7231N");
    taken_over_wherever_power_is_cut("BK7231T");
}

/* Every setting gets a value of its own, goes through OpenBeken's block, and comes back. */
static void fill(struct obk_config *config) {
    for (size_t i = 0; i < settings_count; i++) {
        const struct setting *s = &settings_table[i];
        uint8_t *field = (uint8_t *)config + s->offset;
        if (s->type == SETTING_TEXT)
            memset(field, 'A' + (int)(i % 26), s->size > 1500 ? 1500 : (size_t)s->size / 2);
        else if (s->type == SETTING_BOOL)
            *field = 1;
        else
            for (unsigned k = 0; k < s->size; k++)
                field[k] = (uint8_t)(k < 2 ? (i * 7 + k * 3) % 90 + 1 : 0);
    }
}

static void every_field_of_openbeken_is_taken_over_and_kept(void **state) {
    (void)state;
    static struct obk_config config;
    static const uint8_t mac[6] = {1, 2, 3, 4, 5, 6};
    static char texts[64][4096];
    uint8_t block[OBK_CONFIG_SIZE];
    obk_config_defaults(&config, obk_chip_find("BK7231N"), mac);
    fill(&config);
    assert_int_equal(obk_config_encode(&config, block, sizeof block), sizeof block);
    teardown(NULL);
    assert_true(virtual_chip_init(&plug.chip, "BK7231N"));
    virtual_flash_write(&plug.chip, plug.chip.hal.chip.obk_offset, block, sizeof block);
    plug_restart(&plug, HAL_RESET_POWER);
    struct fault fault;
    assert_int_equal(obk_config_decode(block, sizeof block, OBK_GROUP_D, &dev()->config, &fault),
                     STATUS_OK);
    assert_true(settings_count <= 64);
    for (size_t i = 0; i < settings_count; i++)
        setting_print(dev(), &settings_table[i], texts[i], sizeof texts[i]);
    for (int boots = 0; boots < 2; boots++) {
        plug_restart(&plug, HAL_RESET_POWER); /* from the block's copy in the store */
        for (size_t i = 0; i < settings_count; i++) {
            char text[4096];
            setting_print(dev(), &settings_table[i], text, sizeof text);
            if (strcmp(settings_table[i].name, "change_counter") != 0)
                assert_string_equal(text, texts[i]);
        }
    }
}

static void what_was_changed_after_the_take_over_wins(void **state) {
    (void)state;
    uint8_t block[OBK_CONFIG_SIZE];
    block_make(block);
    settings_save(dev());
    virtual_flash_write(&plug.chip, plug.chip.hal.chip.obk_offset, block, sizeof block);
    plug_restart(&plug, HAL_RESET_POWER);
    assert_string_equal(dev()->config.wifi_ssid, ""); /* the store was in use already */
}

static void remembered_value_goes_back_by_one_at_most_wherever_power_is_cut(void **state) {
    (void)state;
    for (unsigned step = 1; step < 40; step++) {
        teardown(NULL);
        setup(NULL);
        relay_on_pin_9(-1);
        int32_t last = 0;
        plug.chip.cut_at = plug.chip.flash_steps + step;
        plug.chip.cut_random = step;
        while (!plug.chip.dead && last < 60) {
            channel_set(dev(), 1, ++last, 0);
            plug_run_ms(&plug, 1100);
        }
        assert_true(plug.chip.dead);
        plug_restart(&plug, HAL_RESET_POWER);
        /* the value whose saving was cut, or the one before: never further back */
        assert_in_range(dev()->channels.value[1], last - 1, last);
        assert_int_equal(virtual_pin_level(&plug.chip, 9), dev()->channels.value[1] > 0);
    }
}

static void remembered_relay_comes_back_before_anything_else(void **state) {
    (void)state;
    relay_on_pin_9(-1);
    channel_set(dev(), 1, 1, 0);
    plug_run_ms(&plug, 2000);
    plug_restart(&plug, HAL_RESET_POWER);
    assert_true(virtual_pin_level(&plug.chip, 9)); /* no frame has run yet */
}

static void warm_restart_does_not_click_the_relay(void **state) {
    (void)state;
    relay_on_pin_9(0);
    channel_set(dev(), 1, 1, 0);
    plug_run_ms(&plug, 2000);
    uint64_t changes = plug.chip.pin_changes;
    plug_restart(&plug, HAL_RESET_SOFTWARE);
    plug_run_ms(&plug, 2000);
    assert_int_equal(plug.chip.pin_changes, changes);
    assert_true(virtual_pin_level(&plug.chip, 9));
    plug_restart(&plug, HAL_RESET_POWER); /* after a real loss of power the start value counts */
    assert_false(virtual_pin_level(&plug.chip, 9));
}

static void power_outages_never_lead_to_safe_mode(void **state) {
    (void)state;
    for (int i = 0; i < 50; i++) {
        plug_restart(&plug, i % 2 ? HAL_RESET_POWER : HAL_RESET_BROWN_OUT);
        plug_run_ms(&plug, 500);
    }
    assert_int_equal(dev()->safe, SAFE_NO);
    assert_int_equal(device_failed_boots(dev()), 50);
}

static void crash_loop_leads_to_safe_mode_with_working_button_and_out_again(void **state) {
    (void)state;
    relay_on_pin_9(0);
    board_set_role(dev(), 24, OBK_ROLE_BUTTON);
    board_set_channel(dev(), 24, 1);
    plug_run_ms(&plug, 10000);
    plug_restart(&plug, HAL_RESET_CRASH); /* was stable: the first one is forgiven */
    for (int i = 0; i < 5; i++) {
        assert_int_equal(dev()->safe, SAFE_NO);
        plug_run_ms(&plug, 300);
        plug_restart(&plug, HAL_RESET_CRASH);
    }
    assert_int_equal(dev()->safe, SAFE_CRASHES);
    assert_true(strstr(device_safe_text(dev()), "crash") != NULL);
    plug_run_ms(&plug, 500);
    bool before = virtual_pin_level(&plug.chip, 9);
    plug_press(&plug, 24, 150);
    plug_run_ms(&plug, 1000);
    assert_int_equal(virtual_pin_level(&plug.chip, 9), !before);
    plug_run_ms(&plug, 8000);
    plug_restart(&plug, HAL_RESET_POWER);
    assert_int_equal(dev()->safe, SAFE_NO);
}

static void log_and_cause_survive_a_crash_but_not_a_loss_of_power(void **state) {
    (void)state;
    char text[DEVICE_LOG_RING + 1];
    device_log(dev(), LOG_ERROR, "test", "the last words");
    plug_restart(&plug, HAL_RESET_WATCHDOG);
    device_log_read(dev(), text, sizeof text);
    assert_true(strstr(text, "the last words") != NULL);
    assert_true(strstr(text, "start after watchdog") != NULL);
    plug_restart(&plug, HAL_RESET_POWER);
    device_log_read(dev(), text, sizeof text);
    assert_true(strstr(text, "the last words") == NULL);
}

static void a_platform_without_anything_still_runs(void **state) {
    (void)state;
    static struct device bare;
    const struct hal hal = {.chip = {.name = "BK7231N", .pins = 29}};
    device_init(&bare, &hal);
    device_start(&bare);
    board_set_role(&bare, 9, OBK_ROLE_PWM);
    channel_set(&bare, 0, 1, 0);
    for (uint64_t t = 0; t < 20000; t += 100)
        device_poll(&bare, t);
    assert_int_equal(bare.uptime_s, 19);
    device_stop(&bare);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(settings_are_old_or_new_wherever_power_is_cut),
        T(openbeken_is_taken_over_wherever_power_is_cut),
        T(every_field_of_openbeken_is_taken_over_and_kept),
        T(what_was_changed_after_the_take_over_wins),
        T(remembered_value_goes_back_by_one_at_most_wherever_power_is_cut),
        T(remembered_relay_comes_back_before_anything_else),
        T(warm_restart_does_not_click_the_relay),
        T(power_outages_never_lead_to_safe_mode),
        T(crash_loop_leads_to_safe_mode_with_working_button_and_out_again),
        T(log_and_cause_survive_a_crash_but_not_a_loss_of_power),
        T(a_platform_without_anything_still_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
