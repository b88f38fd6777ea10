/* Every discovery payload of many plugs, in both forms, against the rules of
 * docs/reference/home-assistant.md (their numbers are in brackets). */
#include "codec/openbeken/channel_types.h"
#include "device/script/command.h"
#include "device/service/mqtt/mqtt.h"
#include "virtual/plug/plug.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>

#include "check.h"

enum { MESSAGES = 128 };

static struct {
    char *topic, *payload;
    bool retain;
} sent[MESSAGES];
static unsigned sent_count;

static void on_publish(void *context, const char *topic, const char *payload, bool retain) {
    (void)context;
    if (strncmp(topic, "homeassistant/", 14) != 0 || sent_count == MESSAGES)
        return;
    sent[sent_count].topic = strdup(topic);
    sent[sent_count].payload = strdup(payload);
    sent[sent_count++].retain = retain;
}

static void forget(void) {
    while (sent_count) {
        free(sent[--sent_count].topic);
        free(sent[sent_count].payload);
    }
}

/* [4] units that Home Assistant takes together with a class; "" means without unit. */
static const struct {
    const char *class, *units;
} classes[] = {{"temperature", "°C"},
               {"humidity", "%"},
               {"battery", "%"},
               {"voltage", "V|mV"},
               {"current", "A|mA"},
               {"power", "W|kW"},
               {"energy", "Wh|kWh"},
               {"apparent_power", "VA"},
               {"reactive_power", "var"},
               {"power_factor", ""},
               {"frequency", "Hz"},
               {"signal_strength", "dBm"},
               {"duration", "s"},
               {"illuminance", "lx"},
               {"pressure", "hPa"},
               {"carbon_dioxide", "ppm"},
               {"volatile_organic_compounds_parts", "ppb"},
               {"ph", ""},
               {"timestamp", ""},
               {"motion", ""},
               {"restart", ""}};

/* [6] members each kind of entity may have, beside the common ones. */
static const struct {
    const char *component, *members;
} kinds[] = {
    {"switch", "|pl_on|pl_off|stat_t|cmd_t|"},
    {"binary_sensor", "|pl_on|pl_off|stat_t|dev_cla|"},
    {"sensor", "|stat_t|dev_cla|stat_cla|unit_of_meas|val_tpl|"},
    {"number", "|stat_t|cmd_t|min|max|step|mode|unit_of_meas|"},
    {"select", "|stat_t|cmd_t|options|val_tpl|cmd_tpl|"},
    {"text", "|stat_t|cmd_t|mode|ret|"},
    {"button", "|cmd_t|pl_prs|dev_cla|"},
    {"light", "|pl_on|pl_off|stat_t|cmd_t|bri_stat_t|bri_cmd_t|bri_scl|rgb_cmd_tpl|rgb_val_tpl|"
              "rgb_stat_t|rgb_cmd_t|clr_temp_cmd_t|clr_temp_stat_t|min_mirs|max_mirs|on_cmd_type|"},
};
static const char common[] = "|dev|name|~|avty_t|uniq_id|qos|p|def_ent_id|entity_category|icon|";

static bool among(const char *list, const char *word) {
    char needle[128];
    snprintf(needle, sizeof needle, "|%s|", word);
    return strstr(list, needle) != NULL;
}

static const char *text_of(json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static void members_are_known(const char *component, json_t *entity) {
    const char *allowed = NULL, *key;
    json_t *value;
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].component, component) == 0)
            allowed = kinds[i].members;
    assert_non_null(allowed);
    json_object_foreach (entity, key, value) {
        if (!among(common, key) && !among(allowed, key))
            fail_msg("%s must not have %s", component, key);
    }
}

