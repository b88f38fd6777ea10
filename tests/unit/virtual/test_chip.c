/* Conversations with the virtual chips, byte by byte as published tools have them, and what the
 * two families must do beyond: silence, limits, protection, time-outs. */
#include "check.h"
#include "codec/beken/uart.h"
#include "virtual/chip/chip.h"
#include "virtual/port.h"

#include <stdlib.h>

static struct virtual_port *open_port(const char *spec) {
    char error[200] = "";
    struct virtual_port *port = virtual_port_open(spec, NULL, error, sizeof error);
    if (!port)
        print_error("%s\n", error);
    assert_non_null(port);
    return port;
}

static size_t from_hex(const char *hex, uint8_t *out) {
    size_t n = 0;
    for (unsigned value; sscanf(hex, "%2x", &value) == 1; hex += hex[2] ? 3 : 2)
        out[n++] = (uint8_t)value;
    return n;
}

/* Sends bytes and collects everything that comes within `ms`. */
static size_t talk(struct virtual_port *port, const uint8_t *request, size_t size, uint8_t *answer,
                   size_t room, unsigned ms) {
    uint64_t until = virtual_port_now_us(port) + ms * 1000ull;
    size_t n = 0;
    assert_int_equal(virtual_port_write(port, request, size), STATUS_OK);
    while (n < room && virtual_port_wait(port, until))
        n += virtual_port_read(port, answer + n, room - n);
    return n;
}

static void expect(struct virtual_port *port, const char *request, const char *answer) {
    uint8_t bytes[64], wanted[64], got[64];
    size_t n = from_hex(request, bytes), m = from_hex(answer, wanted);
    size_t k = talk(port, bytes, n, got, sizeof got, 300);
    assert_int_equal(k, m);
    assert_memory_equal(got, wanted, m);
}

#define LINK "01 E0 FC 01 00", "04 0E 05 01 E0 FC 01 00"
static void link_up(struct virtual_port *port) {
    uint8_t request[8], answer[32];
    size_t n = beken_link_check(request, sizeof request), got = 0;
    for (int tries = 0; tries < 10 && got < 8; tries++)
        got = talk(port, request, n, answer, sizeof answer, 20);
    assert_memory_equal(answer, "\x04\x0E\x05\x01\xE0\xFC\x01\x00", 8);
}

static void rom_short_commands_answer_as_published(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231n");
    link_up(port);
    expect(port, LINK);
    expect(port, "01 E0 FC 05 03 00 00 80 00", "04 0E 0C 01 E0 FC 03 00 00 80 00 1C 23 07 00");
    expect(port, "01 E0 FC 09 01 74 00 80 00 01 00 00 00",
           "04 0E 0C 01 E0 FC 01 74 00 80 00 01 00 00 00");
    expect(port, "01 E0 FC 02 AA 55", "04 0E 05 01 E0 FC AA 55");
    expect(port, "01 E0 FC 01 11", "04 0E 05 01 E0 FC 11 07");
    expect(port, "01 E0 FC 02 0E 00", "04 0E 05 01 E0 FC 0E 00");
    expect(port, "01 E0 FC 05 70 53 45 41 4F", "04 0E 08 01 E0 FC 70 53 45 41 4F");
    expect(port, "01 E0 FC FF F4 01 00 55", "04 0E FF 01 E0 FC F4 02 00 55 07");
    assert_int_equal(virtual_port_close(port), STATUS_OK);
}

