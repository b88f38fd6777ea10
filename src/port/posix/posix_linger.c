/* Sockets the device is done with: the peer may still read what was written, and what it sends is
 * thrown away, so that its reading is not cut by a reset. */
#include "port/posix/posix_private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINGER_MS = 1500, LINGER_BYTES = 1 << 20 };

void posix_linger(struct posix_net *net, int fd) {
    struct epoll_event e = {.events = EPOLLIN};
    for (unsigned i = 0; i < POSIX_LINGERING; i++) {
        if (net->lingering[i].fd >= 0)
            continue;
        shutdown(fd, SHUT_WR);
        e.data.u64 = posix_tag(POSIX_TAG_LINGER, 0, i);
        if (epoll_ctl(net->epoll, EPOLL_CTL_MOD, fd, &e) != 0)
            break;
        net->lingering[i] = (struct posix_lingering){fd, 0, posix_now_ms() + LINGER_MS};
        return;
    }
    close(fd);
}

void posix_linger_read(struct posix_net *net, unsigned i) {
    struct posix_lingering *l = &net->lingering[i % POSIX_LINGERING];
    if (l->fd < 0)
        return;
    ssize_t got = recv(l->fd, net->buffer, POSIX_READ_SIZE, MSG_DONTWAIT);
    l->bytes += got > 0 ? (uint32_t)got : 0;
    if (got == 0 || (got < 0 && errno != EAGAIN) || l->bytes > LINGER_BYTES) {
        close(l->fd);
        l->fd = -1;
    }
}

void posix_linger_end(struct posix_net *net) {
    uint64_t now = posix_now_ms();
    for (unsigned i = 0; i < POSIX_LINGERING; i++)
        if (net->lingering[i].fd >= 0 && net->lingering[i].until_ms <= now) {
            close(net->lingering[i].fd);
            net->lingering[i].fd = -1;
        }
}
