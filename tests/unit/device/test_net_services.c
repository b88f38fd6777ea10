/* Wi-Fi, time and discovery on a virtual plug whose radio and sockets the test holds. */
#include "base/bytes.h"
#include "codec/net/dns.h"
#include "codec/net/sntp_packet.h"
#include "codec/net/ssdp.h"
#include "device/clock.h"
#include "device/script/command.h"
#include "device/service/discovery/discovery.h"
#include "device/service/wifi/wifi.h"
#include "virtual/plug/plug.h"

#include <stdlib.h>

#include "check.h"

enum { SOCKETS = 8 };

static struct {
    struct plug *plug;
    char ssid[65];
    bool asked, ap;
    unsigned joins, aps, pings;
    bool has_home, has_other, pongs;
    struct {
        bool open;
        uint16_t port;
    } sockets[SOCKETS];
    struct {
        int socket;
        uint32_t address;
        uint16_t port;
        uint8_t data[600];
        size_t size;
    } last;
    unsigned sent;
} w;

static bool wifi_connect(void *context, const char *ssid, const char *password) {
    (void)context, (void)password;
    snprintf(w.ssid, sizeof w.ssid, "%s", ssid);
    w.asked = ssid[0] != 0;
    w.ap = false;
    w.joins += w.asked;
    return true;
}
static bool access_point(void *context, const char *ssid, const char *password) {
    (void)context, (void)ssid, (void)password;
    w.ap = true;
    w.aps++;
    return true;
}
static void ping(void *context, const char *host) {
    (void)context, (void)host;
    w.pings++;
    if (w.pongs)
        device_on_ping(&w.plug->device);
}
static int udp_open(void *context, uint16_t port, uint32_t group) {
    (void)context, (void)group;
    for (int i = 0; i < SOCKETS; i++)
        if (!w.sockets[i].open) {
            w.sockets[i].open = true;
            w.sockets[i].port = port;
            return 100 + i;
        }
    return -1;
}
static bool udp_send(void *context, int socket, uint32_t address, uint16_t port, const void *data,
                     size_t size) {
    (void)context;
    assert_true(w.sockets[socket - 100].open);
    w.last.socket = socket;
    w.last.address = address;
    w.last.port = port;
    w.last.size = size < sizeof w.last.data ? size : sizeof w.last.data;
    memcpy(w.last.data, data, w.last.size);
    w.sent++;
    return true;
}
static void udp_close(void *context, int socket) {
    (void)context;
    w.sockets[socket - 100].open = false;
}

#define DEVICE (&w.plug->device)

/* The radio answers after two seconds. */
static void run(unsigned seconds) {
    static unsigned wait;
    for (unsigned i = 0; i < seconds; i++) {
        wait = w.asked ? wait + 1 : 0;
        bool there = (w.has_home && strcmp(w.ssid, "home") == 0) ||
                     (w.has_other && strcmp(w.ssid, "other") == 0);
        if (w.asked && wait >= 2) {
            w.asked = false;
            device_on_wifi(DEVICE, there ? HAL_WIFI_CONNECTED : HAL_WIFI_DISCONNECTED);
        }
        plug_run_ms(w.plug, 1000);
    }
}

static void power_on(void) {
    struct device *d = DEVICE;
    struct hal hal = w.plug->chip.hal;
    hal.wifi_connect = wifi_connect;
    hal.wifi_access_point = access_point;
    hal.ping = ping;
    hal.udp_open = udp_open;
    hal.udp_send = udp_send;
    hal.udp_close = udp_close;
    device_stop(d);
    device_init(d, &hal);
    device_start(d);
}

static int set_up(void **state) {
    struct plug *plug = calloc(1, sizeof *plug);
    memset(&w, 0, sizeof w);
    w.plug = plug;
    *state = plug;
    if (!plug || !plug_init(plug, "BK7231N"))
        return -1;
    setting_parse(&plug->device, setting_find("wifi_ssid"), "home");
    settings_changed(&plug->device);
    power_on();
    return 0;
}
static int tear_down(void **state) {
    plug_free(*state);
    free(*state);
    return 0;
}

static void joins_and_comes_back_after_the_router(void **state) {
    (void)state;
    w.has_home = true;
    run(5);
    assert_int_equal(DEVICE->wifi, HAL_WIFI_CONNECTED);
    for (unsigned away = 10; away < 1200; away += 97) {
        w.has_home = false;
        device_on_wifi(DEVICE, HAL_WIFI_DISCONNECTED);
        run(away);
        assert_int_not_equal(DEVICE->wifi, HAL_WIFI_CONNECTED);
        w.has_home = true;
        run(away < WIFI_PATIENCE_S - WIFI_RECOVERY_FIRST_S ? WIFI_RECOVERY_FIRST_S
                                                           : WIFI_RECOVERY_S);
        assert_int_equal(DEVICE->wifi, HAL_WIFI_CONNECTED);
    }
}

