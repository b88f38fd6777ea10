/* Changing the rate, with bytes and time only: when each end changes, what is believed, and the way
 * back from a rate that does not work. */
#include "engine_bench.h"
#include "workbench/engine/ladder.h"
#include "workbench/engine/line_proof.h"

#include "check.h"

static enum status go_to(uint32_t baud) {
    static struct rate rate;
    rate = (struct rate){.line = &bench.line, .baud = baud};
    return bench_run(rate_machine(&rate));
}

static void our_end_follows_within_the_chips_delay(void **state) {
    (void)state;
    bench_start(chip_far);
    struct rate_change c = {.line = &bench.line, .baud = 921600};
    assert_int_equal(bench_run(rate_change_machine(&c)), STATUS_OK);
    /* the command has left, the echo (20 ms) has not yet come */
    uint64_t since = bench.baud_us - bench.last_send_us;
    assert_true(since >= 10000 && since < 15000);
    assert_int_equal(bench.line.x.baud, 921600);
}

static void an_accepted_rate_is_proven_by_questions(void **state) {
    (void)state;
    bench_start(chip_far);
    bench.line.trouble = 5;
    assert_int_equal(go_to(921600), STATUS_OK);
    assert_int_equal(bench.baud, 921600);
    assert_int_equal(bench.chip_baud, 921600);
    assert_int_equal(bench.sends, 1 + 6);
    assert_int_equal(bench.line.trouble, 0);
    uint32_t sends = bench.sends;
    assert_int_equal(go_to(921600), STATUS_OK); /* nothing to do */
    assert_int_equal(bench.sends, sends);
}

/* A computer so busy that the echo passes before its end has followed. */
static void echoless_far(const uint8_t *frame, size_t size) {
    uint32_t rate = bench.chip_baud;
    size_t before = bench.air_size;
    chip_far(frame, size);
    if (bench.chip_baud != rate)
        bench.air_size = before;
}

static void a_chip_that_followed_is_found_without_its_echo(void **state) {
    (void)state;
    bench_start(echoless_far);
    assert_int_equal(go_to(921600), STATUS_OK);
    assert_int_equal(bench.baud, 921600);
    assert_int_equal(bench.chip_baud, 921600);
    assert_int_equal(bench.sends, 1 + 1 + 6);
    assert_int_equal(go_to(BEKEN_FIRST_BAUD), STATUS_OK);
    assert_int_equal(bench.chip_baud, BEKEN_FIRST_BAUD);
}

static void a_rate_the_adapter_refuses_is_not_told_to_the_chip(void **state) {
    (void)state;
    bench_start(chip_far);
    bench.refuses_baud = true;
    assert_int_equal(go_to(2000000), STATUS_TIMEOUT);
    assert_non_null(strstr(bench.said, "the adapter does not do that"));
    assert_non_null(strstr(bench.line.why, "2000000 baud does not work here"));
    assert_int_equal(bench.baud, BEKEN_FIRST_BAUD);
    assert_int_equal(bench.chip_baud, BEKEN_FIRST_BAUD);
    assert_int_equal(bench.sends, 0);
}

/* The chip is lost at that rate, and a reset brings it back. */
static void revive(void) {
    if (bench.rts)
        bench.chip_baud = BEKEN_FIRST_BAUD;
}

static void silence_after_the_switch_leads_back_to_the_bus(void **state) {
    (void)state;
    bench_start(chip_far);
    bench.chip_best = 500000;
    bench.line.may_reset = true;
    bench.line.limit_us = 20000000;
    bench.lines = revive;
    assert_int_equal(go_to(1500000), STATUS_TIMEOUT);
    assert_int_equal(bench.baud, BEKEN_FIRST_BAUD);
    assert_int_equal(bench.chip_baud, BEKEN_FIRST_BAUD);
    assert_int_equal(bench.line.x.baud, BEKEN_FIRST_BAUD);
    assert_string_equal(bench.pulses, "R");
}

/* Hears at any rate, but is heard at low ones only, as with a weak driver. */
static void mumbling_far(const uint8_t *frame, size_t size) {
    uint32_t best = bench.chip_best;
    bench.chip_best = 3000000;
    size_t before = bench.air_size;
    chip_far(frame, size);
    bench.chip_best = best;
    if (bench.chip_baud > best)
        bench.air_size = before;
}

