/* The line: pace, latency, baud rates that differ, faults that repeat with their seed, and the
 * Telnet side of RFC 2217. */
#include "check.h"
#include "codec/beken/uart.h"
#include "virtual/chip/chip.h"
#include "virtual/port.h"
#include "virtual/serve/telnet.h"
#include "virtual/wire/faults.h"

static struct virtual_port *open_port(const char *spec) {
    char error[200] = "";
    struct virtual_port *port = virtual_port_open(spec, NULL, error, sizeof error);
    if (!port)
        print_error("%s\n", error);
    assert_non_null(port);
    return port;
}

static size_t listen_for(struct virtual_port *port, unsigned ms, uint8_t *out, size_t room) {
    uint64_t until = virtual_port_now_us(port) + ms * 1000ull;
    size_t n = 0;
    while (n < room && virtual_port_wait(port, until))
        n += virtual_port_read(port, out + n, room - n);
    return n;
}

static size_t ask(struct virtual_port *port, const void *request, size_t size, uint8_t *out,
                  size_t room) {
    virtual_port_write(port, request, size);
    return listen_for(port, 100, out, room);
}

static const uint8_t link_check[] = {1, 0xE0, 0xFC, 1, 0};
/* Calls every 20 ms, as flashers do: a pause longer than the link window would miss it. */
static bool links(struct virtual_port *port) {
    uint8_t got[64];
    for (int i = 0; i < 20; i++) {
        virtual_port_write(port, link_check, 5);
        size_t n = listen_for(port, 20, got, sizeof got);
        if (n >= 8 && memcmp(got + n - 8, "\x04\x0E\x05\x01\xE0\xFC\x01", 8) == 0)
            return true;
    }
    return false;
}

static void a_sector_takes_its_wire_time(void **state) {
    (void)state;
    static uint8_t got[BEKEN_RESPONSE_MAX];
    struct virtual_port *port = open_port("bk7231n,paced,latency=1");
    uint8_t request[16];
    size_t n = beken_flash_read_4k(0, request, sizeof request), have = 0;
    assert_true(links(port));
    uint64_t start = virtual_port_now_us(port);
    virtual_port_write(port, request, n);
    while (have < sizeof got && virtual_port_wait(port, start + 1000000))
        have += virtual_port_read(port, got + have, sizeof got - have);
    uint64_t us = virtual_port_now_us(port) - start;
    assert_int_equal(have, sizeof got);
    assert_in_range(us, 357000, 361000); /* 12 + 4111 bytes of 86.8 us, and the latency timer */
    virtual_port_close(port);
}

static void the_latency_timer_holds_short_answers(void **state) {
    (void)state;
    for (unsigned ms = 1; ms <= 16; ms += 15) {
        char spec[64];
        uint8_t got[8];
        snprintf(spec, sizeof spec, "bk7231n,paced,latency=%u", ms);
        struct virtual_port *port = open_port(spec);
        assert_true(links(port));
        uint64_t start = virtual_port_now_us(port);
        virtual_port_write(port, link_check, 5);
        size_t n = 0;
        while (n < 8 && virtual_port_wait(port, start + 100000))
            n += virtual_port_read(port, got + n, sizeof got - n);
        uint64_t us = virtual_port_now_us(port) - start;
        assert_in_range(us, ms * 1000, ms * 1000 + 1600);
        virtual_port_close(port);
    }
}

static void a_wrong_rate_is_garbage_both_ways(void **state) {
    (void)state;
    uint8_t got[64];
    struct virtual_port *port = open_port("bk7231n,hand=never,start=download");
    assert_true(links(port));
    virtual_port_set_baud(port, 921600);
    assert_false(links(port));
    virtual_port_set_baud(port, 117000); /* 1.6 % off is fine */
    assert_true(links(port));
    virtual_port_set_baud(port, BEKEN_FIRST_BAUD);
    assert_int_equal(ask(port, link_check, 5, got, sizeof got), 8);
    virtual_port_close(port);
}

