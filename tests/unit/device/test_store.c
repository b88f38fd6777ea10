/* The store on a virtual flash: the power is cut at every single program and erase step of every
 * kind of write, and bits rot. */
#include "base/crc.h"
#include "codec/openbeken/obk_config.h"
#include "device/store/files.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>

#include "check.h"

static struct virtual_chip chip;
static struct store store;

static int setup(void **state) {
    (void)state;
    assert_true(virtual_chip_init(&chip, "BK7231N"));
    chip.hal.chip.store_size = 8 * HAL_FLASH_SECTOR; /* small: every test goes round the ring */
    return 0;
}

static int teardown(void **state) {
    (void)state;
    virtual_chip_free(&chip);
    return 0;
}

static void remount(void) {
    virtual_chip_power(&chip, HAL_RESET_POWER);
    assert_int_equal(store_mount(&store, &chip.hal), STATUS_OK);
    store_files_tidy(&store);
}

static uint32_t get_number(uint16_t key) {
    uint32_t value = UINT32_MAX;
    return store_get(&store, key, &value, sizeof value, NULL) == STATUS_OK ? value : UINT32_MAX;
}

static void values_survive_many_laps_and_wear_is_level(void **state) {
    (void)state;
    uint32_t counts[VIRTUAL_SECTORS] = {0}, fixed = 0xC0FFEE;
    chip.erase_counts = counts;
    remount();
    assert_int_equal(store_put(&store, 0x150, &fixed, sizeof fixed), STATUS_OK);
    for (uint32_t i = 0; i < 40000; i++)
        assert_int_equal(store_put(&store, (uint16_t)(0x200 + i % 7), &i, sizeof i), STATUS_OK);
    remount();
    assert_int_equal(get_number(0x150), fixed);
    for (uint32_t i = 39993; i < 40000; i++)
        assert_int_equal(get_number((uint16_t)(0x200 + i % 7)), i);
    uint32_t first = chip.hal.chip.store_offset / HAL_FLASH_SECTOR, low = UINT32_MAX, high = 0;
    for (uint32_t i = first; i < first + 8; i++) {
        low = counts[i] < low ? counts[i] : low;
        high = counts[i] > high ? counts[i] : high;
    }
    assert_true(low > 10 && high - low <= 1);
    chip.erase_counts = NULL;
}

static void lifetime_follows_the_pace_of_writing(void **state) {
    (void)state;
    remount();
    assert_int_equal(store_pace(&store, 600), STORE_USUAL_PACE);
    uint32_t before = store.written;
    for (uint32_t i = 0; i < 1000; i++)
        store_put(&store, 0x200, &i, sizeof i);
    uint32_t written = store.written - before;
    assert_in_range(written, 1000 * 12, 1000 * 12 + 5000); /* header 8, value 4; moved ones */
    assert_int_equal(store_pace(&store, 86400), store.written);
    assert_int_equal(store_pace(&store, 43200), 2 * store.written);
    uint32_t days = store_life_days(&store, 4096);
    /* about 100,000 rounds of the free bytes */
    assert_in_range(days, 100000ULL * store_free(&store) / 4096 * 99 / 100,
                    100000ULL * store_free(&store) / 4096);
    assert_in_range(store_life_days(&store, 8192), days / 2 - 1, days / 2 + 1);
}

static void same_value_is_not_written_again(void **state) {
    (void)state;
    uint32_t value = 7;
    remount();
    store_put(&store, 0x200, &value, 4);
    uint32_t steps = chip.flash_steps;
    store_put(&store, 0x200, &value, 4);
    assert_int_equal(chip.flash_steps, steps);
}

static void full_store_says_so_and_keeps_what_it_has(void **state) {
    (void)state;
    uint8_t data[1000];
    unsigned written = 0;
    remount();
    for (unsigned i = 0; i < 100; i++) {
        memset(data, (int)i, sizeof data);
        if (store_put(&store, (uint16_t)(0x300 + i), data, sizeof data) != STATUS_OK)
            break;
        written++;
    }
    assert_in_range(written, 15, 25);
    memset(data, 0xAA, sizeof data);
    assert_int_equal(store_put(&store, 0x390, data, sizeof data), STATUS_NO_SPACE);
    remount();
    for (unsigned i = 0; i < written; i++) {
        assert_int_equal(store_get(&store, (uint16_t)(0x300 + i), data, sizeof data, NULL),
                         STATUS_OK);
        assert_int_equal(data[500], i);
    }
}

/* Runs `work` with the power cut at step 1, 2, 3 … until it gets through, and checks after each. */
static unsigned cut_everywhere(void (*prepare)(void), void (*work)(void), void (*check)(bool)) {
    for (unsigned step = 1;; step++) {
        teardown(NULL);
        setup(NULL);
        remount();
        prepare();
        uint32_t before = chip.flash_steps;
        chip.cut_at = before + step;
        chip.cut_random = step * 2654435761U;
        work();
        bool whole = !chip.dead;
        remount();
        check(whole);
        remount(); /* and once more: what the check saw must last */
        check(whole);
        if (whole)
            return step - 1;
    }
}