static void rom_flash_commands_answer_as_published(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231n,protected");
    struct chip *chip = virtual_port_chip(port);
    link_up(port);
    expect(port, "01 E0 FC FF F4 05 00 0E 9F 00 00 00",
           "04 0E FF 01 E0 FC F4 06 00 0E 00 00 EB 60 15");
    expect(port, "01 E0 FC FF F4 02 00 0C 05", "04 0E FF 01 E0 FC F4 04 00 0C 00 05 1C");
    expect(port, "01 E0 FC FF F4 02 00 0C 35", "04 0E FF 01 E0 FC F4 04 00 0C 00 35 02");
    chip->flash->data[0x11000] = 0x55;
    expect(port, "01 E0 FC FF F4 06 00 0F 20 00 10 01 00",
           "04 0E FF 01 E0 FC F4 07 00 0F 00 20 00 10 01 00");
    assert_int_equal(chip->flash->data[0x11000], 0x55); /* protected: said done, did nothing */
    expect(port, "01 E0 FC FF F4 04 00 0D 01 00 02", "04 0E FF 01 E0 FC F4 05 00 0D 00 01 00 02");
    expect(port, "01 E0 FC FF F4 06 00 0F 20 00 10 01 00",
           "04 0E FF 01 E0 FC F4 07 00 0F 00 20 00 10 01 00");
    assert_int_equal(chip->flash->data[0x11000], 0xFF);
    expect(port, "01 E0 FC FF F4 03 00 0D 01 00", "04 0E FF 01 E0 FC F4 04 00 0D 00 01 00");
    expect(port, "01 E0 FC FF F4 06 00 0F D8 00 00 02 00",
           "04 0E FF 01 E0 FC F4 07 00 0F 00 D8 00 00 02 00");
    expect(port, "01 E0 FC FF F4 08 00 06 00 10 01 00 12 34 56",
           "04 0E FF 01 E0 FC F4 07 00 06 00 00 10 01 00 03");
    expect(port, "01 E0 FC FF F4 06 00 08 00 10 01 00 04",
           "04 0E FF 01 E0 FC F4 0A 00 08 00 00 10 01 00 12 34 56 FF");
    expect(port, "01 E0 FC FF F4 06 00 06 00 10 01 00 F0", /* programming only clears bits */
           "04 0E FF 01 E0 FC F4 07 00 06 00 00 10 01 00 01");
    assert_int_equal(chip->flash->data[0x11000], 0x10);
    virtual_port_close(port);
}

static void addresses_wrap_and_are_echoed_as_sent(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231n");
    uint8_t request[16], answer[BEKEN_RESPONSE_MAX];
    link_up(port);
    virtual_port_chip(port)->flash->data[0x11000] = 0x42;
    size_t n = beken_flash_read_4k(0x211000, request, sizeof request);
    assert_int_equal(talk(port, request, n, answer, sizeof answer, 100), BEKEN_RESPONSE_MAX);
    assert_memory_equal(answer + 11, "\x00\x10\x21\x00\x42", 5);
    virtual_port_close(port);
}

static void crc_ends_are_inclusive_on_rom_and_exclusive_on_bootloader(void **state) {
    (void)state;
    struct virtual_port *n = open_port("virtual:bk7231n"), *t = open_port("virtual:bk7231t");
    link_up(n);
    link_up(t);
    /* 256 and 257 blank bytes: chip form of FEA8A821 and B397B8F6 */
    expect(n, "01 E0 FC 09 10 00 00 02 00 FF 00 02 00", "04 0E 08 01 E0 FC 10 DE 57 57 01");
    expect(n, "01 E0 FC 09 10 00 00 02 00 00 01 02 00", "04 0E 08 01 E0 FC 10 09 47 68 4C");
    expect(t, "01 E0 FC 09 10 00 00 02 00 FF 00 02 00", "04 0E 08 01 E0 FC 10 DE 57 57 01");
    expect(t, "01 E0 FC 09 10 00 00 02 00 00 01 02 00", "04 0E 08 01 E0 FC 10 DE 57 57 01");
    virtual_port_close(n);
    virtual_port_close(t);
}

static void bootloader_is_silent_on_what_it_does_not_know(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231t");
    link_up(port);
    expect(port, "01 E0 FC 05 03 00 00 80 00", "");
    expect(port, "01 E0 FC FF F4 05 00 0E 9F 00 00 00", "");
    expect(port, "01 E0 FC FF F4 02 00 0C 05", "");
    expect(port, "01 E0 FC 01 11",
           "04 0E 14 01 E0 FC 11 42 4B 37 32 33 31 53 5F 31 2E 30 2E 35 00 00 00");
    virtual_port_close(port);
}