static void echo_silence_and_exchanged_wires_sound_as_they_should(void **state) {
    (void)state;
    uint8_t got[128];
    struct virtual_port *port = open_port("bk7231n,fault=echo");
    assert_int_equal(ask(port, link_check, 5, got, sizeof got), 5);
    assert_memory_equal(got, link_check, 5);
    virtual_port_close(port);
    port = open_port("bk7231n,fault=silence");
    assert_int_equal(ask(port, link_check, 5, got, sizeof got), 0);
    virtual_port_close(port);
    port = open_port("bk7231n,fault=swapped");
    assert_int_equal(ask(port, link_check, 5, got, sizeof got), 0);
    virtual_port_close(port);
    port = open_port("bk7231n,fault=noise:log,hand=never");
    size_t n = listen_for(port, 900, got, sizeof got);
    assert_true(n > 60 && got[0] == '[');
    virtual_port_close(port);
    port = open_port("bk7231n,fault=noise:mcu,hand=never");
    virtual_port_set_baud(port, 9600);
    n = listen_for(port, 1500, got, sizeof got);
    assert_true(n > 7); /* the first heartbeat came at the wrong rate */
    assert_memory_equal(got + n - 7, "\x55\xAA\0\0\0\0\xFF", 7);
    virtual_port_close(port);
}

static void the_log_port_prints_the_greeting_after_reset(void **state) {
    (void)state;
    uint8_t got[128] = {0};
    struct virtual_port *port = open_port("bk7231n,fault=log-port,reset=rts");
    virtual_port_set_lines(port, false, true);
    virtual_port_set_lines(port, false, false);
    assert_true(listen_for(port, 50, got, sizeof got) > 20);
    assert_memory_equal(got, "V:BK7231N_1.0.1", 15);
    assert_int_equal(ask(port, link_check, 5, got, sizeof got), 0);
    virtual_port_close(port);
}

static size_t damaged_run(const char *spec, uint8_t *out, size_t room) {
    uint8_t request[16];
    struct virtual_port *port = open_port(spec);
    size_t n = beken_flash_read_4k(0, request, sizeof request);
    assert_true(links(port));
    size_t have = ask(port, request, n, out, room);
    virtual_port_close(port);
    return have;
}

static void a_seed_repeats_a_run_and_another_does_not(void **state) {
    (void)state;
    static uint8_t a[8192], b[8192], c[8192];
    size_t n = damaged_run("bk7231n,fault=flip:0.01,fault=dup:0.01,seed=1", a, sizeof a);
    size_t m = damaged_run("bk7231n,fault=flip:0.01,fault=dup:0.01,seed=1", b, sizeof b);
    size_t k = damaged_run("bk7231n,fault=flip:0.01,fault=dup:0.01,seed=2", c, sizeof c);
    assert_true(n > 4000 && n == m);
    assert_memory_equal(a, b, n);
    assert_false(n == k && memcmp(a, c, n) == 0);
}

static void a_pulled_cable_ends_everything(void **state) {
    (void)state;
    uint8_t got[64];
    struct virtual_port *port = open_port("bk7231n,start=download,fault=pull:20");
    assert_int_equal(ask(port, link_check, 5, got, sizeof got), 8); /* 13 bytes */
    assert_int_equal(ask(port, link_check, 5, got, sizeof got), 2); /* 20 */
    assert_true(virtual_port_is_pulled(port));
    assert_int_equal(virtual_port_write(port, link_check, 5), STATUS_IO);
    virtual_port_close(port);
}

static const uint8_t erase[] = {1, 0xE0, 0xFC, 0xFF, 0xF4, 6, 0, 0x0F, 0x20, 0, 0x10, 1, 0};

static void a_power_cut_leaves_a_half_erased_sector_and_silence(void **state) {
    (void)state;
    uint8_t got[64];
    struct virtual_port *port = open_port("bk7231n,fault=cut:1");
    uint8_t *sector = virtual_port_chip(port)->flash->data + 0x11000;
    assert_true(links(port));
    memset(sector, 0, FLASH_SECTOR);
    assert_int_equal(ask(port, erase, sizeof erase, got, sizeof got), 0);
    assert_int_equal(sector[0], 0xFF);
    int left = 0;
    for (int i = 0; i < FLASH_SECTOR; i++)
        left += sector[i] != 0xFF;
    assert_true(left > 1000);
    assert_false(links(port));
    virtual_port_close(port);
}

