/* The MQTT client against a broker in the same process that can be slow, silent, rude or away. */
#include "codec/net/mqtt.h"
#include "device/script/command.h"
#include "device/service/mqtt/mqtt.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>

#include "check.h"

enum { STREAM = 7, KEPT = 64 };

/* What the broker does, and what it has seen. */
static struct broker {
    bool away, mute, no_acks, no_pongs, open, asked, no_tls;
    size_t room; /* bytes the stream takes at once; 0: any number */
    struct mqtt_reader reader;
    uint8_t body[16384];
    unsigned connects, publishes, pings, filters, duplicates, packets;
    uint64_t tries_ms[KEPT];
    unsigned tries;
    char last_topic[128], last_payload[16384], first_topic[128], filter[8][64];
    uint8_t first_qos;
    bool first_retain;
    char client[64], will[64];
    struct plug *plug;
} b;

static int tcp_connect(void *context, const char *host, uint16_t port, const struct hal_tls *tls) {
    (void)context, (void)host, (void)port;
    if (tls && b.no_tls)
        return -1;
    if (b.tries < KEPT)
        b.tries_ms[b.tries++] = plug_now_ms(b.plug);
    b.asked = true;
    return STREAM;
}

static void reply(const void *data, size_t size) {
    if (b.open)
        device_on_stream(&b.plug->device, STREAM, HAL_STREAM_DATA, data, size);
}

static void copy(char *to, size_t size, struct span from) {
    size_t n = from.size < size - 1 ? from.size : size - 1;
    memcpy(to, from.data, n);
    to[n] = 0;
}

static uint8_t answers[4096]; /* sent after the device has returned from writing */
static size_t answered;

static void answer(size_t size) {
    answered += size;
}

#define SPACE answers + answered, sizeof answers - answered

static void published(const struct mqtt_packet *p) {
    if (!b.publishes++) {
        copy(b.first_topic, sizeof b.first_topic, p->topic);
        b.first_qos = p->qos;
        b.first_retain = p->retain;
    }
    b.duplicates += p->duplicate;
    copy(b.last_topic, sizeof b.last_topic, p->topic);
    copy(b.last_payload, sizeof b.last_payload, p->payload);
    if (p->qos == 1 && !b.no_acks)
        answer(mqtt_ack_encode(MQTT_PUBACK, p->id, SPACE));
    if (p->qos == 2 && !b.no_acks)
        answer(mqtt_ack_encode(MQTT_PUBREC, p->id, SPACE));
}

static void packet(void) {
    struct mqtt_packet p;
    struct span filter;
    size_t at = 0;
    uint8_t qos, granted = 1;
    assert_int_equal(
        mqtt_decode(b.reader.first, b.body, mqtt_reader_size(&b.reader), b.reader.cut, &p, NULL),
        STATUS_OK);
    b.packets++;
    if (b.mute)
        return;
    switch (p.type) {
    case MQTT_CONNECT:
        b.connects++;
        copy(b.client, sizeof b.client, p.client);
        copy(b.will, sizeof b.will, p.topic);
        answer(mqtt_connack_encode(false, 0, SPACE));
        break;
    case MQTT_SUBSCRIBE:
        while (mqtt_filter_next(p.payload, &at, &filter, &qos))
            copy(b.filter[b.filters++ % 8], 64, filter);
        answer(mqtt_suback_encode(p.id, &granted, 1, SPACE));
        break;
    case MQTT_PUBLISH:
        published(&p);
        break;
    case MQTT_PUBREL:
        answer(mqtt_ack_encode(MQTT_PUBCOMP, p.id, SPACE));
        break;
    case MQTT_PINGREQ:
        b.pings++;
        if (!b.no_pongs)
            answer(mqtt_bare_encode(MQTT_PINGRESP, SPACE));
        break;
    default:
        break;
    }
}

static size_t tcp_write(void *context, int stream, const void *data, size_t size) {
    (void)context;
    assert_int_equal(stream, STREAM);
    assert_true(b.open);
    size_t n = b.room && size > b.room ? b.room : size;
    for (size_t at = 0, used; at < n; at += used) {
        enum mqtt_found found = mqtt_feed(&b.reader, (const uint8_t *)data + at, n - at, &used);
        assert_int_not_equal(found, MQTT_FOUND_NONSENSE);
        if (found == MQTT_FOUND_PACKET)
            packet();
    }
    return n;
}

static void tcp_close(void *context, int stream) {
    (void)context, (void)stream;
    b.open = b.asked = false;
    answered = 0;
}

/* What the network does between two frames. */
static void network(void) {
    struct device *d = &b.plug->device;
    if (b.asked && b.away) {
        b.asked = false;
        device_on_stream(d, STREAM, HAL_STREAM_CLOSED, NULL, 0);
    } else if (b.asked) {
        b.asked = false;
        b.open = true;
        b.reader = mqtt_reader_start(b.body, sizeof b.body);
        device_on_stream(d, STREAM, HAL_STREAM_OPEN, NULL, 0);
    }
    while (answered && b.open) {
        uint8_t now[sizeof answers];
        size_t size = answered;
        memcpy(now, answers, size);
        answered = 0;
        reply(now, size);
    }
    if (b.open && b.room)
        device_on_stream(d, STREAM, HAL_STREAM_WRITABLE, NULL, 0);
}

