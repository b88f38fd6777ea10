/* Multicast DNS; see discovery.h. It answers questions about its own names, announces itself twice
 * when it joins and when its address changes, and says goodbye when it is stopped. It does not
 * probe: two plugs of the same short name both answer. */
#include "codec/net/dns.h"
#include "device/device.h"
#include "device/service/discovery/discovery.h"

#include "base/bytes.h"
#include "device/driver.h"

#define SERVICE  "_http._tcp.local"
#define SERVICES "_services._dns-sd._udp.local"

enum { TTL_HOST_S = 120, TTL_SERVICE_S = 4500, QUESTIONS = 16 };
enum wanted { WANT_ADDRESS = 1, WANT_SERVICE = 2, WANT_INSTANCE = 4, WANT_SERVICES = 8 };
#define WANT_ALL (WANT_ADDRESS | WANT_SERVICE | WANT_INSTANCE)

void discovery_host(const struct device *d, char out[33]) {
    struct text t = text_start(out, 33);
    for (const char *p = d->config.short_name; *p; p++) {
        bool good = text_is_alpha(*p) || text_is_digit(*p);
        if (good || t.length)
            text_char(&t, good ? text_lower(*p) : '-');
    }
    while (t.length && out[t.length - 1] == '-')
        out[--t.length] = '\0';
    if (!t.length)
        text_add(&t, "plug");
}

struct names {
    char host[33 + 6], instance[33 + 20];
};

static struct names names_of(const struct device *d) {
    struct names n = {.host = ""};
    char host[33];
    discovery_host(d, host);
    struct text h = text_start(n.host, sizeof n.host);
    struct text i = text_start(n.instance, sizeof n.instance);
    text_add(&h, host);
    text_add(&h, ".local");
    text_add(&i, host);
    text_add(&i, "." SERVICE);
    return n;
}

static uint32_t address_of(const struct device *d) {
    return d->hal.wifi_address ? d->hal.wifi_address(d->hal.context) : 0;
}

static uint16_t web_port(const struct device *d) {
    return d->hal.web_port ? d->hal.web_port : 80;
}

static size_t answer(const struct device *d, unsigned wanted, uint16_t id, bool goodbye,
                     uint8_t *buffer, size_t size) {
    struct names n = names_of(d);
    uint8_t address[4];
    uint32_t host_ttl = goodbye ? 0 : TTL_HOST_S, service_ttl = goodbye ? 0 : TTL_SERVICE_S;
    struct dns_message m = dns_start(buffer, size, id, true);
    store_be32(address, address_of(d));
    if (wanted & WANT_SERVICES)
        dns_pointer(&m, SERVICES, service_ttl, SERVICE);
    if (wanted & WANT_SERVICE)
        dns_pointer(&m, SERVICE, service_ttl, n.instance);
    if (wanted & (WANT_SERVICE | WANT_INSTANCE)) {
        dns_service(&m, n.instance, host_ttl, web_port(d), n.host);
        dns_record(&m, n.instance, DNS_TXT, true, service_ttl, "\x06path=/", 7);
    }
    if (wanted & ~(unsigned)WANT_SERVICES)
        dns_record(&m, n.host, DNS_A, true, host_ttl, address, 4);
    return dns_finish(&m);
}

static void send(struct device *d, unsigned wanted, bool goodbye) {
    uint8_t message[DNS_MESSAGE];
    size_t size = answer(d, wanted, 0, goodbye, message, sizeof message);
    if (size)
        service_send(d, d->mdns.socket, MDNS_GROUP, MDNS_PORT, message, size);
}

static bool type_is(const struct dns_entry *q, enum dns_type type) {
    return q->type == type || q->type == DNS_ANY;
}

static unsigned asked(const struct names *n, const struct dns_entry *q) {
    if (strcmp(q->name, n->host) == 0)
        return type_is(q, DNS_A) ? WANT_ADDRESS : 0;
    if (strcmp(q->name, n->instance) == 0)
        return type_is(q, DNS_SRV) || type_is(q, DNS_TXT) ? WANT_INSTANCE : 0;
    if (strcmp(q->name, SERVICE) == 0)
        return type_is(q, DNS_PTR) ? WANT_SERVICE : 0;
    return strcmp(q->name, SERVICES) == 0 && type_is(q, DNS_PTR) ? WANT_SERVICES : 0;
}

static void on_datagram(struct device *d, int socket, uint32_t address, uint16_t port,
                        const void *data, size_t size) {
    struct dns_head head;
    struct dns_entry q;
    struct names n = names_of(d);
    uint8_t message[DNS_MESSAGE];
    size_t at;
    unsigned wanted = 0;
    bool unicast = port != MDNS_PORT; /* an ordinary resolver */
    if (socket != d->mdns.socket || dns_read(data, size, &head, &at, NULL) != STATUS_OK ||
        head.response)
        return;
    for (unsigned i = 0; i < head.questions && i < QUESTIONS; i++) {
        if (dns_next(data, size, &at, true, &q, NULL) != STATUS_OK)
            break;
        wanted |= asked(&n, &q);
        unicast |= q.unicast;
    }
    if (!wanted)
        return;
    if (!unicast) {
        send(d, wanted, false);
        return;
    }
    size_t length =
        answer(d, wanted, port == MDNS_PORT ? 0 : head.id, false, message, sizeof message);
    if (length)
        service_send(d, socket, address, port, message, length);
}

static void stop(struct device *d) {
    if (d->mdns.socket < 0)
        return;
    if (d->wifi == HAL_WIFI_CONNECTED)
        send(d, WANT_ALL, true);
    service_close(d, d->mdns.socket);
    d->mdns.socket = -1;
}

static void second(struct device *d) {
    struct mdns *m = &d->mdns;
    if (d->wifi != HAL_WIFI_CONNECTED || !address_of(d) || !driver_on(d, "MDNS")) {
        stop(d);
        return;
    }
    if (m->socket < 0) {
        m->socket = (int16_t)service_udp(d, &mdns_service, MDNS_PORT, MDNS_GROUP);
        m->address = 0;
    }
    if (m->address != address_of(d)) {
        m->address = address_of(d);
        m->announcements = 2;
    }
    if (m->socket >= 0 && m->announcements) {
        m->announcements--;
        send(d, WANT_ALL, false);
    }
}

static void start(struct device *d) {
    d->mdns = (struct mdns){.socket = -1};
}

const struct service mdns_service = {
    .name = "MDNS", .start = start, .stop = stop, .second = second, .datagram = on_datagram};
