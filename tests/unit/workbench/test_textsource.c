/* Boot logs in every form, pasted JSON, and descriptions from a forum: real descriptions are parsed
 * back into the pins they came from. */
#include "codec/openbeken/roles.h"
#include "codec/tuya/describe.h"
#include "codec/tuya/loose.h"
#include "expected.h"
#include "workbench/inspector/textsource.h"
#include <stdlib.h>

static struct tuya_config config;
static struct text_finding finding;

static bool read_text(const char *text) {
    return text_source_read((const uint8_t *)text, strlen(text), &config, &finding);
}

static void member_is(const char *key, const char *value) {
    const char *found = tuya_config_get(&config, key);
    assert_non_null(found);
    assert_string_equal(found, value);
}

static void logs_with_a_line_a_key_are_read(void **state) {
    (void)state;
    assert_true(read_text("[01-01 18:12:15 TUYA Debug] get key: 00 11\r\n"
                          "[TUYA] uf read string is ,rl1_lv:1,bt_type:0,rl3_pin:8,rl3_\r\n"
                          ",rl1_pin: is 6\r\n,netled1_pin: is 10\r\n,module: is CB2S\r\n"));
    assert_int_equal(finding.source, TEXT_SOURCE_BOOT_LOG);
    assert_string_equal(finding.form, "uf read string");
    assert_int_equal(finding.line, 2);
    assert_true(finding.secrets);
    member_is("rl1_pin", "6");
    member_is("rl3_pin", "8");
    assert_null(tuya_config_get(&config, "rl3_"));
    assert_string_equal(config.chip, "BK7231N");
    assert_int_equal(config.pin_count, 3);
}

static void logs_with_a_whole_text_are_read(void **state) {
    (void)state;
    assert_true(read_text("boot {x}\nV:BK7231N\n[01] pConfig = {rl1_lv:1,netled_lv:0,rl1_pin:24,"
                          "module:WB3S,}\nrest {a:1}\n"));
    assert_string_equal(finding.form, "pConfig");
    assert_int_equal(finding.line, 3);
    member_is("rl1_pin", "24");
    assert_true(read_text("SDK: x\n[01] pBuf:{Jsonver:1.1.6,c_pin:8,w_pin:6,module:WB3S,}\n"));
    assert_string_equal(finding.form, "pBuf");
    assert_true(read_text("[01] tuya_light {Jsonver:1.1.6,c_pin:8,w_pin:6,"));
    assert_int_equal(finding.source, TEXT_SOURCE_BOOT_LOG);
    assert_true(config.truncated);
}

static void logs_with_io_lines_are_read(void **state) {
    (void)state;
    assert_true(read_text("IO - wifi_stat:\tpin-7\ttype low\nIO - relay[0]:\tpin-18\ttype high\n"
                          "IO - button[0]:\tpin-6\ttype low\n"));
    member_is("rl1_pin", "18");
    member_is("rl1_lv", "1");
    member_is("bt1_pin", "6");
    member_is("netled_lv", "0");
    assert_true(read_text("[01] [RELAY] - pin:24\n[RELAY] - pin:26\n"));
    member_is("rl2_pin", "26");
}

static void expect(const char *const rows[][2]) {
    for (; (*rows)[0]; rows++)
        member_is((*rows)[0], (*rows)[1]);
}

