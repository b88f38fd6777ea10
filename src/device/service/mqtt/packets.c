/* What comes from the broker: bytes to packets, packets to messages and acknowledgements. */
#include "device/service/mqtt/parts.h"

#include "device/service/inbox.h"

enum { CONTROL_ROOM = 16 }; /* for the answer to a packet */

static const char *refusal(uint8_t code) {
    static const char *const texts[] = {
        "the broker does not speak MQTT 3.1.1", "the broker refused the client name",
        "the broker is not available", "the broker refused user name or password",
        "the broker refused user name or password, or this client"};
    return code >= 1 && code <= 5 ? texts[code - 1] : "the broker refused";
}

static void take_message(struct device *d, const struct mqtt_packet *p) {
    struct mqtt *m = &d->mqtt;
    char topic[MQTT_TOPIC_IN + 1];
    if (p->topic.size > MQTT_TOPIC_IN || p->payload.size > MQTT_PAYLOAD_IN) {
        device_log(d, LOG_WARN, "mqtt", "a message too long to take was dropped");
        return;
    }
    memcpy(topic, p->topic.data, p->topic.size);
    topic[p->topic.size] = '\0';
    m->in[(size_t)(p->payload.data - m->in) + p->payload.size] = '\0';
    m->received++;
    device_on_mqtt(d, topic, (const char *)p->payload.data);
}

static void answer(struct mqtt *m, enum mqtt_type type, uint16_t id) {
    size_t room;
    uint8_t *at = client_control_end(m, &room);
    client_control_add(m, mqtt_ack_encode(type, id, at, room));
}

static void take_publish(struct device *d, const struct mqtt_packet *p, bool cut) {
    struct mqtt *m = &d->mqtt;
    struct mqtt_packet packet = *p;
    if (p->qos)
        answer(m, p->qos == 1 ? MQTT_PUBACK : MQTT_PUBREC, p->id);
    if (cut)
        device_log(d, LOG_WARN, "mqtt", "a message too long to take was dropped");
    else
        take_message(d, &packet);
}

static void take_acknowledgement(struct device *d, uint16_t id) {
    struct mqtt *m = &d->mqtt;
    if (m->lengthy.busy && m->lengthy.id == id)
        m->lengthy.busy = false;
    else
        queue_acknowledge(m, id);
}

/* A packet in the phase UP. */
static void take_packet(struct device *d, const struct mqtt_packet *p, bool cut) {
    switch (p->type) {
    case MQTT_PUBLISH:
        take_publish(d, p, cut);
        break;
    case MQTT_PUBACK:
        take_acknowledgement(d, p->id);
        break;
    case MQTT_PUBREC:
        answer(&d->mqtt, MQTT_PUBREL, p->id);
        break;
    case MQTT_PUBREL:
        answer(&d->mqtt, MQTT_PUBCOMP, p->id);
        break;
    case MQTT_SUBACK:
        if (p->code == 0x80)
            device_log(d, LOG_WARN, "mqtt", "the broker refused a subscription");
        break;
    case MQTT_PUBCOMP:
    case MQTT_PINGRESP:
        break;
    default:
        client_lost(d, "the broker sent a packet that only clients send");
    }
}

static void packet_arrived(struct device *d) {
    struct mqtt *m = &d->mqtt;
    struct mqtt_packet p;
    if (mqtt_decode(m->reader.first, m->in, mqtt_reader_size(&m->reader), m->reader.cut, &p,
                    NULL) != STATUS_OK) {
        client_lost(d, "the broker sent something that is not MQTT");
        return;
    }
    if (m->phase == MQTT_UP) {
        take_packet(d, &p, m->reader.cut);
        return;
    }
    if (p.type != MQTT_CONNACK)
        client_lost(d, "the broker did not answer the greeting");
    else if (p.code)
        client_lost(d, refusal(p.code));
    else
        client_came_up(d);
}

static bool alive(const struct mqtt *m, int stream) {
    return m->stream == stream && m->phase >= MQTT_GREETING;
}

/* Takes bytes as long as there is room for the answers to them. */
size_t client_take(struct device *d, int stream, const uint8_t *data, size_t size) {
    struct mqtt *m = &d->mqtt;
    size_t taken = 0, used;
    m->heard_ms = d->now_ms;
    m->ping_sent = false;
    while (taken < size && alive(m, stream)) {
        if (sizeof m->control - m->control_used < CONTROL_ROOM) {
            client_pump(d);
            if (sizeof m->control - m->control_used < CONTROL_ROOM)
                return taken;
        }
        enum mqtt_found found = mqtt_feed(&m->reader, data + taken, size - taken, &used);
        taken += used;
        if (found == MQTT_FOUND_NONSENSE)
            client_lost(d, "the broker sent something that is not MQTT");
        else if (found == MQTT_FOUND_PACKET)
            packet_arrived(d);
    }
    if (alive(m, stream))
        client_pump(d);
    return alive(m, stream) ? taken : size;
}
