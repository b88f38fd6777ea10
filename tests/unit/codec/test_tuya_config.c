/* The tolerant grammar, the CRC-7, and the configuration struct built from texts of every
 * generation. */
#include "check.h"
#include "codec/openbeken/roles.h"
#include "codec/tuya/config.h"
#include "codec/tuya/describe.h"
#include "codec/tuya/keys.h"
#include "codec/tuya/loose.h"
#include "codec/tuya/platform.h"
#include "codec/tuya/schema.h"

static struct loose_node nodes[TUYA_NODES_MAX];
static struct tuya_config config;

static void read_text(const char *text) {
    tuya_config_start(&config);
    tuya_config_read(&config, text, strlen(text), nodes, NULL);
    tuya_config_finish(&config);
}

static void expect_json(const char *text, const char *json) {
    static char buffer[8192];
    struct text out = text_start(buffer, sizeof buffer);
    read_text(text);
    tuya_config_json(&config, &out);
    assert_string_equal(buffer, json);
}

static void crc_vectors_hold(void **state) {
    (void)state;
    assert_int_equal(tuya_crc7(0, "123456789", 9), 37);
    assert_int_equal(tuya_crc7(0, "{}", 2), 71);
    assert_int_equal(tuya_crc7(0, "{rl1_pin:26,module:WB2S}", 24), 13);
    const char *text = "{rl1_pin:26,module:WB2S,crc:13,}";
    assert_int_equal(tuya_crc7_check(text, strlen(text)), TUYA_CRC_GOOD);
    text = "{rl1_pin:27,module:WB2S,crc:13,}";
    assert_int_equal(tuya_crc7_check(text, strlen(text)), TUYA_CRC_BAD);
    assert_int_equal(tuya_crc7_check("{a:1}", 5), TUYA_CRC_ABSENT);
}

static void grammar_is_tolerant(void **state) {
    (void)state;
    expect_json("{rl1_pin:26,module:CB2S,crc:74,}",
                "{\"rl1_pin\":26,\"module\":\"CB2S\",\"crc\":74}");
    expect_json("{a:02,b:1.0.5,c:00ff,d:1e,e:0,f:-3,g:}",
                "{\"a\":\"02\",\"b\":\"1.0.5\",\"c\":\"00ff\",\"d\":\"1e\",\"e\":0,\"f\":\"-3\","
                "\"g\":\"\"}");
    expect_json("{irfunset:[[6,02],[7,1e],],x:1,}",
                "{\"irfunset\":[[6,\"02\"],[7,\"1e\"]],\"x\":1}");
    expect_json("{\"category\":\"0505\",\"n\":7,\"s\":\"a\\\"b\"}",
                "{\"category\":\"0505\",\"n\":7,\"s\":\"a\\\"b\"}");
    expect_json("{ \"sel_pin_pin\" : \"8\",\n \"module\": \"T34\",\n}",
                "{\"sel_pin_pin\":8,\"module\":\"T34\"}");
    expect_json("{a:1,a:2}", "{\"a\":1}");
    expect_json("noise {\"user_param_key\":{rl1_pin:6},\"baud_cfg\":{\"baud\":9600}}",
                "{\"rl1_pin\":6}");
    assert_string_equal(config.baud, "9600");
}

static void a_cut_text_gives_what_was_there(void **state) {
    (void)state;
    expect_json("{rl1_pin:26,bt1_pin:1", "{\"rl1_pin\":26,\"bt1_pin\":1}");
    assert_true(config.truncated);
    expect_json("{rl1_pin:26,\"bt1", "{\"rl1_pin\":26}");
    expect_json("{a:[1,[2", "{\"a\":[1,[2]]}");
    expect_json("{", "{}");
}

static void deep_nesting_costs_nothing(void **state) {
    (void)state;
    static char text[20000];
    struct loose_tree tree;
    memset(text, '[', sizeof text);
    assert_int_equal(loose_parse(text, sizeof text, nodes, TUYA_NODES_MAX, &tree, NULL), STATUS_OK);
    assert_true(tree.truncated);
}

static void the_older_nested_form_is_flattened(void **state) {
    (void)state;
    expect_json("{\"sw\":{\"ch\":[{\"bt\":{\"pin\":{\"value\":15},\"lv\":{\"value\":false}},"
                "\"rl\":{\"pin\":{\"value\":26},\"lv\":{\"value\":true}}}],"
                "\"net\":{\"wfst\":{\"pin\":{\"value\":23}}},"
                "\"dltj\":{\"ct\":0,\"ivcpin\":{\"pin\":24,\"lv\":1},\"ivpin\":{\"pin\":6},"
                "\"epin\":{\"pin\":7},\"ri\":1}},\"module\":\"WB2S\"}",
                "{\"bt1_lv\":0,\"bt1_pin\":15,\"chip_type\":0,\"ele_pin\":7,\"module\":\"WB2S\","
                "\"netled_pin\":23,\"resistor\":1,\"rl1_lv\":1,\"rl1_pin\":26,\"sel_pin_lv\":1,"
                "\"sel_pin_pin\":24,\"vi_pin\":6}");
    assert_string_equal(config.chip, "BK7231T");
}