static void a_dip_resets_the_chip_and_it_answers_again(void **state) {
    (void)state;
    uint8_t got[64];
    struct virtual_port *port = open_port("bk7231n,fault=dip:1");
    assert_true(links(port));
    virtual_port_chip(port)->flash->data[0x11000 + 4000] = 0;
    assert_int_equal(ask(port, erase, sizeof erase, got, sizeof got), 0);
    assert_true(links(port));
    assert_int_equal(ask(port, erase, sizeof erase, got, sizeof got), 16);
    assert_int_equal(virtual_port_chip(port)->flash->data[0x11000 + 4000], 0xFF);
    virtual_port_close(port);
}

static void a_locked_status_register_keeps_its_value(void **state) {
    (void)state;
    static const uint8_t clear[] = {1, 0xE0, 0xFC, 0xFF, 0xF4, 4, 0, 0x0D, 1, 0, 0};
    uint8_t got[64];
    struct virtual_port *port = open_port("bk7231n,protected,fault=locked-sr");
    assert_true(links(port));
    uint32_t before = virtual_port_chip(port)->flash->sr;
    assert_int_equal(ask(port, clear, sizeof clear, got, sizeof got), 14);
    assert_int_equal(virtual_port_chip(port)->flash->sr, before);
    virtual_port_close(port);
}

static void protection_ranges_follow_the_bits(void **state) {
    (void)state;
    struct spi_flash flash;
    assert_true(spi_flash_init(&flash, 0xEB6015, 0));
    flash.sr = 1 << 2; /* BP0: upper 1/32 */
    assert_true(spi_flash_is_protected(&flash, 0x1F0000, 1));
    assert_false(spi_flash_is_protected(&flash, 0x1EFFFF, 1));
    flash.sr = 1 << 2 | 1 << 5; /* from the bottom */
    assert_true(spi_flash_is_protected(&flash, 0xFFFF, 1));
    assert_false(spi_flash_is_protected(&flash, 0x10000, 1));
    flash.sr = FLASH_SR_CMP; /* complement of nothing */
    assert_true(spi_flash_is_protected(&flash, 0, 1));
    flash.sr = 0x1C;
    assert_true(spi_flash_is_protected(&flash, 0x100000, 1));
    flash.sr = 0;
    assert_false(spi_flash_is_protected(&flash, 0, 1));
    spi_flash_free(&flash);
}

static void a_page_wraps_and_only_clears_bits(void **state) {
    (void)state;
    struct spi_flash flash;
    assert_true(spi_flash_init(&flash, 0xEB6015, 0));
    spi_flash_program(&flash, 0, 0x1FE, (const uint8_t *)"\x01\x02\x03", 3);
    assert_int_equal(flash.data[0x1FE], 1);
    assert_int_equal(flash.data[0x100], 3);
    assert_int_equal(flash.data[0x200], 0xFF);
    spi_flash_program(&flash, 0, 0x1FE, (const uint8_t *)"\xFE", 1);
    assert_int_equal(flash.data[0x1FE], 0);
    flash.timed = true;
    spi_flash_erase(&flash, 0, 0x1000, FLASH_SECTOR);
    assert_int_equal(spi_flash_read_sr(&flash, 44000000, 0x05) & 1, 1);
    assert_int_equal(spi_flash_read_sr(&flash, 46000000, 0x05) & 1, 0);
    spi_flash_free(&flash);
}

static void twelve_chips_share_nothing(void **state) {
    (void)state;
    struct virtual_port *ports[12];
    uint8_t got[64];
    for (int i = 0; i < 12; i++) {
        ports[i] = open_port(i % 2 ? "bk7231t,size=1M" : "bk7231n,size=1M");
        assert_true(links(ports[i]));
        virtual_port_chip(ports[i])->flash->data[0x11000] = (uint8_t)i;
    }
    assert_int_equal(ask(ports[4], erase, sizeof erase, got, sizeof got), 16);
    for (int i = 0; i < 12; i++) {
        int wanted = i == 4 ? 0xFF : i;
        assert_int_equal(virtual_port_chip(ports[i])->flash->data[0x11000], wanted);
        virtual_port_close(ports[i]);
    }
}

