/* The lines that go beyond the compatible ones. */
#include "check.h"
#include "codec/tuya/describe.h"
#include "codec/tuya/loose.h"

static struct loose_node nodes[TUYA_NODES_MAX];
static struct tuya_config config;
static char said[16384];

static void collect(void *context, const char *text) {
    struct text *out = context;
    text_add(out, text);
    text_char(out, '\n');
}

static void describe(const char *text) {
    struct text out = text_start(said, sizeof said);
    const struct line_sink sink = {collect, &out};
    tuya_config_start(&config);
    tuya_config_read(&config, text, strlen(text), nodes, NULL);
    tuya_config_finish(&config);
    tuya_describe_more(&config, &sink);
}

static void plug_says_what_protects_it(void **state) {
    (void)state;
    describe("{rl1_pin:26,rl1_lv:0,over_cur:17000,over_vol:265,lose_vol:90,chip_type:0,resistor:1,"
             "sel_pin_lv:1,ch_num:1,ch1_stat:2,reset_t:3,netled_reuse:1,nety_led:1,key_pin:9,"
             "odd_pin:11,quux:5,}");
    assert_string_equal(said, "- key on P9 (key_pin)\n"
                              "- Unknown function on P11 (odd_pin)\n"
                              "- P26 (relay) is active low\n"
                              "- Metering chip: BL0937\n"
                              "- Shunt: 1 mOhm\n"
                              "- SEL level: 1 (1 is the usual polarity)\n"
                              "- Protection: switches off above 17.000 A\n"
                              "- Protection: switches off above 265 V\n"
                              "- Protection: under-voltage below 90 V\n"
                              "- Channels: 1\n"
                              "- After a power cut channel 1 is: as before\n"
                              "- The Wi-Fi LED also shows the relay\n"
                              "- Wi-Fi LED when connected: on (nety_led 1)\n"
                              "- Pairing: hold the button for 3 s\n"
                              "- Unknown key odd_pin: 11\n"
                              "- Unknown key quux: 5\n");
}

static void codes_become_currents(void **state) {
    (void)state;
    describe("{iicscl:8,iicsda:26,ehccur:2,ehwcur:8,cwtype:1,cmod:rgbcw}");
    assert_string_equal(said,
                        "- Colours: rgbcw\n"
                        "- White outputs are brightness (c) and temperature (w), not cold and "
                        "warm\n"
                        "- SM2135 colour current in real units: 20 mA\n"
                        "- SM2135 white current in real units: 50 mA\n");
}

static void damage_is_said(void **state) {
    (void)state;
    describe("{rl1_pin:27,module:WB2S,crc:13,}");
    assert_non_null(strstr(said, "CRC-7 does not match"));
    describe("{rl1_pin:27,module:WB2");
    assert_non_null(strstr(said, "ends early"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plug_says_what_protects_it),
        cmocka_unit_test(codes_become_currents),
        cmocka_unit_test(damage_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
