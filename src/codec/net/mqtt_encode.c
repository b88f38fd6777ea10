/* Building MQTT packets; see mqtt.h. */
#include "codec/net/mqtt.h"

/* A buffer that is filled from the left; a packet that does not fit has `bad` set. */
struct build {
    uint8_t *data;
    size_t size, at;
    bool bad;
};

static void put_bytes(struct build *b, const void *bytes, size_t length) {
    if (b->bad || !bytes_inside(b->size, b->at, length)) {
        b->bad = true;
        return;
    }
    if (length)
        memcpy(b->data + b->at, bytes, length);
    b->at += length;
}

static void put_u8(struct build *b, unsigned value) {
    uint8_t byte = (uint8_t)value;
    put_bytes(b, &byte, 1);
}

static void put_u16(struct build *b, unsigned value) {
    put_u8(b, value >> 8);
    put_u8(b, value);
}

static void put_text(struct build *b, const char *text) {
    size_t length = strlen(text);
    if (length > UINT16_MAX) {
        b->bad = true;
        return;
    }
    put_u16(b, (unsigned)length);
    put_bytes(b, text, length);
}

static void put_head(struct build *b, unsigned first, size_t remaining) {
    put_u8(b, first);
    b->bad |= remaining > MQTT_REMAINING_MAX;
    do {
        put_u8(b, (unsigned)(remaining & 0x7F) | (remaining > 0x7F ? 0x80U : 0));
        remaining >>= 7;
    } while (remaining);
}

static size_t built(const struct build *b) {
    return b->bad ? 0 : b->at;
}

static size_t text_size(const char *text) {
    return text ? 2 + strlen(text) : 0;
}

static unsigned connect_flags(const struct mqtt_hello *h) {
    unsigned flags = h->clean ? 2U : 0;
    if (h->will_topic)
        flags |= 4U | (h->will_qos & 3U) << 3 | (h->will_retain ? 0x20U : 0);
    return flags | (h->password ? 0x40U : 0) | (h->user ? 0x80U : 0);
}

size_t mqtt_connect_encode(const struct mqtt_hello *h, uint8_t *buffer, size_t size) {
    struct build b = {buffer, size, 0, h->will_qos > 2 || (h->password && !h->user)};
    const char *const texts[] = {h->client ? h->client : "", h->will_topic,
                                 h->will_topic && !h->will_payload ? "" : h->will_payload, h->user,
                                 h->password};
    size_t remaining = 10;
    for (unsigned i = 0; i < 5; i++)
        remaining += text_size(texts[i]);
    put_head(&b, MQTT_CONNECT << 4, remaining);
    put_text(&b, "MQTT");
    put_u8(&b, 4);
    put_u8(&b, connect_flags(h));
    put_u16(&b, h->keep_alive_s);
    for (unsigned i = 0; i < 5; i++)
        if (texts[i])
            put_text(&b, texts[i]);
    return built(&b);
}

size_t mqtt_publish_head_encode(const char *topic, uint8_t qos, bool retain, uint16_t id,
                                size_t length, uint8_t *buffer, size_t size) {
    struct build b = {buffer, size, 0, qos > 2 || (qos && !id) || length > MQTT_REMAINING_MAX};
    unsigned first = MQTT_PUBLISH << 4 | (qos & 3U) << 1 | (retain ? 1U : 0);
    put_head(&b, first, text_size(topic) + (qos ? 2 : 0) + length);
    put_text(&b, topic);
    if (qos)
        put_u16(&b, id);
    return built(&b);
}

size_t mqtt_subscribe_encode(const char *const *filters, unsigned count, uint8_t qos, uint16_t id,
                             uint8_t *buffer, size_t size) {
    struct build b = {buffer, size, 0, qos > 2 || !id || !count};
    size_t remaining = 2;
    for (unsigned i = 0; i < count; i++)
        remaining += text_size(filters[i]) + 1;
    put_head(&b, MQTT_SUBSCRIBE << 4 | 2, remaining);
    put_u16(&b, id);
    for (unsigned i = 0; i < count; i++) {
        put_text(&b, filters[i]);
        put_u8(&b, qos);
    }
    return built(&b);
}

size_t mqtt_ack_encode(enum mqtt_type type, uint16_t id, uint8_t *buffer, size_t size) {
    struct build b = {buffer, size, 0, !id};
    put_head(&b, (unsigned)type << 4 | (type == MQTT_PUBREL ? 2U : 0), 2);
    put_u16(&b, id);
    return built(&b);
}

size_t mqtt_connack_encode(bool session, uint8_t code, uint8_t *buffer, size_t size) {
    struct build b = {buffer, size, 0, false};
    put_head(&b, MQTT_CONNACK << 4, 2);
    put_u8(&b, session);
    put_u8(&b, code);
    return built(&b);
}

size_t mqtt_suback_encode(uint16_t id, const uint8_t *codes, unsigned count, uint8_t *buffer,
                          size_t size) {
    struct build b = {buffer, size, 0, !id};
    put_head(&b, MQTT_SUBACK << 4, 2U + count);
    put_u16(&b, id);
    put_bytes(&b, codes, count);
    return built(&b);
}

size_t mqtt_bare_encode(enum mqtt_type type, uint8_t *buffer, size_t size) {
    struct build b = {buffer, size, 0, false};
    put_head(&b, (unsigned)type << 4, 0);
    return built(&b);
}
