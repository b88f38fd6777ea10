/* Cutting a stream into MQTT packets and reading them; see mqtt.h. */
#include "codec/net/mqtt.h"

/* A cursor over the body of a packet. */
struct view {
    const uint8_t *data;
    size_t size, at;
};

static bool take(struct view *v, size_t length, struct span *out) {
    if (!bytes_inside(v->size, v->at, length))
        return false;
    *out = (struct span){v->data + v->at, length};
    v->at += length;
    return true;
}

static bool take_u16(struct view *v, uint16_t *out) {
    struct span s;
    if (!take(v, 2, &s))
        return false;
    *out = load_be16(s.data);
    return true;
}

static bool take_text(struct view *v, struct span *out) {
    uint16_t length;
    return take_u16(v, &length) && take(v, length, out);
}

static bool take_u8(struct view *v, uint8_t *out) {
    struct span s;
    if (!take(v, 1, &s))
        return false;
    *out = s.data[0];
    return true;
}

static enum status short_of(struct view *v, struct fault *f, const char *what) {
    return fault_at(f, STATUS_TRUNCATED, v->at, what);
}

static enum status read_credentials(struct view *v, unsigned flags, struct mqtt_packet *p,
                                    struct fault *f) {
    p->has_will = flags >> 2 & 1;
    p->has_user = flags >> 7 & 1;
    p->has_password = flags >> 6 & 1;
    p->clean = flags >> 1 & 1;
    if (!take_text(v, &p->client))
        return short_of(v, f, "a client identifier");
    if (p->has_will && (!take_text(v, &p->topic) || !take_text(v, &p->payload)))
        return short_of(v, f, "a will");
    if (p->has_user && !take_text(v, &p->user))
        return short_of(v, f, "a user name");
    if (p->has_password && !take_text(v, &p->password))
        return short_of(v, f, "a password");
    return STATUS_OK;
}

static enum status read_connect(struct view *v, struct mqtt_packet *p, struct fault *f) {
    struct span name;
    uint8_t level, flags;
    if (!take_text(v, &name))
        return short_of(v, f, "the protocol name");
    if (name.size != 4 || memcmp(name.data, "MQTT", 4) != 0)
        return fault_at(f, STATUS_BAD_VALUE, 2, "protocol name MQTT");
    if (!take_u8(v, &level) || !take_u8(v, &flags) || !take_u16(v, &p->keep_alive_s))
        return short_of(v, f, "level, flags and keep-alive");
    if (level != 4)
        return fault_at(f, STATUS_UNSUPPORTED, 6, "protocol level 4");
    p->qos = flags >> 3 & 3;
    p->retain = flags >> 5 & 1;
    if (flags & 1 || p->qos == 3 || (!(flags & 4) && flags & 0x38) || (flags & 0xC0) == 0x40)
        return fault_at(f, STATUS_BAD_VALUE, 7, "flags as the standard allows them");
    return read_credentials(v, flags, p, f);
}

static enum status read_publish(struct view *v, uint8_t first, struct mqtt_packet *p,
                                struct fault *f) {
    p->duplicate = first >> 3 & 1;
    p->qos = first >> 1 & 3;
    p->retain = first & 1;
    if (p->qos == 3)
        return fault_at(f, STATUS_BAD_VALUE, 0, "QoS 0, 1 or 2");
    if (!take_text(v, &p->topic))
        return short_of(v, f, "a topic");
    if (!p->topic.size || bytes_find(p->topic.data, p->topic.size, 0, "", 1) != SIZE_MAX)
        return fault_at(f, STATUS_BAD_VALUE, 2, "a topic without NUL, not empty");
    if (p->qos && !take_u16(v, &p->id))
        return short_of(v, f, "a packet identifier");
    if (p->qos && !p->id)
        return fault_at(f, STATUS_BAD_VALUE, v->at - 2, "a packet identifier that is not 0");
    take(v, v->size - v->at, &p->payload);

    return STATUS_OK;
}

static enum status read_id(struct view *v, struct mqtt_packet *p, struct fault *f) {
    if (!take_u16(v, &p->id))
        return short_of(v, f, "a packet identifier");
    return p->id ? STATUS_OK : fault_at(f, STATUS_BAD_VALUE, 0, "an identifier that is not 0");
}

static enum status read_connack(struct view *v, struct mqtt_packet *p, struct fault *f) {
    uint8_t flags;
    if (!take_u8(v, &flags) || !take_u8(v, &p->code))
        return short_of(v, f, "flags and return code");
    p->session = flags & 1;
    return flags & 0xFE ? fault_at(f, STATUS_BAD_VALUE, 0, "reserved bits 0") : STATUS_OK;
}

static enum status read_list(struct view *v, struct mqtt_packet *p, struct fault *f) {
    enum status status = read_id(v, p, f);
    if (status != STATUS_OK)
        return status;
    take(v, v->size - v->at, &p->payload);
    if (!p->payload.size)
        return short_of(v, f, "at least one entry");
    p->code = p->payload.data[0];
    return STATUS_OK;
}

