/* The connection to the broker: when to try, the greeting, keep-alive, and moving bytes between the
 * stream and the queues. A broker that is silent is noticed by a ping after 30 s without a word
 * from it (sooner when a message is waiting for its acknowledgement) and given up 10 s later;
 * opening and greeting have 10 s each. Tries are 1, 2, 4, 4 … s apart during the first five
 * minutes and 30 s later on, each between half and the whole of that by chance, so that a thousand
 * plugs do not come back in the same moment. */
#include "device/service/mqtt/parts.h"

#include "base/crc.h"
#include "device/script/events.h"
#include "device/service/inbox.h"
#include "device/store/files.h"

enum {
    OPEN_MS = 10000,
    GREET_MS = 10000,
    QUIET_MS = 30000,
    PONG_MS = 10000,
    KEEP_ALIVE_S = 100,
    FIRST_TRY_MS = 1000,
    TRY_MOST_MS = 4000,
    TRY_LATE_MS = 30000,
    LATE_MS = 300000,
    CONTROL_ROOM = 16, /* for the answer to a packet */
    CARRIED_FIRST_S = 13,
    CARRIED_S = 15,
};

enum sending { SEND_NOTHING, SEND_CONTROL, SEND_QUEUE };

static uint32_t settings_hash(const struct device *d) {
    const struct obk_config *c = &d->config;
    const struct {
        const void *data;
        size_t size;
    } parts[] = {{c->mqtt_host, sizeof c->mqtt_host},
                 {c->mqtt_client_id, sizeof c->mqtt_client_id},
                 {c->mqtt_user, sizeof c->mqtt_user},
                 {c->mqtt_pass, sizeof c->mqtt_pass},
                 {c->mqtt_group, sizeof c->mqtt_group},
                 {&c->mqtt_port, sizeof c->mqtt_port},
                 {&c->mqtt_use_tls, sizeof c->mqtt_use_tls},
                 {&c->mqtt_verify_tls, sizeof c->mqtt_verify_tls},
                 {c->mqtt_cert, sizeof c->mqtt_cert}};
    uint32_t hash = FNV1A_START;
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        hash = fnv1a_update(hash, parts[i].data, parts[i].size);
    return hash;
}

static void enter(struct device *d, enum mqtt_phase phase) {
    d->mqtt.phase = (uint8_t)phase;
    d->mqtt.since_ms = d->now_ms;
}

/* How long until the next try. */
static uint64_t back_off(const struct device *d) {
    const struct mqtt *m = &d->mqtt;
    uint64_t most = (uint64_t)FIRST_TRY_MS << (m->failures < 4 ? m->failures : 4);
    if (most > TRY_MOST_MS)
        most = TRY_MOST_MS;
    if (m->failures > 4 && d->now_ms - m->lost_ms > LATE_MS)
        most = TRY_LATE_MS;
    uint32_t chance = d->hal.random ? d->hal.random(d->hal.context) : 0;
    return most / 2 + chance % (most / 2 + 1);
}

static void set_disconnected(struct device *d) {
    if (d->mqtt_connected) {
        d->mqtt_connected = false;
        events_fire(d, EVENT_MQTT_STATE, 0, 0, 0);
    }
}

/* Clears what belongs to one connection. */
static void forget_stream(struct mqtt *m) {
    m->stream = -1;
    m->control_used = 0;
    m->partial = 0;
    m->sending = SEND_NOTHING;
    m->ping_sent = false;
    m->lengthy.busy = false;
    queue_rewind(m);
}

/* The connection is over; the next try is planned. `why` in words. */
void client_lost(struct device *d, const char *why) {
    struct mqtt *m = &d->mqtt;
    bool was_up = m->phase == MQTT_UP;
    if (m->stream >= 0)
        service_close(d, m->stream);
    forget_stream(m);
    if (was_up || !m->lost_ms)
        m->lost_ms = d->now_ms;
    m->failures = was_up ? 0 : (uint8_t)(m->failures < 250 ? m->failures + 1 : 250);
    if (was_up || m->last_error != why)
        device_log2(d, LOG_WARN, "mqtt", was_up ? "connection lost: " : "not connected: ", why);
    m->last_error = why;
    m->wait_ms = back_off(d);
    enter(d, MQTT_WAITING);
    set_disconnected(d);
}

