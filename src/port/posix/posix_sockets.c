/* What the device asks of the network: listening, connecting, sending, as sockets that never wait.
 */
#include "port/posix/posix_private.h"
#include "port/posix/posix_resolve.h"
#include "port/posix/posix_tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 64 };

static struct posix_handle *handle_of(struct posix_host *host, int handle) {
    bool good = handle >= 0 && handle < POSIX_HANDLES && host->handles[handle].kind != POSIX_FREE;
    return good ? &host->handles[handle] : NULL;
}

struct sockaddr_in posix_sockaddr(uint32_t address, uint16_t port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(address);
    return a;
}

static bool bind_to(int fd, uint32_t address, uint16_t port) {
    struct sockaddr_in a = posix_sockaddr(address, port);
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
    int handle = posix_handle_new(host, fd, POSIX_LISTENER);
    if (handle >= 0) {
        host->handles[handle].port = port;
        posix_watch(host, handle, EPOLLIN);
    }
    return handle;
}

bool posix_connect_now(struct posix_host *host, int handle, uint32_t address) {
    struct posix_handle *h = &host->handles[handle];
    struct sockaddr_in a = posix_sockaddr(address, h->port);
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
    posix_watch(host, handle, EPOLLOUT);
    return true;
}

/* The device hears of it by an event, with the reason. */
static int doom(struct posix_host *host, int handle, const char *why) {
    struct posix_handle *h = &host->handles[handle];
    posix_tls_free(h->tls);
    h->tls = NULL;
    h->why = why;
    h->kind = POSIX_DOOMED;
    host->pending++;
    posix_touch(host);
    return handle;
}

static int tcp_connect(void *context, const char *name, uint16_t port, const struct hal_tls *tls) {
    struct posix_host *host = context;
    const char *why = NULL;
    uint32_t address;
    struct in_addr in;
    int handle = posix_handle_new(host, -1, POSIX_RESOLVING);
    if (handle < 0)
        return -1;
    struct posix_handle *h = &host->handles[handle];
    h->port = port;
    if (tls && !(h->tls = posix_tls_new(name, tls, &why)))
        return doom(host, handle, why);
    bool dotted = inet_pton(AF_INET, name, &in) == 1;
    if (dotted || posix_name_find(host->net, name, &address) == HAL_NAME_FOUND)
        return posix_connect_now(host, handle, dotted ? ntohl(in.s_addr) : address)
                   ? handle
                   : doom(host, handle, "no way to that address");
    h->job = posix_resolve(host->net->resolver, name,
                           posix_tag((uint32_t)host->number, (uint32_t)handle, h->serial));
    return h->job ? handle : doom(host, handle, "too many names are asked for already");
}

static ssize_t send_some(struct posix_handle *h, const void *data, size_t size) {
    return h->tls ? posix_tls_write(h->tls, data, size)
                  : send(h->fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static size_t tcp_write(void *context, int stream, const void *data, size_t size) {
    struct posix_host *host = context;
    struct posix_handle *h = handle_of(host, stream);
    if (!h || h->kind != POSIX_STREAM)
        return 0;
    ssize_t sent = send_some(h, data, size);
    if (sent < 0 && errno != EAGAIN)
        return size; /* broken: the hang-up event tells the device */
    size_t took = sent > 0 ? (size_t)sent : 0;
    if (took < size || (h->tls && posix_tls_blocked(h->tls)))
        posix_watch(host, stream, h->events | EPOLLOUT);
    return took;
}

static void any_close(void *context, int handle) {
    struct posix_host *host = context;
    struct posix_handle *h = handle_of(host, handle);
    if (h)
        posix_handle_drop(host, h, true);
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
    int handle = posix_handle_new(host, fd, POSIX_DATAGRAM);
    if (handle >= 0)
        posix_watch(host, handle, EPOLLIN);
    return handle;
}

static bool udp_send(void *context, int socket, uint32_t address, uint16_t port, const void *data,
                     size_t size) {
    struct posix_handle *h = handle_of(context, socket);
    struct sockaddr_in a = posix_sockaddr(address, port);
    return h && sendto(h->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&a,
                       sizeof a) == (ssize_t)size;
}

static enum hal_name resolve(void *context, const char *name, uint32_t *address) {
    return posix_name_find(((struct posix_host *)context)->net, name, address);
}

void posix_sockets_fill(struct hal *hal) {
    hal->tcp_listen = tcp_listen;
    hal->tcp_connect = tcp_connect;
    hal->tcp_write = tcp_write;
    hal->tcp_close = any_close;
    hal->udp_open = udp_open;
    hal->udp_send = udp_send;
    hal->udp_close = any_close;
    hal->resolve = resolve;
    hal->ping = posix_ping;
}
