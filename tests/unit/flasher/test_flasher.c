/* The flasher's conversations against the virtual chip of either family, in its virtual time:
 * linking, identifying, reading, writing, and what is made of damage. */
#include "chip_at_link.h"
#include "workbench/engine/classify.h"
#include "workbench/flasher/backup.h"
#include "workbench/flasher/bus.h"
#include "workbench/flasher/efuse.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/program.h"
#include "workbench/flasher/proof.h"
#include "workbench/flasher/protect.h"

#include "check.h"

enum { SIZE = 2 << 20, APP = 0x11000 };
static struct session session;

/* A chip with something in two thirds of its flash; `line` are further words of the port. */
static void begin(const char *chip, const char *line) {
    const struct session_options options = {.link_timeout_us = 10000000};
    chip_at_link_open(chip, line);
    uint64_t x = 7;
    for (uint32_t i = 0; i < SIZE / 3 * 2; i++)
        at_link.flash->data[i] = i / 0x1000 % 5 == 1 ? 0xFF : (uint8_t)random_next(&x);
    session_start(&session, &at_link.link, &options, NULL);
}

static void connect(void) {
    assert_int_equal(session_link_up(&session), STATUS_OK);
    assert_int_equal(identify(&session), STATUS_OK);
}

static void both_families_are_identified(void **state) {
    (void)state;
    begin("bk7231n", "");
    connect();
    assert_int_equal(session.chip.family, BEKEN_FAMILY_F);
    assert_string_equal(session.chip.chip->name, "BK7231N");
    assert_int_equal(session.chip.size, SIZE);
    chip_at_link_close();
    begin("bk7231t", "");
    connect();
    assert_int_equal(session.chip.family, BEKEN_FAMILY_B);
    assert_string_equal(session.chip.version, "BK7231S_1.0.5");
    assert_int_equal(session.chip.size, SIZE);
    chip_at_link_close();
}

/* This computer does something else for a while after each send. */
static enum status busy_write(struct link *link, const uint8_t *data, size_t size) {
    enum status status = at_link.below->write(link, data, size);
    virtual_port_advance(link->self, virtual_port_now_us(link->self) + 900000);
    return status;
}

static void answers_that_came_before_a_late_look_count(void **state) {
    (void)state;
    begin("bk7231n", "");
    connect();
    at_link.ops.write = busy_write;
    uint32_t retries = session.line.retries;
    for (int i = 0; i < 5; i++)
        assert_int_equal(session_link_check(&session, 1), STATUS_OK);
    assert_int_equal(session.line.retries, retries);
    chip_at_link_close();
}

/* The far end does nothing for so long, as a hub or a virtual machine may; then goes on. */
static uint64_t silent_until_us;
static unsigned frames_left;
static enum status halting_write(struct link *link, const uint8_t *data, size_t size) {
    uint64_t now = virtual_port_now_us(link->self);
    if (frames_left && !--frames_left)
        silent_until_us = now + 2000000;
    return now < silent_until_us ? STATUS_OK : at_link.below->write(link, data, size);
}

static void a_pause_while_the_chip_is_asked_is_no_end(void **state) {
    (void)state;
    static const char *const chips[] = {"bk7231n", "bk7231t"};
    for (unsigned i = 0; i < 2; i++)
        for (unsigned after = 1; after < 60; after += 3) {
            const struct session_options options = {.link_timeout_us = 10000000};
            chip_at_link_open(chips[i], ",reset=rts");
            session_start(&session, &at_link.link, &options, NULL);
            at_link.ops.write = halting_write;
            silent_until_us = 0;
            frames_left = after;
            assert_int_equal(identify_on_bus(&session), STATUS_OK);
            assert_int_equal(session.chip.family, i ? BEKEN_FAMILY_B : BEKEN_FAMILY_F);
            chip_at_link_close();
        }
}

static void key_is_read_from_efuse(void **state) {
    (void)state;
    begin("bk7231n", ",key=tuya");
    connect();
    assert_int_equal(efuse_read_key(&session), STATUS_OK);
    assert_true(session.chip.has_key);
    assert_int_equal(session.chip.key.k[0], 0x510fb093);
    assert_int_equal(session.chip.key.k[3], 0xc7adeb03);
    chip_at_link_close();
}

static uint32_t register_of(uint32_t address) {
    for (uint32_t i = 0; i < at_link.chip->register_count; i++)
        if (at_link.chip->registers[i].address == address)
            return at_link.chip->registers[i].value;
    return 0;
}