static bool wanted(const struct device *d) {
    return d->config.mqtt_host[0] && d->wifi == HAL_WIFI_CONNECTED && d->hal.tcp_connect &&
           !d->mqtt.carried && !d->safe;
}

static bool control_add(struct mqtt *m, size_t size) {
    m->control_used = (uint16_t)(m->control_used + size);
    return size != 0;
}

static uint8_t *control_end(struct mqtt *m, size_t *room) {
    *room = sizeof m->control - m->control_used;
    return m->control + m->control_used;
}

static void will_topic(const struct device *d, char *buffer, size_t size) {
    struct text t = text_start(buffer, size);
    text_add(&t, d->config.mqtt_client_id);
    text_add(&t, "/connected");
}

static void greet(struct device *d) {
    const struct obk_config *c = &d->config;
    char will[80];
    size_t room;
    uint8_t *at = control_end(&d->mqtt, &room);
    will_topic(d, will, sizeof will);
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
    control_add(&d->mqtt, mqtt_connect_encode(&hello, at, room));
    enter(d, MQTT_GREETING);
    client_pump(d);
}

/* One filter per packet keeps the buffers small; brokers answer them in order. */
static void subscribe_one(struct device *d, const char *before, const char *name,
                          const char *after) {
    char filter[96];
    const char *const filters[] = {filter};
    struct text t = text_start(filter, sizeof filter);
    size_t room;
    uint8_t *at = control_end(&d->mqtt, &room);
    if (!*name)
        return;
    text_add(&t, before);
    text_add(&t, name);
    text_add(&t, after);
    control_add(&d->mqtt, mqtt_subscribe_encode(filters, 1, 1, mqtt_new_id(&d->mqtt), at, room));
}

static void subscribe(struct device *d) {
    const struct obk_config *c = &d->config;
    subscribe_one(d, "", c->mqtt_client_id, "/+/set");
    subscribe_one(d, "", c->mqtt_group, "/+/set");
    subscribe_one(d, "cmnd/", c->mqtt_client_id, "/+");
    subscribe_one(d, "cmnd/", c->mqtt_group, "/+");
    subscribe_one(d, "", c->mqtt_client_id, "/+/get");
    subscribe_one(d, "homeassistant/", "+", "");
}

/* "online" goes before whatever waited while there was no connection. */
static void say_online(struct device *d) {
    struct mqtt *m = &d->mqtt;
    char topic[80];
    size_t room, head;
    uint8_t *at = control_end(m, &room);
    will_topic(d, topic, sizeof topic);
    m->published++;
    if (d->outlet.publish)
        d->outlet.publish(d->outlet.context, topic, "online", 2, true);
    if (m->carried)
        return;
    head = mqtt_publish_head_encode(topic, 2, true, mqtt_new_id(m), 6, at, room);
    if (!head || room - head < 6)
        return;
    memcpy(at + head, "online", 6);
    control_add(m, head + 6);
}

static void came_up(struct device *d) {
    struct mqtt *m = &d->mqtt;
    m->connects++;
    m->failures = 0;
    m->last_error = "";
    enter(d, MQTT_UP);
    device_log2(d, LOG_INFO, "mqtt", "connected to ", m->carried ? "" : d->config.mqtt_host);
    if (!m->carried)
        subscribe(d);
    d->mqtt_connected = true;
    say_online(d);
    light_values_forget(d);
    events_fire(d, EVENT_MQTT_STATE, 1, 0, 0);
    broadcast_connected(d);
    discovery_connected(d);
    client_pump(d);
}

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
    uint8_t *at = control_end(m, &room);
    control_add(m, mqtt_ack_encode(type, id, at, room));
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
        came_up(d);
}

static bool alive(const struct mqtt *m, int stream) {
    return m->stream == stream && m->phase >= MQTT_GREETING;
}