static const struct tuya_pin *pin_of(int gpio) {
    for (size_t i = 0; i < config.pin_count; i++)
        if (config.pins[i].gpio == gpio)
            return &config.pins[i];
    return NULL;
}

static void pins_get_roles_by_their_levels(void **state) {
    (void)state;
    read_text("{rl1_pin:26,rl1_lv:0,netled1_pin:8,netled1_lv:1,bt1_pin:10,bt1_lv:1,sel_pin_pin:24,"
              "sel_pin_lv:1,over_cur:17000,over_vol:265,lose_vol:90,odd_pin:9,rl_on2_pin:14,"
              "rl_off2_pin:15,module:CB2S}");
    assert_int_equal(pin_of(26)->role, OBK_ROLE_RELAY_N);
    assert_int_equal(pin_of(8)->role, OBK_ROLE_WIFI_LED);
    assert_int_equal(pin_of(10)->role, OBK_ROLE_BUTTON_N);
    assert_int_equal(pin_of(24)->role, OBK_ROLE_BL0937SEL);
    assert_int_equal(pin_of(14)->role, OBK_ROLE_BRIDGE_FWD);
    assert_int_equal(pin_of(15)->channel, 2);
    assert_int_equal(pin_of(9)->role, 0);
    assert_int_equal(config.protections.over_current_ma, 17000);
    assert_int_equal(config.protections.over_voltage_v, 265);
    assert_int_equal(config.protections.under_voltage_v, 90);
}

static void chips_are_told_by_name_and_platform(void **state) {
    (void)state;
    assert_string_equal(tuya_chip_by_letters("wb2l"), "BK7231T");
    assert_string_equal(tuya_chip_by_letters("WBR3"), "RTL87X0C");
    assert_string_equal(tuya_chip_by_letters("WB2L-M1"), "BK7231T");
    assert_string_equal(tuya_chip_of_module("WB2L-M1"), "BK7231N");
    assert_string_equal(tuya_chip_of_module("WR3"), "RTL8710B");
    assert_string_equal(tuya_chip_of_module("WL2S"), "LN882H");
    assert_null(tuya_chip_by_letters("CB"));
    assert_null(tuya_chip_by_letters("ZZZ"));
    assert_null(tuya_chip_of_platform_listed("BK7231S_2M"));
    assert_string_equal(tuya_chip_of_platform("BK7231S_2M"), "BK7231T");
    assert_string_equal(tuya_place_find(0x1F5000)->chips, "T1/XR806 and some T34/BK7231N");
}

static void every_key_is_unique_and_found(void **state) {
    (void)state;
    for (size_t i = 0; i < tuya_key_count; i++) {
        char key[64];
        size_t n = strlen(tuya_keys[i].name);
        for (size_t c = 0; c <= n; c++)
            key[c] = tuya_keys[i].name[c] == '#' ? '7' : tuya_keys[i].name[c];
        assert_ptr_equal(tuya_key_find(key), &tuya_keys[i]);
    }
    assert_null(tuya_key_find("quux"));
    assert_int_equal(tuya_key_number("rl_on12_pin"), 12);
}

static void a_schema_becomes_rows(void **state) {
    (void)state;
    static const char text[] =
        "[{\"mode\":\"rw\",\"property\":{\"type\":\"bool\"},\"id\":1,\"type\":\"obj\"},"
        "{\"mode\":\"ro\",\"property\":{\"unit\":\"V\",\"min\":0,\"max\":5000,\"scale\":1,"
        "\"step\":1,\"type\":\"value\"},\"id\":20,\"type\":\"obj\"},"
        "{\"mode\":\"rw\",\"property\":{\"range\":[\"off\",\"on\"],\"type\":\"enum\"},\"id\":38,"
        "\"type\":\"obj\"},{\"mode\":\"rw\",\"id\":44,\"type\":\"raw\"}]";
    struct schema_datapoint rows[8];
    bool truncated;
    assert_int_equal(schema_read(text, sizeof text - 1, nodes, TUYA_NODES_MAX, rows, 8, &truncated),
                     4);
    assert_false(truncated);
    char range[64];
    struct text out = text_start(range, sizeof range);
    schema_add_range(&out, &rows[1]);
    assert_string_equal(range, "0.0 .. 500.0 V, step 0.1");
    assert_string_equal(rows[2].range, "off,on");
    assert_int_equal(rows[3].type, SCHEMA_RAW);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc_vectors_hold),
        cmocka_unit_test(grammar_is_tolerant),
        cmocka_unit_test(a_cut_text_gives_what_was_there),
        cmocka_unit_test(deep_nesting_costs_nothing),
        cmocka_unit_test(the_older_nested_form_is_flattened),
        cmocka_unit_test(pins_get_roles_by_their_levels),
        cmocka_unit_test(chips_are_told_by_name_and_platform),
        cmocka_unit_test(every_key_is_unique_and_found),
        cmocka_unit_test(a_schema_becomes_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