static void bootloader_refuses_low_addresses_and_wrap_bypasses_that(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231t");
    link_up(port);
    expect(port, "01 E0 FC FF F4 05 00 09 00 10 00 00",
           "04 0E FF 01 E0 FC F4 07 00 09 06 00 10 00 00 00");
    expect(port, "01 E0 FC FF F4 06 00 0F 20 00 10 00 00",
           "04 0E FF 01 E0 FC F4 07 00 0F 06 20 00 10 00 00");
    expect(port, "01 E0 FC FF F4 06 00 06 00 10 00 00 AA",
           "04 0E FF 01 E0 FC F4 07 00 06 06 00 10 00 00 01");
    assert_int_equal(virtual_port_chip(port)->flash->low_writes, 0);
    expect(port, "01 E0 FC FF F4 06 00 0F 20 00 10 20 00",
           "04 0E FF 01 E0 FC F4 07 00 0F 00 20 00 10 20 00");
    assert_int_equal(virtual_port_chip(port)->flash->low_writes, 1);
    virtual_port_close(port);
}

static void write_4k(struct virtual_port *port, uint32_t address, uint8_t fill, const char *hex) {
    static uint8_t request[BEKEN_REQUEST_MAX], data[BEKEN_SECTOR];
    uint8_t wanted[32], got[64];
    memset(data, fill, sizeof data);
    size_t n = beken_flash_write_4k(address, data, request, sizeof request);
    size_t m = from_hex(hex, wanted);
    assert_int_equal(talk(port, request, n, got, sizeof got, 2000), m);
    assert_memory_equal(got, wanted, m);
}

static void write_4k_is_stored_by_both_families(void **state) {
    (void)state;
    static const char *const specs[] = {"virtual:bk7231n", "virtual:bk7231t",
                                        "virtual:bk7231t,paced"};
    for (int i = 0; i < 3; i++) {
        struct virtual_port *port = open_port(specs[i]);
        link_up(port);
        expect(port, "01 E0 FC FF F4 06 00 0F 20 00 10 01 00",
               "04 0E FF 01 E0 FC F4 07 00 0F 00 20 00 10 01 00");
        write_4k(port, 0x11000, 0x5A, "04 0E FF 01 E0 FC F4 06 00 07 00 00 10 01 00");
        const uint8_t *data = virtual_port_chip(port)->flash->data;
        for (uint32_t at = 0x11000; at < 0x12000; at++)
            assert_int_equal(data[at], 0x5A);
        assert_int_equal(data[0x12000], 0xFF);
        virtual_port_close(port);
    }
}

static void bootloader_write_4k_refusal_has_its_odd_echo(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231t");
    link_up(port);
    write_4k(port, 0x1000, 0x5A, "04 0E FF 01 E0 FC F4 06 00 07 06 E0 20 00 00");
    assert_int_equal(virtual_port_chip(port)->flash->programs, 0);
    virtual_port_close(port);
}

static void bootloader_protects_after_crc_until_the_next_link_check(void **state) {
    (void)state;
    static const char erase[] = "01 E0 FC FF F4 06 00 0F 20 00 10 01 00";
    static const char erased[] = "04 0E FF 01 E0 FC F4 07 00 0F 00 20 00 10 01 00";
    struct virtual_port *port = open_port("virtual:bk7231t");
    uint8_t *cell = virtual_port_chip(port)->flash->data + 0x11000;
    link_up(port);
    *cell = 1;
    expect(port, erase, erased);
    assert_int_equal(*cell, 0xFF);
    expect(port, "01 E0 FC 09 10 00 00 02 00 FF 00 02 00", "04 0E 08 01 E0 FC 10 DE 57 57 01");
    *cell = 2;
    expect(port, erase, erased); /* reported as done, ignored */
    assert_int_equal(*cell, 2);
    expect(port, LINK);
    expect(port, erase, erased);
    assert_int_equal(*cell, 0xFF);
    virtual_port_close(port);
}