static void mistakes_in_a_description_are_named(void **state) {
    (void)state;
    static const char *const wrong[][2] = {
        {"bk7231x", "chip"},
        {"bk7231n,flsh=x", "flash"},
        {"bk7231n,latency=x", "ms"},
        {"bk7231n,fault=flop", "flip"},
        {"bk7231n,size=3M", "power"},
        {"bk7231n,key=12", "key"},
        {"", "chip"},
        {"bk7231n,fault=echo:1", "no argument"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char error[200] = "";
        assert_null(virtual_port_open(wrong[i][0], NULL, error, sizeof error));
        assert_true(strlen(error) > 10);
        if (i != 2)
            assert_non_null(strstr(error, wrong[i][1]));
    }
}

static enum telnet_event feed(struct telnet *t, const char *bytes, size_t size, uint8_t *answer,
                              size_t *answer_size) {
    enum telnet_event last = TELNET_NONE;
    *answer_size = 0;
    for (size_t i = 0; i < size; i++) {
        enum telnet_event event = telnet_feed(t, (uint8_t)bytes[i]);
        if (event != TELNET_NONE)
            last = event;
        memcpy(answer + *answer_size, t->answer, t->answer_size);
        *answer_size += t->answer_size;
    }
    return last;
}

static void rfc2217_agrees_sets_the_rate_and_moves_lines(void **state) {
    (void)state;
    struct telnet t;
    uint8_t answer[64];
    size_t n;
    telnet_start(&t, 115200);
    feed(&t, "\xFF\xFB\x2C\xFF\xFD\x00\xFF\xFD\x01", 9, answer, &n);
    assert_int_equal(n, 9);
    assert_memory_equal(answer, "\xFF\xFD\x2C\xFF\xFB\x00\xFF\xFC\x01", 9);
    feed(&t, "\xFF\xFB\x2C", 3, answer, &n); /* asked again: no answer, no loop */
    assert_int_equal(n, 0);
    assert_int_equal(feed(&t, "\xFF\xFA\x2C\x01\x00\x0E\x10\x00\xFF\xF0", 10, answer, &n),
                     TELNET_BAUD);
    assert_int_equal(t.value, 921600);
    assert_memory_equal(answer, "\xFF\xFA\x2C\x65\x00\x0E\x10\x00\xFF\xF0", 10);
    assert_int_equal(feed(&t, "\xFF\xFA\x2C\x05\x0B\xFF\xF0", 7, answer, &n), TELNET_LINES);
    assert_true(t.rts && !t.dtr);
    assert_int_equal(feed(&t, "\xFF\xFF", 2, answer, &n), TELNET_DATA);
    assert_int_equal(t.value, 0xFF);
    assert_int_equal(telnet_escape((const uint8_t *)"a\xFFz", 3, answer), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sector_takes_its_wire_time),
        cmocka_unit_test(the_latency_timer_holds_short_answers),
        cmocka_unit_test(a_wrong_rate_is_garbage_both_ways),
        cmocka_unit_test(echo_silence_and_exchanged_wires_sound_as_they_should),
        cmocka_unit_test(the_log_port_prints_the_greeting_after_reset),
        cmocka_unit_test(a_seed_repeats_a_run_and_another_does_not),
        cmocka_unit_test(a_pulled_cable_ends_everything),
        cmocka_unit_test(a_power_cut_leaves_a_half_erased_sector_and_silence),
        cmocka_unit_test(a_dip_resets_the_chip_and_it_answers_again),
        cmocka_unit_test(a_locked_status_register_keeps_its_value),
        cmocka_unit_test(protection_ranges_follow_the_bits),
        cmocka_unit_test(a_page_wraps_and_only_clears_bits),
        cmocka_unit_test(twelve_chips_share_nothing),
        cmocka_unit_test(mistakes_in_a_description_are_named),
        cmocka_unit_test(rfc2217_agrees_sets_the_rate_and_moves_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
