/* The fault campaign: seeded runs of reading, writing and comparing on chips of both families with
 * every kind of fault. A run that claims success must be bit-exact, none may hang, none may send
 * an erase or write below the application, and one that fails must say why. PLUGSMITH_SOAK=N sets
 * the number of runs (make soak). */
#include "fake_chip.h"
#include "workbench/flasher/backup.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/ladder.h"
#include "workbench/flasher/linkup.h"
#include "workbench/flasher/program.h"

#include "check.h"

enum { SIZE = 0x40000, USED = 0x20000, IMAGE = 0x18000, OFFSET = 0x11000 };
#define LONGEST_US (3600ull * 1000000)

static struct fake fake;
static struct session session;
static uint8_t image[IMAGE];
static struct { unsigned runs, finished, failed, retries, dips, step_downs; } tally;

static uint32_t draw(uint64_t *x) {
    *x ^= *x << 13, *x ^= *x >> 7, *x ^= *x << 17;
    return (uint32_t)(*x >> 24);
}

static struct fake_faults faults_of(uint64_t *x) {
    struct fake_faults f = {0};
    uint32_t kind = draw(x) % 10, rate = 1 + draw(x) % 60;
    f.flip = kind == 0 || kind == 8 ? rate : 0;
    f.lose = kind == 1 || kind == 8 ? rate : 0;
    f.repeat = kind == 2 ? rate : 0;
    f.flip_out = kind == 3 ? rate : 0;
    f.lose_out = kind == 4 ? rate / 4 + 1 : 0;
    f.dip = kind == 5 ? 20000 : 0;
    f.cut_after_bytes = kind == 6 ? 200 + draw(x) % 120000 : 0;
    f.echo = kind == 7;
    f.bad_sector = kind == 9 ? OFFSET + (draw(x) % 24) * 4096 : 0;
    f.max_baud = draw(x) % 4 == 0 ? 500000 : 0;
    return f;
}

static enum status connect(void) {
    enum status status = linkup(&session);
    if (status == STATUS_OK)
        status = identify(&session);
    if (status == STATUS_OK)
        status = ladder_climb(&session, 0);
    return status == STATUS_OK ? session_measure_latency(&session) : status;
}

static enum status run_backup(void) {
    struct backup b;
    assert_true(backup_alloc(&b, 0, SIZE));
    enum status status = backup_run(&session, &b);
    for (uint32_t i = 0; i < SIZE / 4096; i++)
        if (b.state[i] == SECTOR_VERIFIED)
            assert_memory_equal(b.data + i * 4096, fake.flash + i * 4096, 4096);
    if (status == STATUS_OK)
        assert_memory_equal(b.data, fake.flash, SIZE);
    backup_free(&b);
    return status;
}

static enum status run_write(void) {
    struct program p;
    assert_true(program_alloc(&p, OFFSET, IMAGE, image));
    program_forbid(&p, 0, OFFSET, "bootloader");
    enum status status = program_plan(&session, &p);
    if (status == STATUS_OK)
        status = program_run(&session, &p);
    if (status == STATUS_OK)
        assert_memory_equal(fake.flash + OFFSET, image, IMAGE);
    program_free(&p);
    return status;
}

static enum status run_verify(void) {
    uint32_t differs, count;
    bool same = draw(&fake.rng) & 1;
    memcpy(image, fake.flash + OFFSET, IMAGE);
    if (!same)
        image[draw(&fake.rng) % IMAGE] ^= 0x40;
    enum status status = program_verify(&session, OFFSET, image, IMAGE, &differs, &count);
    if (status == STATUS_OK)
        assert_int_equal(count, !same);
    return status;
}

static void one_run(uint64_t seed) {
    static enum status (*const verbs[])(void) = {run_backup, run_write, run_verify};
    uint64_t x = seed * 0x9E3779B97F4A7C15u + 1;
    struct session_options options = {.link_timeout_us = 20000000};
    draw(&x);
    fake_open(&fake, draw(&x) % 2 ? BEKEN_FAMILY_F : BEKEN_FAMILY_B, SIZE);
    fake_fill(&fake, USED, (uint32_t)seed);
    fake.flash_id = 0xEB6012;
    options.size = SIZE;
    fake.paced = true;
    fake.latency_us = draw(&x) % 2 ? 1000 : 16000;
    fake.rng = x;
    for (size_t i = 0; i < sizeof image; i++)
        image[i] = (uint8_t)(draw(&x) >> (i >> 13 & 7));
    session_start(&session, &fake.link, &options, NULL);
    fake.faults = faults_of(&x);
    enum status status = connect();
    if (status == STATUS_OK)
        status = verbs[draw(&x) % 3]();
    tally.runs++;
    tally.finished += status == STATUS_OK;
    tally.failed += status != STATUS_OK;
    tally.retries += session.stats.retries;
    tally.dips += session.stats.supply_dips;
    tally.step_downs += session.stats.step_downs;
    if (status != STATUS_OK)
        assert_true(session.why[0] != '\0');
    assert_int_equal(fake.sent_low, 0);
    assert_true(fake.now < LONGEST_US);
    link_close(&fake.link);
}

static void no_run_ends_in_silent_corruption(void **state) {
    (void)state;
    const char *soak = getenv("PLUGSMITH_SOAK");
    unsigned runs = soak ? (unsigned)strtoul(soak, NULL, 10) : 150;
    for (unsigned seed = 1; seed <= runs; seed++)
        one_run(seed);
    print_message("%u runs: %u finished bit-exact, %u failed with a reason; %u retries, %u supply "
                  "dips, %u rates left\n",
                  tally.runs, tally.finished, tally.failed, tally.retries, tally.dips,
                  tally.step_downs);
    assert_true(tally.finished > tally.runs / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_run_ends_in_silent_corruption)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
