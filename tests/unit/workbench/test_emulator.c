/* The emulator's line protocol as the workbench reads it, masking of log lines, and what is
 * concluded from registers and presses. */
#include "check.h"
#include "workbench/emulator/findings.h"
#include "workbench/emulator/fragments.h"
#include "workbench/emulator/mask_line.h"
#include "workbench/emulator/soc_client.h"

static struct soc_record parse(const char *text) {
    static char line[256];
    struct soc_record r;
    snprintf(line, sizeof line, "%s", text);
    assert_true(soc_parse_line(line, &r));
    return r;
}

static void lines_become_records(void **state) {
    (void)state;
    struct soc_record r = parse("log 27088 2 uf read \\x5C is");
    assert_int_equal(r.kind, SOC_LOG);
    assert_int_equal(r.us, 27088);
    assert_int_equal(r.a, 2);
    assert_string_equal(r.text, "uf read \\ is");
    r = parse("serial 5 1 T 55AA00");
    assert_int_equal(r.b, 'T');
    assert_int_equal(r.text_size, 3);
    assert_memory_equal(r.text, "\x55\xAA\x00", 3);
    r = parse("chip bk7231t encrypted 1");
    assert_string_equal(r.text, "bk7231t");
    assert_true(r.a && r.b);
    r = parse("end 700000 42000000 B10D314F4AA54BA5 time is up");
    assert_true(r.hash == 0xB10D314F4AA54BA5u);
    assert_string_equal(r.text, "time is up");
}

static void other_lines_are_refused(void **state) {
    (void)state;
    struct soc_record r;
    static const char *const bad[] = {"", "log", "log x", "pin 1 2", "level 1 2", "bogus 1 2 3"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char line[64];
        snprintf(line, sizeof line, "%s", bad[i]);
        assert_false(soc_parse_line(line, &r));
    }
}

static void secrets_in_log_lines_are_hidden(void **state) {
    (void)state;
    char json[] = "{\"auth_key\":\"abcDEF\",\"ssid\":\"home\",\"n\":1}";
    char mac[] = "sta mac 00:11:22:aa:bb:cc up";
    char prompt[] = "get key:";
    char bytes[] = "0011223344556677";
    char pins[] = "{rl1_pin:26,module:CB2S,crc:74,}";
    assert_true(mask_line(json));
    assert_string_equal(json, "{\"auth_key\":\"******\",\"ssid\":\"****\",\"n\":1}");
    assert_true(mask_line(mac));
    assert_string_equal(mac, "sta mac ***************** up");
    assert_false(mask_line(prompt));
    assert_true(mask_line(bytes));
    char list[] = "0x5e 0xe6 0x3f 0xc6 0xd7 0xcd 0x36 0x54 0xaa 0xc8 0x3c 0xc8 0x3b 0xde 0x1f 0x3 ";
    assert_true(mask_line(list));
    assert_null(strstr(list, "5e"));
    assert_false(mask_line(pins));
    char unnamed[] = "[lr:0x1] upd product_id type:1 keyabc uuid0a0b0c kEy0123 rest";
    assert_true(mask_line(unnamed));
    assert_string_equal(unnamed, "[lr:0x1] upd product_id type:1 keyabc ********** ******* ****");
    char spaced[] = "mac  2: 0: 0:a1: 0: 1";
    assert_true(mask_line(spaced));
    assert_null(strstr(spaced, "a1"));
    char serial[] = "serial_no:020000000001", key[] = "at AbcdefghijklmnopqrstUVWXYZ0123 end";
    assert_true(mask_line(serial));
    assert_string_equal(serial, "serial_no:************");
    assert_true(mask_line(key));
    assert_string_equal(key, "at ****************************** end");
    char known[] = "joined MyHome at 18:12:15";
    assert_false(mask_line(known));
    assert_true(mask_value(known, (const uint8_t *)"MyHome", 6));
    assert_string_equal(known, "joined ****** at 18:12:15");
}