static void takes_the_second_network(void **state) {
    (void)state;
    setting_parse(DEVICE, setting_find("wifi_ssid2"), "other");
    w.has_other = true;
    run(60);
    assert_int_equal(DEVICE->wifi, HAL_WIFI_CONNECTED);
    assert_string_equal(wifi_ssid(DEVICE), "other");
}

static void opens_its_own_network_in_the_end_and_leaves_it_again(void **state) {
    (void)state;
    run(WIFI_PATIENCE_S + 30);
    assert_int_equal(w.aps, 1);
    run(WIFI_OPEN_S + 30);
    assert_false(w.ap);
    unsigned joins = w.joins;
    run(60);
    assert_true(w.joins > joins);
}

static void without_a_network_the_access_point_stays(void **state) {
    (void)state;
    setting_parse(DEVICE, setting_find("wifi_ssid"), "");
    power_on();
    run(1000);
    assert_true(w.ap);
    assert_int_equal(w.aps, 1);
    w.has_home = true;
    setting_parse(DEVICE, setting_find("wifi_ssid"), "home"); /* as the captive page does */
    run(10);
    assert_int_equal(DEVICE->wifi, HAL_WIFI_CONNECTED);
}

static void the_ping_watchdog_joins_anew(void **state) {
    (void)state;
    w.has_home = w.pongs = true;
    setting_parse(DEVICE, setting_find("ping_host"), "192.0.2.1");
    setting_parse(DEVICE, setting_find("ping_interval"), "2");
    setting_parse(DEVICE, setting_find("ping_seconds"), "30");
    run(300);
    assert_int_equal(w.joins, 1);
    assert_true(w.pings > 80);
    w.pongs = false;
    run(60);
    assert_int_equal(w.joins, 2);
    assert_int_equal(DEVICE->wifi, HAL_WIFI_CONNECTED);
}

static void time_answer(int64_t epoch, bool honest) {
    uint8_t reply[SNTP_SIZE];
    sntp_answer_encode(w.last.data, w.last.size, epoch, honest ? 2 : 0, reply, sizeof reply);
    device_on_datagram(DEVICE, w.last.socket, w.last.address, SNTP_PORT, reply, sizeof reply);
}

static void time_comes_from_the_server_that_answers(void **state) {
    (void)state;
    w.has_home = true;
    setting_parse(DEVICE, setting_find("ntp_server"), "192.0.2.1");
    setting_parse(DEVICE, setting_find("ntp_server2"), "192.0.2.2");
    run(10);
    assert_int_equal(w.sent, 0); /* the driver does not run */
    command_run(DEVICE, "startDriver NTP", 0);
    run(4);
    assert_int_equal(w.last.address, 0xC0000201);
    run(6);
    assert_int_equal(w.last.address, 0xC0000202);
    uint8_t wrong[SNTP_SIZE];
    sntp_answer_encode(w.last.data, SNTP_SIZE, 1767225600, 2, wrong, sizeof wrong);
    wrong[30] ^= 1; /* not our question */
    device_on_datagram(DEVICE, w.last.socket, w.last.address, SNTP_PORT, wrong, sizeof wrong);
    assert_false(DEVICE->clock_set);
    time_answer(1000, true); /* 1970 */
    assert_false(DEVICE->clock_set);
    run(15);
    time_answer(1767225600, true);
    assert_true(DEVICE->clock_set);
    assert_int_equal(clock_now(DEVICE), 1767225600);
}

static void a_jump_must_be_said_twice(void **state) {
    (void)state;
    w.has_home = true;
    setting_parse(DEVICE, setting_find("ntp_server"), "192.0.2.1");
    command_run(DEVICE, "startDriver NTP", 0);
    run(8);
    time_answer(1767225600, true);
    run(3605);
    time_answer(1767225600 + 86400, true); /* a day ahead */
    assert_true(clock_now(DEVICE) < 1767225600 + 4000);
    run(11);
    time_answer(1767225600 + 86400 + 11, true);
    assert_int_equal(clock_now(DEVICE), 1767225600 + 86400 + 11);
}

