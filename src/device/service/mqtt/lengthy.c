/* A message too long for the queue, made piece by piece while it is sent. Its pieces are made
 * twice: once for the length, which MQTT wants first, and once for the bytes. When what they are
 * made from changed in between, the connection is given up rather than sending a message that lies.
 */
#include "device/service/mqtt/parts.h"

static uint32_t measure(struct device *d, mqtt_piece *piece, char *buffer) {
    uint32_t length = 0;
    bool more = true;
    for (unsigned step = 0; more; step++) {
        struct text t = text_start(buffer, MQTT_PIECE);
        more = piece(d, step, &t);
        length += (uint32_t)t.length;
    }
    return length;
}

/* Tests and the console see it whole, when it is not longer than they can take. */
static void show(struct device *d, const char *topic, mqtt_piece *piece, uint32_t length) {
    if (!d->outlet.piece)
        return;
    bool more = true;
    char *buffer = (char *)d->mqtt.lengthy.data;
    for (unsigned step = 0; more; step++) {
        struct text t = text_start(buffer, MQTT_PIECE);
        more = piece(d, step, &t);
        d->outlet.piece(d->outlet.context, topic, buffer, length, more);
    }
}

bool mqtt_publish_lengthy(struct device *d, const char *topic, mqtt_piece *piece) {
    struct mqtt *m = &d->mqtt;
    if (m->lengthy.busy)
        return false;
    struct text t = text_start(m->lengthy.topic, sizeof m->lengthy.topic);
    text_add(&t, topic);
    m->lengthy.length = measure(d, piece, (char *)m->lengthy.data);
    show(d, topic, piece, m->lengthy.length);
    m->published++;
    if (m->carried || t.truncated)
        return true;
    m->lengthy.busy = true;
    m->lengthy.piece = piece;
    m->lengthy.id = mqtt_new_id(m);
    m->lengthy.step = m->lengthy.used = m->lengthy.written = 0;
    m->lengthy.made = 0;
    m->lengthy.begun = m->lengthy.made_all = false;
    m->lengthy.sent_ms = 0;
    client_pump(d);
    return true;
}

bool mqtt_lengthy_busy(const struct device *d) {
    return d->mqtt.lengthy.busy;
}

bool lengthy_half_sent(const struct mqtt *m) {
    return m->lengthy.busy && m->lengthy.begun && !m->lengthy.sent_ms;
}

/* The next bytes into the buffer; false when they would not add up to the promised length. */
static bool refill(struct device *d) {
    struct mqtt *m = &d->mqtt;
    m->lengthy.written = 0;
    if (!m->lengthy.begun) {
        m->lengthy.begun = true;
        m->lengthy.used =
            (uint16_t)mqtt_publish_head_encode(m->lengthy.topic, 1, true, m->lengthy.id,
                                               m->lengthy.length, m->lengthy.data, MQTT_PIECE);
        return m->lengthy.used != 0;
    }
    struct text t = text_start((char *)m->lengthy.data, MQTT_PIECE);
    m->lengthy.made_all = !m->lengthy.piece(d, m->lengthy.step++, &t);
    m->lengthy.used = (uint16_t)t.length;
    m->lengthy.made += (uint32_t)t.length;
    return m->lengthy.made_all ? m->lengthy.made == m->lengthy.length
                               : m->lengthy.made <= m->lengthy.length;
}

bool lengthy_pump(struct device *d) {
    struct mqtt *m = &d->mqtt;
    if (!m->lengthy.busy || m->lengthy.sent_ms)
        return false;
    if (m->lengthy.written == m->lengthy.used && m->lengthy.made_all) {
        m->lengthy.sent_ms = d->now_ms ? d->now_ms : 1;
        return true;
    }
    if (m->lengthy.written == m->lengthy.used && !refill(d)) {
        client_lost(d, "the configuration changed while it was announced");
        return false;
    }
    size_t n = service_write(d, m->stream, m->lengthy.data + m->lengthy.written,
                             (size_t)(m->lengthy.used - m->lengthy.written));
    m->lengthy.written = (uint16_t)(m->lengthy.written + n);
    if (n)
        m->spoke_ms = d->now_ms;
    return m->lengthy.written == m->lengthy.used;
}
