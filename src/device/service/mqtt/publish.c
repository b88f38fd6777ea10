/* What the rest of the device publishes: topic, retain and QoS by OpenBeken's rules, then into the
 * queue and past whoever listens at the outlet. */
#include "device/service/mqtt/parts.h"

enum { TOPIC = 256 };

/* The topic as the broker sees it; false when it is too long. */
static bool topic_build(const struct device *d, const char *topic, unsigned how, char *out) {
    struct text t = text_start(out, TOPIC);
    if (!(how & MQTT_RAW)) {
        text_add(&t, d->config.mqtt_client_id);
        text_char(&t, '/');
    }
    text_add(&t, topic);
    if (!(how & (MQTT_RAW | MQTT_SELF)) && !settings_flag(d, FLAG_NO_GET))
        text_add(&t, "/get");
    return !t.truncated && t.length;
}

bool mqtt_has_room(const struct device *d, size_t bytes) {
    return d->mqtt.stream < 0 || queue_room(&d->mqtt) >= bytes + 16;
}

static void enqueue(struct device *d, const char *topic, const char *payload, uint8_t qos,
                    unsigned how) {
    struct mqtt *m = &d->mqtt;
    if (m->carried || !d->config.mqtt_host[0])
        return;
    if (m->phase != MQTT_UP) {
        if (how & MQTT_TRANSIENT)
            return;
        queue_forget(m, topic);
    }
    uint32_t dropped = m->dropped;
    if (!queue_add(m, topic, payload, strlen(payload), qos, how & MQTT_RETAIN))
        device_log2(d, LOG_WARN, "mqtt", "message too long, not sent: ", topic);
    else if (dropped != m->dropped && m->dropped % 64 == 1)
        device_log_int(d, LOG_WARN, "mqtt", "queue full, messages dropped so far: ", m->dropped,
                       NULL);
    services_wake(d);
}

void mqtt_publish(struct device *d, const char *topic, const char *payload, unsigned how) {
    char full[TOPIC];
    uint8_t qos = how & MQTT_QOS0 ? 0 : 1;
    if (!topic_build(d, topic, how, full)) {
        device_log2(d, LOG_WARN, "mqtt", "topic empty or longer than 255, not sent: ", topic);
        return;
    }
    if (settings_flag(d, FLAG_RETAIN_ALL))
        how |= MQTT_RETAIN;
    d->mqtt.published++;
    if (d->outlet.publish)
        d->outlet.publish(d->outlet.context, full, payload, qos, how & MQTT_RETAIN);
    enqueue(d, full, payload, qos, how);
}

void device_publish(struct device *d, const char *topic, const char *payload, bool retain,
                    bool raw) {
    if (!raw && light_value_publish(d, topic, payload, retain))
        return;
    mqtt_publish(d, topic, payload, (retain ? MQTT_RETAIN : 0U) | (raw ? MQTT_RAW : 0U));
}

void device_publish_reading(struct device *d, const char *name, const char *payload) {
    mqtt_publish(d, name, payload, MQTT_QOS0);
}

void device_publish_channel(struct device *d, int channel) {
    char topic[8], payload[24];
    struct text name = text_start(topic, sizeof topic);
    struct text value = text_start(payload, sizeof payload);
    tele_before_channel(d);
    text_int(&name, channel);
    if (settings_flag(d, FLAG_FLOATS))
        text_fixed(&value, (int64_t)((double)channel_final(d, channel) * 1e6), 6);
    else
        text_int(&value, channel_get(d, channel));
    bool retain = settings_flag(d, FLAG_RETAIN_POWER) && channel_is_relay(d, channel);
    mqtt_publish(d, topic, payload, retain ? MQTT_RETAIN : 0);
}
