/* The flasher against a small chip of either family: linking, identifying, reading, writing. */
#include "fake_chip.h"
#include "workbench/flasher/backup.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/ladder.h"
#include "workbench/flasher/linkup.h"
#include "workbench/flasher/program.h"
#include "workbench/flasher/protect.h"

#include "check.h"

enum { SIZE = 2 << 20 };
static struct fake fake;
static struct session session;

static void begin(enum beken_family family, const struct session_options *options) {
    struct session_options none = {.link_timeout_us = 10000000};
    fake_open(&fake, family, SIZE);
    fake_fill(&fake, 0xC0000, 7);
    session_start(&session, &fake.link, options ? options : &none, NULL);
}

static void connect(void) {
    assert_int_equal(linkup(&session), STATUS_OK);
    assert_int_equal(identify(&session), STATUS_OK);
}

static void both_families_are_identified(void **state) {
    (void)state;
    begin(BEKEN_FAMILY_F, NULL);
    connect();
    assert_int_equal(session.chip.family, BEKEN_FAMILY_F);
    assert_string_equal(session.chip.chip->name, "BK7231N");
    assert_int_equal(session.chip.size, SIZE);
    link_close(&fake.link);
    begin(BEKEN_FAMILY_B, NULL);
    connect();
    assert_int_equal(session.chip.family, BEKEN_FAMILY_B);
    assert_string_equal(session.chip.version, "BK7231S_1.0.5");
    assert_int_equal(session.chip.size, SIZE);
    link_close(&fake.link);
}

static void key_is_read_from_efuse(void **state) {
    (void)state;
    begin(BEKEN_FAMILY_F, NULL);
    store_le32(fake.key, 0x510fb093);
    store_le32(fake.key + 12, 0xc7adeb03);
    connect();
    assert_int_equal(identify_key(&session), STATUS_OK);
    assert_true(session.chip.has_key);
    assert_int_equal(session.chip.key.k[0], 0x510fb093);
    assert_int_equal(session.chip.key.k[3], 0xc7adeb03);
    link_close(&fake.link);
}

static void copy_is_exact(enum beken_family family, struct fake_faults faults, bool paced) {
    begin(family, NULL);
    fake.paced = paced;
    fake.latency_us = paced ? 16000 : 0;
    fake.faults = faults;
    connect();
    assert_int_equal(ladder_climb(&session, 0), STATUS_OK);
    assert_int_equal(session_measure_latency(&session), STATUS_OK);
    struct backup b;
    assert_true(backup_alloc(&b, 0, SIZE));
    enum status status = backup_run(&session, &b);
    if (status != STATUS_OK)
        print_message("%s\n", session.why);
    assert_int_equal(status, STATUS_OK);
    assert_memory_equal(b.data, fake.flash, SIZE);
    backup_free(&b);
    link_close(&fake.link);
}

static void backup_is_bit_exact_on_both(void **state) {
    (void)state;
    copy_is_exact(BEKEN_FAMILY_F, (struct fake_faults){0}, false);
    copy_is_exact(BEKEN_FAMILY_B, (struct fake_faults){0}, false);
    copy_is_exact(BEKEN_FAMILY_F, (struct fake_faults){0}, true);
    copy_is_exact(BEKEN_FAMILY_B, (struct fake_faults){0}, true);
}

static void backup_survives_a_bad_line(void **state) {
    (void)state;
    copy_is_exact(BEKEN_FAMILY_F, (struct fake_faults){.flip = 20, .lose = 10, .repeat = 10}, true);
    copy_is_exact(BEKEN_FAMILY_B, (struct fake_faults){.flip = 20, .lose = 10, .lose_out = 500},
                  true);
    copy_is_exact(BEKEN_FAMILY_F, (struct fake_faults){.echo = true}, false);
    copy_is_exact(BEKEN_FAMILY_F, (struct fake_faults){.max_baud = 500000}, true);
}

