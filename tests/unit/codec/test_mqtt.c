/* MQTT packets against vectors written out by hand from the standard. */
#include "codec/net/mqtt.h"

#include "check.h"

static struct mqtt_hello hello(void) {
    return (struct mqtt_hello){.client = "plug",
                               .user = "u",
                               .password = "pw",
                               .will_topic = "plug/connecte",
                               .will_payload = "offline",
                               .will_qos = 1,
                               .will_retain = true,
                               .clean = true,
                               .keep_alive_s = 100};
}

static void connect_is_built_as_the_standard_says(void **state) {
    (void)state;
    uint8_t buffer[128];
    struct mqtt_hello h = hello();
    const uint8_t wanted[] = {0x10, 47,  0,   4,   'M', 'Q', 'T', 'T', 4,   0xEE, 0,   100, 0,
                              4,    'p', 'l', 'u', 'g', 0,   13,  'p', 'l', 'u',  'g', '/', 'c',
                              'o',  'n', 'n', 'e', 'c', 't', 'e', 0,   7,   'o',  'f', 'f', 'l',
                              'i',  'n', 'e', 0,   1,   'u', 0,   2,   'p', 'w'};
    assert_int_equal(mqtt_connect_encode(&h, buffer, sizeof buffer), sizeof wanted);
    assert_memory_equal(buffer, wanted, sizeof wanted);
    for (size_t size = 0; size < sizeof wanted; size++)
        assert_int_equal(mqtt_connect_encode(&h, buffer, size), 0);
    h.user = NULL; /* a password needs a user */
    assert_int_equal(mqtt_connect_encode(&h, buffer, sizeof buffer), 0);
}

static void connect_is_read_back(void **state) {
    (void)state;
    uint8_t buffer[128];
    struct mqtt_hello h = hello();
    struct mqtt_packet p;
    struct fault fault;
    size_t n = mqtt_connect_encode(&h, buffer, sizeof buffer);
    assert_int_equal(mqtt_decode(buffer[0], buffer + 2, n - 2, false, &p, NULL), STATUS_OK);
    assert_int_equal(p.keep_alive_s, 100);
    assert_true(p.has_will && p.has_user && p.has_password && p.clean && p.retain);
    assert_int_equal(p.qos, 1);
    assert_memory_equal(p.topic.data, "plug/connecte", p.topic.size);
    assert_memory_equal(p.payload.data, "offline", p.payload.size);
    assert_memory_equal(p.password.data, "pw", 2);
    for (size_t cut = 2; cut < n; cut++)
        assert_int_not_equal(mqtt_decode(buffer[0], buffer + 2, cut - 2, false, &p, &fault),
                             STATUS_OK);
}

static void publish_head_and_payload(void **state) {
    (void)state;
    uint8_t buffer[32];
    struct mqtt_packet p;
    const uint8_t plain[] = {0x30, 8, 0, 5, 'a', '/', '1', '/', 'g'};
    const uint8_t kept[] = {0x33, 10, 0, 5, 'a', '/', '1', '/', 'g', 0x12, 0x34};
    assert_int_equal(mqtt_publish_head_encode("a/1/g", 0, false, 0, 1, buffer, sizeof buffer), 9);
    assert_memory_equal(buffer, plain, sizeof plain);
    assert_int_equal(mqtt_publish_head_encode("a/1/g", 1, true, 0x1234, 1, buffer, sizeof buffer),
                     11);
    assert_memory_equal(buffer, kept, sizeof kept);
    buffer[11] = '1';
    assert_int_equal(mqtt_decode(buffer[0], buffer + 2, 10, false, &p, NULL), STATUS_OK);
    assert_int_equal(p.id, 0x1234);
    assert_int_equal(p.payload.size, 1);
    assert_int_equal(mqtt_publish_head_encode("t", 1, false, 0, 0, buffer, sizeof buffer), 0);
    assert_int_equal(mqtt_publish_head_encode("t", 3, false, 1, 0, buffer, sizeof buffer), 0);
    assert_int_equal(
        mqtt_publish_head_encode("t", 0, false, 0, MQTT_REMAINING_MAX, buffer, sizeof buffer), 0);
}

static void lengths_use_up_to_four_bytes(void **state) {
    (void)state;
    uint8_t buffer[16];
    const struct {
        size_t payload, head;
    } cases[] = {{124, 5}, {125, 6}, {16380, 6}, {16381, 7}, {2097148, 7}, {2097149, 8}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            mqtt_publish_head_encode("t", 0, false, 0, cases[i].payload, buffer, sizeof buffer),
            cases[i].head);
}

static void subscribe_lists_its_filters(void **state) {
    (void)state;
    uint8_t buffer[32], qos;
    const char *filters[] = {"a/+/set", "h/+"};
    const uint8_t wanted[] = {0x82, 18,  0,   7, 0, 7, 'a', '/', '+', '/',
                              's',  'e', 't', 1, 0, 3, 'h', '/', '+', 1};
    assert_int_equal(mqtt_subscribe_encode(filters, 2, 1, 7, buffer, sizeof buffer), sizeof wanted);
    assert_memory_equal(buffer, wanted, sizeof wanted);
    struct mqtt_packet p;
    struct span filter;
    size_t at = 0;
    assert_int_equal(mqtt_decode(0x82, buffer + 2, 18, false, &p, NULL), STATUS_OK);
    assert_true(mqtt_filter_next(p.payload, &at, &filter, &qos));
    assert_int_equal(filter.size, 7);
    assert_true(mqtt_filter_next(p.payload, &at, &filter, &qos));
    assert_false(mqtt_filter_next(p.payload, &at, &filter, &qos));
}

