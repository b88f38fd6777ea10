/* The captive portal; see portal.h. */
#include "device/service/wifi/portal.h"

#include "base/bytes.h"
#include "codec/net/dns.h"
#include "device/device.h"
#include "device/service/http/http.h"
#include "device/service/rest/tasmota.h"

enum { TTL_S = 10 };
#define USUAL_ADDRESS 0xC0A80401u /* 192.168.4.1 */

static bool open(const struct device *d) {
    return d->wifi == HAL_WIFI_AP_UP;
}

static uint32_t own_address(const struct device *d) {
    uint32_t address = d->hal.wifi_address ? d->hal.wifi_address(d->hal.context) : 0;
    return address ? address : USUAL_ADDRESS;
}

/* --- names --- */

static size_t answer(const struct device *d, const uint8_t *question, size_t size, uint8_t *reply,
                     size_t room) {
    struct dns_head head;
    struct dns_entry entry;
    uint8_t address[4];
    size_t at;
    if (dns_read(question, size, &head, &at, NULL) != STATUS_OK || head.response ||
        head.questions != 1 || dns_next(question, size, &at, true, &entry, NULL) != STATUS_OK)
        return 0;
    struct dns_message m = dns_start(reply, room, head.id, true);
    dns_question(&m, entry.name, (enum dns_type)entry.type);
    store_be32(address, own_address(d));
    if (entry.type == DNS_A || entry.type == DNS_ANY) /* others exist and have no record */
        dns_record(&m, entry.name, DNS_A, false, TTL_S, address, sizeof address);
    return dns_finish(&m);
}

static void on_datagram(struct device *d, int socket, uint32_t address, uint16_t port,
                        const void *data, size_t size) {
    uint8_t reply[DNS_MESSAGE];
    size_t length = open(d) ? answer(d, data, size, reply, sizeof reply) : 0;
    if (length)
        service_send(d, socket, address, port, reply, length);
}

static void second(struct device *d) {
    struct wifi *w = &d->net_wifi;
    if (open(d) && !w->portal) {
        w->portal = (int16_t)(1 + service_udp(d, &portal_service, DNS_PORT, 0));
    } else if (!open(d) && w->portal) {
        service_close(d, w->portal - 1);
        w->portal = 0;
    }
}

const struct service portal_service = {.name = "portal", .second = second, .datagram = on_datagram};

/* --- requests --- */

/* What systems fetch to see whether they are on the internet, and what they expect is not here. */
static bool is_probe(const char *path) {
    static const char *const paths[] = {"/generate_204",
                                        "/gen_204",
                                        "/hotspot-detect.html",
                                        "/library/test/success.html",
                                        "/connecttest.txt",
                                        "/ncsi.txt",
                                        "/success.txt",
                                        "/canonical.html",
                                        "/redirect",
                                        "/check_network_status.txt"};
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++)
        if (strcmp(paths[i], path) == 0)
            return true;
    return false;
}

/* "192.168.4.1", with a port or without, is meant for us; names of others are not. */
static bool is_name(const char *host) {
    for (; *host && *host != ':'; host++)
        if (!text_is_digit(*host) && *host != '.')
            return true;
    return false;
}

static void lead(struct device *d, struct http_exchange *x) {
    char location[32];
    struct text text = text_start(location, sizeof location);
    if (!open(d) || !(is_probe(x->path) || is_name(x->host)))
        return;
    text_add(&text, "http://");
    tasmota_address(&text, own_address(d));
    text_char(&text, '/');
    http_redirect(x, location);
    http_header(x, "Cache-Control", "no-store");
}

const struct http_route portal_routes[] = {
    {HTTP_GET, HTTP_ANYONE, false, "/*", lead, NULL, NULL, NULL, NULL},
    {0},
};
