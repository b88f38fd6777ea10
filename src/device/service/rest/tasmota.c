/* Which answer belongs to which command word; see tasmota.h. */
#include "device/service/rest/tasmota.h"

#include "device/device.h"
#include "device/number.h"

#include <string.h>

typedef void answer(struct device *d, const char *argument, struct text *out);

static void object(struct text *out, const char *key, const char *value) {
    text_char(out, '{');
    text_json_name(out, key);
    text_json(out, value);
    text_char(out, '}');
}

static void number_object(struct text *out, const char *key, int64_t value) {
    text_char(out, '{');
    text_json_name(out, key);
    text_int(out, value);
    text_char(out, '}');
}

static void power(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    text_char(out, '{');
    tasmota_power(d, out);
    text_char(out, '}');
}

static void retain(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    object(out, "SensorRetain", settings_flag(d, 7) ? "ON" : "OFF");
}

/* "Prefix2" and "StateText3": the digit chooses. */
static void chosen(struct text *out, const char *word, unsigned prefix, const char *const *texts,
                   unsigned count) {
    char key[12];
    unsigned n = (unsigned)(word[prefix] - '1');
    struct text name = text_start(key, sizeof key);
    text_add_n(&name, word, prefix + 1);
    object(out, key, n < count ? texts[n] : "");
}

static const char *const prefixes[] = {"cmnd", "stat", "tele"};
static const char *const states[] = {"OFF", "ON", "TOGGLE", "HOLD"};

static void full_topic(struct device *d, const char *argument, struct text *out) {
    (void)d, (void)argument;
    object(out, "FullTopic", "%prefix%/%topic%/");
}
static void switch_topic(struct device *d, const char *argument, struct text *out) {
    (void)d, (void)argument;
    object(out, "SwitchTopic", "0");
}
static void button_topic(struct device *d, const char *argument, struct text *out) {
    (void)d, (void)argument;
    object(out, "ButtonTopic", "0");
}
static void mqtt_retry(struct device *d, const char *argument, struct text *out) {
    (void)d, (void)argument;
    object(out, "MqttRetry", "1");
}
static void tele_period(struct device *d, const char *argument, struct text *out) {
    (void)d, (void)argument;
    object(out, "TelePeriod", "300");
}
static void ct(struct device *d, const char *argument, struct text *out) {
    if (*argument)
        power(d, argument, out);
    else
        number_object(out, "CT", (int64_t)d->light.temperature);
}
static void dimmer(struct device *d, const char *argument, struct text *out) {
    if (*argument)
        power(d, argument, out);
    else
        number_object(out, "Dimmer", (int64_t)d->light.dimmer);
}
static void state(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    tasmota_state(d, out);
}
static void sensor(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    tasmota_sensor(d, out);
}
static void base_color(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    text_add(out, "{\"led_basecolor_rgb\":\"");
    text_hex(out, light_rgb(d), 6);
    text_add(out, "\"}");
}
static void client(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    object(out, "MQTTClient", d->config.mqtt_client_id);
}
static void host(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    object(out, "MQTTHost", d->config.mqtt_host);
}
static void user(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    object(out, "MQTTUser", d->config.mqtt_user);
}
static void password(struct device *d, const char *argument, struct text *out) {
    (void)d, (void)argument;
    object(out, "MqttPassword", "****");
}
static void ssid(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    object(out, "SSID1", d->config.wifi_ssid);
}
static void led_map(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    text_add(out, "{\"Map\":[");
    for (unsigned i = 0; i < sizeof d->config.led_map; i++) {
        text_add(out, i ? "," : "");
        text_uint(out, d->config.led_map[i]);
    }
    text_add(out, "]}");
}
static void flags(struct device *d, const char *argument, struct text *out) {
    (void)argument;
    text_add(out, "{\"Flags\":\"");
    text_uint(out, settings_flags(d));
    text_add(out, "\"}");
}
static int32_t first_number(const char *argument) {
    return number_int(number_read(argument, strlen(argument)));
}
static void channel_type_of(struct device *d, const char *argument, struct text *out) {
    text_uint(out, channel_type(d, first_number(argument)));
}
static void channel_of(struct device *d, const char *argument, struct text *out) {
    text_int(out, channel_get(d, first_number(argument)));
}

