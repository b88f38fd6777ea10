/* Every fault of the virtual chip does what its row says, and the flasher calls it by its name. The
 * faults of the line as a whole (echo, silence, exchanged wires, log port, noise, cable, power) are
 * in test_wire.c. */
#include "check.h"
#include "cli/port_open.h"
#include "codec/beken/uart.h"
#include "virtual/chip/chip.h"
#include "virtual/port.h"
#include "virtual/wire/faults.h"
#include "workbench/flasher/backup.h"
#include "workbench/flasher/bus.h"
#include "workbench/flasher/driver.h"
#include "workbench/flasher/identify.h"
#include "workbench/flasher/program.h"
#include "workbench/flasher/protect.h"

static const uint8_t link_check[] = {1, 0xE0, 0xFC, 1, 0};

static struct virtual_port *open_port(const char *spec) {
    char error[200] = "";
    struct virtual_port *port = virtual_port_open(spec, NULL, error, sizeof error);
    if (!port)
        print_error("%s\n", error);
    assert_non_null(port);
    return port;
}

/* Bytes that come after LinkChecks, each left alone for a while. */
static size_t flood(struct virtual_port *port, int questions, uint8_t *out, size_t room) {
    size_t n = 0;
    for (int i = 0; i < questions; i++) {
        virtual_port_write(port, link_check, sizeof link_check);
        uint64_t until = virtual_port_now_us(port) + 200000;
        while (n < room && virtual_port_wait(port, until))
            n += virtual_port_read(port, out + n, room - n);
    }
    return n;
}

static const uint8_t answer[] = {4, 0x0E, 5, 1, 0xE0, 0xFC, 1, 0};

/* Asks and counts the answers of 8 bytes, those that are not as they should be, and the bits that
 * differ in them. */
struct tally {
    unsigned whole, wrong, bits, bytes;
};
static struct tally ask_many(struct virtual_port *port, int questions) {
    struct tally t = {0};
    for (int i = 0; i < questions; i++) {
        uint8_t got[64];
        size_t n = flood(port, 1, got, sizeof got);
        unsigned bits = 0;
        t.bytes += (unsigned)n;
        for (size_t k = 0; n == 8 && k < 8; k++)
            bits += (unsigned)__builtin_popcount(got[k] ^ answer[k]);
        t.whole += n == 8;
        t.wrong += bits > 0;
        t.bits += bits;
    }
    return t;
}

static void flip_changes_single_bits_at_its_rate(void **state) {
    (void)state;
    struct virtual_port *port = open_port("bk7231n,start=download,fault=flip:0.002,seed=4");
    struct tally t = ask_many(port, 1000);
    assert_in_range(t.whole, 970, 1000); /* some questions were flipped and have other answers */
    assert_in_range(t.wrong, 5, 40);     /* 16 expected */
    assert_in_range(t.bits, t.wrong, t.wrong + 8);
    virtual_port_close(port);
}

static void lose_and_dup_change_the_count(void **state) {
    (void)state;
    struct virtual_port *port = open_port("bk7231n,start=download,fault=lose:0.01");
    assert_in_range(ask_many(port, 300).bytes, 2100, 2390);
    virtual_port_close(port);
    port = open_port("bk7231n,start=download,fault=dup:0.01");
    assert_in_range(ask_many(port, 300).whole, 200, 295);
    virtual_port_close(port);
    port = open_port("bk7231n,start=download");
    struct tally t = ask_many(port, 300);
    assert_int_equal(t.bytes, 2400);
    assert_int_equal(t.wrong, 0);
    virtual_port_close(port);
}

static void late_stalls_the_line(void **state) {
    (void)state;
    uint8_t got[8];
    struct virtual_port *port = open_port("bk7231n,paced,start=download,fault=late:1:300");
    uint64_t start = virtual_port_now_us(port);
    virtual_port_write(port, link_check, sizeof link_check);
    while (!virtual_port_wait(port, start + 2000000))
        ;
    assert_true(virtual_port_now_us(port) - start >= 300000);
    assert_true(virtual_port_read(port, got, sizeof got) > 0);
    virtual_port_close(port);
}

static void hum_comes_at_its_rate_without_being_asked(void **state) {
    (void)state;
    uint8_t got[400];
    size_t n = 0;
    struct virtual_port *port = open_port("bk7231n,start=off,fault=hum:100");
    while (virtual_port_now_us(port) < 1000000 && virtual_port_wait(port, 1000000))
        n += virtual_port_read(port, got + n, sizeof got - n);
    assert_in_range(n, 95, 105);
    virtual_port_close(port);
}

