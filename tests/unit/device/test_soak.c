/* A long life in virtual time: random buttons, power cuts, crashes and brown-outs. Nothing may get
 * stuck, and the same seed must give the same life, hash by hash. SOAK_DAYS=30 for the long run. */
#include "base/crc.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>

#include "check.h"

static uint32_t random_next(uint32_t *state) {
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

static void furnish(struct plug *plug) {
    struct device *d = &plug->device;
    board_set_role(d, 24, OBK_ROLE_BUTTON);
    board_set_channel(d, 24, 1);
    board_set_channel2(d, 24, 2);
    board_set_role(d, 26, OBK_ROLE_RELAY);
    board_set_channel(d, 26, 1);
    board_set_role(d, 9, OBK_ROLE_WIFI_LED_N);
    board_set_role(d, 6, OBK_ROLE_PWM_SCRIPT_ONLY);
    board_set_channel(d, 6, 2);
    channel_set_start(d, 1, -1);
    plug_set_load(plug, "0m 60W; 20m 3W");
    settings_save(d);
}

static void incident(struct plug *plug, uint32_t *random) {
    uint32_t kind = random_next(random) % 100;
    if (kind < 70)
        plug_press(plug, 24, 20 + random_next(random) % 2500);
    else if (kind < 85)
        channel_set(&plug->device, 2, (int32_t)(random_next(random) % 101), 0);
    else if (kind < 90)
        device_on_wifi(&plug->device, (enum hal_wifi_state)(1 + random_next(random) % 5));
    else if (kind < 94)
        plug_restart(plug, HAL_RESET_POWER);
    else if (kind < 97)
        plug_restart(plug, HAL_RESET_BROWN_OUT);
    else if (kind < 98)
        plug_restart(plug, HAL_RESET_CRASH);
    else {
        plug->chip.cut_at = plug->chip.flash_steps + 1 + random_next(random) % 4;
        plug->chip.cut_random = *random;
    }
}

static uint32_t live(uint32_t seed, unsigned days, struct plug *plug) {
    uint32_t random = seed, hash = FNV1A_START;
    assert_true(plug_init(plug, "BK7231N"));
    furnish(plug);
    uint64_t end = (uint64_t)days * 86400000;
    while (plug_now_ms(plug) < end) {
        plug_run_fast(plug, 1000 + random_next(&random) % 240000);
        if (plug->chip.dead)
            plug_restart(plug, HAL_RESET_POWER);
        incident(plug, &random);
        hash = plug_hash(plug, hash);
    }
    return hash;
}

static void same_seed_same_life_and_nothing_gets_stuck(void **state) {
    (void)state;
    const char *text = getenv("SOAK_DAYS");
    unsigned days = text ? (unsigned)atoi(text) : 2;
    static struct plug one, two;
    uint32_t first = live(1, days, &one), second = live(1, days, &two);
    assert_int_equal(first, second);
    plug_free(&two);
    assert_int_not_equal(first, live(2, 1, &two));
    plug_free(&two);

    /* still alive: a press switches the relay */
    plug_restart(&one, HAL_RESET_POWER);
    plug_run_fast(&one, 20000);
    bool before = virtual_pin_level(&one.chip, 26);
    plug_press(&one, 24, 150);
    plug_run_fast(&one, 2000);
    assert_int_equal(virtual_pin_level(&one.chip, 26), !before);
    assert_int_equal(store_check(&one.device.store), 0);
    assert_false(one.device.store.read_only);
    print_message("          %u days, hash %08x, %u restarts, %u erases of each sector\n", days,
                  first, one.restarts, store_erase_count(&one.device.store));
    plug_free(&one);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_life_and_nothing_gets_stuck),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