static void a_press_that_switches_an_output_makes_a_button_and_a_relay(void **state) {
    (void)state;
    static struct findings f;
    static const char *const lines[] = {
        "level 1000 26 00 0", "level 1000 10 3C 1",  "level 1000 23 3C 3",
        "press 1000 10 1 0",  "moved 1100 26 00 02", "press 1000 23 1 0",
    };
    findings_start(&f);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct soc_record r = parse(lines[i]);
        findings_take(&f, &r);
    }
    findings_conclude(&f);
    assert_int_equal(f.pin[26].kind, FINDING_RELAY);
    assert_int_equal(f.pin[26].active, 1);
    assert_int_equal(f.pin[10].kind, FINDING_BUTTON);
    assert_int_equal(f.pin[10].active, 0);
    assert_int_equal(f.pin[23].kind, FINDING_PULSES);
}

/* Feeds lines and concludes. */
static void take_all(struct findings *f, const char *const lines[], size_t count) {
    findings_start(f);
    for (size_t i = 0; i < count; i++) {
        struct soc_record r = parse(lines[i]);
        findings_take(f, &r);
    }
    findings_conclude(f);
}

static void what_moves_by_itself_is_no_answer_to_a_press(void **state) {
    (void)state;
    static const char *const lines[] = {
        "level 1000 10 3C 1",  "level 1000 26 00 0", "press 1000 40 0 1",
        "moved 1100 26 00 02", "press 1000 10 1 0",  "moved 1100 26 00 02",
    };
    struct findings f;
    take_all(&f, lines, sizeof lines / sizeof *lines);
    assert_int_equal(f.pin[26].kind, FINDING_OUTPUT);
    assert_int_not_equal(f.pin[10].kind, FINDING_BUTTON);
}

static void the_log_tells_a_relay_from_its_led(void **state) {
    (void)state;
    static const char *const lines[] = {
        "log 100 2 RLY TYPE IS 0",
        "pin 120 6 08 00",
        "log 200 2 channel 0 Init ok",
        "pin 220 8 08 00",
        "log 300 2 init wfled",
        "pin 320 26 08 00",
        "level 1000 6 00 0",
        "level 1000 8 00 0",
        "level 1000 26 00 0",
        "level 1000 7 3C 1",
        "press 1000 7 1 0",
        "moved 1100 6 00 02",
        "moved 1101 8 00 02",
        "said 1102 2 gpio_no: 7, type: 0",
    };
    struct findings f;
    take_all(&f, lines, sizeof lines / sizeof *lines);
    assert_int_equal(f.pin[6].kind, FINDING_RELAY);
    assert_int_equal(f.pin[8].kind, FINDING_LED);
    assert_int_equal(f.pin[26].kind, FINDING_LED);
    assert_int_equal(f.pin[7].kind, FINDING_BUTTON);
    assert_true(f.pin[6].confidence > 90 && f.pin[8].confidence < 90);
}

static void pieces_of_configuration_text_are_put_together(void **state) {
    (void)state;
    struct fragments f = {.count = 0};
    static struct tuya_config config;
    uint64_t us = 0;
    static const char *const pieces[] = {
        "_pin:9,rl1_lv:1,bt1_pin:10,rl1_pin:26,ch_n", /* both ends are cut */
        "{rl1_pin:26,rl1_lv:1,netled1_pin:8,module:CB2S,bt1_pin:10,net_trig:1,cut:\"x\"",
        "{rl1_pin:7,rl1_lv:1,module:OTHER,bt1_pin:3,}", /* of another device */
    };
    for (int i = 0; i < 3; i++)
        fragments_add(&f, pieces[i], strlen(pieces[i]), 10 + (uint64_t)i);
    tuya_config_start(&config);
    assert_int_equal(fragments_read(&f, &config, &us), 2);
    tuya_config_finish(&config);
    assert_int_equal(us, 11);
    assert_string_equal(tuya_config_get(&config, "rl1_pin"), "26");
    assert_string_equal(tuya_config_get(&config, "module"), "CB2S");
    assert_string_equal(tuya_config_get(&config, "netled1_pin"), "8");
    assert_null(tuya_config_get(&config, "ch_n"));
    fragments_free(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_records),
        cmocka_unit_test(other_lines_are_refused),
        cmocka_unit_test(secrets_in_log_lines_are_hidden),
        cmocka_unit_test(a_press_that_switches_an_output_makes_a_button_and_a_relay),
        cmocka_unit_test(what_moves_by_itself_is_no_answer_to_a_press),
        cmocka_unit_test(the_log_tells_a_relay_from_its_led),
        cmocka_unit_test(pieces_of_configuration_text_are_put_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
