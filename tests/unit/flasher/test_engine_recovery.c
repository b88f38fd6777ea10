/* What is done about trouble, with bytes and time only: calming, feeding, fetching back; and what a
 * conversation makes of answers nobody asked for. */
#include "engine_bench.h"
#include "workbench/engine/call.h"
#include "workbench/engine/writing.h"

#include "check.h"

static struct recovery recovery;
static struct call call;
static uint8_t question[16];

static enum status recover(void) {
    recovery = (struct recovery){.line = &bench.line};
    return bench_run(recovery_machine(&recovery));
}

static enum status ask(void) {
    call = (struct call){.line = &bench.line, .frame = question};
    call.size = beken_flash_read(0x1000, 1, question, sizeof question);
    return bench_run(call_machine(&call));
}

static void garbage_is_let_by(void **state) {
    (void)state;
    bench_start(chip_far);
    for (int i = 0; i < 300; i++)
        bench_air("\x04\x0E\xFF\x01\xE0", 5, 1000); /* the beginning of a frame, again and again */
    assert_int_equal(recover(), STATUS_OK);
    assert_int_equal(bench.line.x.count, 0);
    assert_int_equal(ask(), STATUS_OK);
    assert_int_equal(bench.line.supply_dips, 0);
}

static void a_line_that_is_never_silent_is_not_waited_for(void **state) {
    (void)state;
    bench_start(NULL);
    struct engine e;
    struct calm c = {.line = &bench.line, .quiet_us = 30000};
    engine_start(&e, calm_machine(&c));
    int waits = 0;
    for (struct step s; (s = engine_next(&e, bench.now_us)).kind == STEP_WAIT; waits++) {
        assert_true(s.until_us == bench.now_us + 30000);
        engine_hear(&e, (const uint8_t *)"x", 1, bench.now_us += 20000);
    }
    assert_int_equal(bench.now_us, 1300000);
    assert_int_equal(waits, 15);
}

static void what_was_under_way_is_forgotten_when_calm(void **state) {
    (void)state;
    bench_start(NULL);
    struct exchange *x = &bench.line.x;
    struct answer a = {.skipped = 0};
    struct calm c = {.line = &bench.line, .quiet_us = 30000};
    exchange_sent(x, question, beken_link_check(question, sizeof question), 0, bench.now_us);
    exchange_feed(x, 0x04, bench.now_us, &a.response, &a.request, &a.skipped);
    assert_int_equal(x->uart.used, 1);
    assert_int_equal(bench_run(calm_machine(&c)), STATUS_OK);
    assert_int_equal(x->uart.used, 0);
    assert_int_equal(x->count, 0);
}

static void a_chip_that_waits_for_the_rest_of_a_request_is_fed(void **state) {
    (void)state;
    bench_start(chip_far);
    bench.hungry = 2000;
    assert_int_equal(recover(), STATUS_OK);
    assert_int_equal(bench.hungry, 0);
    assert_int_equal(bench.line.relinks, 0);
}

static void filler_is_nothing_that_programs(void **state) {
    (void)state;
    bench_start(NULL);
    bench.line.limit_us = 1000000;
    struct engine e;
    size_t filler = 0;
    recovery = (struct recovery){.line = &bench.line};
    engine_start(&e, recovery_machine(&recovery));
    for (struct step s; (s = engine_next(&e, bench.now_us)).kind != STEP_OVER;) {
        if (s.kind == STEP_SEND && s.size > 8) {
            assert_true(bytes_all(s.bytes, s.size, 0xFF));
            filler += s.size;
        }
        engine_went(&e, bench_step(&e, &s));
    }
    assert_true(filler >= BEKEN_REQUEST_MAX); /* a whole Write4K and more */
}

static void a_chip_at_115200_was_reset_and_goes_back_to_the_rate(void **state) {
    (void)state;
    bench_start(chip_far);
    static struct rate rate;
    rate = (struct rate){.line = &bench.line, .baud = 921600};
    assert_int_equal(bench_run(rate_machine(&rate)), STATUS_OK);
    bench.chip_baud = BEKEN_FIRST_BAUD;
    assert_int_equal(ask(), STATUS_OK);
    assert_int_equal(bench.line.supply_dips, 1);
    assert_int_equal(bench.line.relinks, 1);
    assert_non_null(strstr(bench.said, "its supply dipped"));
    assert_int_equal(bench.baud, 921600);
    assert_int_equal(bench.chip_baud, 921600);
}

static void a_chip_that_is_gone_is_said_and_given_up(void **state) {
    (void)state;
    bench_start(chip_far);
    bench.is_gone = true;
    bench.line.limit_us = 2000000;
    assert_int_equal(ask(), STATUS_TIMEOUT);
    assert_non_null(strstr(bench.said, "the chip is gone"));
    assert_non_null(strstr(bench.line.why, "no chip answers"));
    bench_start(chip_far); /* without a limit the search has one all the same */
    bench.is_gone = true;
    uint64_t start = bench.now_us;
    assert_int_equal(ask(), STATUS_TIMEOUT);
    assert_true(bench.now_us - start < 45000000);
}

/* Family B completes what it has with anything: only an address that it refuses is sent. */
static void an_open_request_is_ended_harmlessly(void **state) {
    (void)state;
    bench_start(NULL);
    bench.line.known = true;
    struct step s = inquiry_end_open_request(&bench.line);
    assert_int_equal(s.kind, STEP_OVER); /* the ROM gives up by itself */
    bench.line.family = BEKEN_FAMILY_B;
    s = inquiry_end_open_request(&bench.line);
    assert_int_equal(s.kind, STEP_SEND);
    assert_true(bytes_all(s.bytes, s.size, 0xFF));
}