/* Four bytes of key behind a clock that is off, as it must be again afterwards. */
static void newer_chips_keep_four_bytes_of_key(void **state) {
    (void)state;
    static const char *const chips[] = {"bk7258", "bk7236"};
    for (size_t i = 0; i < 2; i++) {
        begin(chips[i], ",key=tuya");
        connect();
        assert_int_equal(session.chip.chip_id, 0x7236);
        assert_int_equal(efuse_read_key(&session), STATUS_OK);
        assert_true(session.chip.has_key);
        for (int w = 0; w < 4; w++)
            assert_int_equal(session.chip.key.k[w], 0x510fb093);
        assert_int_equal(register_of(0x54010030), 0x41);
        chip_at_link_close();
    }
}

static void otp_is_read_awake_and_put_to_sleep_again(void **state) {
    (void)state;
    static uint8_t data[2][EFUSE_OTP_MAX];
    static const char *const lines[] = {"", ",paced,fault=flip:0.0001"};
    for (size_t i = 0; i < 2; i++) {
        begin("bk7258", lines[i]);
        connect();
        assert_int_equal(efuse_otp_size(&session), EFUSE_OTP_MAX);
        assert_int_equal(efuse_read_otp(&session, data[i]), STATUS_OK);
        assert_int_equal(register_of(0x54010030), 0x41);
        assert_int_equal(register_of(0x54010040), 0x0C);
        chip_at_link_close();
    }
    assert_false(bytes_all(data[0], 4, 0) || bytes_all(data[0] + EFUSE_OTP_MAX - 4, 4, 0));
    assert_memory_equal(data[0], data[1], EFUSE_OTP_MAX);
    begin("bk7231n", "");
    connect();
    assert_int_equal(efuse_read_otp(&session, data[0]), STATUS_UNSUPPORTED);
    chip_at_link_close();
}

static void boot_rom_is_known_on_a_line_that_loses_answers(void **state) {
    (void)state;
    char line[60];
    for (int seed = 1; seed < 40; seed++) {
        snprintf(line, sizeof line, ",paced,fault=lose:0.02,seed=%d", seed);
        begin("bk7231n", line);
        if (session_link_up(&session) == STATUS_OK && identify(&session) == STATUS_OK)
            assert_int_equal(session.chip.family, BEKEN_FAMILY_F);
        chip_at_link_close();
    }
}

static void copy_is_exact(const char *chip, const char *line) {
    begin(chip, line);
    connect();
    assert_int_equal(session_climb(&session, 0), STATUS_OK);
    assert_int_equal(session_measure_latency(&session), STATUS_OK);
    struct backup b;
    assert_true(backup_alloc(&b, 0, SIZE));
    enum status status = backup_run(&session, &b);
    if (status != STATUS_OK)
        print_message("%s\n", session.line.why);
    assert_int_equal(status, STATUS_OK);
    assert_memory_equal(b.data, at_link.flash->data, SIZE);
    backup_free(&b);
    chip_at_link_close();
}

static void backup_is_bit_exact_on_both(void **state) {
    (void)state;
    copy_is_exact("bk7231n", "");
    copy_is_exact("bk7231t", "");
    copy_is_exact("bk7231n", ",paced,latency=16");
    copy_is_exact("bk7231t", ",paced,latency=16");
}

static void backup_survives_a_bad_line(void **state) {
    (void)state;
    copy_is_exact("bk7231n", ",paced,fault=flip:0.00002,fault=lose:0.00001,fault=dup:0.00001");
    copy_is_exact("bk7231t", ",paced,fault=flip:0.00002,fault=lose:0.00001");
    copy_is_exact("bk7231n", ",paced,fault=max-baud:500000");
}

static void write_and_compare(const char *chip, const char *line) {
    begin(chip, line);
    connect();
    session.options.bad_line = true; /* else family B refuses, and rightly */
    static uint8_t image[0x30000];
    for (size_t i = 0; i < sizeof image; i++)
        image[i] = (uint8_t)(i * 7 + (i >> 9));
    memset(image + 0x8000, 0xFF, 0x2000);
    uint64_t low_writes = at_link.flash->low_writes;
    struct program p;
    assert_true(program_alloc(&p, APP, sizeof image, image));
    assert_int_equal(program_plan(&session, &p), STATUS_OK);
    enum status status = program_run(&session, &p);
    if (status != STATUS_OK)
        print_message("%s\n", session.line.why);
    assert_int_equal(status, STATUS_OK);
    assert_memory_equal(at_link.flash->data + APP, image, sizeof image);
    assert_int_equal(at_link.flash->low_writes, low_writes);
    program_free(&p);
    chip_at_link_close();
}

