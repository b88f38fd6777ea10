/* Sockets on epoll; see posix_net.h. */
#include "port/posix/posix_net.h"

#include "port/posix/posix_private.h"
#include "port/posix/posix_resolve.h"
#include "port/posix/posix_tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    EVENTS = 64,
    OFFERS = 16, /* how often one run of bytes is offered before others get their turn */
};

uint64_t posix_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

uint64_t posix_tag(uint32_t host, uint32_t handle, uint32_t serial) {
    return (uint64_t)host << 40 | (uint64_t)handle << 32 | serial;
}

void posix_watch(struct posix_host *host, int handle, unsigned events) {
    struct posix_handle *h = &host->handles[handle];
    struct epoll_event e = {.events = events};
    if (h->events == events && events)
        return;
    e.data.u64 = posix_tag((uint32_t)host->number, (uint32_t)handle, h->serial);
    epoll_ctl(host->net->epoll, h->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, h->fd, &e);
    h->events = events;
}

int posix_handle_new(struct posix_host *host, int fd, enum posix_kind kind) {
    for (int i = 0; i < POSIX_HANDLES; i++) {
        struct posix_handle *h = &host->handles[i];
        if (h->kind != POSIX_FREE)
            continue;
        *h = (struct posix_handle){.fd = fd, .kind = (uint8_t)kind, .serial = ++host->net->serial};
        return i;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

void posix_handle_drop(struct posix_host *host, struct posix_handle *h, bool gently) {
    if (h->pending || h->kind == POSIX_DOOMED)
        host->pending--;
    free(h->pending);
    if (h->tls && gently && h->kind == POSIX_STREAM)
        posix_tls_end(h->tls);
    posix_tls_free(h->tls);
    if (h->kind == POSIX_RESOLVING)
        posix_resolve_abandon(h->job);
    else if (gently && h->kind == POSIX_STREAM)
        posix_linger(host->net, h->fd);
    else if (h->fd >= 0)
        close(h->fd);
    *h = (struct posix_handle){.fd = -1};
}

/* --- events --- */

void posix_touch(struct posix_host *host) {
    if (host->touched)
        return;
    host->touched = true;
    host->next_touched = host->net->touched;
    host->net->touched = host;
}

static void offer(struct posix_host *host, int handle, const uint8_t *data, size_t size) {
    struct posix_handle *h = &host->handles[handle];
    uint32_t serial = h->serial;
    size_t at = 0;
    for (unsigned i = 0; at < size && i < OFFERS; i++) {
        size_t took = device_on_stream(host->device, handle, HAL_STREAM_DATA, data + at, size - at);
        if (h->kind != POSIX_STREAM || h->serial != serial)
            return; /* closed meanwhile */
        if (!took)
            break;
        at += took;
    }
    if (at == size) {
        posix_watch(host, handle, (h->events & EPOLLOUT) | EPOLLIN);
        return;
    }
    uint8_t *rest = malloc(size - at);
    if (!rest)
        return;
    memcpy(rest, data + at, size - at);
    h->pending = rest;
    h->pending_size = size - at;
    host->pending++;
    posix_watch(host, handle, (h->events & EPOLLOUT) | EPOLLPRI); /* only a hang-up */
}

static void hang_up(struct posix_host *host, int handle, const char *why) {
    posix_handle_drop(host, &host->handles[handle], false);
    device_on_stream(host->device, handle, HAL_STREAM_CLOSED, why, why ? strlen(why) : 0);
}

static ssize_t receive(struct posix_handle *h, uint8_t *buffer) {
    return h->tls ? posix_tls_read(h->tls, buffer, POSIX_READ_SIZE)
                  : recv(h->fd, buffer, POSIX_READ_SIZE, MSG_DONTWAIT);
}

static void readable(struct posix_host *host, int handle) {
    struct posix_handle *h = &host->handles[handle];
    uint32_t serial = h->serial;
    do {
        if (h->pending)
            return;
        ssize_t got = receive(h, host->net->buffer);
        if (got > 0)
            offer(host, handle, host->net->buffer, (size_t)got);
        else if (got == 0 || (errno != EAGAIN && errno != EINTR))
            hang_up(host, handle, NULL);
    } while (h->kind == POSIX_STREAM && h->serial == serial && h->tls && posix_tls_holds(h->tls));
}

static void offer_again(struct posix_host *host, int handle) {
    struct posix_handle *h = &host->handles[handle];
    uint8_t *data = h->pending;
    size_t size = h->pending_size;
    uint32_t serial = h->serial;
    h->pending = NULL;
    host->pending--;
    offer(host, handle, data, size);
    free(data);
    if (h->kind == POSIX_STREAM && h->serial == serial && h->tls && posix_tls_holds(h->tls))
        readable(host, handle);
}

void posix_host_offer(struct posix_host *host) {
    for (int i = 0; host->pending && i < POSIX_HANDLES; i++)
        if (host->handles[i].kind == POSIX_DOOMED)
            hang_up(host, i, host->handles[i].why);
        else if (host->handles[i].pending)
            offer_again(host, i);
    if (host->pending) /* ask again in the next round */
        posix_touch(host);
}

static void opened(struct posix_host *host, int handle) {
    host->handles[handle].kind = POSIX_STREAM;
    posix_watch(host, handle, EPOLLIN);
    device_on_stream(host->device, handle, HAL_STREAM_OPEN, NULL, 0);
}

static void shake(struct posix_host *host, int handle) {
    struct posix_handle *h = &host->handles[handle];
    const char *why = NULL;
    uint32_t serial = h->serial;
    enum posix_tls_step step = posix_tls_shake(h->tls, &why);
    if (step == POSIX_TLS_FAILED)
        hang_up(host, handle, why);
    else if (step == POSIX_TLS_READY)
        opened(host, handle);
    else
        posix_watch(host, handle, posix_tls_blocked(h->tls) ? EPOLLIN | EPOLLOUT : EPOLLIN);
    if (step == POSIX_TLS_READY && h->serial == serial && h->tls && posix_tls_holds(h->tls))
        readable(host, handle);
}

static void connected(struct posix_host *host, int handle) {
    struct posix_handle *h = &host->handles[handle];
    int error = 0;
    socklen_t size = sizeof error;
    if (h->fd < 0 || getsockopt(h->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error) {
        hang_up(host, handle, error == ECONNREFUSED ? "that address refuses the connection" : NULL);
        return;
    }
    if (!h->tls) {
        opened(host, handle);
        return;
    }
    h->kind = POSIX_SHAKING;
    posix_tls_attach(h->tls, h->fd);
    shake(host, handle);
}

static void incoming(struct posix_host *host, int listener) {
    for (unsigned i = 0; i < EVENTS && host->handles[listener].kind == POSIX_LISTENER; i++) {
        struct sockaddr_in from = {.sin_family = AF_INET};
        socklen_t size = sizeof from;
        int on = 1, fd = accept4(host->handles[listener].fd, (struct sockaddr *)&from, &size,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        int handle = posix_handle_new(host, fd, POSIX_STREAM);
        if (handle < 0)
            continue;
        posix_watch(host, handle, EPOLLIN);
        if (!device_on_accept(host->device, listener, handle, ntohl(from.sin_addr.s_addr)))
            posix_handle_drop(host, &host->handles[handle], false);
    }
}

static void datagrams(struct posix_host *host, int handle) {
    for (unsigned i = 0; i < EVENTS; i++) {
        struct sockaddr_in from = {.sin_family = AF_INET};
        socklen_t length = sizeof from;
        ssize_t got = recvfrom(host->handles[handle].fd, host->net->buffer, POSIX_READ_SIZE,
                               MSG_DONTWAIT, (struct sockaddr *)&from, &length);
        if (got < 0 || host->handles[handle].kind != POSIX_DATAGRAM)
            return;
        device_on_datagram(host->device, handle, ntohl(from.sin_addr.s_addr), ntohs(from.sin_port),
                           host->net->buffer, (size_t)got);
        if (host->handles[handle].kind != POSIX_DATAGRAM)
            return;
    }
}

static void stream_event(struct posix_host *host, int handle, unsigned events) {
    struct posix_handle *h = &host->handles[handle];
    uint32_t serial = h->serial;
    if (events & EPOLLOUT && !(h->tls && posix_tls_blocked(h->tls))) {
        posix_watch(host, handle, h->events & ~(unsigned)EPOLLOUT);
        device_on_stream(host->device, handle, HAL_STREAM_WRITABLE, NULL, 0);
    }
    if (h->kind != POSIX_STREAM || h->serial != serial)
        return;
    if (events & EPOLLIN)
        readable(host, handle);
    else if (events & (EPOLLHUP | EPOLLERR))
        hang_up(host, handle, NULL);
}

struct posix_host *posix_net_touched(struct posix_net *net) {
    struct posix_host *host = net->touched;
    if (!host)
        return NULL;
    net->touched = host->next_touched;
    host->touched = false;
    return host;
}

static void resolved(struct posix_net *net) {
    uint64_t key;
    uint32_t address;
    while (posix_resolve_next(net->resolver, &key, &address)) {
        if (key >> 40 == POSIX_TAG_NAME) {
            posix_name_answered(net, (uint32_t)key, address);
            continue;
        }
        struct posix_host *host = net->hosts[key >> 40];
        int handle = (int)(key >> 32 & 0xFF);
        struct posix_handle *h = host ? &host->handles[handle] : NULL;
        if (!h || h->kind != POSIX_RESOLVING || h->serial != (uint32_t)key)
            continue;
        h->job = NULL;
        posix_touch(host);
        if (!address)
            hang_up(host, handle, "nobody knows that name");
        else if (!posix_connect_now(host, handle, address))
            hang_up(host, handle, "no way to that address");
    }
}

static void dispatch(struct posix_net *net, uint64_t key, unsigned events) {
    uint32_t number = (uint32_t)(key >> 40);
    int handle = (int)(key >> 32 & 0xFF);
    if (number == POSIX_TAG_LINGER)
        posix_linger_read(net, (unsigned)key);
    else if (number == POSIX_TAG_RESOLVER)
        resolved(net);
    if (number >= net->host_count || !net->hosts[number])
        return;
    struct posix_host *host = net->hosts[number];
    struct posix_handle *h = &host->handles[handle];
    if (h->serial != (uint32_t)key)
        return;
    posix_touch(host);
    if (h->kind == POSIX_LISTENER)
        incoming(host, handle);
    else if (h->kind == POSIX_CONNECTING)
        connected(host, handle);
    else if (h->kind == POSIX_SHAKING)
        shake(host, handle);
    else if (h->kind == POSIX_ECHO || h->kind == POSIX_KNOCK)
        posix_ping_event(host, handle);
    else if (h->kind == POSIX_DATAGRAM)
        datagrams(host, handle);
    else if (h->kind == POSIX_STREAM)
        stream_event(host, handle, events);
}

int posix_net_wait(struct posix_net *net, int timeout_ms) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(net->epoll, events, EVENTS, timeout_ms);
    for (int i = 0; i < count; i++)
        dispatch(net, events[i].data.u64, events[i].events);
    posix_linger_end(net);
    return count < 0 ? 0 : count;
}

/* --- life --- */

struct posix_net *posix_net_new(void) {
    struct posix_net *net = calloc(1, sizeof *net);
    struct epoll_event e = {.events = EPOLLIN};
    if (!net)
        return NULL;
    for (unsigned i = 0; i < POSIX_LINGERING; i++)
        net->lingering[i].fd = -1;
    net->epoll = epoll_create1(EPOLL_CLOEXEC);
    net->resolver = posix_resolver_new();
    e.data.u64 = posix_tag(POSIX_TAG_RESOLVER, 0, 0);
    if (net->epoll < 0 || !net->resolver ||
        epoll_ctl(net->epoll, EPOLL_CTL_ADD, posix_resolver_fd(net->resolver), &e) != 0) {
        posix_net_free(net);
        return NULL;
    }
    return net;
}

void posix_net_free(struct posix_net *net) {
    if (!net)
        return;
    for (size_t i = 0; i < net->host_count; i++)
        if (net->hosts[i])
            posix_host_reset(net->hosts[i]);
    for (unsigned i = 0; i < POSIX_LINGERING; i++)
        if (net->lingering[i].fd >= 0)
            close(net->lingering[i].fd);
    if (net->epoll >= 0)
        close(net->epoll);
    posix_resolver_free(net->resolver);
    free(net->hosts);
    free(net);
}

void posix_host_attach(struct posix_host *host, struct posix_net *net, struct device *device,
                       struct hal *hal) {
    struct posix_host **grown =
        realloc(net->hosts, (net->host_count + 1) * sizeof(struct posix_host *));
    if (!grown)
        abort();
    net->hosts = grown;
    host->number = net->host_count;
    net->hosts[net->host_count++] = host;
    host->net = net;
    host->device = device;
    for (unsigned i = 0; i < POSIX_HANDLES; i++)
        host->handles[i] = (struct posix_handle){.fd = -1};
    hal->net = host;
    posix_sockets_fill(hal);
}

void posix_host_reset(struct posix_host *host) {
    for (unsigned i = 0; i < POSIX_HANDLES; i++)
        if (host->handles[i].kind != POSIX_FREE)
            posix_handle_drop(host, &host->handles[i], false);
}

void posix_host_detach(struct posix_host *host) {
    posix_host_reset(host);
    host->net->hosts[host->number] = NULL;
    for (struct posix_host **at = &host->net->touched; *at; at = &(*at)->next_touched)
        if (*at == host) {
            *at = host->next_touched;
            return;
        }
}

bool posix_address_read(const char *text, uint32_t *address, uint16_t *port) {
    char host[32];
    struct in_addr in;
    size_t length = strcspn(text, ":");
    if (length >= sizeof host)
        return false;
    memcpy(host, text, length);
    host[length] = 0;
    if (inet_pton(AF_INET, host, &in) != 1)
        return false;
    *address = ntohl(in.s_addr);
    if (!text[length])
        return true;
    char *end;
    unsigned long number = strtoul(text + length + 1, &end, 10);
    *port = (uint16_t)number;
    return end != text + length + 1 && !*end && number > 0 && number < 65536;
}
