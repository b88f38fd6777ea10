/* What differs between the chips of the emulator, seen from a guest of our own: which chip an image
 * is taken for, and where PWM registers are. */
#include "bare_run.h"

#include "check.h"

enum { TABLE = 0x200, NAME_AT = 0x11010, RUN_US = 1000 };

/* Stores the pairs (address, value) at TABLE, up to address 0. */
static const uint32_t storing[] = {
    0xE3A02C02, /*       mov r2, #TABLE */
    0xE4920004, /* loop: ldr r0, [r2], #4 */
    0xE3500000, /*       cmp r0, #0 */
    0x0A000002, /*       beq end */
    0xE4921004, /*       ldr r1, [r2], #4 */
    0xE5801000, /*       str r1, [r0] */
    0xEAFFFFF9, /*       b loop */
    0xEAFFFFFE, /* end:  b end */
};

static struct bare_seen run(const char *chip, const uint32_t *stores, size_t words,
                            const char *name) {
    static uint8_t image[BARE_SIZE];
    bare_image(image, storing, sizeof storing / sizeof *storing);
    for (size_t i = 0; i < words; i++)
        bare_put(image, TABLE + 4 * (uint32_t)i, stores[i]);
    bare_put(image, TABLE + 4 * (uint32_t)words, 0);
    for (size_t i = 0; name[i]; i++) {
        uint32_t at = NAME_AT + (uint32_t)i;
        image[at / 32 * 34 + at % 32] = (uint8_t)name[i];
    }
    return bare_run(image, sizeof image, chip, RUN_US);
}

static void assert_pwm(struct bare_seen seen, uint32_t channel, uint32_t period, uint32_t duty) {
    assert_true(seen.counts[SOC_PWM] > 0);
    assert_int_equal(seen.last[SOC_PWM].a, channel);
    assert_int_equal(seen.last[SOC_PWM].b, period);
    assert_int_equal(seen.last[SOC_PWM].c, duty);
}

/* 1400 Hz at 50 % on P9, as a public OpenBeken build for BK7231T sets it up. */
static const uint32_t old_layout[] = {0x802AAC, 0x488B, 0x802AB0, 0x2445, 0x802A80, 0x1000};
/* 4500 Hz at 25 % on the second channel of the second group, as one for BK7231N does. */
static const uint32_t new_layout[] = {0x802B54, 0x05A4, 0x802B60, 0x1691, 0x802B40, 0x8000C900};
/* Period and duty as halves of a word. */
static const uint32_t first_layout[] = {0x802A18, 0x10004000, 0x802A00, 0x100};
#define WORDS(list) list, sizeof(list) / sizeof *(list)

static void pwm_registers_stand_where_each_chip_has_them(void **state) {
    (void)state;
    static const char *const olds[] = {"bk7231t", "bk7231u", "bk7252"};
    static const char *const news[] = {"bk7231n", "bk7231m", "bl2028n", "bk7238"};
    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++) {
        assert_pwm(run(olds[i], WORDS(old_layout), ""), 3, 0x488B, 0x2445);
        assert_int_equal(run(olds[i], WORDS(new_layout), "").counts[SOC_PWM],
                         0); /* audio on some */
    }
    for (size_t i = 0; i < sizeof news / sizeof *news; i++) {
        assert_pwm(run(news[i], WORDS(new_layout), ""), 3, 0x1691, 0x05A4);
        assert_int_equal(run(news[i], WORDS(old_layout), "").counts[SOC_PWM], 0);
    }
    assert_pwm(run("bk7231q", WORDS(first_layout), ""), 2, 0x4000, 0x1000);
    assert_int_equal(run("bk7252n", WORDS(new_layout), "").counts[SOC_PWM],
                     0); /* not known where */
}

static void images_are_recognised_by_the_name_of_their_program(void **state) {
    (void)state;
    static const struct {
        const char *name, *chip;
    } rows[] = {
        {"", "bk7231u"},
        {"OpenBK7231U_1.18.300", "bk7231u"},
        {"OpenBK7231M_1.18.300", "bk7231m"},
        {"OpenBK7238_1.18.300", "bk7238"},
        {"OpenBK7252_1.18.300", "bk7252"},
        {"OpenBK7252N_1.18.300", "bk7252n"}, /* across a block boundary, as all of these */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(run(NULL, NULL, 0, rows[i].name).chip, rows[i].chip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pwm_registers_stand_where_each_chip_has_them),
        cmocka_unit_test(images_are_recognised_by_the_name_of_their_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
