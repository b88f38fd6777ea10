/* Hands the network to its services; see service.h. */
#include "device/device.h"
#include "device/service/service.h"

static void *net(const struct device *d) {
    return d->hal.net ? d->hal.net : d->hal.context;
}

static int hub_find(const struct device *d, int handle) {
    for (int i = 0; i < HUB_HANDLES; i++)
        if (d->hub.open[i].owner && d->hub.open[i].handle == handle)
            return i;
    return -1;
}

static int hub_free(const struct device *d) {
    for (int i = 0; i < HUB_HANDLES; i++)
        if (!d->hub.open[i].owner)
            return i;
    return -1;
}

/* Remembers a handle; there is a free place, because the caller looked. */
static int hub_keep(struct device *d, const struct service *owner, int handle, bool datagrams) {
    int place = hub_free(d);
    if (handle < 0 || place < 0)
        return -1;
    d->hub.open[place].owner = owner;
    d->hub.open[place].handle = (int16_t)handle;
    d->hub.open[place].datagrams = datagrams;
    return handle;
}

int service_listen(struct device *d, const struct service *owner, uint16_t port) {
    if (!d->hal.tcp_listen || hub_free(d) < 0)
        return -1;
    return hub_keep(d, owner, d->hal.tcp_listen(net(d), port), false);
}

int service_connect(struct device *d, const struct service *owner, const char *host, uint16_t port,
                    const struct hal_tls *tls) {
    if (!d->hal.tcp_connect || hub_free(d) < 0)
        return -1;
    return hub_keep(d, owner, d->hal.tcp_connect(net(d), host, port, tls), false);
}

int service_udp(struct device *d, const struct service *owner, uint16_t port,
                uint32_t multicast_group) {
    if (!d->hal.udp_open || hub_free(d) < 0)
        return -1;
    return hub_keep(d, owner, d->hal.udp_open(net(d), port, multicast_group), true);
}

size_t service_write(struct device *d, int stream, const void *data, size_t size) {
    return d->hal.tcp_write ? d->hal.tcp_write(net(d), stream, data, size) : 0;
}

bool service_send(struct device *d, int socket, uint32_t address, uint16_t port, const void *data,
                  size_t size) {
    return d->hal.udp_send && d->hal.udp_send(net(d), socket, address, port, data, size);
}

bool service_dotted(const char *text, uint32_t *address) {
    uint32_t value = 0;
    for (unsigned part = 0; part < 4; part++) {
        unsigned number = 0, digits = 0;
        for (; text_is_digit(*text) && digits < 3; text++, digits++)
            number = number * 10 + (unsigned)(*text - '0');
        if (!digits || number > 255 || (part < 3 && *text++ != '.'))
            return false;
        value = value << 8 | number;
    }
    *address = value;
    return *text == '\0';
}

enum hal_name service_resolve(struct device *d, const char *name, uint32_t *address) {
    if (service_dotted(name, address))
        return HAL_NAME_FOUND;
    return d->hal.resolve && *name ? d->hal.resolve(net(d), name, address) : HAL_NAME_UNKNOWN;
}

bool service_ping(struct device *d, const char *host) {
    if (d->hal.ping)
        d->hal.ping(net(d), host);
    return d->hal.ping != NULL;
}

static void close_place(struct device *d, int place) {
    int handle = d->hub.open[place].handle;
    d->hub.open[place].owner = NULL;
    if (d->hub.open[place].datagrams) {
        if (d->hal.udp_close)
            d->hal.udp_close(net(d), handle);
    } else if (d->hal.tcp_close) {
        d->hal.tcp_close(net(d), handle);
    }
}

void service_close(struct device *d, int handle) {
    int place = hub_find(d, handle);
    if (place >= 0)
        close_place(d, place);
}

bool device_on_accept(struct device *d, int listener, int stream, uint32_t peer_address) {
    int place = hub_find(d, listener);
    const struct service *owner = place < 0 ? NULL : d->hub.open[place].owner;
    if (!d->running || !owner || !owner->accept || hub_free(d) < 0)
        return false;
    hub_keep(d, owner, stream, false);
    bool taken = owner->accept(d, listener, stream, peer_address);
    place = hub_find(d, stream);
    if (!taken && place >= 0)
        d->hub.open[place].owner = NULL; /* the port closes it */
    services_wake(d);
    return taken;
}

size_t device_on_stream(struct device *d, int stream, enum hal_stream_event event, const void *data,
                        size_t size) {
    int place = hub_find(d, stream);
    const struct service *owner = place < 0 ? NULL : d->hub.open[place].owner;
    if (event == HAL_STREAM_CLOSED && place >= 0)
        d->hub.open[place].owner = NULL;
    services_wake(d);
    return owner && owner->stream ? owner->stream(d, stream, event, data, size) : size;
}

void device_on_datagram(struct device *d, int socket, uint32_t address, uint16_t port,
                        const void *data, size_t size) {
    int place = hub_find(d, socket);
    const struct service *owner = place < 0 ? NULL : d->hub.open[place].owner;
    if (owner && owner->datagram)
        owner->datagram(d, socket, address, port, data, size);
    services_wake(d);
}

void services_wake(struct device *d) {
    d->hub.next_ms = 0;
}

void services_start(struct device *d) {
    d->hub = (struct service_hub){.started = true};
    for (const struct service *const *s = d->wiring->services; *s; s++)
        if ((*s)->start)
            (*s)->start(d);
}

void services_stop(struct device *d) {
    for (const struct service *const *s = d->wiring->services; *s; s++)
        if (d->hub.started && (*s)->stop)
            (*s)->stop(d);
    for (int i = 0; i < HUB_HANDLES; i++)
        if (d->hub.open[i].owner)
            close_place(d, i);
    d->hub.started = false;
}

void services_second(struct device *d) {
    for (const struct service *const *s = d->wiring->services; *s; s++)
        if ((*s)->second)
            (*s)->second(d);
}

void services_poll(struct device *d) {
    uint32_t next = UINT32_MAX;
    for (const struct service *const *s = d->wiring->services; *s; s++) {
        uint32_t wanted = (*s)->poll ? (*s)->poll(d) : UINT32_MAX;
        next = wanted < next ? wanted : next;
    }
    d->hub.next_ms = next;
}

uint32_t services_next_ms(const struct device *d) {
    return d->hub.next_ms;
}
