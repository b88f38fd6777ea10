/* SSDP; see discovery.h. */
#include "codec/net/ssdp.h"

#include "device/device.h"
#include "device/driver.h"
#include "device/identity.h"
#include "device/service/discovery/discovery.h"

enum { NOTIFY_S = 30 };

static void location(const struct device *d, char *out, size_t size) {
    char address[16];
    struct text t = text_start(out, size);
    identity_address(d, address);
    text_add(&t, "http://");
    text_add(&t, address);
    text_char(&t, ':');
    text_uint(&t, d->hal.web_port ? d->hal.web_port : 80);
    text_add(&t, "/ssdp.xml");
}

static void send(struct device *d, uint32_t address, uint16_t port, bool notify) {
    char url[48], message[400];
    struct text t = text_start(message, sizeof message);
    location(d, url, sizeof url);
    const struct ssdp_device self = {url, d->ssdp.uuid};
    if (notify)
        ssdp_notify(&self, &t);
    else
        ssdp_found(&self, &t);
    if (!t.truncated)
        service_send(d, d->ssdp.socket, address, port, message, t.length);
}

static void remember(struct device *d, uint32_t address) {
    struct ssdp *s = &d->ssdp;
    unsigned place = SSDP_PEERS;
    for (unsigned i = 0; i < SSDP_PEERS; i++) {
        if (s->peers[i].address == address) {
            s->peers[i].left_s = SSDP_PEER_S;
            return;
        }
        if (!s->peers[i].address && place == SSDP_PEERS)
            place = i;
    }
    if (place < SSDP_PEERS) {
        s->peers[place].address = address;
        s->peers[place].left_s = SSDP_PEER_S;
    }
}

static void on_datagram(struct device *d, int socket, uint32_t address, uint16_t port,
                        const void *data, size_t size) {
    if (socket != d->ssdp.socket)
        return;
    enum ssdp_kind kind = ssdp_read(data, size);
    if (kind == SSDP_SEARCH)
        send(d, address, port, false);
    else if (kind == SSDP_OPENBEKEN)
        remember(d, address);
}

static void forget_old(struct ssdp *s) {
    for (unsigned i = 0; i < SSDP_PEERS; i++)
        if (s->peers[i].address && --s->peers[i].left_s == 0)
            s->peers[i].address = 0;
}

/* Made from the hardware address: the same after every start. */
static void make_uuid(struct device *d) {
    struct text t = text_start(d->ssdp.uuid, sizeof d->ssdp.uuid);
    char mac[13];
    identity_mac(d, mac, 0);
    text_add(&t, "706c7567-736d-4974-8800-");
    for (const char *p = mac; *p; p++)
        text_char(&t, text_lower(*p));
}

static void stop(struct device *d) {
    if (d->ssdp.socket >= 0)
        service_close(d, d->ssdp.socket);
    d->ssdp.socket = -1;
}

static void second(struct device *d) {
    struct ssdp *s = &d->ssdp;
    if (d->wifi != HAL_WIFI_CONNECTED || !driver_on(d, "SSDP")) {
        stop(d);
        return;
    }
    if (s->socket < 0) {
        make_uuid(d);
        s->socket = (int16_t)service_udp(d, &ssdp_service, SSDP_PORT, SSDP_GROUP);
        s->notify_left_s = 1;
    }
    forget_old(s);
    if (s->socket < 0 || --s->notify_left_s)
        return;
    s->notify_left_s = NOTIFY_S;
    send(d, SSDP_GROUP, SSDP_PORT, true);
}

static void start(struct device *d) {
    d->ssdp = (struct ssdp){.socket = -1};
}

uint32_t ssdp_peer(const struct device *d, unsigned i) {
    for (unsigned k = 0; k < SSDP_PEERS; k++)
        if (d->ssdp.peers[k].address && i-- == 0)
            return d->ssdp.peers[k].address;
    return 0;
}

static void element(struct text *out, const char *name, const char *value) {
    text_char(out, '<');
    text_add(out, name);
    text_char(out, '>');
    text_html(out, value);
    text_add(out, "</");
    text_add(out, name);
    text_char(out, '>');
}

static void services(const char *url, struct text *out) {
    text_add(out, "<serviceList><service>");
    element(out, "URLBase", url);
    element(out, "serviceType", "urn:schemas-upnp-org:service:openbk:1");
    element(out, "serviceId", "urn:schemas-upnp-org:serviceId:openbk");
    element(out, "controlURL", "/");
    element(out, "SCPDURL", "/ssdp.xml");
    text_add(out, "</service></serviceList>");
    element(out, "presentationURL", url);
    text_add(out, "</device></root>\n");
}

bool ssdp_description(struct device *d, unsigned step, struct text *out) {
    char url[48], udn[48];
    struct text u = text_start(udn, sizeof udn);
    make_uuid(d);
    location(d, url, sizeof url);
    url[strlen(url) - strlen("ssdp.xml")] = '\0';
    if (step) {
        services(url, out);
        return false;
    }
    text_add(&u, "uuid:");
    text_add(&u, d->ssdp.uuid);
    text_add(out, "<?xml version=\"1.0\"?>\n<root xmlns=\"urn:schemas-upnp-org:device-1-0\">"
                  "<specVersion><major>1</major><minor>0</minor></specVersion><device>");
    element(out, "deviceType", "urn:schemas-upnp-org:device:Basic:1");
    element(out, "friendlyName", d->config.long_name);
    element(out, "manufacturer", "Plugsmith");
    element(out, "modelDescription", "Smart plug");
    element(out, "modelName", d->hal.chip.name);
    element(out, "modelNumber", "1");
    element(out, "serialNumber", "1");
    element(out, "UDN", udn);
    return true;
}

const struct service ssdp_service = {
    .name = "SSDP", .start = start, .stop = stop, .second = second, .datagram = on_datagram};
