/* The text builder never writes past its buffer; suggestions find the typo and nothing far away. */
#include "base/bytes.h"
#include "base/suggest.h"
#include "base/text.h"
#include "check.h"

static void numbers_are_written(void **state) {
    (void)state;
    char buffer[64];
    struct text t = text_start(buffer, sizeof buffer);
    text_int(&t, INT64_MIN);
    text_char(&t, ' ');
    text_hex(&t, 0xAB, 4);
    text_char(&t, ' ');
    text_fixed(&t, -2305, 1);
    text_char(&t, ' ');
    text_fixed(&t, 5, 3);
    assert_string_equal(buffer, "-9223372036854775808 00AB -230.5 0.005");
    assert_false(t.truncated);
}

static void overflow_is_cut_and_told(void **state) {
    (void)state;
    char buffer[4] = "xyz";
    struct text t = text_start(buffer, sizeof buffer);
    text_add(&t, "hello");
    assert_string_equal(buffer, "hel");
    assert_true(t.truncated);
}

static void typos_are_recognised(void **state) {
    (void)state;
    assert_int_equal(suggest_distance("SetChanelType", "SetChannelType"), 1);
    assert_int_equal(suggest_distance("inpsect", "inspect"), 1);
    struct suggestion s = suggest_start("inpsect");
    suggest_offer(&s, "image");
    suggest_offer(&s, "inspect");
    assert_string_equal(suggest_result(&s), "inspect");
    s = suggest_start("banana");
    suggest_offer(&s, "inspect");
    assert_null(suggest_result(&s));
}

static void bytes_are_found(void **state) {
    (void)state;
    const uint8_t data[] = "aababc";
    assert_int_equal(bytes_find(data, 6, 0, "abc", 3), 3);
    assert_true(bytes_find(data, 5, 0, "abc", 3) == SIZE_MAX);
    assert_true(bytes_inside(10, 10, 0));
    assert_false(bytes_inside(10, 5, SIZE_MAX));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written),
        cmocka_unit_test(overflow_is_cut_and_told),
        cmocka_unit_test(typos_are_recognised),
        cmocka_unit_test(bytes_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