/* A log call prints some 256 characters and no end of line: the next line follows at once. */
static void texts_cut_by_the_log_give_what_is_whole(void **state) {
    (void)state;
    assert_true(read_text("V:BK7231N_1.0.1\r\n[01-01 TUYA Notice][lr:0x58d5f] pConfig:{bt_pin:20,"
                          "status_led_pin:26,module:CBU,bt_lv:0,samp_pin[01-01 18:12:15 TUYA "
                          "Notice][lr:0x58b21] ,net_led_pin is not exist  1\r\n[x] {a:1}]}\r\n"));
    assert_string_equal(finding.form, "pConfig");
    assert_int_equal(finding.line, 2);
    expect((const char *const[][2]){
        {"bt_pin", "20"}, {"status_led_pin", "26"}, {"module", "CBU"}, {"bt_lv", "0"}, {0}});
    assert_null(tuya_config_get(&config, "samp_pin"));
    assert_int_equal(config.member_count, 4);
    assert_true(config.truncated);
    assert_true(read_text("uf read string is ,rl1_lv:1,total_bt_pin:7,rl1_pin:6,ch_dpid1:1,crc["
                          "01-01 18:12:15 TUYA N][lr:0x5cd75] ,jv: is 1.0.0 \r\n"
                          "[01-01 TUYA N] ,led1_pin: is 8 \r\n"));
    expect((const char *const[][2]){
        {"rl1_pin", "6"}, {"total_bt_pin", "7"}, {"led1_pin", "8"}, {"jv", "1.0.0"}, {0}});
    assert_null(tuya_config_get(&config, "crc"));
}

static void a_list_in_square_brackets_and_what_it_set_up_are_read(void **state) {
    (void)state;
    assert_true(read_text(
        "[01-01 TUYA N][lr:0x1] json cfg:[,rl1_lv:1,bt1_pin:8,module:CB3S,rl1_pin:24,rl3_[01-01 "
        "TUYA N][lr:0x2] ok\r\n"
        "[RELAY] - pin:24,  io_drive:2\r\n[KEY] - pin:8,  io_drive:1,  type:0,  long_press:5000\r\n"
        "[RELAY] - pin:6,  io_drive:1\r\n[KEY] - pin:9,  io_drive:1,  type:0\r\n"
        "[WIFI LED] - pin:22,  io_drive:1\r\n[TOTAL KEY] - pin:7,  io_drive:1\r\n"
        "[433 REMOTER] - pin:20,  freq_min:345\r\n"));
    assert_string_equal(finding.form, "json cfg");
    expect((const char *const[][2]){{"rl1_pin", "24"},
                                    {"rl2_pin", "6"},
                                    {"rl2_lv", "0"},
                                    {"bt1_pin", "8"},
                                    {"bt2_pin", "9"},
                                    {"bt2_lv", "0"},
                                    {"netled1_pin", "22"},
                                    {"total_bt_pin", "7"},
                                    {"remote_io", "20"},
                                    {0}});
    assert_int_equal(config.pin_count, 7);
    assert_true(read_text("json cfg:[{\"rl1_pin\":14,\"rl1_lv\":1,\"module\":\"T34\"}]\r\n"));
    member_is("rl1_pin", "14");
    member_is("module", "T34");
}

static void long_lines_are_read_to_their_end(void **state) {
    (void)state;
    static char text[4096];
    struct text out = text_start(text, sizeof text);
    text_add(&out, "[01-01 TUYA N] {Jsonver:1.1.9,");
    for (int i = 0; i < 70; i++) {
        text_add(&out, "gmwr:100,notdisturb:0,remdmode:");
        text_int(&out, i);
        text_char(&out, ',');
    }
    text_add(&out, "module:CBLC5,r_pin:26,g_pin:24,crc:41,}\r\nrest\r\n");
    assert_true(out.length > 2000);
    assert_true(read_text(text));
    member_is("g_pin", "24");
    member_is("Jsonver", "1.1.9");
    assert_true(read_text("[n] pBuf:{Jsonver:1.1.6,cmod:cw,c_pin:8,w_pin:6,pwmhz:1200,module:WB3S,"
                          "crc:90,}\r\n"));
    assert_string_equal(finding.form, "pBuf");
    member_is("c_pin", "8");
}