static void run(uint64_t ms) {
    for (uint64_t end = plug_now_ms(b.plug) + ms; plug_now_ms(b.plug) < end;) {
        network();
        plug_frame(b.plug);
    }
}

static void hang_up(void) {
    b.open = false;
    answered = 0;
    device_on_stream(&b.plug->device, STREAM, HAL_STREAM_CLOSED, NULL, 0);
}

static int set_up(void **state) {
    struct plug *plug = calloc(1, sizeof *plug);
    b = (struct broker){.plug = plug};
    answered = 0;
    *state = plug;
    if (!plug || !plug_init(plug, "BK7231N"))
        return -1;
    struct device *d = &plug->device;
    d->hal.tcp_connect = tcp_connect;
    d->hal.tcp_write = tcp_write;
    d->hal.tcp_close = tcp_close;
    setting_parse(d, setting_find("mqtt_host"), "broker");
    setting_parse(d, setting_find("mqtt_client"), "plug");
    setting_parse(d, setting_find("mqtt_group"), "group");
    board_set_role(d, 9, OBK_ROLE_RELAY);
    board_set_channel(d, 9, 1);
    device_on_wifi(d, HAL_WIFI_CONNECTED);
    return 0;
}

static int tear_down(void **state) {
    plug_free(*state);
    free(*state);
    return 0;
}

#define DEVICE (&b.plug->device)

static void greets_subscribes_and_says_online(void **state) {
    (void)state;
    static const char *const filters[] = {"plug/+/set",   "group/+/set", "cmnd/plug/+",
                                          "cmnd/group/+", "plug/+/get",  "homeassistant/+"};
    run(3000);
    assert_true(DEVICE->mqtt_connected);
    assert_string_equal(b.client, "plug");
    assert_string_equal(b.will, "plug/connected");
    assert_int_equal(b.filters, 6);
    for (unsigned i = 0; i < 6; i++)
        assert_string_equal(b.filter[i], filters[i]);
    assert_string_equal(b.first_topic, "plug/connected");
    assert_int_equal(b.first_qos, 2);
    assert_true(b.first_retain);
}

static void messages_come_in(void **state) {
    (void)state;
    uint8_t message[64];
    run(3000);
    size_t n = mqtt_publish_head_encode("plug/1/set", 1, false, 9, 1, message, sizeof message);
    message[n++] = '1';
    for (size_t i = 0; i < n; i++) /* one byte at a time */
        reply(message + i, 1);
    assert_int_equal(channel_get(DEVICE, 1), 1);
    assert_string_equal(b.last_topic, "plug/1/get");
}

static void a_message_too_long_is_dropped_and_acknowledged(void **state) {
    (void)state;
    static uint8_t message[5000];
    run(3000);
    size_t n = mqtt_publish_head_encode("plug/1/set", 1, false, 9, 4000, message, sizeof message);
    unsigned packets = b.packets;
    reply(message, n + 4000);
    assert_int_equal(b.packets, packets + 1);
    assert_true(DEVICE->mqtt_connected);
    assert_int_equal(channel_get(DEVICE, 1), 0);
}

static void what_was_not_acknowledged_goes_again(void **state) {
    (void)state;
    run(40000);
    b.no_acks = true;
    device_publish(DEVICE, "note", "kept", false, false);
    run(100);
    assert_string_equal(b.last_payload, "kept");
    hang_up();
    b.no_acks = false;
    unsigned duplicates = b.duplicates;
    b.last_payload[0] = 0;
    DEVICE->config.flags = 0; /* nothing else to say */
    run(2500);
    assert_true(DEVICE->mqtt_connected);
    assert_int_equal(b.duplicates, duplicates + 1);
    assert_string_equal(b.last_payload, "kept");
    assert_int_equal(DEVICE->mqtt.queue_used, 0);
}

static void offline_the_newest_of_each_topic_waits(void **state) {
    (void)state;
    DEVICE->config.flags = 0;
    b.away = true;
    run(5000);
    for (int i = 0; i < 5000; i++) {
        char value[16];
        snprintf(value, sizeof value, "%d", i);
        device_publish(DEVICE, i % 2 ? "odd" : "even", value, false, false);
    }
    assert_true(DEVICE->mqtt.queue_used < 100);
    for (int i = 0; i < 5000; i++) { /* other topics each time: the oldest make way */
        char topic[16];
        snprintf(topic, sizeof topic, "t%d", i);
        device_publish(DEVICE, topic, "x", false, false);
    }
    assert_true(DEVICE->mqtt.queue_used <= MQTT_QUEUE);
    assert_true(DEVICE->mqtt.dropped > 4000);
    b.away = false;
    run(8000);
    assert_true(DEVICE->mqtt_connected);
    assert_string_equal(b.last_topic, "plug/t4999/get");
    assert_int_equal(DEVICE->mqtt.queue_used, 0);
}

