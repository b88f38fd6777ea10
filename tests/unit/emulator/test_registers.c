/* What firmware asks of the registers before it goes on, asked by a guest of our own: a list of
 * stores, loads, which it prints, and waits. */
#include "bare_run.h"

#include "check.h"

enum { TABLE = 0x400, RUN_US = 20000, LOOPS_PER_MS = 60000 / 3 };

/* Works through the pairs at TABLE: (address, value) stores; (address | 1, 0) prints the word in
 * hex; (2, n) counts n down; 0 ends. */
static const uint32_t probe[] = {
    0xE59F406C, /*       ldr r4, =0x80220C */
    0xE3A02B01, /*       mov r2, #TABLE */
    0xE4920004, /* loop: ldr r0, [r2], #4 */
    0xE3500000, /*       cmp r0, #0 */
    0x0A000016, /*       beq end */
    0xE4921004, /*       ldr r1, [r2], #4 */
    0xE3100001, /*       tst r0, #1 */
    0x1A000005, /*       bne read */
    0xE3100002, /*       tst r0, #2 */
    0x05801000, /*       streq r1, [r0] */
    0x0AFFFFF6, /*       beq loop */
    0xE2511001, /* wait: subs r1, r1, #1 */
    0x1AFFFFFD, /*       bne wait */
    0xEAFFFFF3, /*       b loop */
    0xE3C00001, /* read: bic r0, r0, #1 */
    0xE5903000, /*       ldr r3, [r0] */
    0xE3A05008, /*       mov r5, #8 */
    0xE1A03E63, /* hex:  mov r3, r3, ror #28 */
    0xE203600F, /*       and r6, r3, #15 */
    0xE356000A, /*       cmp r6, #10 */
    0xB2866030, /*       addlt r6, r6, #'0' */
    0xA2866037, /*       addge r6, r6, #'A' - 10 */
    0xE5846000, /*       str r6, [r4] */
    0xE2555001, /*       subs r5, r5, #1 */
    0x1AFFFFF7, /*       bne hex */
    0xE3A0600A, /*       mov r6, #10 */
    0xE5846000, /*       str r6, [r4] */
    0xEAFFFFE5, /*       b loop */
    0xEAFFFFFE, /* end:  b end */
    0x0080220C,
};

#define READ(address) (address) | 1u, 0
#define WAIT_MS(ms)   2, (ms)*LOOPS_PER_MS

