/* MQTT 3.1.1 packets: building them, cutting a byte stream into them, and reading them, from the
 * client's and from the broker's side.
 * Source: OASIS, MQTT Version 3.1.1 (mqtt-v3.1.1-os). */
#ifndef CODEC_NET_MQTT_H
#define CODEC_NET_MQTT_H
#include "base/bytes.h"
#include "base/status.h"

enum mqtt_type {
    MQTT_CONNECT = 1,
    MQTT_CONNACK,
    MQTT_PUBLISH,
    MQTT_PUBACK,
    MQTT_PUBREC,
    MQTT_PUBREL,
    MQTT_PUBCOMP,
    MQTT_SUBSCRIBE,
    MQTT_SUBACK,
    MQTT_UNSUBSCRIBE,
    MQTT_UNSUBACK,
    MQTT_PINGREQ,
    MQTT_PINGRESP,
    MQTT_DISCONNECT,
};

enum {
    MQTT_REMAINING_MAX = 268435455, /* what four length bytes can say */
    MQTT_HEAD_MAX = 5,              /* type byte and length */
};

/* What a client says first. Texts may be NULL: absent. */
struct mqtt_hello {
    const char *client, *user, *password;
    const char *will_topic, *will_payload;
    uint8_t will_qos;
    bool will_retain, clean;
    uint16_t keep_alive_s;
};

/* Encoders return the length written, 0 when it does not fit or cannot be said in MQTT (a text
 * above 65535 bytes, QoS above 2, an identifier 0 where one is needed). */
size_t mqtt_connect_encode(const struct mqtt_hello *hello, uint8_t *buffer, size_t size);
/* Everything of a PUBLISH before its `length` bytes of payload. */
size_t mqtt_publish_head_encode(const char *topic, uint8_t qos, bool retain, uint16_t id,
                                size_t length, uint8_t *buffer, size_t size);
size_t mqtt_subscribe_encode(const char *const *filters, unsigned count, uint8_t qos, uint16_t id,
                             uint8_t *buffer, size_t size);
/* PUBACK, PUBREC, PUBREL, PUBCOMP, UNSUBACK. */
size_t mqtt_ack_encode(enum mqtt_type type, uint16_t id, uint8_t *buffer, size_t size);
size_t mqtt_connack_encode(bool session, uint8_t code, uint8_t *buffer, size_t size);
size_t mqtt_suback_encode(uint16_t id, const uint8_t *codes, unsigned count, uint8_t *buffer,
                          size_t size);
/* PINGREQ, PINGRESP, DISCONNECT. */
size_t mqtt_bare_encode(enum mqtt_type type, uint8_t *buffer, size_t size);

/* A packet, pointing into the bytes it was read from. */
struct mqtt_packet {
    enum mqtt_type type;
    bool duplicate, retain, session;
    uint8_t qos, code; /* code: of CONNACK, first of SUBACK */
    uint16_t id;
    struct span topic;   /* PUBLISH; CONNECT: will topic */
    struct span payload; /* PUBLISH, SUBSCRIBE (filters), SUBACK (codes); CONNECT: will payload */
    struct span client, user, password; /* CONNECT */
    bool has_will, has_user, has_password, clean;
    uint16_t keep_alive_s;
};

/* Reads the body of a packet whose first byte was `first`. BAD_VALUE for reserved bits and types,
 * TRUNCATED when a field runs past the end, BAD_LENGTH for bytes too many. `cut`: the body is only
 * the beginning of a longer packet (see mqtt_feed); of a PUBLISH topic and identifier can be read
 * then. */
enum status mqtt_decode(uint8_t first, const uint8_t *body, size_t size, bool cut,
                        struct mqtt_packet *out, struct fault *fault);
/* Walks the filters in the payload of a SUBSCRIBE: *at starts at 0; false at the end or when
 * damaged. */
bool mqtt_filter_next(struct span payload, size_t *at, struct span *filter, uint8_t *qos);
/* Does the topic match the filter ('+' and '#')? */
bool mqtt_topic_matches(struct span filter, struct span topic);

/* Cuts a stream into packets. `keep` bytes of each body are kept; of a longer one the rest is
 * swallowed and `cut` is set. */
struct mqtt_reader {
    uint8_t *body;
    size_t keep;
    uint32_t length, got; /* of the body */
    uint8_t first, phase, shift;
    bool cut;
};
struct mqtt_reader mqtt_reader_start(uint8_t *body, size_t keep);
enum mqtt_found { MQTT_FOUND_NOTHING, MQTT_FOUND_PACKET, MQTT_FOUND_NONSENSE };
/* Takes bytes up to the end of a packet; *used says how many. On PACKET: reader->first,
 * reader->body, mqtt_reader_size, reader->cut. NONSENSE: the stream cannot be MQTT any more. */
enum mqtt_found mqtt_feed(struct mqtt_reader *reader, const uint8_t *data, size_t size,
                          size_t *used);
size_t mqtt_reader_size(const struct mqtt_reader *reader);
#endif
