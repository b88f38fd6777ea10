/* What is said at the beginning of a connection, before anything that waits: who we are and what is
 * to be said when we vanish, what we want to hear, and that we are here. */
#include "device/service/mqtt/parts.h"

enum { KEEP_ALIVE_S = 100 };

void client_will_topic(const struct device *d, char *buffer, size_t size) {
    struct text t = text_start(buffer, size);
    text_add(&t, d->config.mqtt_client_id);
    text_add(&t, "/connected");
}

void client_greet(struct device *d) {
    const struct obk_config *c = &d->config;
    char will[80];
    size_t room;
    uint8_t *at = client_control_end(&d->mqtt, &room);
    client_will_topic(d, will, sizeof will);
    const struct mqtt_hello hello = {.client = c->mqtt_client_id,
                                     .user = c->mqtt_user[0] ? c->mqtt_user : NULL,
                                     .password =
                                         c->mqtt_user[0] && c->mqtt_pass[0] ? c->mqtt_pass : NULL,
                                     .will_topic = will,
                                     .will_payload = "offline",
                                     .will_qos = 1,
                                     .will_retain = true,
                                     .clean = true,
                                     .keep_alive_s = KEEP_ALIVE_S};
    d->mqtt.reader = mqtt_reader_start(d->mqtt.in, MQTT_IN - 1);
    client_control_add(&d->mqtt, mqtt_connect_encode(&hello, at, room));
    client_enter(d, MQTT_GREETING);
    client_pump(d);
}

/* One filter per packet keeps the buffers small; brokers answer them in order. */
static void subscribe_one(struct device *d, const char *before, const char *name,
                          const char *after) {
    char filter[96];
    const char *const filters[] = {filter};
    struct text t = text_start(filter, sizeof filter);
    size_t room;
    uint8_t *at = client_control_end(&d->mqtt, &room);
    if (!*name)
        return;
    text_add(&t, before);
    text_add(&t, name);
    text_add(&t, after);
    client_control_add(&d->mqtt,
                       mqtt_subscribe_encode(filters, 1, 1, mqtt_new_id(&d->mqtt), at, room));
}

void client_subscribe(struct device *d) {
    const struct obk_config *c = &d->config;
    subscribe_one(d, "", c->mqtt_client_id, "/+/set");
    subscribe_one(d, "", c->mqtt_group, "/+/set");
    subscribe_one(d, "cmnd/", c->mqtt_client_id, "/+");
    subscribe_one(d, "cmnd/", c->mqtt_group, "/+");
    subscribe_one(d, "", c->mqtt_client_id, "/+/get");
    subscribe_one(d, "homeassistant/", "+", "");
}

/* "online" goes before whatever waited while there was no connection. */
void client_say_online(struct device *d) {
    struct mqtt *m = &d->mqtt;
    char topic[80];
    size_t room, head;
    uint8_t *at = client_control_end(m, &room);
    client_will_topic(d, topic, sizeof topic);
    m->published++;
    if (d->outlet.publish)
        d->outlet.publish(d->outlet.context, topic, "online", 2, true);
    if (m->carried)
        return;
    head = mqtt_publish_head_encode(topic, 2, true, mqtt_new_id(m), 6, at, room);
    if (!head || room - head < 6)
        return;
    memcpy(at + head, "online", 6);
    client_control_add(m, head + 6);
}
