/* Getting on the bus, with bytes and time only: what is tried, what is said about what is heard,
 * and when it ends. */
#include "engine_bench.h"
#include "workbench/engine/linkup.h"
#include "workbench/engine/reset_search.h"

#include "check.h"

static struct linkup linkup;

static enum status link_up(void (*far)(const uint8_t *, size_t), uint64_t limit_us) {
    bench_start(far);
    bench.line.limit_us = limit_us;
    linkup = (struct linkup){.line = &bench.line};
    return bench_run(linkup_machine(&linkup));
}

static void echo_far(const uint8_t *frame, size_t size) {
    bench_air(frame, size, 90);
}
static void boot_log_far(const uint8_t *frame, size_t size) {
    static const char text[] = "V:BK7231N_1.0.1\r\nCPSR:000000D3\r\nJ 0x10000\r\n";
    (void)frame;
    (void)size;
    if (bench.sends % 100 == 50)
        bench_air(text, sizeof text - 1, 500);
}
static void other_rate_far(const uint8_t *frame, size_t size) {
    static const uint8_t noise[] = {0x9C, 0xE1, 0x83, 0xF7, 0xB4, 0x91};
    (void)frame;
    (void)size;
    if (bench.sends % 20 == 3)
        bench_air(noise, sizeof noise, 700);
}

static void the_chip_is_found_at_once(void **state) {
    (void)state;
    assert_int_equal(link_up(chip_far, 5000000), STATUS_OK);
    assert_int_equal(bench.baud, BEKEN_FIRST_BAUD);
    assert_string_equal(bench.said, "");
    /* one answer, the calm behind it, one more question */
    assert_true(bench.now_us - 1000000 < 200000);
    assert_int_equal(bench.air_size, 0);
}

static void silence_is_named_when_the_time_is_over(void **state) {
    (void)state;
    assert_int_equal(link_up(NULL, 3000000), STATUS_TIMEOUT);
    assert_non_null(strstr(bench.line.why, "swap TX and RX"));
    uint64_t took = bench.now_us - 1000000;
    assert_true(took >= 3000000 && took < 4500000);
    assert_true(bench.sends > 1000); /* without pause */
    assert_string_equal(bench.pulses, "");
}

static unsigned reboots;
static void console_far(const uint8_t *frame, size_t size) {
    reboots += size == 8 && memcmp(frame, "reboot\r\n", 8) == 0;
}

static void a_running_program_is_asked_to_reboot_now_and_then(void **state) {
    (void)state;
    reboots = 0;
    assert_int_equal(link_up(console_far, 7000000), STATUS_TIMEOUT);
    assert_int_equal(reboots, 2); /* in the second attempt and five later */
}

static void reset_lines_are_pulled_in_each_wiring_by_turns(void **state) {
    (void)state;
    bench_start(NULL);
    bench.line.limit_us = 5000000;
    bench.line.may_reset = true;
    linkup = (struct linkup){.line = &bench.line};
    assert_int_equal(bench_run(linkup_machine(&linkup)), STATUS_TIMEOUT);
    assert_memory_equal(bench.pulses, "RDBR", 4);
    assert_false(bench.dtr || bench.rts); /* released in the end */
}

static void what_is_heard_is_named(void **state) {
    (void)state;
    static const struct {
        void (*far)(const uint8_t *, size_t);
        const char *says;
    } rows[] = {{echo_far, "TX and RX touch"},
                {boot_log_far, "this is the log port"},
                {other_rate_far, "another baud rate"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(link_up(rows[i].far, 3000000), STATUS_TIMEOUT);
        assert_non_null(strstr(bench.line.why, rows[i].says));
        assert_non_null(strstr(bench.said, rows[i].says)); /* while it tries, too */
    }
}

/* One LinkCheck in so many is answered. */
static void rarely_far(const uint8_t *frame, size_t size) {
    if (bench.sends % 500 == 1)
        chip_far(frame, size);
}

static void an_answer_that_never_comes_again_is_damage(void **state) {
    (void)state;
    assert_int_equal(link_up(rarely_far, 4000000), STATUS_TIMEOUT);
    assert_non_null(strstr(bench.said, "pieces of answers come, but damaged"));
}

static void a_listener_only_listens(void **state) {
    (void)state;
    bench_start(NULL);
    bench_air("Info:MAIN:Time 5, free 7000\n", 28, 300000);
    struct listening l = {.line = &bench.line, .us = 2000000};
    assert_int_equal(bench_run(listening_machine(&l)), STATUS_OK);
    assert_int_equal(bench.sends, 0);
    assert_int_equal(bench.now_us, 3000000);
    assert_int_equal(classify_verdict(&l.ear.heard), HEARD_APPLICATION);
}

/* CEN hangs on DTR. */
static void reset_by_dtr(void) {
    if (bench.dtr && !bench.rts)
        bench.chip_baud = BEKEN_FIRST_BAUD;
}

static void the_wiring_that_resets_is_found(void **state) {
    (void)state;
    bench_start(chip_far);
    bench.line.may_reset = true;
    bench.lines = reset_by_dtr;
    struct reset_search r = {.line = &bench.line};
    assert_int_equal(bench_run(reset_search_machine(&r)), STATUS_OK);
    assert_string_equal(r.wiring, "DTR");
    assert_string_equal(bench.pulses, "RD");
    assert_int_equal(bench.baud, bench.chip_baud);
    bench_start(chip_far);
    bench.line.may_reset = true;
    r = (struct reset_search){.line = &bench.line};
    assert_int_equal(bench_run(reset_search_machine(&r)), STATUS_OK);
    assert_null(r.wiring);
    assert_string_equal(bench.pulses, "RDB");
    assert_int_equal(bench.baud, BEKEN_FIRST_BAUD);
    assert_int_equal(bench.chip_baud, BEKEN_FIRST_BAUD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chip_is_found_at_once),
        cmocka_unit_test(silence_is_named_when_the_time_is_over),
        cmocka_unit_test(a_running_program_is_asked_to_reboot_now_and_then),
        cmocka_unit_test(reset_lines_are_pulled_in_each_wiring_by_turns),
        cmocka_unit_test(what_is_heard_is_named),
        cmocka_unit_test(an_answer_that_never_comes_again_is_damage),
        cmocka_unit_test(a_listener_only_listens),
        cmocka_unit_test(the_wiring_that_resets_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