/* Takes bytes as long as there is room for the answers to them. */
static size_t take_bytes(struct device *d, int stream, const uint8_t *data, size_t size) {
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

static size_t on_stream(struct device *d, int stream, enum hal_stream_event event, const void *data,
                        size_t size) {
    struct mqtt *m = &d->mqtt;
    if (stream != m->stream)
        return size;
    switch (event) {
    case HAL_STREAM_OPEN:
        m->heard_ms = d->now_ms;
        greet(d);
        break;
    case HAL_STREAM_DATA:
        return m->phase >= MQTT_GREETING ? take_bytes(d, stream, data, size) : size;
    case HAL_STREAM_WRITABLE:
        client_pump(d);
        break;
    case HAL_STREAM_CLOSED:
        m->stream = -1;
        client_lost(d, data                       ? data
                       : m->phase == MQTT_OPENING ? "no connection to that address"
                                                  : "the broker closed the connection");
        break;
    }
    return size;
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

/* The certificate that the settings name, read into the buffer of what comes in: nothing comes in
 * yet. NULL, or what is wrong. */
static const char *certificate(struct device *d, struct hal_tls *tls) {
    struct store_file_info file;
    struct mqtt *m = &d->mqtt;
    tls->verify = d->config.mqtt_verify_tls;
    if (!tls->verify || !d->config.mqtt_cert[0])
        return NULL;
    if (store_file_find(&d->store, d->config.mqtt_cert, &file) != STATUS_OK)
        return "the file named by mqtt_cert is missing";
    if (file.size >= sizeof m->in)
        return "the file named by mqtt_cert is longer than 2 KiB";
    tls->ca_size = store_file_read(&d->store, &file, 0, m->in, sizeof m->in - 1);
    m->in[tls->ca_size] = '\0';
    tls->ca = (const char *)m->in;
    return NULL;
}

static void open_stream(struct device *d) {
    const struct obk_config *c = &d->config;
    struct mqtt *m = &d->mqtt;
    struct hal_tls tls = {false, NULL, 0};
    const char *why = c->mqtt_use_tls ? certificate(d, &tls) : NULL;
    m->settings_hash = settings_hash(d);
    if (!why) {
        m->stream = (int16_t)service_connect(d, &mqtt_service, c->mqtt_host, (uint16_t)c->mqtt_port,
                                             c->mqtt_use_tls ? &tls : NULL);
        if (m->stream < 0)
            why = c->mqtt_use_tls ? "this platform has no TLS, or no stream is free"
                                  : "no stream is free";
    }
    enter(d, MQTT_OPENING);
    if (why)
        client_lost(d, why);
}

static bool waits_for_acknowledgement(const struct mqtt *m) {
    return m->queue_next > 0 || m->lengthy.sent_ms;
}

static void ping(struct device *d) {
    struct mqtt *m = &d->mqtt;
    size_t room;
    uint8_t *at = control_end(m, &room);
    m->ping_sent = control_add(m, mqtt_bare_encode(MQTT_PINGREQ, at, room));
    m->ping_ms = d->now_ms;
    client_pump(d);
}

static void watch(struct device *d) {
    struct mqtt *m = &d->mqtt;
    uint64_t quiet = d->now_ms - m->heard_ms;
    if (m->ping_sent && d->now_ms - m->ping_ms >= PONG_MS)
        client_lost(d, "the broker has gone silent");
    else if (!m->ping_sent &&
             (quiet >= QUIET_MS || (waits_for_acknowledgement(m) && quiet >= PONG_MS)))
        ping(d);
}

static void stop(struct device *d) {
    struct mqtt *m = &d->mqtt;
    if (m->stream >= 0 && m->phase == MQTT_UP && m->sending == SEND_NOTHING && !m->lengthy.busy) {
        size_t room;
        uint8_t *at = control_end(m, &room);
        will_topic(d, (char *)m->in, 80);
        size_t head = mqtt_publish_head_encode((char *)m->in, 0, true, 0, 7, at, room);
        if (head && room - head >= 7) { /* a DISCONNECT takes the will with it */
            memcpy(at + head, "offline", 7);
            control_add(m, head + 7);
        }
        at = control_end(m, &room);
        control_add(m, mqtt_bare_encode(MQTT_DISCONNECT, at, room));
        client_pump(d);
    }
    if (m->stream >= 0)
        service_close(d, m->stream);
    forget_stream(m);
    enter(d, MQTT_OFF);
    set_disconnected(d);
}

static void start(struct device *d) {
    d->mqtt = (struct mqtt){.stream = -1,
                            .last_error = "",
                            .items_per_second = 1,
                            .broadcast_s = 60,
                            .broadcast_left_s = 30,
                            .sensor_s = 3,
                            .state_s = 120,
                            .carried_s = CARRIED_FIRST_S};
    light_values_forget(d);
}

void mqtt_restart(struct device *d) {
    bool carried = d->mqtt.carried;
    stop(d);
    d->mqtt.carried_s = CARRIED_FIRST_S;
    d->mqtt.carried = carried;
    d->mqtt.failures = 0;
    services_wake(d);
}

void mqtt_carry(struct device *d) {
    d->mqtt.carried = true;
}

const char *mqtt_phase_text(const struct device *d) {
    static const char *const texts[] = {"off", "waiting", "connecting", "connecting", "connected"};
    return texts[d->mqtt.phase];
}

const char *mqtt_error_text(const struct device *d) {
    return d->mqtt.last_error ? d->mqtt.last_error : "";
}

static void step(struct device *d) {
    struct mqtt *m = &d->mqtt;
    uint64_t in_phase = d->now_ms - m->since_ms;
    if (m->carried)
        return;
    if (m->phase != MQTT_OFF && !wanted(d)) {
        stop(d);
        return;
    }
    if (m->phase >= MQTT_OPENING && m->settings_hash != settings_hash(d)) {
        device_log(d, LOG_INFO, "mqtt", "settings changed, connecting anew");
        mqtt_restart(d);
        return;
    }
    if (m->phase == MQTT_OFF && wanted(d)) {
        m->wait_ms = back_off(d);
        enter(d, MQTT_WAITING);
    } else if (m->phase == MQTT_WAITING && in_phase >= m->wait_ms) {
        open_stream(d);
    } else if (m->phase == MQTT_OPENING && in_phase >= OPEN_MS) {
        client_lost(d, "no answer from that address");
    } else if (m->phase == MQTT_GREETING && in_phase >= GREET_MS) {
        client_lost(d, "the broker did not answer the greeting");
    } else if (m->phase == MQTT_UP) {
        watch(d);
        client_pump(d);
    }
}

static void benchmark(struct device *d) {
    struct mqtt *m = &d->mqtt;
    for (unsigned i = 0; i < 50 && m->bench_left && mqtt_has_room(d, 512); i++) {
        char value[8];
        struct text t = text_start(value, sizeof value);
        text_uint(&t, 1000U - m->bench_left--);
        mqtt_publish(d, "benchmark", value, MQTT_SELF | MQTT_TRANSIENT);
    }
}

static uint32_t poll(struct device *d) {
    step(d);
    if (d->mqtt.bench_left && d->mqtt.phase == MQTT_UP) {
        benchmark(d);
        return 10;
    }
    return d->mqtt.phase == MQTT_OFF || d->mqtt.carried ? 1000 : 250;
}

static void carried_second(struct device *d) {
    struct mqtt *m = &d->mqtt;
    if (m->phase == MQTT_UP && d->wifi != HAL_WIFI_CONNECTED) {
        m->carried_s = CARRIED_FIRST_S;
        stop(d);
        m->carried = true;
    } else if (m->phase != MQTT_UP && d->wifi == HAL_WIFI_CONNECTED && ++m->carried_s > CARRIED_S) {
        came_up(d);
    }
}

void mqtt_second(struct device *d) {
    if (d->mqtt.carried)
        carried_second(d);
    light_values_second(d);
    if (d->mqtt.phase != MQTT_UP)
        return;
    discovery_second(d);
    broadcast_second(d);
    tele_second(d);
}

const struct service mqtt_service = {
    .name = "MQTT",
    .start = start,
    .stop = stop,
    .second = mqtt_second,
    .poll = poll,
    .stream = on_stream,
};
