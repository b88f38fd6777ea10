/* MQTT in scenarios: JSON in what was published, and the client's seconds. */
#include "device/service/mqtt/mqtt.h"
#include "virtual/plug/scenario_json.h"
#include "virtual/plug/scenario_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct scenario_arg *args_t;
#define OP(name) void scenario_##name(struct scenario *s, args_t a, unsigned n)
#define DEVICE   (&s->plug.device)

OP(mqtt_init) {
    (void)a, (void)n;
    mqtt_restart(DEVICE);
}

OP(mqtt_second) {
    (void)a, (void)n;
    mqtt_second(DEVICE);
}

/* Does the topic equal the text, or begin with it? */
static bool topic_fits(struct scenario *s, const char *topic, args_t a) {
    if (strcmp(a[1].text.data, "exact") == 0)
        return strcmp(topic, a[0].text.data) == 0;
    if (strcmp(a[1].text.data, "prefix") != 0)
        scenario_bad(s, "exact or prefix", a[1].text.data);
    return strncmp(topic, a[0].text.data, a[0].text.length) == 0;
}

OP(json_mqtt) {
    (void)n;
    for (unsigned i = 0; i < s->history_count; i++)
        if (topic_fits(s, s->history[i].topic, a)) {
            free(s->document);
            s->document = strdup(s->history[i].payload);
            return;
        }
    scenario_check(s, false, a[0].text.data, "no message with that topic");
}

static bool all_digits(const char *text) {
    return *text && !text[strspn(text, "0123456789")];
}

/* Has the object a member of that name and value? */
static bool pair_holds(struct scenario *s, const char *document, const char *pointer,
                       const char *key, const char *value) {
    char path[512];
    size_t at = (size_t)snprintf(path, sizeof path, "%s/", pointer);
    for (; *key && at + 3 < sizeof path; key++)
        at += (size_t)snprintf(path + at, sizeof path - at, "%s",
                               *key == '~'   ? "~0"
                               : *key == '/' ? "~1"
                                             : (char[]){*key, 0});
    struct json_value v = scenario_json_find(document, path);
    if (v.kind == JSON_NONE)
        return false;
    if (v.kind == JSON_NUMBER && all_digits(value))
        return (long long)strtod(v.start, NULL) == strtoll(value, NULL, 10);
    return strcmp(scenario_json_text(s, &v).data, value) == 0;
}

static bool all_hold(struct scenario *s, const char *document, args_t a, unsigned n) {
    for (unsigned i = 3; i + 1 < n; i += 2)
        if (!pair_holds(s, document, a[2].text.data, a[i].text.data, a[i + 1].text.data))
            return false;
    return true;
}

static bool some_message_holds(struct scenario *s, args_t a, unsigned n, bool *topic_seen) {
    for (unsigned i = 0; i < s->history_count; i++) {
        if (!topic_fits(s, s->history[i].topic, a))
            continue;
        *topic_seen = true;
        if (all_hold(s, s->history[i].payload, a, n))
            return true;
    }
    return false;
}

static const char *pairs_text(struct scenario *s, args_t a, unsigned n) {
    char text[400] = "";
    size_t at = 0;
    for (unsigned i = 3; i + 1 < n && at < sizeof text; i += 2)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s=%s ", a[i].text.data,
                               a[i + 1].text.data);
    return scenario_text_of(s, text).data;
}

OP(expect_mqtt_json) {
    bool seen = false, good = some_message_holds(s, a, n, &seen);
    scenario_check(s, good, pairs_text(s, a, n),
                   seen ? "other values" : "no message with that topic");
}

OP(expect_no_mqtt_json) {
    bool seen = false, good = !some_message_holds(s, a, n, &seen);
    scenario_check(s, good, "no such message", pairs_text(s, a, n));
}