static void efuse_key_reads_byte_by_byte(void **state) {
    (void)state;
    static const uint8_t key[16] = {0x93, 0xB0, 0x0F, 0x51, 0xDC, 0xEA, 0xCB, 0xA3,
                                    0x7E, 0xA1, 0x93, 0x59, 0x03, 0xEB, 0xAD, 0xC7};
    struct virtual_port *port = open_port("virtual:bk7231n");
    uint8_t request[16], answer[16];
    link_up(port);
    for (uint32_t n = 0; n < 16; n++) {
        size_t size = beken_write_register(0x800074, n << 8 | 1, request, sizeof request);
        assert_int_equal(talk(port, request, size, answer, sizeof answer, 10), 15);
        size = beken_read_register(0x800074, request, sizeof request);
        assert_int_equal(talk(port, request, size, answer, sizeof answer, 10), 15);
        assert_int_equal(answer[11] & 1, 0);
        size = beken_read_register(0x800078, request, sizeof request);
        assert_int_equal(talk(port, request, size, answer, sizeof answer, 10), 15);
        assert_int_equal(answer[12], 1);
        assert_int_equal(answer[11], key[n]);
    }
    virtual_port_close(port);
}

static void baud_change_is_echoed_at_the_new_rate_after_the_delay(void **state) {
    (void)state;
    static const uint8_t ask[] = {1, 0xE0, 0xFC, 6, 0x0F, 0, 0x10, 0x0E, 0, 20};
    for (int follows = 0; follows < 2; follows++) {
        struct virtual_port *port = open_port("virtual:bk7231n,paced");
        uint8_t got[64];
        link_up(port);
        uint64_t start = virtual_port_now_us(port);
        assert_int_equal(virtual_port_write(port, ask, sizeof ask), STATUS_OK);
        uint64_t sent = virtual_port_drained_us(port);
        assert_in_range(sent - start, 860, 870); /* 10 bytes at 115200 */
        virtual_port_advance(port, sent + 10000);
        if (follows)
            virtual_port_set_baud(port, 921600);
        assert_int_equal(virtual_port_wait(port, sent + 19000), false);
        size_t n = 0;
        while (n < 12 && virtual_port_wait(port, sent + 40000))
            n += virtual_port_read(port, got + n, sizeof got - n);
        bool echoed = n == 12 && memcmp(got, "\x04\x0E\x09\x01\xE0\xFC\x0F", 7) == 0;
        assert_int_equal(echoed, follows);
        assert_int_equal(chip_baud(virtual_port_chip(port)), 928571);
        virtual_port_close(port);
    }
}

static void without_link_the_application_starts(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231n,start=download,hand=never,reset=rts");
    const struct chip *chip = virtual_port_chip(port);
    assert_int_equal(chip->state, CHIP_LISTENING);
    virtual_port_advance(port, 99000);
    assert_int_equal(chip->state, CHIP_LISTENING);
    virtual_port_advance(port, 101000);
    assert_int_equal(chip->state, CHIP_APPLICATION);
    expect(port, "01 E0 FC 01 00", "");
    virtual_port_set_lines(port, false, true);
    assert_int_equal(chip->state, CHIP_IN_RESET);
    virtual_port_advance(port, 500000);
    virtual_port_set_lines(port, false, false);
    expect(port, LINK);
    virtual_port_close(port);
}

static void bootloader_waits_once_it_heard_something_and_reboots_when_idle(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231t,start=download,hand=never");
    const struct chip *chip = virtual_port_chip(port);
    virtual_port_advance(port, 10000);
    virtual_port_write(port, (const uint8_t *)"x", 1);
    virtual_port_advance(port, 1000000);
    assert_int_equal(chip->state, CHIP_LISTENING);
    link_up(port);
    virtual_port_advance(port, virtual_port_now_us(port) + 2900000);
    assert_int_equal(chip->state, CHIP_LINKED);
    virtual_port_advance(port, virtual_port_now_us(port) + 200000);
    assert_int_equal(chip->state, CHIP_APPLICATION);
    assert_int_equal(chip->resets, 2);
    virtual_port_close(port);
}

static void rom_reports_a_frame_that_never_ends(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231n");
    link_up(port);
    expect(port, "01 E0 FC FF F4 05 10 07 00 10 01 00 55 55", "04 0E FF 01 E0 FC F4 02 00 07 05");
    expect(port, LINK);
    virtual_port_close(port);
}