/* The words that the list prints on this chip, eight digits each. */
static const char *ask(const char *chip, const uint32_t *list, size_t words) {
    static uint8_t image[BARE_SIZE];
    static struct bare_seen seen;
    bare_image(image, probe, sizeof probe / sizeof *probe);
    for (size_t i = 0; i < words; i++)
        bare_put(image, TABLE + 4 * (uint32_t)i, list[i]);
    bare_put(image, TABLE + 4 * (uint32_t)words, 0);
    seen = bare_run(image, sizeof image, chip, RUN_US);
    return seen.log;
}
#define ASK(chip, ...)                                                                             \
    ask(chip, (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / 4)

static const char *const chips[] = {"bk7231n", "bk7231m", "bl2028n", "bk7231t", "bk7231u",
                                    "bk7231q", "bk7238",  "bk7252",  "bk7252n"};
enum { CHIPS = sizeof chips / sizeof *chips };

static void every_chip_tells_its_ids(void **state) {
    static const char *const ids[CHIPS] = {
        "0007231C20521010", "0007231C20521010", "0007231C20A21020",
        "0007231A18520001", "0007231A18520001", "0007231A18520001",
        "0000723821120000", "0007221A18221020", "0007252A23A10000"};
    (void)state;
    for (int i = 0; i < CHIPS; i++)
        assert_string_equal(ASK(chips[i], READ(0x800000), READ(0x800004)), ids[i]);
}

static void waits_for_efuse_radio_and_mac_end(void **state) {
    (void)state;
    for (int i = 0; i < CHIPS; i++) {
        assert_string_equal(
            ASK(chips[i], 0x800074, 0x1001, READ(0x800074), READ(0x800078)), /* blank, valid */
            "0000100000000100");
        assert_string_equal(ASK(chips[i], 0xC0008050, 0xFFFFFFFF, READ(0xC0008050)), "00000000");
        assert_string_equal(ASK(chips[i], 0x810000, 0xFFFFFFFF, 0x81001C, 0xFFFFFFFF,
                                READ(0x810000), READ(0x81001C), READ(0x810020)),
                            "0FFFFFFF3FFFFFFF00000200");
        assert_string_equal(ASK(chips[i], READ(0x800040), READ(0x800084), READ(0x800088)),
                            "000000000000000000000000");
    }
}

static void the_transceiver_is_never_busy_and_memory_on_the_7252(void **state) {
    (void)state;
    for (int i = 0; i < CHIPS; i++) {
        bool memory = strcmp(chips[i], "bk7252") == 0;
        const char *log = ASK(chips[i], 0x900000, 0xFFFFFFFF, 0x9000F8, 0xFFFFFFFF, 0x900100,
                              0xFFFFFFFF, READ(0x900000), READ(0x9000F8), READ(0x900100));
        assert_string_equal(log, memory ? "FFFFFFFFFFFFFFFFFFFFFFFF" : "7FFFFFFF7FFFFFFF7FFFFFFF");
    }
    assert_string_equal(ASK("bk7252", 0x93FFFC, 0x12345678, READ(0x93FFFC)), "12345678");
}

static void the_converter_is_empty_until_started(void **state) {
    (void)state;
    assert_string_equal(ASK("bk7231n", READ(0x802C00), 0x802C00, 0x104, READ(0x802C00),
                            READ(0x802C10), 0x802C00, 0, READ(0x802C00)),
                        "40000000000000040000014A40000000");
    assert_string_equal(ASK("bk7231q", READ(0x802C00)),
                        "50000000"); /* the first layout's bit, too */
    static const char *const status[] = {"bk7238", "bk7252", "bk7252n"};
    for (int i = 0; i < 3; i++)
        assert_string_equal(
            ASK(status[i], READ(0x802C0C), 0x802C00, 0x104, READ(0x802C00), READ(0x802C0C)),
            "400000000000000400000000");
}

static void a_pin_reads_what_drives_it(void **state) {
    (void)state;
    assert_string_equal(ASK("bk7231u", 0x802814, 0x3C, READ(0x802814), 0x802814, 0x2C,
                            READ(0x802814), 0x802814, 0x02, READ(0x802814), 0x802814, 0x00,
                            READ(0x802814)),
                        "0000003D0000002C0000000300000000");
}

/* Page at 0x30000: programmed twice, erased. The bootloader's CRC bytes are read as stored. */
static void flash_is_raw_and_only_loses_bits(void **state) {
    enum { OPERATE = 0x803000, WRITE = 0x803004, DATA = 0x803008, START = 1 << 29 };
#define OP(code, address) OPERATE, START | (code) << 24 | (address)
    (void)state;
    assert_string_equal(ASK("bk7231n", OP(20, 0), READ(0x803010)), "001C7015");
    assert_string_equal(ASK("bk7252", OP(20, 0), READ(0x803010)), "001C7016");
    assert_string_equal(ASK("bk7231n", WRITE, 0x0F0F0F0F, OP(12, 0x30000), OP(5, 0x30000),
                            READ(DATA), READ(DATA), WRITE, 0x33333333, OP(12, 0x30000),
                            OP(5, 0x30000), READ(DATA), OP(13, 0x30000), OP(5, 0x30000), READ(DATA),
                            READ(OPERATE)),
                        "0F0F0F0FFFFFFFFF03030303FFFFFFFF05030000");
    assert_string_equal(ASK("bk7231n", OP(5, 0x20), READ(DATA)), "FFFFFFFF");    /* block 0's CRC */
    assert_string_equal(ASK("bk7231n", OP(5, 0x40000), READ(DATA)), "EA00003E"); /* wraps */
    assert_string_equal(ASK("bk7231n", READ(0x200000)), "EA00003E"); /* the view's mirror */
#undef OP
}

static void timers_end_and_a_period_of_nothing_never_does(void **state) {
    (void)state;
    assert_string_equal(ASK("bk7231n", 0x802A40, 64, 0x802A4C, 1, WAIT_MS(1), READ(0x802A4C),
                            WAIT_MS(2), READ(0x802A4C), READ(0x802048), 0x802A4C, 0x81,
                            READ(0x802A4C), READ(0x802048)),
                        "0000000100000081000001000000000100000000");
    /* ends every 2 ms, however late the flag was cleared */
    assert_string_equal(ASK("bk7231n", 0x802A40, 64, 0x802A4C, 1, WAIT_MS(3), 0x802A4C, 0x81, 2,
                            LOOPS_PER_MS / 2, READ(0x802A4C), WAIT_MS(1), READ(0x802A4C)),
                        "0000000100000081");
    assert_string_equal(ASK("bk7231n", 0x802A40, 0, 0x802A4C, 1, WAIT_MS(5), READ(0x802A4C)),
                        "00000001");
}

/* The tick of the Q: channel 0 in timer mode, 2 ms. Polled, as a soft start does. */
static void the_end_of_a_pwm_period_shows_in_the_raw_status(void **state) {
    (void)state;
    assert_string_equal(ASK("bk7231q", 0x802A08, 0xCB20, 0x802A00, 7, WAIT_MS(1), READ(0x802048),
                            WAIT_MS(2), READ(0x802048), READ(0x802A04), 0x802A04, 1,
                            READ(0x802048)),
                        "00000000000002000000000100000000");
    assert_string_equal(ASK("bk7231t", 0x802A88, 21666, 0x802A80, 3, WAIT_MS(1), READ(0x802048)),
                        "00000200");
    assert_string_equal(
        ASK("bk7231n", 0x802B10, 21666, 0x802B00, 0x19, WAIT_MS(1), READ(0x802048), READ(0x802B00)),
        "0000020040000019");
}

static void ram_is_empty_and_registers_without_meaning_are_memory(void **state) {
    (void)state;
    assert_string_equal(ASK("bk7231n", READ(0x400000), READ(0x4000FC), 0x80100C, 0x55AA,
                            READ(0x80100C), 0x01000804, 0x1234, READ(0x01000804), 0x01050130,
                            0x5678, READ(0x01050130), 0xC0000400, 0x9ABC, READ(0xC0000400)),
                        "0000000000000000000055AA000012340000567800009ABC");
    assert_string_equal(ASK("bk7231n", READ(0x802108), READ(0x802208)), "001A0000001A0000");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_chip_tells_its_ids),
        cmocka_unit_test(waits_for_efuse_radio_and_mac_end),
        cmocka_unit_test(the_transceiver_is_never_busy_and_memory_on_the_7252),
        cmocka_unit_test(the_converter_is_empty_until_started),
        cmocka_unit_test(a_pin_reads_what_drives_it),
        cmocka_unit_test(flash_is_raw_and_only_loses_bits),
        cmocka_unit_test(timers_end_and_a_period_of_nothing_never_does),
        cmocka_unit_test(the_end_of_a_pwm_period_shows_in_the_raw_status),
        cmocka_unit_test(ram_is_empty_and_registers_without_meaning_are_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
