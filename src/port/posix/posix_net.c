/* Sockets on epoll; see posix_net.h. */
#include "port/posix/posix_net.h"

#include "port/posix/posix_resolve.h"

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
    READ_SIZE = 16384,
    OFFERS = 16, /* how often one run of bytes is offered before others get their turn */
    LINGERING = 128,
    LINGER_MS = 1500,
    LINGER_BYTES = 1 << 20,
    BACKLOG = 64,
};

/* A socket the device is done with: the peer may still read, what it sends is thrown away. */
struct lingering {
    int fd;
    uint32_t bytes;
    uint64_t until_ms;
};

struct posix_net {
    int epoll;
    struct posix_resolver *resolver;
    struct posix_host **hosts;
    size_t host_count;
    struct posix_host *touched;
    uint32_t serial;
    struct lingering lingering[LINGERING];
    uint8_t buffer[READ_SIZE];
};

static uint64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* What an event belongs to, in the 64 bits that epoll keeps. */
static uint64_t tag(uint32_t host, uint32_t handle, uint32_t serial) {
    return (uint64_t)host << 40 | (uint64_t)handle << 32 | serial;
}
enum { TAG_LINGER = 0xFFFFFE, TAG_RESOLVER = 0xFFFFFD };

static void watch(struct posix_host *host, int handle, unsigned events) {
    struct posix_handle *h = &host->handles[handle];
    struct epoll_event e = {.events = events};
    if (h->events == events && events)
        return;
    e.data.u64 = tag((uint32_t)host->number, (uint32_t)handle, h->serial);
    epoll_ctl(host->net->epoll, h->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, h->fd, &e);
    h->events = events;
}

static int handle_new(struct posix_host *host, int fd, enum posix_kind kind) {
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

static void linger(struct posix_net *net, int fd) {
    struct epoll_event e = {.events = EPOLLIN};
    for (unsigned i = 0; i < LINGERING; i++) {
        if (net->lingering[i].fd >= 0)
            continue;
        shutdown(fd, SHUT_WR);
        e.data.u64 = tag(TAG_LINGER, 0, i);
        if (epoll_ctl(net->epoll, EPOLL_CTL_MOD, fd, &e) != 0)
            break;
        net->lingering[i] = (struct lingering){fd, 0, now_ms() + LINGER_MS};
        return;
    }
    close(fd);
}

static void linger_read(struct posix_net *net, unsigned i) {
    struct lingering *l = &net->lingering[i % LINGERING];
    if (l->fd < 0)
        return;
    ssize_t got = recv(l->fd, net->buffer, READ_SIZE, MSG_DONTWAIT);
    l->bytes += got > 0 ? (uint32_t)got : 0;
    if (got == 0 || (got < 0 && errno != EAGAIN) || l->bytes > LINGER_BYTES) {
        close(l->fd);
        l->fd = -1;
    }
}

static void linger_end(struct posix_net *net) {
    uint64_t now = now_ms();
    for (unsigned i = 0; i < LINGERING; i++)
        if (net->lingering[i].fd >= 0 && net->lingering[i].until_ms <= now) {
            close(net->lingering[i].fd);
            net->lingering[i].fd = -1;
        }
}

/* Forgets a handle; `gently` lets the peer read what was written. */
static void handle_drop(struct posix_host *host, struct posix_handle *h, bool gently) {
    if (h->pending)
        host->pending--;
    free(h->pending);
    if (h->kind == POSIX_RESOLVING)
        posix_resolve_abandon(h->job);
    else if (gently && h->kind == POSIX_STREAM)
        linger(host->net, h->fd);
    else if (h->fd >= 0)
        close(h->fd);
    *h = (struct posix_handle){.fd = -1};
}

/* --- the functions of the hal --- */

static struct posix_handle *handle_of(struct posix_host *host, int handle) {
    bool good = handle >= 0 && handle < POSIX_HANDLES && host->handles[handle].kind != POSIX_FREE;
    return good ? &host->handles[handle] : NULL;
}

static struct sockaddr_in address_of(uint32_t address, uint16_t port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(address);
    return a;
}

static bool bind_to(int fd, uint32_t address, uint16_t port) {
    struct sockaddr_in a = address_of(address, port);
    return bind(fd, (struct sockaddr *)&a, sizeof a) == 0;
}

static int tcp_listen(void *context, uint16_t port) {
    struct posix_host *host = context;
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool bound = bind_to(fd, host->address, port);
    if (!bound && errno == EACCES && port < 1024 && host->low_port) {
        port = (uint16_t)(port + host->low_port);
        bound = bind_to(fd, host->address, port);
    }
    if (!bound || listen(fd, BACKLOG) != 0) {
        close(fd);
        return -1;
    }
    int handle = handle_new(host, fd, POSIX_LISTENER);
    if (handle >= 0) {
        host->handles[handle].port = port;
        watch(host, handle, EPOLLIN);
    }
    return handle;
}

static bool connect_now(struct posix_host *host, int handle, uint32_t address) {
    struct posix_handle *h = &host->handles[handle];
    struct sockaddr_in a = address_of(address, h->port);
    int on = 1;
    h->kind = POSIX_CONNECTING;
    h->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (h->fd < 0)
        return false;
    setsockopt(h->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (host->address)
        bind_to(h->fd, host->address, 0);
    if (connect(h->fd, (struct sockaddr *)&a, sizeof a) != 0 && errno != EINPROGRESS)
        return false;
    watch(host, handle, EPOLLOUT);
    return true;
}

static int tcp_connect(void *context, const char *name, uint16_t port, bool tls) {
    struct posix_host *host = context;
    struct in_addr in;
    if (tls)
        return -1;
    int handle = handle_new(host, -1, POSIX_RESOLVING);
    if (handle < 0)
        return -1;
    struct posix_handle *h = &host->handles[handle];
    h->port = port;
    if (inet_pton(AF_INET, name, &in) == 1) {
        if (connect_now(host, handle, ntohl(in.s_addr)))
            return handle;
        handle_drop(host, h, false);
        return -1;
    }
    h->job = posix_resolve(host->net->resolver, name,
                           tag((uint32_t)host->number, (uint32_t)handle, h->serial));
    if (!h->job)
        *h = (struct posix_handle){.fd = -1};
    return h->job ? handle : -1;
}

static size_t tcp_write(void *context, int stream, const void *data, size_t size) {
    struct posix_host *host = context;
    struct posix_handle *h = handle_of(host, stream);
    if (!h || h->kind != POSIX_STREAM)
        return 0;
    ssize_t sent = send(h->fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN)
        return size; /* broken: the hang-up event tells the device */
    size_t took = sent > 0 ? (size_t)sent : 0;
    if (took < size)
        watch(host, stream, h->events | EPOLLOUT);
    return took;
}

static void any_close(void *context, int handle) {
    struct posix_host *host = context;
    struct posix_handle *h = handle_of(host, handle);
    if (h)
        handle_drop(host, h, true);
}

static bool join(int fd, uint32_t group, uint32_t address) {
    struct ip_mreq m = {.imr_multiaddr.s_addr = htonl(group),
                        .imr_interface.s_addr = htonl(address)};
    struct in_addr from = {htonl(address)};
    unsigned char on = 1;
    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &from, sizeof from);
    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &on, sizeof on);
    return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m) == 0;
}

