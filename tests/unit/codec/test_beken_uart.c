/* Every example exchange of the download protocol, byte by byte, and the streams that carry them
 * with noise, cuts and damage in between. */
#include "check.h"
#include "codec/beken/uart.h"

#define ADDRESS(a) (a) & 0xFF, (a) >> 8 & 0xFF, (a) >> 16 & 0xFF, (a) >> 24 & 0xFF

static void same(const uint8_t *got, size_t length, const char *hex) {
    uint8_t wanted[64];
    size_t n = 0;
    for (unsigned value; sscanf(hex, "%2x", &value) == 1; hex += hex[2] ? 3 : 2)
        wanted[n++] = (uint8_t)value;
    assert_int_equal(length, n);
    assert_memory_equal(got, wanted, n);
}

static void short_requests_have_their_published_bytes(void **state) {
    (void)state;
    uint8_t b[32];
    same(b, beken_link_check(b, sizeof b), "01 E0 FC 01 00");
    same(b, beken_read_register(0x800000, b, sizeof b), "01 E0 FC 05 03 00 00 80 00");
    same(b, beken_write_register(0x800074, 1, b, sizeof b),
         "01 E0 FC 09 01 74 00 80 00 01 00 00 00");
    same(b, beken_set_baud(921600, 200, b, sizeof b), "01 E0 FC 06 0F 00 10 0E 00 C8");
    same(b, beken_set_baud(921600, 20, b, sizeof b), "01 E0 FC 06 0F 00 10 0E 00 14");
    same(b, beken_check_crc(0x11000, 0x13FFF, b, sizeof b),
         "01 E0 FC 09 10 00 10 01 00 FF 3F 01 00");
    same(b, beken_read_version(b, sizeof b), "01 E0 FC 01 11");
    same(b, beken_reboot(b, sizeof b), "01 E0 FC 02 0E A5");
    same(b, beken_watchdog_reset(b, sizeof b), "01 E0 FC 05 70 53 45 41 4E");
    same(b, beken_stay_rom(b, sizeof b), "01 E0 FC 02 AA 55");
}

static void flash_requests_have_their_published_bytes(void **state) {
    (void)state;
    uint8_t b[32];
    uint8_t eighteen[18] = {0};
    same(b, beken_flash_read_id(b, sizeof b), "01 E0 FC FF F4 05 00 0E 9F 00 00 00");
    same(b, beken_flash_read_sr(5, b, sizeof b), "01 E0 FC FF F4 02 00 0C 05");
    same(b, beken_flash_write_sr(1, 0, 2, b, sizeof b), "01 E0 FC FF F4 04 00 0D 01 00 00");
    same(b, beken_flash_write_sr(1, 0, 1, b, sizeof b), "01 E0 FC FF F4 03 00 0D 01 00");
    same(b, beken_flash_erase(BEKEN_ERASE_4K, 0x11000, b, sizeof b),
         "01 E0 FC FF F4 06 00 0F 20 00 10 01 00");
    same(b, beken_flash_erase(BEKEN_ERASE_64K, 0x20000, b, sizeof b),
         "01 E0 FC FF F4 06 00 0F D8 00 00 02 00");
    same(b, beken_flash_read_4k(0x11000, b, sizeof b), "01 E0 FC FF F4 05 00 09 00 10 01 00");
    assert_int_equal(beken_flash_write(0x123, (struct span){eighteen, 18}, b, sizeof b), 30);
    same(b, 12, "01 E0 FC FF F4 17 00 06 23 01 00 00");
}

static void write_4k_is_4108_bytes_and_refuses_a_small_buffer(void **state) {
    (void)state;
    static uint8_t data[BEKEN_SECTOR], b[BEKEN_REQUEST_MAX];
    assert_int_equal(beken_flash_write_4k(0x11000, data, b, sizeof b), 4108);
    same(b, 12, "01 E0 FC FF F4 05 10 07 00 10 01 00");
    assert_int_equal(beken_flash_write_4k(0x11000, data, b, sizeof b - 1), 0);
}

static enum beken_feed feed_all(struct beken_uart *uart, const uint8_t *data, size_t size,
                                struct beken_response *out) {
    enum beken_feed last = BEKEN_FEED_NONE;
    for (size_t i = 0; i < size; i++)
        last = beken_uart_feed(uart, data[i], out);
    return last;
}