static void the_climb_ends_at_the_best_rate_that_works(void **state) {
    (void)state;
    static const struct {
        uint32_t best, fixed, remembered, ends_at;
    } rows[] = {{3000000, 0, 0, 2000000},     {1000000, 0, 0, 921600},
                {300000, 0, 0, 230400},       {3000000, 0, 460800, 460800},
                {3000000, 115200, 0, 115200}, {3000000, 250000, 0, 250000},
                {100000, 0, 0, 115200}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench_start(mumbling_far);
        bench.chip_best = rows[i].best < BEKEN_FIRST_BAUD ? BEKEN_FIRST_BAUD : rows[i].best;
        static struct climb c;
        c = (struct climb){
            .line = &bench.line, .fixed = rows[i].fixed, .remembered = rows[i].remembered};
        assert_int_equal(bench_run(climb_machine(&c)), STATUS_OK);
        assert_int_equal(bench.baud, rows[i].ends_at);
        assert_int_equal(bench.chip_baud, rows[i].ends_at);
    }
    bench_start(chip_far); /* a pty has no rate */
    bench.line.has_baud = false;
    struct climb c = {.line = &bench.line};
    assert_int_equal(bench_run(climb_machine(&c)), STATUS_OK);
    assert_int_equal(bench.sends, 0);
}

static void stepping_down_says_so(void **state) {
    (void)state;
    bench_start(chip_far);
    assert_int_equal(go_to(2000000), STATUS_OK);
    static struct descent d;
    d = (struct descent){.line = &bench.line};
    assert_int_equal(bench_run(descent_machine(&d)), STATUS_OK);
    assert_int_equal(bench.baud, 1500000);
    assert_int_equal(bench.line.step_downs, 1);
    assert_string_equal(bench.said, "errors at 2000000 baud; going on at 1500000\n");
    bench_start(chip_far); /* there is nothing below 115200 */
    d = (struct descent){.line = &bench.line};
    assert_int_equal(bench_run(descent_machine(&d)), STATUS_OK);
    assert_int_equal(bench.line.step_downs, 0);
}

/* One answer in so many does not come. */
static uint32_t lost_every;
static void lossy_far(const uint8_t *frame, size_t size) {
    size_t before = bench.air_size;
    chip_far(frame, size);
    if (size > 8 && bench.baud >= 460800 && bench.sends % lost_every == 0)
        bench.air_size = before;
}

static void a_line_is_proven_before_anything_is_changed(void **state) {
    (void)state;
    static struct line_proof p;
    bench_start(chip_far); /* a boot ROM on a line without errors */
    p = (struct line_proof){.line = &bench.line};
    assert_int_equal(bench_run(line_proof_machine(&p)), STATUS_OK);
    assert_int_equal(bench.sends, 0);
    bench.line.retries = 50;
    p = (struct line_proof){.line = &bench.line};
    assert_int_equal(bench_run(line_proof_machine(&p)), STATUS_OK);
    assert_int_equal(bench.sends, 600);
    bench_start(lossy_far); /* too many at that rate, none below */
    lost_every = 11;
    assert_int_equal(go_to(460800), STATUS_OK);
    bench.line.retries = 50;
    p = (struct line_proof){.line = &bench.line};
    assert_int_equal(bench_run(line_proof_machine(&p)), STATUS_OK);
    assert_int_equal(bench.baud, 230400);
}

static void latency_is_what_the_wire_does_not_explain(void **state) {
    (void)state;
    bench_start(chip_far);
    struct latency l = {.line = &bench.line};
    assert_int_equal(bench_run(latency_machine(&l)), STATUS_OK);
    assert_true(bench.line.latency_us < 1000);
    bench_start(chip_far);
    bench.is_gone = true;
    l = (struct latency){.line = &bench.line};
    assert_int_equal(bench_run(latency_machine(&l)), STATUS_TIMEOUT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_end_follows_within_the_chips_delay),
        cmocka_unit_test(an_accepted_rate_is_proven_by_questions),
        cmocka_unit_test(a_chip_that_followed_is_found_without_its_echo),
        cmocka_unit_test(a_rate_the_adapter_refuses_is_not_told_to_the_chip),
        cmocka_unit_test(silence_after_the_switch_leads_back_to_the_bus),
        cmocka_unit_test(the_climb_ends_at_the_best_rate_that_works),
        cmocka_unit_test(stepping_down_says_so),
        cmocka_unit_test(a_line_is_proven_before_anything_is_changed),
        cmocka_unit_test(latency_is_what_the_wire_does_not_explain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
