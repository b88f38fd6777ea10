/* Conversations without a line: bytes and time are handed in by the test, what comes out is looked
 * at. Nothing here opens, sends or waits. */
#include "workbench/engine/talk.h"

#include "check.h"

static struct line line;
static uint8_t frame[BEKEN_REQUEST_MAX];

static void begin(bool hurry) {
    line = (struct line){.family = BEKEN_FAMILY_F,
                         .known = true,
                         .flash_size = 1 << 21,
                         .depth = 2,
                         .latency_us = hurry ? 16000 : 0};
    exchange_start(&line.x, 115200);
}

/* Feeds one whole frame from the chip; what the conversation thinks of it. */
static enum status hear(const struct talk *t, const uint8_t *bytes, size_t size, uint64_t now_us) {
    struct answer a = {.skipped = 0};
    enum exchange_event event = EXCHANGE_NOTHING;
    for (size_t i = 0; i < size; i++)
        event = exchange_feed(&line.x, bytes[i], now_us, &a.response, &a.request, &a.skipped);
    assert_int_not_equal(event, EXCHANGE_NOTHING);
    return t->take(t->self, event, &a);
}

static enum status hear_sum(const struct talk *t, uint32_t raw) {
    uint8_t answer[32], value[4];
    store_le32(value, raw);
    return hear(t, answer, beken_short_response(BEKEN_CHECK_CRC, value, 4, answer, sizeof answer),
                1000);
}

static enum status hear_mark(const struct talk *t, uint32_t number) {
    uint8_t answer[32], head[4];
    store_le32(head, number);
    return hear(t, answer,
                beken_flash_response(BEKEN_FLASH_READ, BEKEN_OK, (struct span){head, 4},
                                     (struct span){(const uint8_t *)"\xFF", 1}, answer,
                                     sizeof answer),
                2000);
}

static void a_question_ends_with_its_answer(void **state) {
    (void)state;
    uint8_t request[16], answer[32];
    static const uint8_t value[8] = {0, 0, 0x80, 0, 0x1C, 0x23, 7, 0};
    begin(true);
    struct talk_question q = {.line = &line,
                              .frame = request,
                              .size = beken_read_register(0x800000, request, sizeof request),
                              .pushes = TALK_PACKET_MARKS};
    struct talk t = talk_question(&q);
    assert_int_equal(exchange_deadline(&line.x), EXCHANGE_NEVER);
    assert_int_equal(t.ask(t.self, &line.x, 5000, frame, sizeof frame), q.size);
    assert_memory_equal(frame, request, q.size);
    /* not before the request has left and the answer could have come */
    uint64_t wire = exchange_wire_us(115200, q.size + 15);
    assert_true(exchange_deadline(&line.x) >= 5000 + wire &&
                exchange_deadline(&line.x) < 5000 + wire + 1000000);
    for (int i = 0; i < TALK_PACKET_MARKS; i++)
        assert_true(t.ask(t.self, &line.x, 5000, frame, sizeof frame) > 0);
    assert_int_equal(t.ask(t.self, &line.x, 5000, frame, sizeof frame), 0);
    assert_int_equal(line.x.count, 1); /* nobody waits for the marks */
    assert_false(t.is_over(t.self));
    size_t size = beken_short_response(BEKEN_READ_REGISTER, value, 8, answer, sizeof answer);
    assert_int_equal(hear(&t, answer, size, 9000), STATUS_OK);
    assert_true(t.is_over(t.self));
    assert_int_equal(load_le32(q.response.payload + 4), 0x7231C);
    assert_int_equal(t.ask(t.self, &line.x, 9000, frame, sizeof frame), 0);
}

static struct talk begin_sum(struct talk_sum *s) {
    begin(false);
    *s = (struct talk_sum){.line = &line, .start = 0x6000, .end = 0x6FFF};
    struct talk t = talk_sum(s);
    assert_int_equal(t.ask(t.self, &line.x, 0, frame, sizeof frame), 13);
    assert_true(t.ask(t.self, &line.x, 0, frame, sizeof frame) > 0);
    assert_int_equal(t.ask(t.self, &line.x, 0, frame, sizeof frame), 0);
    return t;
}

static void a_sum_stands_right_before_its_mark(void **state) {
    (void)state;
    struct talk_sum s;
    struct talk t = begin_sum(&s);
    assert_int_equal(hear_sum(&t, 0x12345678), STATUS_OK);
    assert_false(t.is_over(t.self));
    assert_int_equal(hear_mark(&t, line.mark), STATUS_OK);
    assert_true(t.is_over(t.self));
    assert_int_equal(s.raw, 0x12345678);
    t = begin_sum(&s); /* an older sum before an older mark does not count */
    assert_int_equal(hear_sum(&t, 0x11111111), STATUS_OK);
    assert_int_equal(hear_mark(&t, 0xFF0), STATUS_OK);
    assert_int_equal(hear_sum(&t, 0x22222222), STATUS_OK);
    assert_int_equal(hear_mark(&t, line.mark), STATUS_OK);
    assert_int_equal(s.raw, 0x22222222);
}

static void a_sum_that_may_be_anothers_is_not_believed(void **state) {
    (void)state;
    struct talk_sum s;
    struct talk t = begin_sum(&s); /* two of them */
    hear_sum(&t, 1);
    hear_sum(&t, 2);
    assert_int_equal(hear_mark(&t, line.mark), STATUS_TIMEOUT);
    t = begin_sum(&s); /* none */
    assert_int_equal(hear_mark(&t, line.mark), STATUS_TIMEOUT);
    t = begin_sum(&s); /* of an empty range */
    assert_int_equal(hear_sum(&t, BEKEN_CRC_START), STATUS_TIMEOUT);
}

static void marks_count_what_goes_wrong(void **state) {
    (void)state;
    begin(false);
    struct talk_marks m = {.line = &line, .left = 5, .depth = 2};
    struct talk t = talk_marks(&m);
    while (t.ask(t.self, &line.x, 0, frame, sizeof frame))
        continue;
    assert_int_equal(m.under_way, 2);
    hear_mark(&t, 1);
    t.ask(t.self, &line.x, 0, frame, sizeof frame);
    hear_mark(&t, 3); /* the second was lost */
    assert_int_equal(m.errors, 1);
    while (t.ask(t.self, &line.x, 0, frame, sizeof frame))
        continue;
    hear_mark(&t, 0x777); /* nobody asked that */
    assert_int_equal(m.errors, 2);
    hear_mark(&t, 4);
    hear_mark(&t, 5);
    assert_true(t.is_over(t.self));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_ends_with_its_answer),
        cmocka_unit_test(a_sum_stands_right_before_its_mark),
        cmocka_unit_test(a_sum_that_may_be_anothers_is_not_believed),
        cmocka_unit_test(marks_count_what_goes_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