static void is_found_by_name(void **state) {
    (void)state;
    struct dns_head head;
    struct dns_entry e;
    size_t at;
    w.has_home = true;
    setting_parse(DEVICE, setting_find("name_short"), "Kitchen Plug");
    command_run(DEVICE, "startDriver MDNS", 0);
    run(8);
    assert_int_equal(w.last.address, MDNS_GROUP); /* announced */
    uint8_t question[64];
    struct dns_message m = dns_start(question, sizeof question, 0, false);
    dns_question(&m, "KITCHEN-PLUG.local", DNS_A);
    unsigned sent = w.sent;
    device_on_datagram(DEVICE, w.last.socket, 0xC0000205, MDNS_PORT, question, dns_finish(&m));
    assert_int_equal(w.sent, sent + 1);
    assert_int_equal(dns_read(w.last.data, w.last.size, &head, &at, NULL), STATUS_OK);
    assert_int_equal(dns_next(w.last.data, w.last.size, &at, false, &e, NULL), STATUS_OK);
    assert_string_equal(e.name, "kitchen-plug.local");
    assert_int_equal(load_be32(e.data), 0x7F000001);
    m = dns_start(question, sizeof question, 9, false);
    dns_question(&m, "_http._tcp.local", DNS_PTR);
    device_on_datagram(DEVICE, w.last.socket, 0xC0000205, 40000, question, dns_finish(&m));
    assert_int_equal(w.last.port, 40000); /* an ordinary resolver gets its own answer */
    assert_int_equal(load_be16(w.last.data), 9);
    m = dns_start(question, sizeof question, 0, false);
    dns_question(&m, "somebody.local", DNS_A);
    sent = w.sent;
    device_on_datagram(DEVICE, w.last.socket, 0xC0000205, MDNS_PORT, question, dns_finish(&m));
    assert_int_equal(w.sent, sent);
}

static void the_clock_goes_on_after_a_restart_but_not_after_a_power_cut(void **state) {
    (void)state;
    struct plug *plug = w.plug;
    clock_set(DEVICE, 1767225600);
    plug_run_ms(plug, 5000);
    plug_restart(plug, HAL_RESET_WATCHDOG);
    assert_true(DEVICE->clock_set && DEVICE->sntp.estimated);
    int64_t off = clock_now(DEVICE) - 1767225605;
    assert_true(off >= -1 && off <= 2);
    plug_run_ms(plug, 3000);
    plug_restart(plug, HAL_RESET_SOFTWARE); /* and again */
    off = clock_now(DEVICE) - 1767225609;
    assert_true(off >= -2 && off <= 3);
    plug_restart(plug, HAL_RESET_POWER);
    assert_false(DEVICE->clock_set);
}

static void every_name_leads_to_the_plug_while_its_access_point_is_open(void **state) {
    (void)state;
    uint8_t question[64];
    uint32_t address = 0, ttl;
    setting_parse(DEVICE, setting_find("wifi_ssid"), "");
    settings_save(DEVICE);
    power_on();
    w.asked = false;
    device_on_wifi(DEVICE, HAL_WIFI_AP_UP);
    run(2);
    int socket = -1;
    for (int i = 0; i < SOCKETS; i++)
        if (w.sockets[i].open && w.sockets[i].port == DNS_PORT)
            socket = 100 + i;
    assert_true(socket >= 0);
    struct dns_message m = dns_start(question, sizeof question, 77, false);
    dns_question(&m, "captive.example.com", DNS_A);
    device_on_datagram(DEVICE, socket, 0xC0A80402, 40000, question, dns_finish(&m));
    assert_int_equal(w.last.port, 40000);
    assert_int_equal(dns_address(w.last.data, w.last.size, 77, &address, &ttl, NULL), STATUS_OK);
    assert_int_equal(address, w.plug->chip.address);
    m = dns_start(question, sizeof question, 78, false);
    dns_question(&m, "captive.example.com", DNS_AAAA);
    device_on_datagram(DEVICE, socket, 0xC0A80402, 40000, question, dns_finish(&m));
    assert_int_equal(dns_address(w.last.data, w.last.size, 78, &address, &ttl, NULL),
                     STATUS_NOT_FOUND);
    unsigned sent = w.sent;
    for (size_t size = 0; size < dns_finish(&m); size++) /* pieces are no questions */
        device_on_datagram(DEVICE, socket, 0xC0A80402, 40000, question, size);
    assert_int_equal(w.sent, sent);
    setting_parse(DEVICE, setting_find("wifi_ssid"), "home");
    w.has_home = true;
    run(10);
    assert_int_equal(DEVICE->wifi, HAL_WIFI_CONNECTED);
    assert_false(w.sockets[socket - 100].open);
}