static void responses_are_read_and_matched(void **state) {
    (void)state;
    static const uint8_t id[] = {4, 0x0E, 0xFF, 1, 0xE0, 0xFC, 0xF4, 6,
                                 0, 0x0E, 0,    0, 0xEB, 0x60, 0x15};
    struct beken_uart uart = {0};
    struct beken_response r;
    uint8_t request[32];
    size_t n = beken_flash_read_id(request, sizeof request);
    assert_int_equal(beken_response_size(request, n), sizeof id);
    assert_int_equal(feed_all(&uart, id, sizeof id, &r), BEKEN_FEED_FRAME);
    assert_true(beken_response_answers(&r, request, n));
    assert_int_equal(beken_response_data(&r).size, 4);
    assert_memory_equal(beken_response_data(&r).data + 1, "\xEB\x60\x15", 3);

    static const uint8_t link[] = {4, 0x0E, 5, 1, 0xE0, 0xFC, 1, 0};
    assert_int_equal(feed_all(&uart, link, sizeof link, &r), BEKEN_FEED_FRAME);
    assert_false(beken_response_answers(&r, request, n));
    n = beken_link_check(request, sizeof request);
    assert_true(beken_response_answers(&r, request, n));
    assert_int_equal(uart.noise_bytes, 0);
}

static void echo_of_another_address_is_no_answer(void **state) {
    (void)state;
    uint8_t frame[32], request[32];
    struct beken_uart uart = {0};
    struct beken_response r;
    const uint8_t head[] = {BEKEN_ERASE_4K, ADDRESS(0x12000)};
    size_t m = beken_flash_response(BEKEN_FLASH_ERASE, 0, (struct span){head, 5},
                                    (struct span){NULL, 0}, frame, sizeof frame);
    assert_int_equal(m, 16);
    size_t n = beken_flash_erase(BEKEN_ERASE_4K, 0x11000, request, sizeof request);
    assert_int_equal(feed_all(&uart, frame, m, &r), BEKEN_FEED_FRAME);
    assert_false(beken_response_answers(&r, request, n));
    n = beken_flash_erase(BEKEN_ERASE_4K, 0x12000, request, sizeof request);
    assert_true(beken_response_answers(&r, request, n));
}

/* Refusals as the T bootloader sends them: Read4K with one byte more, Write4K with E020. */
static void refusals_match_their_requests(void **state) {
    (void)state;
    static const uint8_t read[] = {4, 0x0E, 0xFF, 1, 0xE0, 0xFC, 0xF4, 7,
                                   0, 9,    6,    0, 0x10, 0,    0,    0};
    static const uint8_t write[] = {4, 0x0E, 0xFF, 1,    0xE0, 0xFC, 0xF4, 6,
                                    0, 7,    6,    0xE0, 0x20, 0,    0};
    static uint8_t request[BEKEN_REQUEST_MAX], data[BEKEN_SECTOR];
    struct beken_uart uart = {0};
    struct beken_response r;
    assert_int_equal(feed_all(&uart, read, sizeof read, &r), BEKEN_FEED_FRAME);
    size_t n = beken_flash_read_4k(0x1000, request, sizeof request);
    assert_true(beken_response_answers(&r, request, n));
    assert_int_equal(r.status, BEKEN_PARAMETER);
    assert_int_equal(feed_all(&uart, write, sizeof write, &r), BEKEN_FEED_FRAME);
    n = beken_flash_write_4k(0x1000, data, request, sizeof request);
    assert_true(beken_response_answers(&r, request, n));
}

static void a_frame_right_behind_noise_is_found(void **state) {
    (void)state;
    /* a false start "04 0E 04" directly before the real frame */
    static const uint8_t bytes[] = {'V', ':', 4, 0x0E, 4, 4, 0x0E, 5, 0x01, 0xE0, 0xFC, 1, 0x00};
    struct beken_uart uart = {0};
    struct beken_response r;
    assert_int_equal(feed_all(&uart, bytes, sizeof bytes, &r), BEKEN_FEED_FRAME);
    assert_int_equal(r.code, BEKEN_LINK_CODE);
    assert_int_equal(uart.noise_bytes, 5);
}

