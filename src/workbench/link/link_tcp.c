/* A raw TCP connection that carries the bytes of a serial port: no rate, no modem lines. */
#include "workbench/link/system.h"
#include "workbench/link/tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECT_MS = 5000 };

static bool connect_within(int fd, const struct addrinfo *a) {
    if (link_system->connect(fd, a->ai_addr, a->ai_addrlen) == 0)
        return true;
    if (errno != EINPROGRESS && errno != EINTR) /* both go on by themselves */
        return false;
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    int failure = ETIMEDOUT;
    socklen_t size = sizeof failure;
    int ready;
    while ((ready = link_system->poll(&wait, 1, CONNECT_MS)) < 0 && errno == EINTR)
        ;
    if (ready < 0 ||
        (ready > 0 && link_system->getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0))
        return false;
    errno = failure;
    return failure == 0;
}

bool tcp_connect(struct link *link, const char *host, const char *port) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list;
    int error = link_system->getaddrinfo(host, port, &hints, &list);
    if (error) {
        if (error == EAI_SYSTEM)
            link_fail_errno(link, link->name, errno);
        else
            link_fail(link, STATUS_IO, "%s: %s", link->name, gai_strerror(error));
        return false;
    }
    int number = ECONNREFUSED;
    for (struct addrinfo *a = list; a && link->fd < 0; a = a->ai_next) {
        link->fd = link_system->socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                                       a->ai_protocol);
        if (link->fd >= 0 && connect_within(link->fd, a))
            break;
        number = errno;
        link_fd_drop(link);
    }
    freeaddrinfo(list);
    if (link->fd < 0) {
        link_fail_errno(link, link->name, number);
        return false;
    }
    int on = 1;
    link_system->setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return true;
}

static enum status tcp_set_baud(struct link *link, uint32_t baud) {
    (void)link;
    (void)baud;
    return STATUS_OK; /* there is none on this wire; the far end keeps its own */
}

static enum status tcp_set_lines(struct link *link, bool dtr, bool rts) {
    (void)dtr;
    (void)rts;
    return link_fail(link, STATUS_UNSUPPORTED, "%s: raw TCP has no modem lines", link->name);
}

static enum status tcp_drain(struct link *link) {
    (void)link;
    return STATUS_OK;
}

static const struct link_ops tcp_ops = {
    .write = link_fd_write,
    .read = link_fd_read,
    .set_baud = tcp_set_baud,
    .set_lines = tcp_set_lines,
    .drain = tcp_drain,
    .now_us = link_clock_us,
    .close = link_fd_close,
};

bool link_tcp_open(struct link *link, const char *host, const char *port) {
    if (!tcp_connect(link, host, port))
        return false;
    link->ops = &tcp_ops;
    return true;
}
