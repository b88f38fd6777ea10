/* The writers: real dumps keep the roles their expected template names; the YAML of typical
 * devices is compared with golden files (tests/golden, rewritten with GOLDEN=write). */
#include "codec/openbeken/roles.h"
#include "codec/tuya/loose.h"
#include "expected.h"
#include "workbench/templates/template.h"
#include <stdlib.h>

#define GOLDEN "tests/golden/"

static struct loose_node nodes[TUYA_NODES_MAX];
static struct tuya_config config;
static struct template_output output;
static char buffer[TEMPLATE_TEXT_SIZE];
static struct schema_datapoint schema[8];
static size_t schema_count;

static enum status write_from(const char *text, enum template_kind kind) {
    tuya_config_start(&config);
    tuya_config_read(&config, text, strlen(text), nodes, NULL);
    tuya_config_finish(&config);
    struct template_input in = {.config = &config, .schema = schema, .schema_count = schema_count};
    template_start(&output, buffer, sizeof buffer);
    return template_write(kind, &in, &output);
}

static bool warned(const char *part) {
    for (size_t i = 0; i < output.warning_count; i++)
        if (strstr(output.warnings[i], part))
            return true;
    return false;
}

static const char plug[] =
    "{\"sel_pin_pin\":24,\"rl1_lv\":1,\"bt1_pin\":10,\"netled1_lv\":0,\"netled1_pin\":8,"
    "\"vi_pin\":6,\"resistor\":1,\"over_cur\":17000,\"bt1_lv\":0,\"chip_type\":0,"
    "\"lose_vol\":90,\"over_vol\":265,\"module\":\"CB2S\",\"ele_pin\":7,\"ch1_stat\":2,"
    "\"rl1_pin\":26,\"sel_pin_lv\":1}";
static const char latching[] =
    "{rl_on1_pin:24,rl_off1_pin:26,rl1_drvtime:60,rl1_type:1,bt1_pin:10,bt1_lv:0,led1_pin:6,"
    "led1_lv:0,onoff1:14,chip_type:3,total_bt_pin:8,module:CB3S,}";
static const char lamp[] =
    "{iicscl:8,iicsda:26,iicr:2,iicg:1,iicb:0,iicc:4,iicw:3,campere:20,wampere:50,cmod:rgbcw,"
    "cwtype:0,module:WB3L,}";
static const char pwm[] =
    "{r_pin:26,g_pin:24,b_pin:6,c_pin:8,w_pin:7,w_lv:0,pwmhz:16000,cmod:rgbcw,"
    "cwtype:1,ctrl_pin:9,module:CBU,}";
static const char battery[] = "{bt_pin:20,status_led_pin:26,basic_pin_pin:16,basic_pin_lv:1,"
                              "samp_sw_pin:17,max_V:3000,min_V:2200,samp_pin:23,module:CBU,}";
static const char mcu[] = "{\"user_param_key\":{},\"baud_cfg\":{\"baud\":9600}}";

static void golden(const char *name, const char *text, enum template_kind kind) {
    static char expected[TEMPLATE_TEXT_SIZE];
    char path[128];
    assert_int_equal(write_from(text, kind), STATUS_OK);
    (void)snprintf(path, sizeof path, GOLDEN "%s", name);
    const char *mode = getenv("GOLDEN");
    bool rewrite = mode && strcmp(mode, "write") == 0;
    FILE *file = fopen(path, rewrite ? "w" : "r");
    assert_non_null(file);
    if (rewrite) {
        (void)fputs(buffer, file);
    } else {
        size_t size = fread(expected, 1, sizeof expected - 1, file);
        expected[size] = '\0';
        assert_string_equal(buffer, expected);
    }
    (void)fclose(file);
}

static void esphome_yaml_has_its_golden_shape(void **state) {
    (void)state;
    golden("plug.yaml", plug, TEMPLATE_ESPHOME);
    assert_true(warned("voltage_divider"));
    golden("latching.yaml", latching, TEMPLATE_ESPHOME);
    golden("lamp-sm2135.yaml", lamp, TEMPLATE_ESPHOME);
    golden("lamp-pwm.yaml", pwm, TEMPLATE_ESPHOME);
    golden("battery.yaml", battery, TEMPLATE_ESPHOME);
    static const char dp[] =
        "[{\"mode\":\"rw\",\"property\":{\"type\":\"bool\"},\"id\":1,\"type\":\"obj\"},"
        "{\"mode\":\"ro\",\"property\":{\"unit\":\"V\",\"min\":0,\"max\":5000,\"scale\":1,"
        "\"step\":1,\"type\":\"value\"},\"id\":20,\"type\":\"obj\"},"
        "{\"mode\":\"rw\",\"property\":{\"min\":50,\"max\":350,\"scale\":1,\"step\":5,"
        "\"type\":\"value\"},\"id\":2,\"type\":\"obj\"},"
        "{\"mode\":\"rw\",\"property\":{\"range\":[\"off\",\"on\"],\"type\":\"enum\"},\"id\":38,"
        "\"type\":\"obj\"}]";
    bool cut;
    schema_count = schema_read(dp, sizeof dp - 1, nodes, TUYA_NODES_MAX, schema, 8, &cut);
    golden("tuyamcu.yaml", mcu, TEMPLATE_ESPHOME);
    schema_count = 0;
}