static enum status read_body(struct view *v, uint8_t first, struct mqtt_packet *p,
                             struct fault *f) {
    switch (p->type) {
    case MQTT_CONNECT:
        return read_connect(v, p, f);
    case MQTT_CONNACK:
        return read_connack(v, p, f);
    case MQTT_PUBLISH:
        return read_publish(v, first, p, f);
    case MQTT_SUBSCRIBE:
    case MQTT_SUBACK:
    case MQTT_UNSUBSCRIBE:
        return read_list(v, p, f);
    case MQTT_PINGREQ:
    case MQTT_PINGRESP:
    case MQTT_DISCONNECT:
        return STATUS_OK;
    default:
        return read_id(v, p, f);
    }
}

/* The low four bits of the first byte, which only PUBLISH may choose. */
static bool flags_good(uint8_t first) {
    unsigned type = first >> 4, flags = first & 15;
    if (type == MQTT_PUBLISH)
        return true;
    bool two = type == MQTT_PUBREL || type == MQTT_SUBSCRIBE || type == MQTT_UNSUBSCRIBE;
    return flags == (two ? 2 : 0);
}

enum status mqtt_decode(uint8_t first, const uint8_t *body, size_t size, bool cut,
                        struct mqtt_packet *out, struct fault *fault) {
    struct view v = {body, size, 0};
    *out = (struct mqtt_packet){.type = (enum mqtt_type)(first >> 4)};
    if (first >> 4 < MQTT_CONNECT || first >> 4 > MQTT_DISCONNECT || !flags_good(first))
        return fault_at(fault, STATUS_BAD_VALUE, 0, "a packet type with its fixed flags");
    enum status status = read_body(&v, first, out, fault);
    if (status == STATUS_OK && v.at != size)
        return fault_at(fault, STATUS_BAD_LENGTH, v.at, "the end of the packet");
    if (status == STATUS_OK && cut && out->type != MQTT_PUBLISH)
        return fault_at(fault, STATUS_BAD_LENGTH, size, "a shorter packet");
    return status;
}

bool mqtt_filter_next(struct span payload, size_t *at, struct span *filter, uint8_t *qos) {
    struct view v = {payload.data, payload.size, *at};
    if (v.at >= v.size || !take_text(&v, filter) || !take_u8(&v, qos))
        return false;
    *at = v.at;
    return true;
}

bool mqtt_topic_matches(struct span filter, struct span topic) {
    size_t f = 0, t = 0;
    if (filter.size && topic.size && topic.data[0] == '$' && filter.data[0] != '$')
        return false; /* wildcards do not reach the broker's own topics */
    while (f < filter.size) {
        uint8_t c = filter.data[f];
        if (c == '#')
            return true;
        if (c == '+') {
            while (t < topic.size && topic.data[t] != '/')
                t++;
            f++;
            continue;
        }
        if (t == topic.size) /* "a/#" also means "a" */
            return filter.size - f == 2 && c == '/' && filter.data[f + 1] == '#';
        if (topic.data[t++] != c)
            return false;
        f++;
    }
    return t == topic.size;
}

enum phase { PHASE_FIRST, PHASE_LENGTH, PHASE_BODY };

struct mqtt_reader mqtt_reader_start(uint8_t *body, size_t keep) {
    return (struct mqtt_reader){.body = body, .keep = keep};
}

size_t mqtt_reader_size(const struct mqtt_reader *r) {
    return r->length < r->keep ? r->length : r->keep;
}

static enum mqtt_found head_byte(struct mqtt_reader *r, uint8_t byte) {
    if (r->phase == PHASE_FIRST) {
        r->first = byte;
        r->length = r->got = 0;
        r->shift = 0;
        r->phase = PHASE_LENGTH;
        return flags_good(byte) && byte >> 4 && byte >> 4 <= MQTT_DISCONNECT ? MQTT_FOUND_NOTHING
                                                                             : MQTT_FOUND_NONSENSE;
    }
    r->length |= (uint32_t)(byte & 0x7F) << r->shift;
    r->shift = (uint8_t)(r->shift + 7);
    if (byte & 0x80)
        return r->shift > 21 ? MQTT_FOUND_NONSENSE : MQTT_FOUND_NOTHING;
    r->cut = r->length > r->keep;
    r->phase = r->length ? PHASE_BODY : PHASE_FIRST;
    return r->length ? MQTT_FOUND_NOTHING : MQTT_FOUND_PACKET;
}

static size_t body_bytes(struct mqtt_reader *r, const uint8_t *data, size_t size) {
    size_t wanted = r->length - r->got, room = r->got < r->keep ? r->keep - r->got : 0;
    size_t taken = size < wanted ? size : wanted, kept = taken < room ? taken : room;
    if (kept)
        memcpy(r->body + r->got, data, kept);
    r->got += (uint32_t)taken;
    return taken;
}

enum mqtt_found mqtt_feed(struct mqtt_reader *r, const uint8_t *data, size_t size, size_t *used) {
    *used = 0;
    while (*used < size) {
        if (r->phase != PHASE_BODY) {
            enum mqtt_found found = head_byte(r, data[(*used)++]);
            if (found != MQTT_FOUND_NOTHING)
                return found;
            continue;
        }
        *used += body_bytes(r, data + *used, size - *used);
        if (r->got == r->length) {
            r->phase = PHASE_FIRST;
            return MQTT_FOUND_PACKET;
        }
    }
    return MQTT_FOUND_NOTHING;
}
