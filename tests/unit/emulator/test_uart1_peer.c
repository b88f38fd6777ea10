/* Who is on UART1, by what the firmware sends there. */
#include "codec/meter/rn8209.h"
#include "workbench/emulator/recovery.h"

#include <stdlib.h>

#include "check.h"

static struct findings f;

static void take(enum soc_kind kind, uint32_t a, uint32_t b, const void *bytes, size_t size) {
    struct soc_record r = {
        .kind = kind, .us = 1000, .a = a, .b = b, .text = bytes, .text_size = size};
    findings_take(&f, &r);
}

static enum uart1_peer after(uint32_t baud, const void *bytes, size_t size, int pieces) {
    findings_start(&f);
    take(SOC_BAUD, 1, 115044, "", 0);
    take(SOC_BAUD, 1, baud, "", 0);
    size_t piece = (size + (size_t)pieces - 1) / (size_t)pieces;
    for (size_t at = 0; at < size; at += piece)
        take(SOC_SERIAL, 1, 'T', (const uint8_t *)bytes + at,
             size - at < piece ? size - at : piece);
    findings_conclude(&f);
    int sure;
    return uart1_find(&f.uart1, &sure);
}

static void a_microcontroller_is_known_by_whole_frames(void **state) {
    (void)state;
    static const uint8_t heartbeat[] = {0x55, 0xAA, 0, 0, 0, 0, 0xFF};
    static const uint8_t query[] = {0x55, 0xAA, 0, 1, 0, 0, 0};
    static const uint8_t wrong[] = {0x55, 0xAA, 0, 1, 0, 0, 7, 0x55, 0xAA, 9};
    static const uint32_t bauds[][2] = {
        {9603, 9600}, {115044, 115200}, {19201, 19200}, {38416, 38400}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(after(bauds[i][0], heartbeat, sizeof heartbeat, 1 + (int)i),
                         UART1_TUYA_MCU);
        assert_int_equal(uart1_usual_baud(f.uart1.sent_baud), bauds[i][1]);
    }
    assert_int_equal(after(9603, query, sizeof query, 2), UART1_TUYA_MCU);
    assert_int_not_equal(after(9603, wrong, sizeof wrong, 1), UART1_TUYA_MCU);
}

/* Firmware that looks for the rate of its controller: the frame is told after the next rate. */
static void the_rate_is_the_one_a_frame_was_sent_at(void **state) {
    (void)state;
    static const uint8_t query[] = {0x55, 0xAA, 0, 1, 0, 0, 0};
    findings_start(&f);
    uart1_take_baud(&f.uart1, 3010, 115044);
    uart1_take_baud(&f.uart1, 497535, 9601);
    uart1_take_baud(&f.uart1, 2007725, 115555);
    uart1_take_sent(&f.uart1, 1000503, query, sizeof query);
    assert_int_equal(uart1_usual_baud(f.uart1.sent_baud), 9600);
}

static void metering_chips_are_known_by_their_requests(void **state) {
    (void)state;
    static const uint8_t bl0942[] = {0x58, 0xAA, 0x58, 0xAA, 0x58, 0xAA};
    static const uint8_t bl0940[] = {0x50, 0xAA, 0x50, 0xAA};
    uint8_t rn[3];
    assert_int_equal(after(4801, bl0942, sizeof bl0942, 3), UART1_BL0942);
    assert_int_equal(after(4801, bl0940, sizeof bl0940, 2), UART1_BL0940);
    size_t size = rn8209_command(RN8209_UNLOCK, rn);
    assert_int_equal(after(4801, rn, size, 1), UART1_RN8209);
    /* reads of registers look like text and come as a line */
    findings_start(&f);
    take(SOC_BAUD, 1, 4801, "", 0);
    take(SOC_LOG, 1, 0, "$\"&%$\"&%", 8);
    int sure;
    assert_int_equal(uart1_find(&f.uart1, &sure), UART1_RN8209);
    assert_true(sure < 90);
    assert_int_equal(after(4801, "", 0, 1), UART1_METER_LISTENED);
    uart1_find(&f.uart1, &sure);
    assert_true(sure < 65); /* a guess */
}

static void a_log_or_silence_is_nobody(void **state) {
    (void)state;
    assert_int_equal(after(115044, "", 0, 1), UART1_NOBODY);
    assert_int_equal(after(115044, "Info:MAIN:Time 1, idle 0\r\n", 26, 1), UART1_NOBODY);
    assert_int_equal(after(9600, "\x01\x83\xFE\x00\x90", 5, 1), UART1_UNKNOWN);
}

static void a_bl0942_gets_its_driver(void **state) {
    (void)state;
    static const uint8_t request[] = {0x58, 0xAA, 0x58, 0xAA};
    struct tuya_config *config = malloc(sizeof *config);
    after(4801, request, sizeof request, 1);
    tuya_config_start(config);
    found_pins_read(&f, config);
    assert_int_equal(tuya_config_number(config, "chip_type", -1), 3);
    free(config);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_microcontroller_is_known_by_whole_frames),
        cmocka_unit_test(the_rate_is_the_one_a_frame_was_sent_at),
        cmocka_unit_test(metering_chips_are_known_by_their_requests),
        cmocka_unit_test(a_log_or_silence_is_nobody),
        cmocka_unit_test(a_bl0942_gets_its_driver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