static struct span span_of(const char *text) {
    return (struct span){(const uint8_t *)text, strlen(text)};
}

static void filters_match_as_the_standard_says(void **state) {
    (void)state;
    const struct {
        const char *filter, *topic;
        bool match;
    } cases[] = {{"a/+/set", "a/1/set", true}, {"a/+/set", "a/1/2/set", false},
                 {"a/#", "a/b/c", true},       {"a/#", "a", true},
                 {"a/#", "ab", false},         {"#", "$SYS/x", false},
                 {"+/+", "/f", true},          {"+", "/f", false},
                 {"a", "a/b", false},          {"a/b", "a", false},
                 {"a/+", "a/", true},          {"a/+", "a", false}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(mqtt_topic_matches(span_of(cases[i].filter), span_of(cases[i].topic)),
                         cases[i].match);
}

static void a_stream_is_cut_at_any_place(void **state) {
    (void)state;
    const uint8_t stream[] = {0x20, 2, 0, 0, 0xD0, 0, 0x40, 2, 0, 9, 0x30, 4, 0, 1, 't', 'x'};
    for (size_t piece = 1; piece <= sizeof stream; piece++) {
        uint8_t body[8];
        struct mqtt_reader r = mqtt_reader_start(body, sizeof body);
        unsigned packets = 0;
        for (size_t at = 0, used; at < sizeof stream; at += used) {
            size_t n = sizeof stream - at < piece ? sizeof stream - at : piece;
            enum mqtt_found found = mqtt_feed(&r, stream + at, n, &used);
            assert_int_not_equal(found, MQTT_FOUND_NONSENSE);
            packets += found == MQTT_FOUND_PACKET;
        }
        assert_int_equal(packets, 4);
        assert_int_equal(body[3], 'x');
    }
}

static void a_packet_too_long_is_swallowed_whole(void **state) {
    (void)state;
    uint8_t body[8], head[16], payload[300] = {0};
    struct mqtt_reader r = mqtt_reader_start(body, sizeof body);
    struct mqtt_packet p;
    size_t used, n = mqtt_publish_head_encode("top", 1, false, 77, 300, head, sizeof head);
    assert_int_equal(mqtt_feed(&r, head, n, &used), MQTT_FOUND_NOTHING);
    assert_int_equal(mqtt_feed(&r, payload, sizeof payload, &used), MQTT_FOUND_PACKET);
    assert_true(r.cut);
    assert_int_equal(mqtt_decode(r.first, r.body, mqtt_reader_size(&r), r.cut, &p, NULL),
                     STATUS_OK);
    assert_int_equal(p.id, 77);
    const uint8_t ping[] = {0xD0, 0};
    assert_int_equal(mqtt_feed(&r, ping, 2, &used), MQTT_FOUND_PACKET);
    assert_false(r.cut);
}

static void nonsense_is_known(void **state) {
    (void)state;
    uint8_t body[8];
    size_t used;
    const uint8_t streams[][6] = {{0x00, 0}, {0xF0, 0}, {0x41, 2}, {0x30, 0xFF, 0xFF, 0xFF, 0xFF}};
    for (unsigned i = 0; i < 4; i++) {
        struct mqtt_reader r = mqtt_reader_start(body, sizeof body);
        assert_int_equal(mqtt_feed(&r, streams[i], 6, &used), MQTT_FOUND_NONSENSE);
    }
    struct mqtt_packet p;
    const uint8_t zero_id[] = {0, 1, 't', 0, 0};
    assert_int_equal(mqtt_decode(0x32, zero_id, 5, false, &p, NULL), STATUS_BAD_VALUE);
    assert_int_equal(mqtt_decode(0x36, zero_id, 5, false, &p, NULL), STATUS_BAD_VALUE);
    const uint8_t nul_topic[] = {0, 1, 0};
    assert_int_equal(mqtt_decode(0x30, nul_topic, 3, false, &p, NULL), STATUS_BAD_VALUE);
}

static void acknowledgements(void **state) {
    (void)state;
    uint8_t b[8];
    const uint8_t rel[] = {0x62, 2, 1, 2}, codes[] = {1, 0x80};
    assert_int_equal(mqtt_ack_encode(MQTT_PUBREL, 0x102, b, sizeof b), 4);
    assert_memory_equal(b, rel, 4);
    assert_int_equal(mqtt_suback_encode(5, codes, 2, b, sizeof b), 6);
    assert_int_equal(b[5], 0x80);
    assert_int_equal(mqtt_connack_encode(true, 5, b, sizeof b), 4);
    assert_int_equal(b[3], 5);
    assert_int_equal(mqtt_bare_encode(MQTT_PINGREQ, b, sizeof b), 2);
    assert_int_equal(b[0], 0xC0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connect_is_built_as_the_standard_says),
        cmocka_unit_test(connect_is_read_back),
        cmocka_unit_test(publish_head_and_payload),
        cmocka_unit_test(lengths_use_up_to_four_bytes),
        cmocka_unit_test(subscribe_lists_its_filters),
        cmocka_unit_test(filters_match_as_the_standard_says),
        cmocka_unit_test(a_stream_is_cut_at_any_place),
        cmocka_unit_test(a_packet_too_long_is_swallowed_whole),
        cmocka_unit_test(nonsense_is_known),
        cmocka_unit_test(acknowledgements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