static void reboot_and_watchdog_end_the_link(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231n,hand=never,start=download");
    link_up(port);
    expect(port, "01 E0 FC 02 0E A5", "");
    assert_int_equal(virtual_port_chip(port)->state, CHIP_APPLICATION);
    virtual_port_close(port);
    port = open_port("virtual:bk7231n,hand=never,start=download");
    link_up(port);
    expect(port, "01 E0 FC 05 70 53 45 41 4E", "");
    assert_int_equal(virtual_port_chip(port)->resets, 2);
    virtual_port_close(port);
}

static void erasing_its_bootloader_silences_family_b(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231t");
    virtual_port_chip(port)->flash->data[0x100] = 0x12;
    chip_adopt_flash(virtual_port_chip(port));
    link_up(port);
    expect(port, "01 E0 FC FF F4 06 00 0F 20 00 00 20 00",
           "04 0E FF 01 E0 FC F4 07 00 0F 00 20 00 00 20 00");
    expect(port, "01 E0 FC 02 0E A5", "");
    assert_int_equal(virtual_port_chip(port)->state, CHIP_DEAD);
    expect(port, "01 E0 FC 01 00", "");
    virtual_port_close(port);
}

static void floods_noise_and_text_do_not_stop_it(void **state) {
    (void)state;
    struct virtual_port *port = open_port("virtual:bk7231n,paced");
    uint8_t flood[500], got[2000];
    link_up(port);
    for (size_t i = 0; i < sizeof flood; i += 5)
        memcpy(flood + i, "\x01\xE0\xFC\x01\x00", 5);
    size_t n = talk(port, flood, sizeof flood, got, sizeof got, 300);
    assert_true(n >= 100 * 8 * 3 / 5); /* answers are longer than questions */
    assert_int_equal(n % 8, 0);
    talk(port, (const uint8_t *)"reboot\r\n\0\0\0", 11, got, sizeof got, 50);
    expect(port, LINK);
    virtual_port_close(port);
}

static void every_row_answers_its_chip_id(void **state) {
    (void)state;
    for (const struct chip_kind *kind = chip_kinds; kind->name; kind++) {
        char spec[64];
        uint8_t request[16], answer[64];
        snprintf(spec, sizeof spec, "virtual:%s", kind->name);
        struct virtual_port *port = open_port(spec);
        link_up(port);
        size_t n = beken_read_register(kind->id_register, request, sizeof request);
        size_t got = talk(port, request, n, answer, sizeof answer, 50);
        assert_int_equal(got, kind->family == BEKEN_FAMILY_F ? 15 : 0);
        if (got)
            assert_int_equal(load_le32(answer + 11), kind->id);
        assert_non_null(flash_chip_find(kind->flash_id));
        virtual_port_close(port);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rom_short_commands_answer_as_published),
        cmocka_unit_test(rom_flash_commands_answer_as_published),
        cmocka_unit_test(addresses_wrap_and_are_echoed_as_sent),
        cmocka_unit_test(crc_ends_are_inclusive_on_rom_and_exclusive_on_bootloader),
        cmocka_unit_test(bootloader_is_silent_on_what_it_does_not_know),
        cmocka_unit_test(bootloader_refuses_low_addresses_and_wrap_bypasses_that),
        cmocka_unit_test(write_4k_is_stored_by_both_families),
        cmocka_unit_test(bootloader_write_4k_refusal_has_its_odd_echo),
        cmocka_unit_test(bootloader_protects_after_crc_until_the_next_link_check),
        cmocka_unit_test(efuse_key_reads_byte_by_byte),
        cmocka_unit_test(baud_change_is_echoed_at_the_new_rate_after_the_delay),
        cmocka_unit_test(without_link_the_application_starts),
        cmocka_unit_test(bootloader_waits_once_it_heard_something_and_reboots_when_idle),
        cmocka_unit_test(rom_reports_a_frame_that_never_ends),
        cmocka_unit_test(reboot_and_watchdog_end_the_link),
        cmocka_unit_test(erasing_its_bootloader_silences_family_b),
        cmocka_unit_test(floods_noise_and_text_do_not_stop_it),
        cmocka_unit_test(every_row_answers_its_chip_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
