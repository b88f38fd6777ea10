/* Deep sleep, seen from a guest of our own that says how it was woken and falls asleep again. */
#include "bare_run.h"

#include "check.h"

enum { TABLE = 0x400, MS = 1000 };

/* Prints C after power-on, T when the timer woke it, P when a pin did, ! when RAM was kept; then
 * stores the pairs (address, value) at TABLE, up to address 0. */
static const uint32_t sleeper[] = {
    0xE59F4064, /*       ldr r4, =0x80220C */
    0xE59F5064, /*       ldr r5, =0x800100 */
    0xE3A01043, /*       mov r1, #'C' */
    0xE595001C, /*       ldr r0, [r5, #0x1C] */
    0xE3100C01, /*       tst r0, #0x100 */
    0x13A01054, /*       movne r1, #'T' */
    0xE5950028, /*       ldr r0, [r5, #0x28] */
    0xE3500000, /*       cmp r0, #0 */
    0x13A01050, /*       movne r1, #'P' */
    0xE5841000, /*       str r1, [r4] */
    0xE3A06501, /*       mov r6, #0x400000 */
    0xE5960200, /*       ldr r0, [r6, #0x200] */
    0xE3500000, /*       cmp r0, #0 */
    0x13A01021, /*       movne r1, #'!' */
    0x15841000, /*       strne r1, [r4] */
    0xE3A00001, /*       mov r0, #1 */
    0xE5860200, /*       str r0, [r6, #0x200] */
    0xE3A0100A, /*       mov r1, #10 */
    0xE5841000, /*       str r1, [r4] */
    0xE3A02B01, /*       mov r2, #TABLE */
    0xE4920004, /* loop: ldr r0, [r2], #4 */
    0xE3500000, /*       cmp r0, #0 */
    0x0A000002, /*       beq end */
    0xE4921004, /*       ldr r1, [r2], #4 */
    0xE5801000, /*       str r1, [r0] */
    0xEAFFFFF9, /*       b loop */
    0xEAFFFFFE, /* end:  b end */
    0x0080220C, 0x00800100,
};

static struct bare_seen seen;

static struct soc_live *start(const uint32_t *stores, size_t words) {
    static uint8_t image[BARE_SIZE];
    bare_image(image, sleeper, sizeof sleeper / sizeof *sleeper);
    for (size_t i = 0; i < words; i++)
        bare_put(image, TABLE + 4 * (uint32_t)i, stores[i]);
    bare_put(image, TABLE + 4 * (uint32_t)words, 0);
    struct soc_live *live = bare_start(&seen, image, sizeof image, "bk7231n");
    assert_non_null(live);
    return live;
}
#define START(list) start(list, sizeof(list) / sizeof *(list))

/* Both flags cleared, then the period of `counts`, 32000 a second, and the word. */
#define BY_TIMER(counts)                                                                           \
    {                                                                                              \
        0x800128, 0xFFFFFFFF, 0x80011C, 0x100, 0x800140, (counts) >> 16, 0x80011C,                 \
            ((uint32_t)(counts) << 16) | 1, 0x800104, 0xADC1                                       \
    }

static void the_timer_wakes_without_an_instruction_in_between(void **state) {
    static const uint32_t hundred_ms[] = BY_TIMER(3200u);
    struct soc_live *live = START(hundred_ms);
    (void)state;
    soc_live_run(live, 350 * MS);
    soc_live_end(live, NULL, 0);
    assert_string_equal(seen.log, "CTTT");
    assert_int_equal(seen.counts[SOC_SLEEP], 4);
    assert_int_equal(seen.counts[SOC_WAKE], 3);
    assert_int_equal(seen.last[SOC_WAKE].a, 40);
    assert_in_range(seen.last[SOC_WAKE].us, 300 * MS, 301 * MS);
    assert_in_range(seen.last[SOC_SLEEP].ticks, 400 * MS, 401 * MS);
    assert_in_range(seen.last[SOC_END].ticks, 100, 2000); /* of 21 million in 350 ms */
}

static void eight_hours_fit_the_period(void **state) {
    static const uint32_t eight_hours[] = BY_TIMER(28800u * 32000u);
    struct soc_live *live = START(eight_hours);
    (void)state;
    soc_live_run(live, MS);
    soc_live_end(live, NULL, 0);
    assert_in_range(seen.last[SOC_SLEEP].ticks, 28800000000, 28800001000);
}

static void the_divider_of_the_t_family_stretches_the_period(void **state) {
    static const uint32_t divided[] = {0x80013C, 0x100, 0x80011C, 125 << 16 | 1, 0x800104, 0xADC1};
    struct soc_live *live = START(divided);
    (void)state;
    soc_live_run(live, 1100 * MS);
    soc_live_end(live, NULL, 0);
    assert_string_equal(seen.log, "CT");
    assert_in_range(seen.last[SOC_WAKE].us, 1000 * MS, 1001 * MS);
}

/* P14 on a rising edge, P20 on a falling one; both are inputs, P20 pulled up. */
static const uint32_t by_pins[] = {
    0x802838,   0x2C,     0x802850,   0x3C,     0x80011C,   0x100,    0x800128,
    0xFFFFFFFF, 0x800120, 0x00104000, 0x800124, 0x00100000, 0x800104, 0xADC1,
};

static void only_the_edge_of_a_chosen_pin_wakes(void **state) {
    struct soc_live *live = START(by_pins);
    (void)state;
    soc_live_run(live, MS);
    assert_int_equal(seen.last[SOC_SLEEP].ticks, 0); /* no timer */
    assert_int_equal(seen.last[SOC_SLEEP].b, 0x00104000);
    soc_live_drive(live, 15, 1); /* not chosen */
    soc_live_drive(live, 20, 1); /* is up already */
    soc_live_run(live, 50 * MS);
    assert_int_equal(seen.counts[SOC_WAKE], 0);
    soc_live_drive(live, 14, 1);
    soc_live_run(live, MS);
    assert_int_equal(seen.counts[SOC_WAKE], 1);
    assert_int_equal(seen.last[SOC_WAKE].a, 14);
    soc_live_drive(live, 14, 0); /* the other edge */
    soc_live_run(live, MS);
    assert_int_equal(seen.counts[SOC_WAKE], 1);
    soc_live_drive(live, 20, 0);
    soc_live_run(live, MS);
    assert_int_equal(seen.counts[SOC_WAKE], 2);
    assert_int_equal(seen.last[SOC_WAKE].a, 20);
    soc_live_end(live, NULL, 0);
    assert_string_equal(seen.log, "CPP");
}

static void power_ends_sleep_as_it_ends_all(void **state) {
    struct soc_live *live = START(by_pins);
    (void)state;
    soc_live_run(live, MS);
    soc_live_power(live);
    soc_live_run(live, MS);
    soc_live_end(live, NULL, 0);
    assert_string_equal(seen.log, "CC");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_timer_wakes_without_an_instruction_in_between),
        cmocka_unit_test(eight_hours_fit_the_period),
        cmocka_unit_test(the_divider_of_the_t_family_stretches_the_period),
        cmocka_unit_test(only_the_edge_of_a_chosen_pin_wakes),
        cmocka_unit_test(power_ends_sleep_as_it_ends_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