static void class_fits(json_t *entity) {
    const char *class = text_of(entity, "dev_cla"), *unit = text_of(entity, "unit_of_meas");
    for (unsigned i = 0; class && i < sizeof classes / sizeof *classes; i++) {
        if (strcmp(classes[i].class, class) != 0)
            continue;
        char list[64];
        snprintf(list, sizeof list, "|%s|", classes[i].units);
        if (!among(list, unit ? unit : ""))
            fail_msg("unit %s with class %s", unit ? unit : "none", class);
        return;
    }
    if (class)
        fail_msg("unknown class %s", class);
}

static void state_class_fits(json_t *entity) {
    const char *state = text_of(entity, "stat_cla"), *class = text_of(entity, "dev_cla");
    if (!state)
        return;
    assert_true(among("|measurement|total|total_increasing|", state));
    if (class && strcmp(class, "energy") == 0) /* [5] */
        assert_string_not_equal(state, "measurement");
    if (class && strcmp(class, "timestamp") == 0)
        fail_msg("a time stamp has no state class");
}

static void topics_are_ours(json_t *entity, bool whole) {
    const char *key;
    json_t *value;
    json_object_foreach (entity, key, value) {
        size_t length = strlen(key);
        const char *topic = json_string_value(value);
        if (length < 2 || strcmp(key + length - 2, "_t") != 0 || !topic)
            continue;
        bool command = strncmp(topic, "cmnd/plug/", 10) == 0;
        bool own = strncmp(topic, whole ? "plug/" : "~/", whole ? 5 : 2) == 0;
        if (!command && !own) /* [3] */
            fail_msg("topic %s of %s", topic, key);
    }
}

static void id_is_unique(json_t *entity) {
    static char seen[4096];
    const char *id = text_of(entity, "uniq_id");
    if (!entity) {
        seen[0] = 0;
        return;
    }
    assert_non_null(id);
    if (!seen[0])
        strcpy(seen, "|");
    if (among(seen, id)) /* [2] */
        fail_msg("%s twice", id);
    assert_true(strlen(seen) + strlen(id) + 2 < sizeof seen);
    strcat(seen, id);
    strcat(seen, "|");
}

static void entity_is_good(const char *component, json_t *entity, bool whole) {
    members_are_known(component, entity);
    class_fits(entity);
    state_class_fits(entity);
    topics_are_ours(entity, whole);
    id_is_unique(entity);
    const char *category = text_of(entity, "entity_category");
    if (category)
        assert_true(among("|diagnostic|config|", category));
    if (strcmp(component, "select") == 0)
        assert_true(json_array_size(json_object_get(entity, "options")) > 0);
}

static void device_is_good(json_t *message) {
    json_t *device = json_object_get(message, "dev");
    assert_string_equal(json_string_value(json_array_get(json_object_get(device, "ids"), 0)),
                        "Long name-1");
    assert_non_null(text_of(device, "name"));
    const char *url = text_of(device, "cu");
    if (url)
        assert_null(strstr(url, "0.0.0.0")); /* [7] */
}

/* [1] homeassistant/<component>/<id>/config with the characters that are allowed. */
static void topic_is_good(const char *topic, char *component) {
    char id[128], rest[16];
    assert_int_equal(
        sscanf(topic, "homeassistant/%31[a-z_]/%127[a-zA-Z0-9_-]/%15s", component, id, rest), 3);
    assert_string_equal(rest, "config");
}

static void whole_is_good(json_t *message) {
    const char *key, *component;
    json_t *entity;
    assert_non_null(text_of(json_object_get(message, "o"), "name")); /* [8] */
    json_object_foreach (json_object_get(message, "cmps"), key, entity) {
        component = text_of(entity, "p");
        assert_non_null(component);
        if (json_object_size(entity) == 1)
            continue; /* taken back */
        entity_is_good(component, entity, true);
        const char *id = text_of(entity, "def_ent_id");
        assert_non_null(id);
        assert_memory_equal(id, component, strlen(component)); /* [9] */
        assert_int_equal(id[strlen(component)], '.');
        for (const char *c = id; *c; c++)
            assert_true(islower(*c) || isdigit(*c) || *c == '_' || *c == '.');
    }
}