static void a_silent_broker_is_given_up_within_forty_seconds(void **state) {
    (void)state;
    DEVICE->config.flags = 0;
    run(5000);
    assert_int_equal(b.connects, 1);
    b.mute = true;
    run(41000);
    assert_false(DEVICE->mqtt_connected);
    assert_string_equal(mqtt_error_text(DEVICE), "the broker has gone silent");
    run(15000);
    assert_string_equal(mqtt_error_text(DEVICE), "the broker did not answer the greeting");
    b.mute = false;
    run(16000);
    assert_true(DEVICE->mqtt_connected);
}

static void an_idle_connection_is_kept_by_pings(void **state) {
    (void)state;
    DEVICE->config.flags = 0;
    run(300000);
    assert_int_equal(b.connects, 1);
    assert_true(b.pings >= 8 && b.pings <= 12);
}

static void tries_back_off_with_chance(void **state) {
    (void)state;
    b.away = true;
    run(60000);
    assert_true(b.tries >= 12 && b.tries < 40);
    unsigned different = 0;
    for (unsigned i = 5; i + 1 < b.tries; i++) {
        uint64_t gap = b.tries_ms[i + 1] - b.tries_ms[i];
        assert_true(gap >= 1900 && gap <= 4400);
        different += gap != b.tries_ms[i] - b.tries_ms[i - 1];
    }
    assert_true(different > 3);
    b.away = false;
    run(6000);
    assert_true(DEVICE->mqtt_connected);
}

static void random_bytes_never_stop_it(void **state) {
    (void)state;
    uint32_t seed = 1;
    for (unsigned round = 0; round < 300; round++) {
        uint8_t noise[64];
        for (unsigned i = 0; i < 200 && b.open; i++) {
            for (unsigned k = 0; k < sizeof noise; k++)
                noise[k] = (uint8_t)((seed = seed * 1664525u + 1013904223u) >> 24);
            reply(noise, sizeof noise);
        }
        run(700);
    }
    DEVICE->mqtt.failures = 0;
    run(6000);
    if (!DEVICE->mqtt_connected)
        run(45000); /* it was waiting for the rest of a long packet */
    assert_true(DEVICE->mqtt_connected);
    channel_toggle(DEVICE, 1);
    assert_true(virtual_pin_level(&b.plug->chip, 9));
}

static void a_stream_that_takes_three_bytes_still_gets_whole_packets(void **state) {
    (void)state;
    b.room = 3;
    run(30000);
    assert_true(DEVICE->mqtt_connected);
    for (int i = 0; i < 20; i++) {
        channel_toggle(DEVICE, 1);
        run(100);
    }
    command_run(DEVICE, "scheduleHADiscovery 1", 0);
    run(120000);
    assert_int_equal(b.connects, 1);
    assert_int_equal(DEVICE->mqtt.queue_used, 0);
}

static void settings_reconnect(void **state) {
    (void)state;
    run(3000);
    setting_parse(DEVICE, setting_find("mqtt_client"), "other");
    run(5000);
    assert_true(DEVICE->mqtt_connected);
    assert_string_equal(b.client, "other");
    setting_parse(DEVICE, setting_find("mqtt_host"), "");
    run(2000);
    assert_false(DEVICE->mqtt_connected);
    assert_string_equal(mqtt_phase_text(DEVICE), "off");
}

static void a_platform_without_tls_says_so(void **state) {
    (void)state;
    b.no_tls = true;
    DEVICE->config.mqtt_use_tls = true;
    run(5000);
    assert_non_null(strstr(mqtt_error_text(DEVICE), "TLS"));
    assert_int_equal(b.tries, 0);
}

static void a_refusal_is_said_in_words(void **state) {
    (void)state;
    uint8_t refused[4];
    b.mute = true;
    run(2000);
    reply(refused, mqtt_connack_encode(false, 4, refused, sizeof refused));
    assert_non_null(strstr(mqtt_error_text(DEVICE), "user name or password"));
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(greets_subscribes_and_says_online),
        CASE(messages_come_in),
        CASE(a_message_too_long_is_dropped_and_acknowledged),
        CASE(what_was_not_acknowledged_goes_again),
        CASE(offline_the_newest_of_each_topic_waits),
        CASE(a_silent_broker_is_given_up_within_forty_seconds),
        CASE(an_idle_connection_is_kept_by_pings),
        CASE(tries_back_off_with_chance),
        CASE(random_bytes_never_stop_it),
        CASE(a_stream_that_takes_three_bytes_still_gets_whole_packets),
        CASE(settings_reconnect),
        CASE(a_platform_without_tls_says_so),
        CASE(a_refusal_is_said_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
