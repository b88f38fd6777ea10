/* Moving bytes from the queues to the stream: control packets first, then messages, each whole
 * before anything else goes out. */
#include "device/service/mqtt/parts.h"

bool client_control_add(struct mqtt *m, size_t size) {
    m->control_used = (uint16_t)(m->control_used + size);
    return size != 0;
}

uint8_t *client_control_end(struct mqtt *m, size_t *room) {
    *room = sizeof m->control - m->control_used;
    return m->control + m->control_used;
}

/* Writes from the front of `data`; true when all `size` bytes are out. */
static bool write_all(struct device *d, const uint8_t *data, size_t size) {
    struct mqtt *m = &d->mqtt;
    size_t n = service_write(d, m->stream, data + m->partial, size - m->partial);
    if (n)
        m->spoke_ms = d->now_ms;
    m->partial = (uint16_t)(m->partial + n);
    if (m->partial < size)
        return false;
    m->partial = 0;
    return true;
}

static bool pump_control(struct device *d) {
    struct mqtt *m = &d->mqtt;
    m->sending = SEND_CONTROL;
    if (!write_all(d, m->control, m->control_used)) {
        memmove(m->control, m->control + m->partial, (size_t)(m->control_used - m->partial));
        m->control_used = (uint16_t)(m->control_used - m->partial);
        m->partial = 0;
        return false;
    }
    m->control_used = 0;
    m->sending = SEND_NOTHING;
    return true;
}

static bool pump_queue(struct device *d) {
    struct mqtt *m = &d->mqtt;
    size_t size;
    uint8_t *packet = queue_front(m, &size);
    if (!packet)
        return false;
    m->sending = SEND_QUEUE;
    if (!write_all(d, packet, size))
        return false;
    queue_sent(m);
    m->sending = SEND_NOTHING;
    return true;
}

/* Control packets may be cut anywhere between two calls, because nothing but their own rest follows
 * them; a message of the queue is finished before anything else. */
void client_pump(struct device *d) {
    struct mqtt *m = &d->mqtt;
    for (bool more = true; more && m->stream >= 0 && m->phase >= MQTT_GREETING;) {
        if (m->sending == SEND_QUEUE)
            more = pump_queue(d);
        else if (lengthy_half_sent(m))
            more = lengthy_pump(d);
        else if (m->control_used)
            more = pump_control(d);
        else if (m->phase == MQTT_UP)
            more = pump_queue(d) || (m->sending == SEND_NOTHING && lengthy_pump(d));
        else
            more = false;
    }
}