static void check_all(unsigned *entities) {
    id_is_unique(NULL);
    for (unsigned i = 0; i < sent_count; i++) {
        char component[32];
        json_error_t error;
        topic_is_good(sent[i].topic, component);
        assert_true(sent[i].retain);
        if (!*sent[i].payload)
            continue;
        json_t *message = json_loads(sent[i].payload, JSON_REJECT_DUPLICATES, &error);
        if (!message)
            fail_msg("%s: %s: %s", sent[i].topic, error.text, sent[i].payload);
        device_is_good(message);
        if (strcmp(component, "device") == 0) {
            whole_is_good(message);
            *entities += (unsigned)json_object_size(json_object_get(message, "cmps"));
        } else {
            entity_is_good(component, message, false);
            ++*entities;
        }
        json_decref(message);
    }
}

static void start(struct plug *plug, int form) {
    assert_true(plug_init(plug, "BK7231N"));
    struct device *d = &plug->device;
    plug->on_publish = on_publish;
    setting_parse(d, setting_find("mqtt_client"), "plug");
    setting_parse(d, setting_find("name_long"), "Long name-1");
    setting_parse(d, setting_find("name_short"), "short Name");
    d->config.ha_form = (uint8_t)form;
    device_on_wifi(d, HAL_WIFI_CONNECTED);
    mqtt_carry(d);
    plug_run_ms(plug, 6000);
}

static unsigned discover(struct plug *plug) {
    unsigned entities = 0;
    forget();
    command_run(&plug->device, "scheduleHADiscovery 1", 0);
    plug_run_ms(plug, 40000);
    check_all(&entities);
    return entities;
}

static void every_channel_type(int form) {
    struct plug *plug = calloc(1, sizeof *plug);
    start(plug, form);
    for (unsigned from = 0; from < CHANNEL_TYPE_COUNT; from += 60) {
        for (int i = 0; i < CHANNEL_COUNT; i++)
            channel_set_type(&plug->device, i, 0);
        for (unsigned i = 0; i < 60 && from + i < CHANNEL_TYPE_COUNT; i++)
            channel_set_type(&plug->device, (int)i, from + i);
        channel_set_enum(&plug->device, 3, 1, "it's \"one\"");
        channel_set_label(&plug->device, 2, "Label with \"quotes\" \\ and ü");
        assert_true(discover(plug) > 7);
    }
    plug_free(plug);
    free(plug);
}

static void every_channel_type_alone(void **state) {
    (void)state;
    every_channel_type(HA_FORM_ENTITIES);
}
static void every_channel_type_in_one_message(void **state) {
    (void)state;
    every_channel_type(HA_FORM_DEVICE);
}

static void lights(int form) {
    for (unsigned outputs = 1; outputs <= 5; outputs++) {
        struct plug *plug = calloc(1, sizeof *plug);
        start(plug, form);
        for (unsigned i = 0; i < outputs; i++) {
            board_set_role(&plug->device, 6 + i, OBK_ROLE_PWM);
            board_set_channel(&plug->device, 6 + i, i + 1);
        }
        discover(plug);
        bool seen = false;
        for (unsigned i = 0; i < sent_count; i++)
            seen |= strstr(sent[i].payload, "led_enableAll") != NULL;
        assert_int_equal(seen, outputs != 4);
        plug_free(plug);
        free(plug);
    }
}

static void every_light(void **state) {
    (void)state;
    lights(HA_FORM_ENTITIES);
    lights(HA_FORM_DEVICE);
}

static const char *payload_of(const char *part) {
    for (unsigned i = 0; i < sent_count; i++)
        if (strstr(sent[i].topic, part))
            return sent[i].payload;
    return NULL;
}