static void resync_finds_a_frame_swallowed_by_a_broken_one(void **state) {
    (void)state;
    uint8_t bytes[64];
    const uint8_t words[8] = {0};
    size_t n = beken_short_response(BEKEN_READ_REGISTER, words, 8, bytes, sizeof bytes);
    n -= 3; /* the tail was lost */
    n += beken_short_response(BEKEN_LINK_CODE, "", 1, bytes + n, sizeof bytes - n);
    bytes[2] = 0x20; /* and the length was damaged, so that it waits for more */
    struct beken_uart uart = {0};
    struct beken_response r = {0};
    assert_int_equal(feed_all(&uart, bytes, n, &r), BEKEN_FEED_NONE);
    enum beken_feed found = BEKEN_FEED_NOISE;
    while (found == BEKEN_FEED_NOISE)
        found = beken_uart_resync(&uart, &r);
    assert_int_equal(found, BEKEN_FEED_FRAME);
    assert_int_equal(r.code, BEKEN_LINK_CODE);
    assert_int_equal(beken_uart_resync(&uart, &r), BEKEN_FEED_NONE);
}

static void missing_counts_down_with_the_frame(void **state) {
    (void)state;
    uint8_t frame[16];
    struct beken_uart uart = {0};
    struct beken_response r;
    size_t n = beken_short_response(BEKEN_CHECK_CRC, "1234", 4, frame, sizeof frame);
    assert_int_equal(beken_uart_missing(&uart), 1);
    feed_all(&uart, frame, 3, &r);
    assert_int_equal(beken_uart_missing(&uart), n - 3);
    feed_all(&uart, frame + 3, n - 3, &r);
    assert_int_equal(beken_uart_missing(&uart), 1);
}

static void the_chip_reads_requests_and_skips_noise(void **state) {
    (void)state;
    /* trailing zeros as one public tool sends them, then text, then a frame */
    static const char text[] = "\0\0\0reboot\r\n\x01\xE0\xFC\x01\x00";
    struct beken_request_parser parser = {0};
    struct beken_request request = {.command = 0xFF};
    int frames = 0;
    for (size_t i = 0; i < sizeof text - 1; i++)
        frames += beken_request_feed(&parser, (uint8_t)text[i], &request) == BEKEN_FEED_FRAME;
    assert_int_equal(frames, 1);
    assert_int_equal(request.command, BEKEN_LINK_CHECK);
    assert_int_equal(parser.noise_bytes, 11);
}

static void a_broken_prefix_is_not_tried_as_a_new_start(void **state) {
    (void)state;
    static const uint8_t bytes[] = {0x01, 0x01, 0xE0, 0xFC, 0x01, 0x00};
    struct beken_request_parser parser = {0};
    struct beken_request request;
    for (size_t i = 0; i < sizeof bytes; i++)
        assert_int_not_equal(beken_request_feed(&parser, bytes[i], &request), BEKEN_FEED_FRAME);
}

static void crc_follows_both_conventions(void **state) {
    (void)state;
    static uint8_t blank[257];
    memset(blank, 0xFF, sizeof blank);
    assert_int_equal(beken_crc_update(BEKEN_CRC_START, "123456789", 9), 0x340BC6D9);
    assert_int_equal(~beken_crc_update(BEKEN_CRC_START, blank, 256), 0xFEA8A821);
    assert_int_equal(~beken_crc_update(BEKEN_CRC_START, blank, 257), 0xB397B8F6);
    assert_int_equal(beken_crc_end(BEKEN_FAMILY_F, 0x11000, 0x3000), 0x13FFF);
    assert_int_equal(beken_crc_end(BEKEN_FAMILY_B, 0, 0x2000), 0x2000);
    assert_int_equal(beken_crc_length(BEKEN_FAMILY_F, 0, 256), 257);
    assert_int_equal(beken_crc_length(BEKEN_FAMILY_B, 0, 256), 256);
    assert_int_equal(beken_crc_length(BEKEN_FAMILY_B, 0, 255), 256);
    assert_int_equal(beken_crc_length(BEKEN_FAMILY_B, 5, 4), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_requests_have_their_published_bytes),
        cmocka_unit_test(flash_requests_have_their_published_bytes),
        cmocka_unit_test(write_4k_is_4108_bytes_and_refuses_a_small_buffer),
        cmocka_unit_test(responses_are_read_and_matched),
        cmocka_unit_test(echo_of_another_address_is_no_answer),
        cmocka_unit_test(refusals_match_their_requests),
        cmocka_unit_test(a_frame_right_behind_noise_is_found),
        cmocka_unit_test(resync_finds_a_frame_swallowed_by_a_broken_one),
        cmocka_unit_test(missing_counts_down_with_the_frame),
        cmocka_unit_test(the_chip_reads_requests_and_skips_noise),
        cmocka_unit_test(a_broken_prefix_is_not_tried_as_a_new_start),
        cmocka_unit_test(crc_follows_both_conventions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
