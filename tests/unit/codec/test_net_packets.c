/* DNS, SNTP and SSDP, against vectors written out by hand from the standards. */
#include "base/bytes.h"
#include "codec/net/dns.h"
#include "codec/net/sntp_packet.h"
#include "codec/net/ssdp.h"

#include "check.h"

/* A question for plug.local and its answer, with a pointer back to the name. */
static const uint8_t dns_answer[] = {0x12, 0x34, 0x81, 0x80, 0,   1,   0,    1,   0,   0,   0,
                                     0,    4,    'P',  'l',  'u', 'g', 5,    'l', 'o', 'c', 'a',
                                     'l',  0,    0,    1,    0,   1,   0xC0, 12,  0,   1,   0,
                                     1,    0,    0,    0,    120, 0,   4,    192, 0,   2,   10};

static void an_address_is_read(void **state) {
    (void)state;
    uint32_t address, ttl;
    struct fault fault;
    assert_int_equal(dns_address(dns_answer, sizeof dns_answer, 0x1234, &address, &ttl, NULL),
                     STATUS_OK);
    assert_int_equal(address, 0xC000020A);
    assert_int_equal(ttl, 120);
    assert_int_equal(dns_address(dns_answer, sizeof dns_answer, 0x1235, &address, &ttl, &fault),
                     STATUS_PROTOCOL);
    for (size_t size = 0; size < sizeof dns_answer; size++)
        assert_int_not_equal(dns_address(dns_answer, size, 0x1234, &address, &ttl, &fault),
                             STATUS_OK);
}

static void names_that_point_at_themselves_end(void **state) {
    (void)state;
    uint8_t message[64] = {0, 0, 0, 0, 0, 1};
    struct dns_entry entry;
    const uint8_t loops[][6] = {{0xC0, 12}, {0xC0, 14}, {1, 'a', 0xC0, 12}, {0xC0, 63}};
    for (unsigned i = 0; i < 4; i++) {
        size_t at = 12;
        memcpy(message + 12, loops[i], 6);
        assert_int_equal(dns_next(message, sizeof message, &at, true, &entry, NULL),
                         STATUS_BAD_VALUE);
    }
    size_t at = 12;
    message[12] = 64; /* neither a label nor a pointer */
    assert_int_equal(dns_next(message, sizeof message, &at, true, &entry, NULL), STATUS_BAD_VALUE);
}

static void a_question_is_built(void **state) {
    (void)state;
    static const uint8_t wanted[] = {0, 7, 1,   0, 0,   1,   0, 0, 0, 0, 0,
                                     0, 1, 'a', 2, 'b', 'c', 0, 0, 1, 0, 1};
    uint8_t buffer[64];
    struct dns_message m = dns_start(buffer, sizeof buffer, 7, false);
    dns_question(&m, "a.bc", DNS_A);
    assert_int_equal(dns_finish(&m), sizeof wanted);
    assert_memory_equal(buffer, wanted, sizeof wanted);
    m = dns_start(buffer, 20, 7, false);
    dns_question(&m, "a.bc", DNS_A);
    assert_int_equal(dns_finish(&m), 0);
    m = dns_start(buffer, sizeof buffer, 7, false);
    dns_question(&m, "a..bc", DNS_A);
    assert_int_equal(dns_finish(&m), 0);
}

static void a_service_is_read_back(void **state) {
    (void)state;
    uint8_t buffer[256];
    struct dns_message m = dns_start(buffer, sizeof buffer, 0, true);
    dns_pointer(&m, "_http._tcp.local", 4500, "plug._http._tcp.local");
    dns_service(&m, "plug._http._tcp.local", 120, 8080, "plug.local");
    dns_record(&m, "plug.local", DNS_A, true, 120, "\x01\x02\x03\x04", 4);
    size_t size = dns_finish(&m), at;
    struct dns_head head;
    struct dns_entry e;
    assert_int_equal(dns_read(buffer, size, &head, &at, NULL), STATUS_OK);
    assert_int_equal(head.answers, 3);
    assert_int_equal(dns_next(buffer, size, &at, false, &e, NULL), STATUS_OK);
    assert_int_equal(e.type, DNS_PTR);
    assert_int_equal(e.data_size, 23);
    assert_int_equal(dns_next(buffer, size, &at, false, &e, NULL), STATUS_OK);
    assert_int_equal(load_be16(e.data + 4), 8080);
    assert_int_equal(dns_next(buffer, size, &at, false, &e, NULL), STATUS_OK);
    assert_string_equal(e.name, "plug.local");
    assert_int_equal(at, size);
}