static void lines_of_two_tasks_in_one_another_give_no_false_pin(void **state) {
    (void)state;
    assert_true(
        read_text("IO - wifi_stat:\tpin-7\ttype low\r\nIO - relay[0]:\tpin-18\ttype high\r\n"
                  "IO - button[0]:\tpin-6\ttype low\r\nIO - relay[1]:\tpin-[gapm_cmp] 3\r\n"));
    assert_int_equal(config.pin_count, 3);
    assert_true(read_text(",rl1_pin: is 6 \r\n,rl2_pin: is [gapm_cmp_evt] 7\r\n,bt1_pin: is "
                          "conidx:0\r\n,rl1_lv: is 1 \r\n"));
    assert_int_equal(config.pin_count, 1);
    assert_true(
        read_text("pConfig = {rl1_pin:24,rl2_pin:wlan up,bt1_pin:8,rl1_lv:1,module:CB2S,}"));
    for (size_t i = 0; i < config.pin_count; i++)
        assert_true(config.pins[i].gpio == 24 || config.pins[i].gpio == 8);
}

static void pasted_json_is_read(void **state) {
    (void)state;
    assert_true(read_text("{\r\n\t\"sel_pin_pin\":\"8\",\r\n\t\"rl1_pin\":\"14\",\r\n"
                          "\t\"module\":\"T34\"\r\n}\r\n"));
    assert_int_equal(finding.source, TEXT_SOURCE_JSON);
    assert_string_equal(config.chip, "BK7231N");
    assert_int_equal(config.members[0].kind, TUYA_NUMBER);
    assert_true(read_text("{\"baud_cfg\":{\"baud\":9600}}"));
    assert_string_equal(config.baud, "9600");
}

static void what_is_none_of_this_is_refused(void **state) {
    (void)state;
    assert_false(read_text(""));
    assert_false(read_text("Dear all, my plug {is} broken."));
    assert_false(read_text("{\"a\":1,\"b\":{\"c\":2}}"));
    assert_false(text_source_read((const uint8_t *)"\x7F"
                                                   "ELF\0\0\0",
                                  7, &config, &finding));
}

/* What the description cannot tell apart or does not say. */
static const char *same_role(const char *role) {
    return strcmp(role, "Rel_n") == 0 ? "Rel" : role;
}

static void one_description(json_t *root) {
    static char text[16384];
    struct text out = text_start(text, sizeof text);
    size_t i;
    json_t *line;
    json_array_foreach (json_object_get(root, "description"), i, line) {
        text_add(&out, json_string_value(line));
        text_add(&out, "\r\n");
    }
    bool mcu = !json_is_object(json_object_get(root, "user_param_key"));
    assert_true(read_text(text));
    assert_int_equal(finding.source, TEXT_SOURCE_DESCRIPTION);
    if (mcu) {
        assert_string_equal(config.baud, "9600");
        return;
    }
    struct tuya_gui_roles roles;
    tuya_gui_roles(&config, &roles);
    const char *key;
    json_t *value;
    json_object_foreach (json_object_get(root, "openbeken_roles"), key, value) {
        char ours[48];
        int gpio = atoi(key);
        (void)snprintf(ours, sizeof ours, "%s;%d", same_role(obk_role_name(roles.role[gpio])),
                       roles.channel[gpio]);
        assert_string_equal(ours, json_string_value(value));
    }
    assert_string_equal(roles.startup,
                        json_string_value(json_object_get(root, "openbeken_startup")));
    assert_string_equal(config.module, json_string_value(json_object_get(root, "module")));
}

static void real_descriptions_become_pins_again(void **state) {
    (void)state;
    expected_each("description", 13, one_description);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs_with_a_line_a_key_are_read),
        cmocka_unit_test(logs_with_a_whole_text_are_read),
        cmocka_unit_test(logs_with_io_lines_are_read),
        cmocka_unit_test(texts_cut_by_the_log_give_what_is_whole),
        cmocka_unit_test(a_list_in_square_brackets_and_what_it_set_up_are_read),
        cmocka_unit_test(long_lines_are_read_to_their_end),
        cmocka_unit_test(lines_of_two_tasks_in_one_another_give_no_false_pin),
        cmocka_unit_test(pasted_json_is_read),
        cmocka_unit_test(what_is_none_of_this_is_refused),
        cmocka_unit_test(real_descriptions_become_pins_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