static int udp_open(void *context, uint16_t port, uint32_t group) {
    struct posix_host *host = context;
    int on = 1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    if (!bind_to(fd, group ? INADDR_ANY : host->address, port) ||
        (group && !join(fd, group, host->address))) {
        close(fd);
        return -1;
    }
    int handle = handle_new(host, fd, POSIX_DATAGRAM);
    if (handle >= 0)
        watch(host, handle, EPOLLIN);
    return handle;
}

static bool udp_send(void *context, int socket, uint32_t address, uint16_t port, const void *data,
                     size_t size) {
    struct posix_handle *h = handle_of(context, socket);
    struct sockaddr_in a = address_of(address, port);
    return h && sendto(h->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&a,
                       sizeof a) == (ssize_t)size;
}

/* --- events --- */

static void touch(struct posix_host *host) {
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
        watch(host, handle, (h->events & EPOLLOUT) | EPOLLIN);
        return;
    }
    uint8_t *rest = malloc(size - at);
    if (!rest)
        return;
    memcpy(rest, data + at, size - at);
    h->pending = rest;
    h->pending_size = size - at;
    host->pending++;
    watch(host, handle, (h->events & EPOLLOUT) | EPOLLPRI); /* only a hang-up */
}

void posix_host_offer(struct posix_host *host) {
    for (int i = 0; host->pending && i < POSIX_HANDLES; i++) {
        struct posix_handle *h = &host->handles[i];
        if (!h->pending)
            continue;
        uint8_t *data = h->pending;
        size_t size = h->pending_size;
        h->pending = NULL;
        host->pending--;
        offer(host, i, data, size);
        free(data);
    }
    if (host->pending) /* ask again in the next round */
        touch(host);
}

