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
    FIRST_TRY_MS = 1000,
    TRY_MOST_MS = 4000,
    TRY_LATE_MS = 30000,
    LATE_MS = 300000,
    CARRIED_FIRST_S = 13,
    CARRIED_S = 15,
};

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

void client_enter(struct device *d, enum mqtt_phase phase) {
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
    client_enter(d, MQTT_WAITING);
    set_disconnected(d);
}

void client_came_up(struct device *d) {
    struct mqtt *m = &d->mqtt;
    m->connects++;
    m->failures = 0;
    m->last_error = "";
    client_enter(d, MQTT_UP);
    device_log2(d, LOG_INFO, "mqtt", "connected to ", m->carried ? "" : d->config.mqtt_host);
    if (!m->carried)
        client_subscribe(d);
    d->mqtt_connected = true;
    client_say_online(d);
    light_values_forget(d);
    events_fire(d, EVENT_MQTT_STATE, 1, 0, 0);
    broadcast_connected(d);
    discovery_connected(d);
    client_pump(d);
}

static bool wanted(const struct device *d) {
    return d->config.mqtt_host[0] && d->wifi == HAL_WIFI_CONNECTED && d->hal.tcp_connect &&
           !d->mqtt.carried && !d->safe;
}

static size_t on_stream(struct device *d, int stream, enum hal_stream_event event, const void *data,
                        size_t size) {
    struct mqtt *m = &d->mqtt;
    if (stream != m->stream)
        return size;
    switch (event) {
    case HAL_STREAM_OPEN:
        m->heard_ms = d->now_ms;
        client_greet(d);
        break;
    case HAL_STREAM_DATA:
        return m->phase >= MQTT_GREETING ? client_take(d, stream, data, size) : size;
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
    client_enter(d, MQTT_OPENING);
    if (why)
        client_lost(d, why);
}

static bool waits_for_acknowledgement(const struct mqtt *m) {
    return m->queue_next > 0 || m->lengthy.sent_ms;
}

static void ping(struct device *d) {
    struct mqtt *m = &d->mqtt;
    size_t room;
    uint8_t *at = client_control_end(m, &room);
    m->ping_sent = client_control_add(m, mqtt_bare_encode(MQTT_PINGREQ, at, room));
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
        uint8_t *at = client_control_end(m, &room);
        client_will_topic(d, (char *)m->in, 80);
        size_t head = mqtt_publish_head_encode((char *)m->in, 0, true, 0, 7, at, room);
        if (head && room - head >= 7) { /* a DISCONNECT takes the will with it */
            memcpy(at + head, "offline", 7);
            client_control_add(m, head + 7);
        }
        at = client_control_end(m, &room);
        client_control_add(m, mqtt_bare_encode(MQTT_DISCONNECT, at, room));
        client_pump(d);
    }
    if (m->stream >= 0)
        service_close(d, m->stream);
    forget_stream(m);
    client_enter(d, MQTT_OFF);
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
        client_enter(d, MQTT_WAITING);
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
        client_came_up(d);
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