static void a_metering_plug(void **state) {
    (void)state;
    for (int form = HA_FORM_DEVICE; form <= HA_FORM_ENTITIES; form++) {
        struct plug *plug = calloc(1, sizeof *plug);
        start(plug, form);
        plug->device.metering.present = true;
        plug->device.metering.live[METER_FREQUENCY] = 50;
        plug->device.clock_set = true;
        board_set_role(&plug->device, 9, OBK_ROLE_RELAY);
        board_set_channel(&plug->device, 9, 1);
        assert_true(discover(plug) >= 14 + 1 + 6);
        if (form == HA_FORM_ENTITIES) {
            assert_string_equal(
                payload_of("_sensor_2/"),
                "{\"dev\":{\"ids\":[\"Long name-1\"],\"name\":\"short "
                "Name\",\"sw\":\"" PLUGSMITH_VERSION "\",\"mf\":\"Beken "
                "Corporation\",\"mdl\":\"BK7231N\",\"cu\":\"http://127.0.0.1/index\"},"
                "\"name\":\"Power\",\"~\":\"plug\",\"avty_t\":\"~/connected\","
                "\"uniq_id\":\"Long_name-1_sensor_2\",\"qos\":1,\"dev_cla\":\"power\","
                "\"stat_t\":\"~/power/get\",\"stat_cla\":\"measurement\",\"unit_of_meas\":\"W\"}");
        } else {
            json_t *m = json_loads(payload_of("/device/"), 0, NULL);
            json_t *energy = json_object_get(json_object_get(m, "cmps"), "sensor_3");
            assert_string_equal(text_of(energy, "stat_cla"), "total_increasing");
            assert_string_equal(text_of(energy, "def_ent_id"), "sensor.short_name_energy_total");
            json_decref(m);
        }
        plug_free(plug);
        free(plug);
    }
}

/* Pins change: the entity is named once more without anything, and gone the next time. */
static void what_is_gone_is_taken_back(void **state) {
    (void)state;
    struct plug *plug = calloc(1, sizeof *plug);
    start(plug, HA_FORM_DEVICE);
    board_set_role(&plug->device, 9, OBK_ROLE_RELAY);
    board_set_channel(&plug->device, 9, 1);
    discover(plug);
    assert_non_null(strstr(payload_of("/device/"), "\"relay_1\":{\"p\":\"switch\",\"name\":null"));
    board_set_role(&plug->device, 9, OBK_ROLE_NONE);
    forget();
    plug_run_ms(plug, 60000); /* by itself */
    assert_non_null(payload_of("/device/"));
    assert_non_null(strstr(payload_of("/device/"), "\"relay_1\":{\"p\":\"switch\"}"));
    discover(plug);
    assert_null(strstr(payload_of("/device/"), "relay_1"));
    plug_free(plug);
    free(plug);
}

/* From one form to the other: handed over first, cleared last. */
static void the_form_can_change(void **state) {
    (void)state;
    struct plug *plug = calloc(1, sizeof *plug);
    start(plug, HA_FORM_ENTITIES);
    unsigned before = discover(plug);
    forget();
    plug->device.config.ha_form = HA_FORM_DEVICE;
    command_run(&plug->device, "scheduleHADiscovery 1", 0);
    plug_run_ms(plug, 60000);
    assert_int_equal(sent_count, 2 * before + 1);
    assert_string_equal(sent[0].payload, "{\"migrate_discovery\":true}");
    assert_non_null(strstr(sent[before].topic, "/device/"));
    assert_string_equal(sent[sent_count - 1].payload, "");
    assert_true(sent[sent_count - 1].retain);
    plug_free(plug);
    free(plug);
}

static int end(void **state) {
    (void)state;
    forget();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_channel_type_alone),
        cmocka_unit_test(every_channel_type_in_one_message),
        cmocka_unit_test(every_light),
        cmocka_unit_test(a_metering_plug),
        cmocka_unit_test(what_is_gone_is_taken_back),
        cmocka_unit_test(the_form_can_change),
    };
    return cmocka_run_group_tests(tests, NULL, end);
}