static void hang_up(struct posix_host *host, int handle) {
    handle_drop(host, &host->handles[handle], false);
    device_on_stream(host->device, handle, HAL_STREAM_CLOSED, NULL, 0);
}

static void readable(struct posix_host *host, int handle) {
    struct posix_handle *h = &host->handles[handle];
    if (h->pending)
        return;
    ssize_t got = recv(h->fd, host->net->buffer, READ_SIZE, MSG_DONTWAIT);
    if (got > 0)
        offer(host, handle, host->net->buffer, (size_t)got);
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        hang_up(host, handle);
}

static void connected(struct posix_host *host, int handle) {
    struct posix_handle *h = &host->handles[handle];
    int error = 0;
    socklen_t size = sizeof error;
    if (h->fd < 0 || getsockopt(h->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error) {
        hang_up(host, handle);
        return;
    }
    h->kind = POSIX_STREAM;
    watch(host, handle, EPOLLIN);
    device_on_stream(host->device, handle, HAL_STREAM_OPEN, NULL, 0);
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
        int handle = handle_new(host, fd, POSIX_STREAM);
        if (handle < 0)
            continue;
        watch(host, handle, EPOLLIN);
        if (!device_on_accept(host->device, listener, handle, ntohl(from.sin_addr.s_addr)))
            handle_drop(host, &host->handles[handle], false);
    }
}

static void datagrams(struct posix_host *host, int handle) {
    for (unsigned i = 0; i < EVENTS; i++) {
        struct sockaddr_in from = {.sin_family = AF_INET};
        socklen_t length = sizeof from;
        ssize_t got = recvfrom(host->handles[handle].fd, host->net->buffer, READ_SIZE, MSG_DONTWAIT,
                               (struct sockaddr *)&from, &length);
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
    if (events & EPOLLOUT) {
        watch(host, handle, h->events & ~(unsigned)EPOLLOUT);
        device_on_stream(host->device, handle, HAL_STREAM_WRITABLE, NULL, 0);
    }
    if (h->kind != POSIX_STREAM || h->serial != serial)
        return;
    if (events & EPOLLIN)
        readable(host, handle);
    else if (events & (EPOLLHUP | EPOLLERR))
        hang_up(host, handle);
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
        struct posix_host *host = net->hosts[key >> 40];
        int handle = (int)(key >> 32 & 0xFF);
        struct posix_handle *h = host ? &host->handles[handle] : NULL;
        if (!h || h->kind != POSIX_RESOLVING || h->serial != (uint32_t)key)
            continue;
        h->job = NULL;
        touch(host);
        if (!address || !connect_now(host, handle, address))
            hang_up(host, handle);
    }
}

static void dispatch(struct posix_net *net, uint64_t key, unsigned events) {
    uint32_t number = (uint32_t)(key >> 40);
    int handle = (int)(key >> 32 & 0xFF);
    if (number == TAG_LINGER)
        linger_read(net, (unsigned)key);
    else if (number == TAG_RESOLVER)
        resolved(net);
    if (number >= net->host_count || !net->hosts[number])
        return;
    struct posix_host *host = net->hosts[number];
    struct posix_handle *h = &host->handles[handle];
    if (h->serial != (uint32_t)key)
        return;
    touch(host);
    if (h->kind == POSIX_LISTENER)
        incoming(host, handle);
    else if (h->kind == POSIX_CONNECTING)
        connected(host, handle);
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
    linger_end(net);
    return count < 0 ? 0 : count;
}

/* --- life --- */

struct posix_net *posix_net_new(void) {
    struct posix_net *net = calloc(1, sizeof *net);
    struct epoll_event e = {.events = EPOLLIN};
    if (!net)
        return NULL;
    for (unsigned i = 0; i < LINGERING; i++)
        net->lingering[i].fd = -1;
    net->epoll = epoll_create1(EPOLL_CLOEXEC);
    net->resolver = posix_resolver_new();
    e.data.u64 = tag(TAG_RESOLVER, 0, 0);
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
    for (unsigned i = 0; i < LINGERING; i++)
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
    hal->tcp_listen = tcp_listen;
    hal->tcp_connect = tcp_connect;
    hal->tcp_write = tcp_write;
    hal->tcp_close = any_close;
    hal->udp_open = udp_open;
    hal->udp_send = udp_send;
    hal->udp_close = any_close;
}

void posix_host_reset(struct posix_host *host) {
    for (unsigned i = 0; i < POSIX_HANDLES; i++)
        if (host->handles[i].kind != POSIX_FREE)
            handle_drop(host, &host->handles[i], false);
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