static void a_refusal_counts_when_it_comes_twice(void **state) {
    (void)state;
    bench_start(chip_far);
    uint8_t refusal[32], frame[16];
    static struct inquiry q;
    size_t size = beken_flash_response(BEKEN_FLASH_READ_SR, BEKEN_PARAMETER,
                                       (struct span){(const uint8_t *)"\x05\x00", 2},
                                       (struct span){NULL, 0}, refusal, sizeof refusal);
    q = (struct inquiry){.line = &bench.line, .frame = frame, .tries = 4};
    q.size = beken_flash_read_sr(0x05, frame, sizeof frame);
    struct engine e;
    engine_start(&e, inquiry_machine(&q));
    struct step s;
    while ((s = engine_next(&e, bench.now_us)).kind != STEP_OVER) {
        if (s.kind == STEP_SEND)
            bench_air(refusal, size, 100);
        engine_went(&e, bench_step(&e, &s));
    }
    assert_int_equal(s.status, STATUS_REFUSED);
    assert_int_equal(bench.line.retries, 1);
    assert_int_equal(bench.sends, 2);
}

/* --- answers nobody asked for --- */

static void erased_far(const uint8_t *frame, size_t size) {
    uint8_t answer[32];
    static const uint8_t erased[] = {BEKEN_ERASE_4K, 0x00, 0x30, 0x21, 0x00};
    if (bench.sends == 1)
        bench_air(answer,
                  beken_flash_response(BEKEN_FLASH_ERASE, BEKEN_OK, (struct span){erased, 5},
                                       (struct span){NULL, 0}, answer, sizeof answer),
                  100);
    chip_far(frame, size);
}

static void a_change_nobody_asked_for_is_noted_and_said(void **state) {
    (void)state;
    bench_start(erased_far);
    bench.line.flash_size = 0x200000;
    assert_int_equal(ask(), STATUS_OK);
    assert_int_equal(bench.line.accident_count, 1);
    assert_int_equal(bench.line.accidents[0], 0x213000);
    assert_string_equal(bench.said, "a damaged request changed the sector at 013000\n");
    bench_start(erased_far); /* while changing, such answers are late ones */
    bench.line.changing = true;
    assert_int_equal(ask(), STATUS_OK);
    assert_int_equal(bench.line.accident_count, 0);
}

static void a_frame_behind_a_broken_one_is_found(void **state) {
    (void)state;
    bench_start(chip_far);
    /* the head of a long answer whose rest never comes swallows the true one */
    bench_air("\x04\x0E\xFF\x01\xE0\xFC\xF4\x06\x10\x09\x00", 11, 50);
    static struct inquiry q;
    assert_int_equal(bench_run(inquiry_link_check(&q, &bench.line, 1)), STATUS_OK);
}

/* --- writing --- */

static uint32_t unanswered, most_unanswered;
static void writing_far(const uint8_t *frame, size_t size) {
    uint8_t answer[32];
    (void)size;
    unanswered++;
    most_unanswered = unanswered > most_unanswered ? unanswered : most_unanswered;
    bench_air(answer,
              beken_flash_response(BEKEN_FLASH_WRITE_4K, BEKEN_OK, (struct span){frame + 8, 4},
                                   (struct span){NULL, 0}, answer, sizeof answer),
              60000);
}
static bool even(const void *context, uint32_t sector) {
    (void)context;
    return sector % 2 == 0;
}
static void wrote(void *context, uint32_t done) {
    unanswered--;
    *(uint32_t *)context = done;
}

static void a_sector_is_sent_when_the_one_before_is_answered(void **state) {
    (void)state;
    static const uint8_t data[6 * BEKEN_SECTOR];
    uint32_t told = 0;
    bench_start(writing_far);
    unanswered = most_unanswered = 0;
    struct writing w = {.line = &bench.line,
                        .start = 0x11000,
                        .data = data,
                        .end = 6,
                        .wants = even,
                        .wrote = wrote,
                        .context = &told};
    struct conversation c = {.line = &bench.line, .talk = talk_writing(&w)};
    assert_int_equal(bench_run(conversation_machine(&c)), STATUS_OK);
    assert_int_equal(w.sent, 3);
    assert_int_equal(told, 6);
    assert_int_equal(most_unanswered, 1);
}

/* --- the stack --- */

static struct step endless(void *self, uint64_t now_us, enum status last) {
    (void)now_us;
    return last == STATUS_INTERNAL ? step_over(last)
                                   : step_run((struct machine){endless, NULL, self});
}

static void machines_do_not_nest_for_ever(void **state) {
    (void)state;
    bench_start(NULL);
    assert_int_equal(bench_run((struct machine){endless, NULL, NULL}), STATUS_INTERNAL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(garbage_is_let_by),
        cmocka_unit_test(a_line_that_is_never_silent_is_not_waited_for),
        cmocka_unit_test(what_was_under_way_is_forgotten_when_calm),
        cmocka_unit_test(a_chip_that_waits_for_the_rest_of_a_request_is_fed),
        cmocka_unit_test(filler_is_nothing_that_programs),
        cmocka_unit_test(a_chip_at_115200_was_reset_and_goes_back_to_the_rate),
        cmocka_unit_test(a_chip_that_is_gone_is_said_and_given_up),
        cmocka_unit_test(an_open_request_is_ended_harmlessly),
        cmocka_unit_test(a_refusal_counts_when_it_comes_twice),
        cmocka_unit_test(a_change_nobody_asked_for_is_noted_and_said),
        cmocka_unit_test(a_frame_behind_a_broken_one_is_found),
        cmocka_unit_test(a_sector_is_sent_when_the_one_before_is_answered),
        cmocka_unit_test(machines_do_not_nest_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