static void image_is_written_on_both(void **state) {
    (void)state;
    write_and_compare("bk7231n", ",protected");
    write_and_compare("bk7231t", "");
    write_and_compare("bk7231n", ",paced,latency=16,fault=flip:0.00002");
    write_and_compare("bk7231t", ",paced,latency=16,fault=lose:0.00001");
}

static uint32_t sr_writes(void) {
    return (uint32_t)at_link.sr_writes;
}

static void status_register_is_not_written_without_need(void **state) {
    (void)state;
    begin("bk7231n", "");
    connect();
    assert_int_equal(protect_clear(&session), STATUS_OK);
    assert_int_equal(sr_writes(), 0);
    at_link.flash->sr = 0x421C; /* CMP, BP, and QE, which must stay */
    assert_int_equal(protect_clear(&session), STATUS_OK);
    assert_int_equal(sr_writes(), 1);
    assert_int_equal(at_link.flash->sr, 0x0200);
    chip_at_link_close();
    begin("bk7238", ",id=852015,protected"); /* reported to lock itself */
    connect();
    assert_int_equal(session.chip.flash->trust, FLASH_DOUBTFUL);
    assert_int_equal(protect_clear(&session), STATUS_REFUSED);
    assert_int_equal(sr_writes(), 0);
    chip_at_link_close();
}

static void forbidden_range_is_never_touched(void **state) {
    (void)state;
    begin("bk7231n", "");
    connect();
    static uint8_t image[0x20000];
    memset(image, 0x5A, sizeof image);
    struct program p;
    assert_true(program_alloc(&p, 0, sizeof image, image));
    program_guard(&p, 0, APP, "the bootloader", false);
    assert_int_equal(program_plan(&session, &p), STATUS_OK);
    assert_int_equal(p.forbidden_sectors, APP / BEKEN_SECTOR);
    assert_int_equal(program_run(&session, &p), STATUS_OK);
    assert_int_equal(at_link.flash->low_writes, 0);
    assert_memory_equal(at_link.flash->data + APP, image, sizeof image - APP);
    chip_at_link_close();
    program_free(&p);
}

/* --- what is believed --- */

/* A damaged range that ends before it begins: the chip sums nothing. Twice in a row. */
static void empty_ranges(uint8_t *frame, size_t size) {
    if (size == 13 && frame[4] == BEKEN_CHECK_CRC && at_link.mangled < 2) {
        at_link.mangled++;
        frame[11] ^= 0x80; /* the start's highest byte would do as well */
        store_le32(frame + 9, 0);
    }
}

/* Every question about one sector asks about its neighbour. */
static void neighbours(uint8_t *frame, size_t size) {
    if (size == 13 && frame[4] == BEKEN_CHECK_CRC && load_le32(frame + 5) == 0x6000 &&
        at_link.mangled < 2) {
        at_link.mangled++;
        frame[6] ^= 0x10;
        frame[10] ^= 0x10;
    }
}

/* Sums that come alike from damaged questions must not have an intact sector rewritten. */
static void plan_with_damage(void (*mangle)(uint8_t *, size_t)) {
    begin("bk7231n", "");
    connect();
    static uint8_t image[0x10000];
    memcpy(image, at_link.flash->data, sizeof image);
    at_link.mangle = mangle;
    at_link.mangled = 0;
    struct program p;
    assert_true(program_alloc(&p, 0, sizeof image, image));
    program_guard(&p, 0, APP, "the bootloader", true);
    assert_int_equal(program_plan(&session, &p), STATUS_OK);
    assert_true(at_link.mangled > 1);
    assert_int_equal(p.write + p.erase, 0);
    program_free(&p);
    chip_at_link_close();
}

static void damaged_sums_do_not_rewrite_a_bootloader(void **state) {
    (void)state;
    plan_with_damage(empty_ranges);
    plan_with_damage(neighbours);
}

