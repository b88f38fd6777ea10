/* The emulator's line protocol as the workbench reads it, masking of log lines, and what is
 * concluded from registers and presses. */
#include "check.h"
#include "workbench/emulator/findings.h"
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
    char key[] = "get key:";
    char bytes[] = "0011223344556677";
    char pins[] = "{rl1_pin:26,module:CB2S,crc:74,}";
    assert_true(mask_line(json));
    assert_string_equal(json, "{\"auth_key\":\"******\",\"ssid\":\"****\",\"n\":1}");
    assert_true(mask_line(mac));
    assert_string_equal(mac, "sta mac ***************** up");
    assert_false(mask_line(key));
    assert_true(mask_line(bytes));
    char list[] = "0x5e 0xe6 0x3f 0xc6 0xd7 0xcd 0x36 0x54 0xaa 0xc8 0x3c 0xc8 0x3b 0xde 0x1f 0x3 ";
    assert_true(mask_line(list));
    assert_null(strstr(list, "5e"));
    assert_false(mask_line(pins));
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_records),
        cmocka_unit_test(other_lines_are_refused),
        cmocka_unit_test(secrets_in_log_lines_are_hidden),
        cmocka_unit_test(a_press_that_switches_an_output_makes_a_button_and_a_relay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
