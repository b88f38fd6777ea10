/* Descriptions and roles of real dumps: every figure of the expected results, where they are. */
#include "codec/openbeken/roles.h"
#include "codec/tuya/config.h"
#include "codec/tuya/describe.h"
#include "codec/tuya/loose.h"
#include "expected.h"
#include <stdlib.h>

static struct loose_node nodes[TUYA_NODES_MAX];
static struct tuya_config config;

struct lines {
    json_t *expected;
    size_t at;
};

static void line_check(void *context, const char *text) {
    struct lines *lines = context;
    const char *expected = json_string_value(json_array_get(lines->expected, lines->at++));
    assert_non_null(expected);
    assert_string_equal(text, expected);
}

static void roles_check(json_t *expected, const struct tuya_gui_roles *roles) {
    size_t used = 0;
    for (int gpio = 0; gpio < TUYA_GUI_PINS; gpio++) {
        if (!roles->role[gpio])
            continue;
        char key[8], value[40];
        (void)snprintf(key, sizeof key, "%d", gpio);
        (void)snprintf(value, sizeof value, "%s;%d", obk_role_name(roles->role[gpio]),
                       roles->channel[gpio]);
        const char *wanted = json_string_value(json_object_get(expected, key));
        assert_non_null(wanted);
        assert_string_equal(value, wanted);
        used++;
    }
    assert_int_equal(used, json_object_size(expected));
}

static void one_dump(json_t *root) {
    json_t *members = json_object_get(root, "user_param_key");
    const char *offset = json_string_value(json_object_get(root, "storage_offset"));
    json_t *baud = json_object_get(json_object_get(root, "baud_cfg"), "baud");
    tuya_config_start(&config);
    if (json_is_object(members)) {
        char *text = json_dumps(members, JSON_COMPACT);
        assert_int_equal(tuya_config_read(&config, text, strlen(text), nodes, NULL), STATUS_OK);
        static char again[16384];
        struct text out = text_start(again, sizeof again);
        tuya_config_json(&config, &out);
        assert_string_equal(again, text);
        assert_int_equal(config.crc, TUYA_CRC_GOOD);
        free(text);
    }
    if (baud)
        tuya_config_set_baud(&config, json_string_value(baud));
    tuya_config_finish(&config);
    struct lines lines = {.expected = json_object_get(root, "description")};
    const struct line_sink sink = {line_check, &lines};
    tuya_describe(&config, offset ? strtoll(offset, NULL, 16) : -1, &sink);
    assert_int_equal(lines.at, json_array_size(lines.expected));
    struct tuya_gui_roles roles;
    tuya_gui_roles(&config, &roles);
    roles_check(json_object_get(root, "openbeken_roles"), &roles);
    assert_string_equal(roles.startup,
                        json_string_value(json_object_get(root, "openbeken_startup")));
}

static void every_expected_line_and_role_is_there(void **state) {
    (void)state;
    expected_each("description", 13, one_dump);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_expected_line_and_role_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
