/* Messages on their way to the broker, as finished packets in one buffer: header, packet, header,
 * packet … A message of QoS 1 stays until it is acknowledged and goes again after a reconnect; one
 * of QoS 0 leaves as soon as it is sent. When there is no room, the oldest that does not lie half
 * sent on the stream makes way. */
#include "device/service/mqtt/parts.h"

/* Before each packet: size u16, identifier u16 (0: QoS 0), sent u8. */
enum { HEADER = 5 };

static size_t record_size(const uint8_t *record) {
    return HEADER + (size_t)load_le16(record);
}

void queue_clear(struct mqtt *m) {
    m->queue_used = m->queue_next = 0;
}

size_t queue_room(const struct mqtt *m) {
    return sizeof m->queue - m->queue_used;
}

uint16_t mqtt_new_id(struct mqtt *m) {
    if (++m->next_id == 0)
        m->next_id = 1;
    return m->next_id;
}

static void cut_out(struct mqtt *m, uint16_t at) {
    uint16_t size = (uint16_t)record_size(m->queue + at);
    memmove(m->queue + at, m->queue + at + size, (size_t)(m->queue_used - at - size));
    m->queue_used = (uint16_t)(m->queue_used - size);
    if (at < m->queue_next)
        m->queue_next = (uint16_t)(m->queue_next - size);
}

/* Is the front record half written? It must stay. */
static bool half_sent(const struct mqtt *m, uint16_t at) {
    return m->partial && m->sending && at == m->queue_next;
}

static bool push_out_oldest(struct mqtt *m) {
    uint16_t at = 0;
    if (m->queue_used && half_sent(m, at))
        at = (uint16_t)record_size(m->queue);
    if (at >= m->queue_used)
        return false;
    cut_out(m, at);
    m->dropped++;
    return true;
}

bool queue_add(struct mqtt *m, const char *topic, const char *payload, size_t length, uint8_t qos,
               bool retain) {
    size_t most = HEADER + MQTT_HEAD_MAX + 4 + strlen(topic) + length;
    if (most > sizeof m->queue / 2 + sizeof m->queue / 4)
        return false;
    while (queue_room(m) < most)
        if (!push_out_oldest(m))
            return false;
    uint16_t id = qos ? mqtt_new_id(m) : 0;
    uint8_t *record = m->queue + m->queue_used, *packet = record + HEADER;
    size_t head =
        mqtt_publish_head_encode(topic, qos, retain, id, length, packet, queue_room(m) - HEADER);
    if (!head)
        return false;
    memcpy(packet + head, payload, length);
    store_le16(record, (uint16_t)(head + length));
    store_le16(record + 2, id);
    record[4] = 0;
    m->queue_used = (uint16_t)(m->queue_used + HEADER + head + length);
    return true;
}

uint8_t *queue_front(struct mqtt *m, size_t *size) {
    if (m->queue_next >= m->queue_used)
        return NULL;
    *size = load_le16(m->queue + m->queue_next);
    return m->queue + m->queue_next + HEADER;
}

void queue_sent(struct mqtt *m) {
    uint8_t *record = m->queue + m->queue_next;
    if (!load_le16(record + 2)) {
        cut_out(m, m->queue_next);
        return;
    }
    record[4] = 1;
    m->queue_next = (uint16_t)(m->queue_next + record_size(record));
}

void queue_acknowledge(struct mqtt *m, uint16_t id) {
    for (uint16_t at = 0; at < m->queue_next;) {
        if (load_le16(m->queue + at + 2) == id) {
            cut_out(m, at);
            return;
        }
        at = (uint16_t)(at + record_size(m->queue + at));
    }
}

void queue_rewind(struct mqtt *m) {
    for (uint16_t at = 0; at < m->queue_next;) {
        m->queue[at + HEADER] |= 8; /* duplicate */
        at = (uint16_t)(at + record_size(m->queue + at));
    }
    m->queue_next = 0;
}

static bool has_topic(const uint8_t *record, const char *topic) {
    struct mqtt_packet p;
    uint8_t byte;
    size_t size = load_le16(record), at = 1, length = strlen(topic);
    do
        byte = record[HEADER + at++];
    while (byte & 0x80 && at < MQTT_HEAD_MAX);
    return mqtt_decode(record[HEADER], record + HEADER + at, size - at, false, &p, NULL) ==
               STATUS_OK &&
           p.topic.size == length && memcmp(p.topic.data, topic, length) == 0;
}

void queue_forget(struct mqtt *m, const char *topic) {
    for (uint16_t at = m->queue_next; at < m->queue_used;) {
        if (!half_sent(m, at) && has_topic(m->queue + at, topic)) {
            cut_out(m, at);
            return;
        }
        at = (uint16_t)(at + record_size(m->queue + at));
    }
}