static void write_and_compare(enum beken_family family, struct fake_faults faults) {
    begin(family, NULL);
    fake.faults = faults;
    fake.sr = family == BEKEN_FAMILY_F ? 0x401C : 0;
    connect();
    session.options.bad_line = true; /* else family B refuses, and rightly */
    static uint8_t image[0x30000];
    for (size_t i = 0; i < sizeof image; i++)
        image[i] = (uint8_t)(i * 7 + (i >> 9));
    memset(image + 0x8000, 0xFF, 0x2000);
    struct program p;
    assert_true(program_alloc(&p, 0x11000, sizeof image, image));
    assert_int_equal(program_plan(&session, &p), STATUS_OK);
    assert_int_equal(p.keep, 0);
    enum status status = program_run(&session, &p);
    if (status != STATUS_OK)
        print_message("%s\n", session.why);
    assert_int_equal(status, STATUS_OK);
    assert_memory_equal(fake.flash + 0x11000, image, sizeof image);
    assert_int_equal(fake.low_writes, 0);
    program_free(&p);
    link_close(&fake.link);
}

static void image_is_written_on_both(void **state) {
    (void)state;
    write_and_compare(BEKEN_FAMILY_F, (struct fake_faults){0});
    write_and_compare(BEKEN_FAMILY_B, (struct fake_faults){0});
    write_and_compare(BEKEN_FAMILY_F, (struct fake_faults){.flip = 50, .flip_out = 10});
    write_and_compare(BEKEN_FAMILY_B, (struct fake_faults){.lose = 50, .lose_out = 5});
}

static void status_register_is_not_written_without_need(void **state) {
    (void)state;
    begin(BEKEN_FAMILY_F, NULL);
    connect();
    assert_int_equal(protect_clear(&session), STATUS_OK);
    assert_int_equal(fake.sr_writes, 0);
    fake.sr = 0x421C; /* CMP, BP, and QE, which must stay */
    assert_int_equal(protect_clear(&session), STATUS_OK);
    assert_int_equal(fake.sr_writes, 1);
    assert_int_equal(fake.sr, 0x0200);
    fake.flash_id = 0x852015; /* reported to lock itself */
    assert_int_equal(identify(&session), STATUS_OK);
    fake.sr = 0x001C;
    if (session.chip.flash && session.chip.flash->trust == FLASH_DOUBTFUL)
        assert_int_equal(protect_clear(&session), STATUS_REFUSED);
    link_close(&fake.link);
}

static void forbidden_range_is_never_touched(void **state) {
    (void)state;
    begin(BEKEN_FAMILY_F, NULL);
    connect();
    static uint8_t image[0x20000];
    memset(image, 0x5A, sizeof image);
    struct program p;
    assert_true(program_alloc(&p, 0, sizeof image, image));
    program_forbid(&p, 0, 0x11000, "the bootloader");
    assert_int_equal(program_plan(&session, &p), STATUS_OK);
    assert_int_equal(p.forbidden_sectors, 0x11);
    assert_int_equal(program_run(&session, &p), STATUS_OK);
    assert_int_equal(fake.low_writes, 0);
    assert_memory_equal(fake.flash + 0x11000, image, 0xF000);
    link_close(&fake.link);
    program_free(&p);
}

static void worn_sector_is_named(void **state) {
    (void)state;
    begin(BEKEN_FAMILY_F, NULL);
    fake.faults.bad_sector = 0x15000;
    connect();
    static uint8_t image[0x8000];
    memset(image, 0xE5, sizeof image);
    struct program p;
    assert_true(program_alloc(&p, 0x11000, sizeof image, image));
    assert_int_equal(program_plan(&session, &p), STATUS_OK);
    assert_int_equal(program_run(&session, &p), STATUS_IO);
    assert_non_null(strstr(session.why, "015000"));
    link_close(&fake.link);
    program_free(&p);
}

static void exclusive_checksum_is_learned(void **state) {
    (void)state;
    begin(BEKEN_FAMILY_F, NULL);
    connect();
    fake.crc_exclusive = true;
    bool same;
    assert_int_equal(session_crc_same(&session, 0x11000, fake.flash + 0x11000, 4096, &same), 0);
    assert_true(session.crc_exclusive);
    assert_true(same);
    link_close(&fake.link);
}