static void obk_templates_have_their_golden_shape(void **state) {
    (void)state;
    golden("plug.json", plug, TEMPLATE_OBK);
    golden("latching.json", latching, TEMPLATE_OBK);
    golden("lamp-sm2135.json", lamp, TEMPLATE_OBK);
    golden("battery.json", battery, TEMPLATE_OBK);
    golden("tuyamcu.json", mcu, TEMPLATE_OBK);
}

static void tasmota_says_when_it_cannot(void **state) {
    (void)state;
    assert_int_equal(write_from(plug, TEMPLATE_TASMOTA), STATUS_UNSUPPORTED);
    assert_true(warned("does not run on BK7231N"));
    assert_int_equal(write_from("{rl1_pin:26,bt1_pin:10,module:CB3S,}", TEMPLATE_TASMOTA),
                     STATUS_OK);
    assert_string_equal(buffer, "{\"NAME\":\"CB3S\",\"GPIO\":[0,0,0,32,0,0,0,0,0,0,224,0,0,0],"
                                "\"FLAG\":0,\"BASE\":18}\n");
    assert_true(warned("replaced by an ESP-12"));
    assert_int_equal(write_from("{rl1_pin:12,module:TYWE2S,}", TEMPLATE_TASMOTA), STATUS_OK);
    assert_false(warned("does not run"));
}

static void nothing_to_write_is_said(void **state) {
    (void)state;
    assert_int_equal(write_from("{module:CB2S}", TEMPLATE_OBK), STATUS_NOT_FOUND);
    assert_int_equal(write_from("{module:CB2S}", TEMPLATE_ESPHOME), STATUS_NOT_FOUND);
    assert_int_equal(output.warning_count, 1);
}

/* The web importer knows no levels and fewer keys: a role may differ by `_n` only. */
static void same_but_level(const char *ours, const char *theirs) {
    char a[64], b[64];
    (void)snprintf(a, sizeof a, "%s", ours);
    (void)snprintf(b, sizeof b, "%s", theirs);
    char *ends[] = {strchr(a, ';'), strchr(b, ';')};
    assert_non_null(ends[0]);
    assert_non_null(ends[1]);
    assert_string_equal(ends[0], ends[1]);
    *ends[0] = *ends[1] = '\0';
    size_t n = strlen(a), m = strlen(b);
    if (n > 2 && strcmp(a + n - 2, "_n") == 0)
        a[n - 2] = '\0';
    if (m > 2 && strcmp(b + m - 2, "_n") == 0)
        b[m - 2] = '\0';
    assert_string_equal(a, b);
}

static void one_dump(json_t *root) {
    json_t *expected = json_object_get(json_object_get(root, "openbeken_template"), "pins");
    char *text = json_dumps(json_object_get(root, "user_param_key"), JSON_COMPACT);
    assert_int_equal(write_from(text, TEMPLATE_OBK), STATUS_OK);
    free(text);
    json_t *ours = json_loads(buffer, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(ours);
    const char *key;
    json_t *value;
    json_object_foreach (expected, key, value) {
        const char *mine = json_string_value(json_object_get(json_object_get(ours, "pins"), key));
        assert_non_null(mine);
        same_but_level(mine, json_string_value(value));
    }
    json_t *template = json_object_get(root, "openbeken_template");
    assert_string_equal(json_string_value(json_object_get(ours, "chip")),
                        json_string_value(json_object_get(template, "chip")));
    assert_string_equal(json_string_value(json_object_get(ours, "board")),
                        json_string_value(json_object_get(template, "board")));
    assert_true(strlen(json_string_value(json_object_get(ours, "command"))) <= 511);
    json_decref(ours);
}

static void real_dumps_keep_the_importers_roles(void **state) {
    (void)state;
    expected_each("openbeken_template", 10, one_dump);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(esphome_yaml_has_its_golden_shape),
        cmocka_unit_test(obk_templates_have_their_golden_shape),
        cmocka_unit_test(tasmota_says_when_it_cannot),
        cmocka_unit_test(nothing_to_write_is_said),
        cmocka_unit_test(real_dumps_keep_the_importers_roles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