static void max_baud_makes_garbage_above_it_only(void **state) {
    (void)state;
    static uint8_t got[256];
    struct virtual_port *port =
        open_port("bk7231n,start=download,hand=never,fault=max-baud:500000");
    uint8_t frame[16];
    assert_int_equal(flood(port, 4, got, sizeof got), 32);
    virtual_port_write(port, frame, beken_set_baud(460800, 1, frame, sizeof frame));
    virtual_port_set_baud(port, 460800);
    assert_true(flood(port, 8, got, sizeof got) >= 64);
    virtual_port_write(port, frame, beken_set_baud(921600, 1, frame, sizeof frame));
    virtual_port_set_baud(port, 921600);
    struct tally t = ask_many(port, 8);
    assert_true(t.whole == t.wrong);
    virtual_port_close(port);
}

/* --- what the flasher makes of it --- */

static struct link link_;
static struct session session;

static enum status meet(const char *spec) {
    struct session_options options = {.link_timeout_us = 10000000, .size = 2 << 20};
    assert_true(port_open(&link_, spec));
    session_start(&session, &link_, &options, NULL);
    enum status status = session_link_up(&session);
    if (status == STATUS_OK)
        status = identify(&session);
    if (status == STATUS_OK)
        status = session_climb(&session, 0);
    return status == STATUS_OK ? session_measure_latency(&session) : status;
}

static void max_baud_is_found_by_the_ladder(void **state) {
    (void)state;
    assert_int_equal(meet("virtual:bk7231n,fault=max-baud:500000"), STATUS_OK);
    assert_int_equal(session_baud(&session), 460800);
    link_close(&link_);
}

static enum status write_sector(uint32_t at) {
    static uint8_t data[BEKEN_SECTOR];
    struct program p;
    memset(data, 0xA7, sizeof data);
    assert_true(program_alloc(&p, at, sizeof data, data));
    enum status status = program_plan(&session, &p);
    if (status == STATUS_OK)
        status = program_run(&session, &p);
    program_free(&p);
    return status;
}

static void a_bad_sector_is_named_and_its_neighbour_is_good(void **state) {
    (void)state;
    assert_int_equal(meet("virtual:bk7231n,fault=bad-sector:0x150000"), STATUS_OK);
    assert_int_equal(write_sector(0x151000), STATUS_OK);
    assert_int_equal(write_sector(0x150000), STATUS_IO);
    assert_non_null(strstr(session.line.why, "150000"));
    link_close(&link_);
}

static void a_locked_status_register_stops_before_anything_is_erased(void **state) {
    (void)state;
    assert_int_equal(meet("virtual:bk7231n,protected,fault=locked-sr"), STATUS_OK);
    const struct spi_flash *flash = virtual_port_chip(link_.self)->flash;
    uint64_t erases = flash->erases;
    assert_int_equal(write_sector(0x150000), STATUS_REFUSED);
    assert_non_null(strstr(session.line.why, "stays protected"));
    assert_int_equal(flash->erases, erases);
    link_close(&link_);
}

/* The trap: a status write that changes nothing locks this flash. The flasher makes none. */
static void a_needless_status_write_is_never_made(void **state) {
    (void)state;
    assert_int_equal(meet("virtual:bk7231n,fault=stuck-sr"), STATUS_OK);
    assert_int_equal(write_sector(0x150000), STATUS_OK);
    assert_int_equal(virtual_port_chip(link_.self)->flash->sr, 0x0200);
    static const uint8_t same[] = {0, 2};
    spi_flash_write_sr(virtual_port_chip(link_.self)->flash, 0, 1, same, 2);
    assert_int_equal(virtual_port_chip(link_.self)->flash->sr, 0x7BFC);
    link_close(&link_);
}

static void protection_is_lifted_when_there_is_some(void **state) {
    (void)state;
    assert_int_equal(meet("virtual:bk7231n,protected"), STATUS_OK);
    virtual_port_chip(link_.self)->flash->sr |= FLASH_SR_CMP;
    assert_int_equal(write_sector(0x150000), STATUS_OK);
    assert_int_equal(virtual_port_chip(link_.self)->flash->sr, 0x0200); /* QE stays */
    link_close(&link_);
}

static void an_unreadable_first_sector_is_not_passed_off_as_read(void **state) {
    (void)state;
    struct backup b;
    assert_int_equal(meet("virtual:bk7231n,fault=unreadable"), STATUS_OK);
    memset(virtual_port_chip(link_.self)->flash->data, 0x3C, 0x4000);
    assert_true(backup_alloc(&b, 0, 0x8000));
    assert_int_equal(backup_run(&session, &b), STATUS_IO);
    assert_true(b.state[0] != SECTOR_VERIFIED);
    for (int i = 1; i < 8; i++)
        assert_int_equal(b.state[i], SECTOR_VERIFIED);
    backup_free(&b);
    link_close(&link_);
}

