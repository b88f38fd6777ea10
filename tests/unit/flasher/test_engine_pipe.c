/* Many questions under way, with bytes and time only: how many at once, and which answers are
 * believed when. */
#include "engine_bench.h"
#include "workbench/engine/conversation.h"
#include "workbench/engine/pipe.h"

#include "check.h"

enum { QUESTIONS_MOST = 64 };

/* What is asked, one after the other, and what came of it. */
static struct {
    struct stream_question list[QUESTIONS_MOST];
    uint32_t count, at;
    bool answered[QUESTIONS_MOST], refused[QUESTIONS_MOST];
    uint32_t crc[QUESTIONS_MOST];
} work;

/* The chip: what it leaves out, and how much stood in its buffer. */
static struct {
    uint32_t lose; /* the answer of that number, from 1 on; 0: none */
    uint32_t answers;
    size_t buffer_most;
    unsigned reads_most;
    bool refuses;
    uint32_t last_read;
} chip;

static bool next(void *context, unsigned kinds, struct stream_question *q) {
    (void)context;
    if (work.at == work.count || !(kinds & work.list[work.at].kind))
        return false;
    *q = work.list[work.at++];
    return true;
}

static void take(void *context, const struct stream_question *q, const uint8_t *data,
                 uint32_t crc) {
    (void)context;
    for (uint32_t i = 0; i < work.count; i++)
        if (work.list[i].start == q->start && work.list[i].kind == q->kind) {
            work.answered[i] = true;
            work.crc[i] = crc;
            work.refused[i] = q->kind == STREAM_READ && !data;
            if (data && bench.line.family == BEKEN_FAMILY_F)
                assert_int_equal(load_le32(data), q->start);
        }
}

static void answer_sum(const struct beken_request *q) {
    uint8_t answer[32], value[4];
    store_le32(value, ~load_le32(q->payload)); /* names its start, for the test */
    bench_air(answer, beken_short_response(BEKEN_CHECK_CRC, value, 4, answer, sizeof answer), 500);
}

static void answer_read(const struct beken_request *q) {
    static uint8_t answer[BEKEN_RESPONSE_MAX], data[BEKEN_SECTOR];
    size_t size = q->command == BEKEN_FLASH_READ ? q->payload[4] : BEKEN_SECTOR;
    chip.last_read = load_le32(q->payload);
    store_le32(data, chip.last_read); /* a sector names itself, for the test */
    bool refused = chip.refuses && size > 1;
    bench_air(answer,
              beken_flash_response(q->command, refused ? BEKEN_PARAMETER : BEKEN_OK,
                                   (struct span){q->payload, 4},
                                   (struct span){data, refused ? 1 : size}, answer, sizeof answer),
              500);
}

/* What stands there unanswered, the request that was just sent included. */
static void note_buffer(void) {
    const struct exchange *x = &bench.line.x;
    size_t bytes = 0;
    unsigned reads = 0;
    for (int i = 0; i < x->count; i++) {
        const struct exchange_request *r = &x->queue[(x->first + i) % EXCHANGE_DEPTH];
        bytes += r->size;
        reads += r->frame[3] == 0xFF && r->frame[7] == BEKEN_FLASH_READ_4K;
    }
    chip.buffer_most = bytes > chip.buffer_most ? bytes : chip.buffer_most;
    chip.reads_most = reads > chip.reads_most ? reads : chip.reads_most;
}

static void far(const uint8_t *frame, size_t size) {
    struct beken_request q;
    struct fault fault;
    assert_int_equal(beken_request_decode(frame, size, &q, &fault), STATUS_OK);
    note_buffer();
    if (++chip.answers == chip.lose)
        return;
    if (q.flash)
        answer_read(&q);
    else
        answer_sum(&q);
}

static void ask_for(enum stream_kind kind, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        work.list[work.count++] =
            (struct stream_question){kind, 0x20000 + work.count * BEKEN_SECTOR, BEKEN_SECTOR};
}

static void begin(void) {
    bench_start(far);
    memset(&work, 0, sizeof work);
    memset(&chip, 0, sizeof chip);
    bench.line.known = true;
    bench.line.flash_size = 0x200000;
}

static enum status run(void) {
    static const struct stream stream = {next, take, NULL};
    static struct pipe p;
    static struct conversation c;
    p = (struct pipe){.line = &bench.line, .stream = &stream};
    c = (struct conversation){.line = &bench.line, .talk = talk_pipe(&p)};
    return bench_run(conversation_machine(&c));
}

static uint32_t answered(void) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < work.count; i++)
        count += work.answered[i];
    return count;
}

static void every_question_gets_its_own_answer(void **state) {
    (void)state;
    begin();
    ask_for(STREAM_CRC, 20);
    ask_for(STREAM_READ, 5);
    ask_for(STREAM_CRC, 3);
    assert_int_equal(run(), STATUS_OK);
    assert_int_equal(answered(), 28);
    for (uint32_t i = 0; i < work.count; i++)
        if (work.list[i].kind == STREAM_CRC)
            assert_int_equal(work.crc[i], work.list[i].start);
}

static void the_chips_buffer_is_never_outrun(void **state) {
    (void)state;
    begin();
    ask_for(STREAM_CRC, 40);
    assert_int_equal(run(), STATUS_OK);
    assert_true(chip.buffer_most > 26 && chip.buffer_most <= 128);
    begin();
    ask_for(STREAM_READ, 8);
    assert_int_equal(run(), STATUS_OK);
    assert_int_equal(chip.reads_most, 2);
}

static void one_at_a_time_where_the_chip_does_not_queue(void **state) {
    (void)state;
    begin();
    bench.line.depth = 1;
    ask_for(STREAM_CRC, 4);
    ask_for(STREAM_READ, 4);
    assert_int_equal(run(), STATUS_OK);
    assert_int_equal(answered(), 8);
    assert_true(chip.buffer_most <= 13);
}

/* Checksums name nothing: behind a lost answer none is believed that could be another's. */
static void a_lost_answer_makes_no_wrong_one(void **state) {
    (void)state;
    for (uint32_t lose = 1; lose <= 12; lose++) {
        begin();
        ask_for(STREAM_CRC, 9);
        ask_for(STREAM_READ, 2);
        chip.lose = lose;
        assert_int_equal(run(), STATUS_TIMEOUT);
        assert_true(answered() < 11);
        for (uint32_t i = 0; i < work.count; i++)
            if (work.answered[i] && work.list[i].kind == STREAM_CRC)
                assert_int_equal(work.crc[i], work.list[i].start);
    }
}

static void a_refused_read_is_told(void **state) {
    (void)state;
    begin();
    ask_for(STREAM_READ, 3);
    chip.refuses = true;
    assert_int_equal(run(), STATUS_OK);
    assert_int_equal(answered(), 3);
    assert_true(work.refused[0] && work.refused[2]);
}

static void family_b_is_read_below_its_limit_by_wrapping(void **state) {
    (void)state;
    begin();
    bench.line.family = BEKEN_FAMILY_B;
    work.list[0] = (struct stream_question){STREAM_READ, 0x3000, BEKEN_SECTOR};
    work.count = 1;
    assert_int_equal(run(), STATUS_OK);
    assert_int_equal(chip.last_read, 0x203000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_question_gets_its_own_answer),
        cmocka_unit_test(the_chips_buffer_is_never_outrun),
        cmocka_unit_test(one_at_a_time_where_the_chip_does_not_queue),
        cmocka_unit_test(a_lost_answer_makes_no_wrong_one),
        cmocka_unit_test(a_refused_read_is_told),
        cmocka_unit_test(family_b_is_read_below_its_limit_by_wrapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