static void a_difference_needs_two_kinds_of_sums(void **state) {
    (void)state;
    bool same = true;
    begin("bk7231n", "");
    connect();
    const uint8_t *sector = at_link.flash->data + 0x6000;
    uint32_t crc = crc32_update(0, sector, BEKEN_SECTOR);
    assert_int_equal(proof_by_sums(&session, 0x6000, BEKEN_SECTOR, crc ^ 1, &same), STATUS_OK);
    assert_false(same);
    at_link.mangle = neighbours;
    at_link.mangled = 0;
    assert_int_equal(proof_by_sums(&session, 0x6000, BEKEN_SECTOR, crc, &same), STATUS_OK);
    assert_true(same);
    chip_at_link_close();
}

static void worn_sector_is_named(void **state) {
    (void)state;
    begin("bk7231n", ",fault=bad-sector:0x15000");
    connect();
    static uint8_t image[0x8000];
    memset(image, 0xE5, sizeof image);
    struct program p;
    assert_true(program_alloc(&p, APP, sizeof image, image));
    assert_int_equal(program_plan(&session, &p), STATUS_OK);
    assert_int_equal(program_run(&session, &p), STATUS_IO);
    assert_non_null(strstr(session.line.why, "015000"));
    chip_at_link_close();
    program_free(&p);
}

static void leave_last_byte_out(uint8_t *frame, size_t size) {
    if (size == 13 && frame[4] == BEKEN_CHECK_CRC)
        store_le32(frame + 9, load_le32(frame + 9) - 1);
}

static void exclusive_checksum_is_learned(void **state) {
    (void)state;
    begin("bk7231n", "");
    connect();
    at_link.mangle = leave_last_byte_out;
    bool same;
    assert_int_equal(session_crc_same(&session, APP, at_link.flash->data + APP, 4096, &same), 0);
    assert_true(session.line.crc_exclusive);
    assert_true(same);
    chip_at_link_close();
}

static void dead_line_gives_up_with_advice(void **state) {
    (void)state;
    begin("bk7231n", ",fault=silence");
    session.options.link_timeout_us = 3000000;
    assert_int_equal(session_link_up(&session), STATUS_TIMEOUT);
    assert_non_null(strstr(session.line.why, "swap TX and RX"));
    chip_at_link_close();
}

static void running_application_is_reset_by_rts(void **state) {
    (void)state;
    begin("bk7231n", ",start=application,reset=rts,hand=never");
    uint64_t resets = at_link.chip->resets;
    assert_int_equal(session_link_up(&session), STATUS_OK);
    assert_true(at_link.chip->resets > resets);
    chip_at_link_close();
}

static void pulled_cable_ends_with_a_reason(void **state) {
    (void)state;
    begin("bk7231n", ",paced,fault=pull:200000");
    connect();
    struct backup b;
    assert_true(backup_alloc(&b, 0, SIZE));
    assert_int_equal(backup_run(&session, &b), STATUS_IO);
    assert_true(backup_count(&b, SECTOR_VERIFIED) > 0);
    assert_non_null(strstr(session.line.why, "cable was pulled"));
    backup_free(&b);
    chip_at_link_close();
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
        cmocka_unit_test(answers_that_came_before_a_late_look_count),
        cmocka_unit_test(a_pause_while_the_chip_is_asked_is_no_end),
        cmocka_unit_test(key_is_read_from_efuse),
        cmocka_unit_test(newer_chips_keep_four_bytes_of_key),
        cmocka_unit_test(otp_is_read_awake_and_put_to_sleep_again),
        cmocka_unit_test(boot_rom_is_known_on_a_line_that_loses_answers),
        cmocka_unit_test(backup_is_bit_exact_on_both),
        cmocka_unit_test(backup_survives_a_bad_line),
        cmocka_unit_test(image_is_written_on_both),
        cmocka_unit_test(status_register_is_not_written_without_need),
        cmocka_unit_test(forbidden_range_is_never_touched),
        cmocka_unit_test(damaged_sums_do_not_rewrite_a_bootloader),
        cmocka_unit_test(a_difference_needs_two_kinds_of_sums),
        cmocka_unit_test(worn_sector_is_named),
        cmocka_unit_test(exclusive_checksum_is_learned),
        cmocka_unit_test(dead_line_gives_up_with_advice),
        cmocka_unit_test(running_application_is_reset_by_rts),
        cmocka_unit_test(pulled_cable_ends_with_a_reason),
        cmocka_unit_test(what_is_heard_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