static void counters_prepare(void) {
    for (uint32_t i = 0; i < 3000; i++)
        store_put(&store, (uint16_t)(0x200 + i % 5), &i, sizeof i);
}
static uint32_t counter;
static void counters_work(void) {
    for (uint32_t i = 3000; i < 5000 && !chip.dead; i++) {
        if (store_put(&store, (uint16_t)(0x200 + i % 5), &i, sizeof i) == STATUS_OK)
            counter = i;
    }
}
static void counters_check(bool whole) {
    uint32_t last = whole ? 4999 : counter;
    uint32_t newest = 0;
    for (unsigned k = 0; k < 5; k++) {
        uint32_t value = get_number((uint16_t)(0x200 + k));
        assert_int_not_equal(value, UINT32_MAX);
        newest = value > newest ? value : newest;
        assert_true(value + 5 > last); /* every key: the last confirmed value, or the next */
    }
    assert_in_range(newest, last, last + 1);
}

static void counters_never_go_back_wherever_power_is_cut(void **state) {
    (void)state;
    counter = 2999;
    unsigned steps = cut_everywhere(counters_prepare, counters_work, counters_check);
    assert_true(steps > 2000);
    print_message("          cut at %u steps\n", steps);
}

static uint8_t old_file[5000], new_file[9000];
static void file_prepare(void) {
    assert_int_equal(store_file_write(&store, "autoexec.bat", old_file, sizeof old_file),
                     STATUS_OK);
    assert_int_equal(store_file_write(&store, "other", "x", 1), STATUS_OK);
}
static void file_work(void) {
    store_file_write(&store, "autoexec.bat", new_file, sizeof new_file);
}
static bool file_is(const uint8_t *data, uint32_t size) {
    static uint8_t content[FILE_SIZE_MAX];
    struct store_file_info info;
    return store_file_find(&store, "autoexec.bat", &info) == STATUS_OK && info.size == size &&
           store_file_read(&store, &info, 0, content, sizeof content) == size &&
           memcmp(content, data, size) == 0;
}
static void file_check(bool whole) {
    struct store_file_info info;
    bool is_new = file_is(new_file, sizeof new_file);
    assert_true(is_new || (!whole && file_is(old_file, sizeof old_file)));
    assert_int_equal(store_file_find(&store, "other", &info), STATUS_OK);
}

static void files_are_old_or_new_wherever_power_is_cut(void **state) {
    (void)state;
    for (unsigned i = 0; i < sizeof old_file; i++)
        old_file[i] = (uint8_t)(i * 7);
    for (unsigned i = 0; i < sizeof new_file; i++)
        new_file[i] = (uint8_t)(i * 13 + 1);
    unsigned steps = cut_everywhere(file_prepare, file_work, file_check);
    assert_true(steps >= 10);
    print_message("          cut at %u steps\n", steps);
}

static void file_of_32_KiB_can_be_replaced(void **state) {
    (void)state;
    static uint8_t big[FILE_SIZE_MAX];
    for (unsigned i = 0; i < sizeof big; i++)
        big[i] = (uint8_t)(i >> 3);
    chip.hal.chip.store_size = 24 * HAL_FLASH_SECTOR;
    remount();
    for (int round = 0; round < 8; round++) {
        big[0] = (uint8_t)round;
        assert_int_equal(store_file_write(&store, "/autoexec.bat", big, sizeof big), STATUS_OK);
    }
    assert_int_equal(store_file_write(&store, "x", big, sizeof big), STATUS_OK);
    assert_int_equal(store_file_append(&store, "x", big, 1), STATUS_BAD_LENGTH);
    remount();
    assert_true(file_is(big, sizeof big));
}

static void rotten_bits_are_noticed_and_the_rest_survives(void **state) {
    (void)state;
    for (uint32_t trial = 0; trial < 400; trial++) {
        teardown(NULL);
        setup(NULL);
        remount();
        for (uint32_t i = 0; i < 60; i++)
            store_put(&store, (uint16_t)(0x200 + i), &i, sizeof i);
        uint32_t at = chip.hal.chip.store_offset + trial * 2 % 1100;
        virtual_flash_damage(&chip, at, trial % 8);
        remount();
        unsigned good = 0;
        for (uint32_t i = 0; i < 60; i++) {
            uint32_t value = get_number((uint16_t)(0x200 + i));
            assert_true(value == i || value == UINT32_MAX); /* never a wrong value */
            good += value == i;
        }
        if (at - chip.hal.chip.store_offset >= 16) /* not in the only sector's header */
            assert_true(good >= 59);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_survive_many_laps_and_wear_is_level, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(lifetime_follows_the_pace_of_writing, setup, teardown),
        cmocka_unit_test_setup_teardown(same_value_is_not_written_again, setup, teardown),
        cmocka_unit_test_setup_teardown(full_store_says_so_and_keeps_what_it_has, setup, teardown),
        cmocka_unit_test_setup_teardown(counters_never_go_back_wherever_power_is_cut, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(files_are_old_or_new_wherever_power_is_cut, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(file_of_32_KiB_can_be_replaced, setup, teardown),
        cmocka_unit_test_setup_teardown(rotten_bits_are_noticed_and_the_rest_survives, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