static void dead_line_gives_up_with_advice(void **state) {
    (void)state;
    begin(BEKEN_FAMILY_F, NULL);
    fake.faults.lose_out = 1000000;
    session.options.link_timeout_us = 3000000;
    assert_int_equal(linkup(&session), STATUS_TIMEOUT);
    assert_non_null(strstr(session.why, "swap TX and RX"));
    link_close(&fake.link);
}

static void running_application_is_reset_by_rts(void **state) {
    (void)state;
    begin(BEKEN_FAMILY_F, NULL);
    fake.running = true;
    assert_int_equal(linkup(&session), STATUS_OK);
    assert_true(fake.resets > 0);
    link_close(&fake.link);
}

static void pulled_cable_ends_with_a_reason(void **state) {
    (void)state;
    begin(BEKEN_FAMILY_F, NULL);
    connect();
    fake.faults.cut_after_bytes = (uint32_t)fake.bytes_out + 2000;
    struct backup b;
    assert_true(backup_alloc(&b, 0, SIZE));
    assert_int_equal(backup_run(&session, &b), STATUS_IO);
    assert_true(backup_count(&b, SECTOR_VERIFIED) > 0);
    assert_non_null(strstr(session.why, "adapter is gone"));
    backup_free(&b);
    link_close(&fake.link);
}

static enum heard classify_bytes(const void *data, size_t size) {
    struct classify c = {0};
    classify_feed(&c, data, size, 1000);
    return classify_verdict(&c);
}

static void what_is_heard_is_named(void **state) {
    (void)state;
    static const char boot[] = "V:BK7231N_1.0.1\r\nCPSR:000000D3\r\nJ 0x10000\r\n";
    static const uint8_t echo[] = {1, 0xE0, 0xFC, 1, 0, 1, 0xE0, 0xFC, 1, 0};
    static const uint8_t tuya[] = {0x55, 0xAA, 0, 0, 0, 0, 0xFF};
    static const uint8_t noise[] = {0x9C, 0xE1, 0x83, 0xF7, 0xB4, 0x91};
    static const uint8_t broken[] = {0x04, 0x0E, 0x05, 0x01, 0xE0, 0x7C, 0x01};
    static const uint8_t zeros[32];
    assert_int_equal(classify_bytes("", 0), HEARD_SILENCE);
    assert_int_equal(classify_bytes(boot, sizeof boot - 1), HEARD_BOOT_LOG);
    assert_int_equal(classify_bytes(echo, sizeof echo), HEARD_ECHO);
    assert_int_equal(classify_bytes(tuya, sizeof tuya), HEARD_TUYA_MCU);
    assert_int_equal(classify_bytes(noise, sizeof noise), HEARD_NOISE);
    assert_int_equal(classify_bytes(broken, sizeof broken), HEARD_DAMAGED);
    assert_int_equal(classify_bytes(zeros, sizeof zeros), HEARD_STUCK);
    assert_int_equal(classify_bytes("Info:MAIN:Time 5, free 7000\n", 28), HEARD_APPLICATION);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_families_are_identified),
        cmocka_unit_test(key_is_read_from_efuse),
        cmocka_unit_test(backup_is_bit_exact_on_both),
        cmocka_unit_test(backup_survives_a_bad_line),
        cmocka_unit_test(image_is_written_on_both),
        cmocka_unit_test(status_register_is_not_written_without_need),
        cmocka_unit_test(forbidden_range_is_never_touched),
        cmocka_unit_test(worn_sector_is_named),
        cmocka_unit_test(exclusive_checksum_is_learned),
        cmocka_unit_test(dead_line_gives_up_with_advice),
        cmocka_unit_test(running_application_is_reset_by_rts),
        cmocka_unit_test(pulled_cable_ends_with_a_reason),
        cmocka_unit_test(what_is_heard_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