static void a_changed_network_is_joined_without_a_restart(void **state) {
    (void)state;
    w.has_home = w.has_other = true;
    run(5);
    assert_int_equal(DEVICE->wifi, HAL_WIFI_CONNECTED);
    setting_parse(DEVICE, setting_find("wifi_ssid"), "other");
    run(10);
    assert_int_equal(DEVICE->wifi, HAL_WIFI_CONNECTED);
    assert_string_equal(w.ssid, "other");
    assert_int_equal(w.plug->restarts, 0);
    setting_parse(DEVICE, setting_find("wifi_ssid"), "");
    run(6);
    assert_true(w.ap);
    setting_parse(DEVICE, setting_find("wifi_ssid"), "home");
    run(10);
    assert_string_equal(w.ssid, "home");
    assert_int_equal(DEVICE->wifi, HAL_WIFI_CONNECTED);
    command_run(DEVICE, "OpenAP", 0);
    run(3);
    assert_false(w.ap);
    run(4);
    assert_true(w.ap);
}

static struct {
    const char *known;
    unsigned asked;
} names;

static enum hal_name resolve(void *context, const char *name, uint32_t *address) {
    (void)context;
    names.asked++;
    *address = 0xC0000277;
    return names.known && strcmp(name, names.known) == 0 ? HAL_NAME_FOUND : HAL_NAME_ASKING;
}

static void a_name_server_that_never_answers_costs_five_seconds(void **state) {
    (void)state;
    names.known = "second.example";
    names.asked = 0;
    w.has_home = true;
    setting_parse(DEVICE, setting_find("ntp_server"), "silent.example");
    setting_parse(DEVICE, setting_find("ntp_server2"), "second.example");
    settings_save(DEVICE);
    w.plug->chip.hal.resolve = resolve;
    power_on();
    command_run(DEVICE, "startDriver NTP", 0);
    w.sent = 0;
    run(14);
    assert_true(names.asked > 4);
    assert_true(w.sent > 0);
    assert_int_equal(w.last.address, 0xC0000277);
    assert_int_equal(w.last.port, SNTP_PORT);
    w.plug->chip.hal.resolve = NULL;
}

static void is_found_by_ssdp_and_finds_others(void **state) {
    (void)state;
    static const char search[] = "M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n";
    char notify[400];
    struct text t = text_start(notify, sizeof notify);
    const struct ssdp_device other = {"http://192.0.2.9:80/ssdp.xml", "x"};
    w.has_home = true;
    command_run(DEVICE, "startDriver SSDP", 0);
    run(8);
    assert_int_equal(w.last.address, SSDP_GROUP);
    int socket = w.last.socket;
    device_on_datagram(DEVICE, socket, 0xC0000205, 5000, search, sizeof search - 1);
    assert_int_equal(w.last.address, 0xC0000205);
    assert_memory_equal(w.last.data, "HTTP/1.1 200 OK", 15);
    ssdp_notify(&other, &t);
    for (unsigned i = 0; i < 100; i++)
        device_on_datagram(DEVICE, socket, 0xC0000300 + i % 50, SSDP_PORT, notify, t.length);
    assert_int_equal(ssdp_peer(DEVICE, 0), 0xC0000300);
    assert_int_equal(ssdp_peer(DEVICE, SSDP_PEERS), 0);
    run(SSDP_PEER_S + 1);
    assert_int_equal(ssdp_peer(DEVICE, 0), 0);
    char document[2048];
    struct text xml = text_start(document, sizeof document);
    assert_true(ssdp_description(DEVICE, 0, &xml));
    assert_true(xml.length < 1000);
    assert_false(ssdp_description(DEVICE, 1, &xml));
    assert_non_null(strstr(document, "<URLBase>http://127.0.0.1:80/</URLBase>"));
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(joins_and_comes_back_after_the_router),
        CASE(takes_the_second_network),
        CASE(opens_its_own_network_in_the_end_and_leaves_it_again),
        CASE(without_a_network_the_access_point_stays),
        CASE(the_ping_watchdog_joins_anew),
        CASE(time_comes_from_the_server_that_answers),
        CASE(a_jump_must_be_said_twice),
        CASE(is_found_by_name),
        CASE(the_clock_goes_on_after_a_restart_but_not_after_a_power_cut),
        CASE(every_name_leads_to_the_plug_while_its_access_point_is_open),
        CASE(a_changed_network_is_joined_without_a_restart),
        CASE(a_name_server_that_never_answers_costs_five_seconds),
        CASE(is_found_by_ssdp_and_finds_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
