/* Topics that come in; see inbox.h. */
#include "device/service/inbox.h"

#include "base/text.h"
#include "device/device.h"
#include "device/script/command.h"
#include "device/service/mqtt/parts.h"
#include "device/service/mqtt/tasmota_topics.h"

#include <string.h>

enum { LINE = 512, SET_CHANNELS = 64, GET_CHANNELS = 32 };

/* What follows "<name>/" in the topic, or NULL. */
static const char *after_name(const char *topic, const char *name) {
    size_t length = strlen(name);
    if (!length || strncmp(topic, name, length) != 0 || topic[length] != '/')
        return NULL;
    return topic + length + 1;
}

static const char *after_own_name(const struct device *d, const char *topic) {
    const char *rest = after_name(topic, d->config.mqtt_client_id);
    return rest ? rest : after_name(topic, d->config.mqtt_group);
}

/* As atoi: leading blanks, a sign, digits; anything else is 0. */
static int32_t number(const char *text) {
    int64_t value = 0;
    while (text_is_space(*text))
        text++;
    bool minus = *text == '-';
    text += *text == '-' || *text == '+';
    for (; text_is_digit(*text) && value <= INT32_MAX; text++)
        value = value * 10 + (*text - '0');
    value = value > INT32_MAX ? INT32_MAX : value;
    return (int32_t)(minus ? -value : value);
}

static void set(struct device *d, int channel, const char *payload) {
    if (text_starts(payload, "toggle"))
        channel_toggle(d, channel);
    else
        channel_set(d, channel, number(payload), 0);
}

static bool ends_with_get(const char *rest) {
    size_t length = strlen(rest);
    return length > 4 && strcmp(rest + length - 4, "/get") == 0;
}

static bool channel_topic(struct device *d, const char *rest, const char *payload) {
    const char *end = rest;
    if (ends_with_get(rest) && !*payload && light_value_asked(d, rest))
        return true;
    int channel = 0;
    while (text_is_digit(*end) && channel < 1000)
        channel = channel * 10 + (*end++ - '0');
    if (end == rest)
        return false;
    if (strcmp(end, "/set") == 0 && channel <= SET_CHANNELS)
        set(d, channel, payload);
    else if (strcmp(end, "/get") == 0 && !*payload && channel <= GET_CHANNELS)
        device_publish_channel(d, channel);
    else
        return false;
    return true;
}

static bool command_topic(struct device *d, const char *word, const char *payload) {
    char line[LINE];
    struct text text = text_start(line, sizeof line);
    text_add(&text, word);
    text_char(&text, ' ');
    text_add(&text, payload);
    if (text.truncated) {
        device_log(d, LOG_ERROR, "mqtt", "command longer than 511 characters refused");
        return true;
    }
    command_run(d, line, COMMAND_FROM_MQTT);
    tasmota_reply(d, line);
    return true;
}

/* Does this come from a plug (this one or another)? Taking its own telemetry for commands would
 * make it talk to itself without end. */
static bool is_telemetry(const char *word) {
    static const char *const words[] = {"STATE", "SENSOR", "RESULT", "STATUS", "DP", "LWT"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (text_starts(word, words[i]))
            return true;
    return false;
}

bool device_on_mqtt(struct device *d, const char *topic, const char *payload) {
    static const char *const prefixes[] = {"cmnd", "tele", "stat"};
    if (d->safe)
        return false;
    for (unsigned i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const char *rest = after_name(topic, prefixes[i]);
        const char *word = rest ? after_own_name(d, rest) : NULL;
        if (word && i > 0 && is_telemetry(word))
            return true;
        if (word)
            return command_topic(d, word, payload);
    }
    if (strcmp(topic, "homeassistant/status") == 0) {
        if (strcmp(payload, "online") == 0)
            mqtt_broadcast(d, false);
        return true;
    }
    const char *rest = after_own_name(d, topic);
    return rest && channel_topic(d, rest, payload);
}
