/* The note of a battery sensor about its pins. */
#include "codec/tuya/wake_pins.h"

#include "base/bytes.h"

#include "check.h"

static void put(uint8_t *file, const uint32_t words[12]) {
    for (int i = 0; i < 12; i++)
        store_le32(file + 4 * i, words[i]);
}

static void pins_and_levels_become_members(void **state) {
    (void)state;
    uint8_t file[WAKE_PINS_SIZE];
    struct wake_pins pins;
    char buffer[200];
    struct text text = text_start(buffer, sizeof buffer);
    put(file, (const uint32_t[]){24, 1, 255, 2, 9, 0, 14, 1, 1, 255, 2, 0});
    assert_int_equal(wake_pins_decode(file, sizeof file, &pins, NULL), STATUS_OK);
    assert_int_equal(pins.button.gpio, 9);
    assert_int_equal(pins.network_led.gpio, WAKE_PINS_NONE);
    wake_pins_text(&pins, &text);
    assert_string_equal(buffer, "{status_led_pin:24,status_led_lv:1,bt_pin:9,bt_lv:0,basic_pin_pin:"
                                "14,basic_pin_lv:1,basic_st:1,tamper_st:0,}");
}

static void what_cannot_be_pins_is_refused(void **state) {
    (void)state;
    uint8_t file[WAKE_PINS_SIZE];
    struct wake_pins pins;
    struct fault fault;
    put(file, (const uint32_t[]){24, 1, 255, 2, 9, 3, 14, 1, 1, 255, 2, 0});
    assert_int_equal(wake_pins_decode(file, sizeof file, &pins, &fault), STATUS_BAD_VALUE);
    assert_int_equal(fault.offset, 16);
    put(file, (const uint32_t[]){40, 1, 255, 2, 9, 0, 14, 1, 1, 255, 2, 0});
    assert_int_equal(wake_pins_decode(file, sizeof file, &pins, &fault), STATUS_BAD_VALUE);
    assert_int_equal(wake_pins_decode(file, 47, &pins, &fault), STATUS_TRUNCATED);
    put(file, (const uint32_t[]){255, 2, 255, 2, 255, 2, 255, 2, 0, 255, 2, 0});
    assert_int_equal(wake_pins_decode(file, sizeof file, &pins, &fault), STATUS_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pins_and_levels_become_members),
        cmocka_unit_test(what_cannot_be_pins_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