static void an_unreachable_flash_is_called_that(void **state) {
    (void)state;
    assert_int_equal(meet("virtual:bk7231n,fault=unreachable"), STATUS_IO);
    assert_non_null(strstr(session.line.why, "reads 00 everywhere"));
    link_close(&link_);
}

static void a_destroyed_first_page_is_not_taken_for_that(void **state) {
    (void)state;
    assert_true(port_open(&link_, "virtual:bk7231n"));
    memset(virtual_port_chip(link_.self)->flash->data, 0, 0x1000);
    struct session_options options = {.link_timeout_us = 10000000};
    session_start(&session, &link_, &options, NULL);
    assert_int_equal(session_link_up(&session), STATUS_OK);
    assert_int_equal(identify(&session), STATUS_OK);
    link_close(&link_);
}

static void a_dip_is_noticed_as_a_dip(void **state) {
    (void)state;
    assert_int_equal(meet("virtual:bk7231n,fault=dip:1"), STATUS_OK);
    assert_int_equal(write_sector(0x150000), STATUS_OK);
    assert_int_equal(session.line.supply_dips, 1);
    link_close(&link_);
}

/* One bit makes an erase of a read: what is lost must not look like what was there. */
static void an_erase_nobody_asked_for_is_an_accident(void **state) {
    (void)state;
    struct backup b;
    assert_int_equal(meet("virtual:bk7231n"), STATUS_OK);
    memset(virtual_port_chip(link_.self)->flash->data, 0x3C, 0x4000);
    uint8_t erase[16];
    size_t size = beken_flash_erase_4k(0x2000, erase, sizeof erase);
    assert_true(backup_alloc(&b, 0, 0x4000));
    assert_int_equal(session_send(&session, erase, size), STATUS_OK); /* not by us, so to say */
    assert_int_equal(backup_run(&session, &b), STATUS_IO);
    assert_int_equal(session.line.accident_count, 1);
    assert_int_equal(b.state[2], SECTOR_LOST);
    assert_int_equal(b.state[1], SECTOR_VERIFIED);
    backup_free(&b);
    link_close(&link_);
}

/* A family B chip dies with its bootloader: over a bad line nothing is sent that could hit it. */
static void a_bad_line_does_not_endanger_a_bootloader(void **state) {
    (void)state;
    assert_int_equal(meet("virtual:bk7231t"), STATUS_OK);
    struct virtual_port *port = link_.self;
    uint64_t erases = virtual_port_chip(port)->flash->erases;
    assert_int_equal(write_sector(0x150000), STATUS_OK);
    assert_true(virtual_port_chip(port)->flash->erases > erases);
    link_close(&link_);
    assert_int_equal(meet("virtual:bk7231t,fault=dup:0.0006,seed=3"), STATUS_OK);
    erases = virtual_port_chip(link_.self)->flash->erases;
    assert_int_equal(write_sector(0x150000), STATUS_REFUSED);
    assert_non_null(strstr(session.line.why, "--bad-line"));
    assert_int_equal(virtual_port_chip(link_.self)->flash->erases, erases);
    link_close(&link_);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flip_changes_single_bits_at_its_rate),
        cmocka_unit_test(lose_and_dup_change_the_count),
        cmocka_unit_test(late_stalls_the_line),
        cmocka_unit_test(hum_comes_at_its_rate_without_being_asked),
        cmocka_unit_test(max_baud_makes_garbage_above_it_only),
        cmocka_unit_test(max_baud_is_found_by_the_ladder),
        cmocka_unit_test(a_bad_sector_is_named_and_its_neighbour_is_good),
        cmocka_unit_test(a_locked_status_register_stops_before_anything_is_erased),
        cmocka_unit_test(a_needless_status_write_is_never_made),
        cmocka_unit_test(protection_is_lifted_when_there_is_some),
        cmocka_unit_test(an_unreadable_first_sector_is_not_passed_off_as_read),
        cmocka_unit_test(an_unreachable_flash_is_called_that),
        cmocka_unit_test(a_destroyed_first_page_is_not_taken_for_that),
        cmocka_unit_test(a_dip_is_noticed_as_a_dip),
        cmocka_unit_test(an_erase_nobody_asked_for_is_an_accident),
        cmocka_unit_test(a_bad_line_does_not_endanger_a_bootloader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
