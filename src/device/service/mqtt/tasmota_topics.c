/* See tasmota_topics.h; what the answers say is made by the same functions that answer /cm. */
#include "device/service/mqtt/tasmota_topics.h"

#include "device/service/mqtt/parts.h"
#include "device/service/rest/tasmota.h"

enum { ANSWER = 4096 };

static void publish_under(struct device *d, const char *prefix, const char *name,
                          const char *payload) {
    char topic[160];
    struct text t = text_start(topic, sizeof topic);
    text_add(&t, prefix);
    text_add(&t, d->config.mqtt_client_id);
    text_char(&t, '/');
    text_add(&t, name);
    mqtt_publish(d, topic, payload, MQTT_RAW | MQTT_TRANSIENT);
}

void tasmota_reply(struct device *d, const char *line) {
    char answer[ANSWER];
    const char *name = tasmota_topic(line);
    struct text t = text_start(answer, sizeof answer);
    if (!name)
        return;
    for (unsigned step = 0; tasmota_piece(d, line, step, &t);)
        step++;
    publish_under(d, "stat/", name, answer);
}

void tasmota_tele(struct device *d, const char *what) {
    char answer[1024];
    struct text t = text_start(answer, sizeof answer);
    bool sensor = strcmp(what, "SENSOR") == 0;
    if (sensor && !d->metering.present)
        return;
    if (sensor)
        tasmota_sensor(d, &t);
    else
        tasmota_state(d, &t);
    publish_under(d, "tele/", what, answer);
}