static void channels(struct device *d, const char *word, struct text *out) {
    int addressed = text_is_digit(word[2]) ? first_number(word + 2) : -1;
    bool first = true;
    text_char(out, '{');
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (!channel_used(d, i) && i != addressed)
            continue;
        text_add(out, first ? "\"Ch" : ",\"Ch");
        text_int(out, i);
        text_add(out, "\":");
        text_int(out, channel_get(d, i));
        first = false;
    }
    text_char(out, '}');
}

/* In this order: the first row whose word the line begins with decides. */
static const struct {
    const char *word;
    answer *run;
    const char *topic;
} rows[] = {
    {"POWER", power, "RESULT"},
    {"SensorRetain", retain, NULL},
    {"Prefix", NULL, NULL},
    {"StateText", NULL, NULL},
    {"FullTopic", full_topic, NULL},
    {"SwitchTopic", switch_topic, NULL},
    {"ButtonTopic", button_topic, NULL},
    {"MqttRetry", mqtt_retry, NULL},
    {"TelePeriod", tele_period, NULL},
    {"CT", ct, "RESULT"},
    {"Dimmer", dimmer, "RESULT"},
    {"Color", power, "RESULT"},
    {"HsbColor", power, "RESULT"},
    {"STATE", state, "RESULT"},
    {"SENSOR", sensor, NULL},
    {"STATUS", NULL, "STATUS"},
    {"SetChannelType", channel_type_of, NULL},
    {"GetChannel", channel_of, NULL},
    {"SetChannel", channel_of, NULL},
    {"AddChannel", channel_of, NULL},
    {"led_basecolor_rgb", base_color, NULL},
    {"MQTTClient", client, NULL},
    {"MQTTHost", host, NULL},
    {"MQTTUser", user, NULL},
    {"MqttPassword", password, NULL},
    {"SSID1", ssid, NULL},
    {"LED_Map", led_map, NULL},
    {"Flags", flags, NULL},
    {"Ch", channels, NULL},
};

static const char *argument_of(const char *line) {
    while (*line && !text_is_space(*line))
        line++;
    while (text_is_space(*line))
        line++;
    return line;
}

static const char *skip_space(const char *line) {
    while (text_is_space(*line))
        line++;
    return line;
}

static int row_find(const char *line) {
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if (text_starts(line, rows[i].word))
            return (int)i;
    return -1;
}

/* echo answers with its text, all others with an object. */
static void other(struct device *d, const char *line, struct text *out) {
    if (text_starts(line, "echo") && (text_is_space(line[4]) || !line[4]))
        text_add(out, d->command.reply);
    else
        text_add(out, "{}");
}

bool tasmota_piece(struct device *d, const char *line, unsigned step, struct text *out) {
    line = skip_space(line);
    int row = row_find(line);
    const char *argument = argument_of(line);
    if (row < 0)
        other(d, line, out);
    else if (text_same(rows[row].word, "STATUS"))
        return tasmota_section(d, *argument ? first_number(argument) : 0, out)
                   ? false
                   : tasmota_status(d, step, out);
    else if (text_same(rows[row].word, "Prefix"))
        chosen(out, line, 6, prefixes, 3);
    else if (text_same(rows[row].word, "StateText"))
        chosen(out, line, 9, states, 4);
    else if (rows[row].run == channels)
        channels(d, line, out);
    else
        rows[row].run(d, argument, out);
    return false;
}

const char *tasmota_topic(const char *line) {
    static const char *const sections[] = {NULL,      NULL,      "STATUS2",  NULL,
                                           "STATUS4", "STATUS5", "STATUS6",  "STATUS7",
                                           "STATUS8", NULL,      "STATUS10", "STATUS11"};
    line = skip_space(line);
    int row = row_find(line);
    if (row < 0 || !rows[row].topic || !text_same(rows[row].topic, "STATUS"))
        return row < 0 ? NULL : rows[row].topic;
    const char *argument = argument_of(line);
    int32_t section = *argument ? first_number(argument) : 0;
    bool known = section > 0 && section < (int32_t)(sizeof sections / sizeof *sections);
    return known && sections[section] ? sections[section] : "STATUS";
}