static void time_is_asked_and_read(void **state) {
    (void)state;
    uint8_t question[SNTP_SIZE], reply[SNTP_SIZE];
    struct sntp_answer answer;
    assert_int_equal(sntp_ask(0x1122334455667788, question, sizeof question), SNTP_SIZE);
    assert_int_equal(question[0], 0x23);
    assert_int_equal(sntp_answer_encode(question, SNTP_SIZE, 1767225600, 2, reply, sizeof reply),
                     SNTP_SIZE);
    assert_int_equal(sntp_read(reply, SNTP_SIZE, 0x1122334455667788, &answer, NULL), STATUS_OK);
    assert_int_equal(answer.epoch, 1767225600);
    assert_int_equal(sntp_read(reply, SNTP_SIZE, 1, &answer, NULL), STATUS_PROTOCOL);
    assert_int_equal(sntp_read(reply, SNTP_SIZE - 1, 1, &answer, NULL), STATUS_TRUNCATED);
    reply[1] = 0; /* kiss of death */
    assert_int_equal(sntp_read(reply, SNTP_SIZE, 0x1122334455667788, &answer, NULL),
                     STATUS_BAD_VALUE);
    assert_int_equal(sntp_read(question, SNTP_SIZE, 0x1122334455667788, &answer, NULL),
                     STATUS_BAD_VALUE);
}

static void time_goes_on_after_2036(void **state) {
    (void)state;
    uint8_t question[SNTP_SIZE], reply[SNTP_SIZE];
    struct sntp_answer answer;
    sntp_ask(5, question, sizeof question);
    const int64_t times[] = {2085978495, 2085978496, 2524608000};
    for (unsigned i = 0; i < 3; i++) {
        sntp_answer_encode(question, SNTP_SIZE, times[i], 1, reply, sizeof reply);
        if (!load_be32(reply + 40))
            continue; /* the one second that looks like no time */
        assert_int_equal(sntp_read(reply, SNTP_SIZE, 5, &answer, NULL), STATUS_OK);
        assert_int_equal(answer.epoch, times[i]);
    }
}

static enum ssdp_kind kind_of(const char *text) {
    return ssdp_read(text, strlen(text));
}

static void announcements_are_known(void **state) {
    (void)state;
    char text[400];
    struct text t = text_start(text, sizeof text);
    const struct ssdp_device device = {"http://192.0.2.1:80/ssdp.xml", "1-2-3"};
    ssdp_notify(&device, &t);
    assert_int_equal(ssdp_read(text, t.length), SSDP_OPENBEKEN);
    assert_ptr_equal(strstr(text, "SERVER: OpenBk"), strchr(text, '\n') + 1); /* second line */
    assert_non_null(strstr(text, "USN: uuid:1-2-3::upnp:rootdevice\r\n\r\n"));
    t = text_start(text, sizeof text);
    ssdp_found(&device, &t);
    assert_non_null(strstr(text, "ST: upnp:rootdevice\r\n"));
    assert_int_equal(kind_of("M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n"), SSDP_SEARCH);
    assert_int_equal(kind_of("M-SEARCH * HTTP/1.1\r\nst:upnp:rootdevice\r\n\r\n"), SSDP_SEARCH);
    assert_int_equal(kind_of("M-SEARCH * HTTP/1.1\r\nST: urn:other\r\n\r\n"), SSDP_OTHER);
    assert_int_equal(kind_of("NOTIFY * HTTP/1.1\r\nSERVER: Linux\r\n\r\n"), SSDP_OTHER);
    assert_int_equal(kind_of(""), SSDP_OTHER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_read),
        cmocka_unit_test(names_that_point_at_themselves_end),
        cmocka_unit_test(a_question_is_built),
        cmocka_unit_test(a_service_is_read_back),
        cmocka_unit_test(time_is_asked_and_read),
        cmocka_unit_test(time_goes_on_after_2036),
        cmocka_unit_test(announcements_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
