/* Opening a link by name, and what links over a file descriptor share: the monotonic clock,
 * writing everything, reading until a deadline, and errno in words a user can act on. */
#include "workbench/link/link.h"

#include "workbench/link/system.h"

#include <errno.h>
#include <fcntl.h>
#include <libserialport.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { WRITE_STALLS_MS = 5000 };

static ssize_t system_read(int fd, void *data, size_t size) {
    return read(fd, data, size);
}
static ssize_t system_write(int fd, const void *data, size_t size) {
    return write(fd, data, size);
}
static int system_poll(struct pollfd *fds, unsigned long count, int timeout_ms) {
    return poll(fds, count, timeout_ms);
}
static int system_open(const char *path, int flags) {
    return open(path, flags);
}
static int system_ioctl(int fd, unsigned long request, void *argument) {
    return ioctl(fd, request, argument);
}
static int system_connect(int fd, const struct sockaddr *address, socklen_t size) {
    return connect(fd, address, size);
}
static int system_list_ports(struct sp_port ***list) {
    return sp_list_ports(list);
}
static int system_port_by_name(const char *name, struct sp_port **port) {
    return sp_get_port_by_name(name, port);
}
const struct link_system link_system_real = {
    .read = system_read,
    .write = system_write,
    .poll = system_poll,
    .open = system_open,
    .close = close,
    .clock_gettime = clock_gettime,
    .ioctl = system_ioctl,
    .socket = socket,
    .connect = system_connect,
    .getsockopt = getsockopt,
    .setsockopt = setsockopt,
    .getaddrinfo = getaddrinfo,
    .list_ports = system_list_ports,
    .port_by_name = system_port_by_name,
};
const struct link_system *link_system = &link_system_real;

enum status link_close(struct link *link) {
    enum status status = link->ops ? link->ops->close(link) : STATUS_OK;
    link->ops = NULL;
    return status;
}

enum status link_fail(struct link *link, enum status status, const char *format, ...) {
    va_list list;
    va_start(list, format);
    vsnprintf(link->why, sizeof link->why, format, list);
    va_end(list);
    return status;
}

/* What a user can do about an errno that links meet; others are named as the system names them. */
static const struct {
    int number;
    const char *advice;
} advices[] = {
    {ENOENT, "no such port; is the adapter plugged in? (plugsmith ports lists what is there)"},
    {EACCES,
     "no permission; add yourself to the group of the port (often dialout) and log in anew"},
    {EBUSY, "another program uses the port"},
    {EIO, "the adapter stopped answering; was it unplugged?"},
    {ENXIO, "the adapter is gone"},
    {ENODEV, "the adapter is gone"},
    {EBADF, "the port was closed"},
    {ENOTTY, "this is not a serial port"},
    {EPIPE, "the other end closed the connection"},
    {ECONNRESET, "the other end closed the connection"},
    {ECONNREFUSED, "nobody listens there"},
};

enum status link_fail_errno(struct link *link, const char *what, int number) {
    const char *advice = strerror(number);
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].number == number)
            advice = advices[i].advice;
    return link_fail(link, STATUS_IO, "%s: %s", what, advice);
}

bool link_open(struct link *link, const char *name) {
    static const struct {
        const char *prefix;
        bool (*open)(struct link *link, const char *host, const char *port);
    } networks[] = {{"tcp:", link_tcp_open}, {"rfc2217:", link_rfc2217_open}};
    *link = (struct link){.fd = -1};
    snprintf(link->name, sizeof link->name, "%s", name);
    snprintf(link->adapter, sizeof link->adapter, "%s", name);
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        size_t length = strlen(networks[i].prefix);
        if (strncmp(name, networks[i].prefix, length) != 0)
            continue;
        char host[128];
        snprintf(host, sizeof host, "%s", name + length);
        char *colon = strrchr(host, ':');
        if (!colon || colon == host || !colon[1]) {
            link_fail(link, STATUS_BAD_ARGUMENT, "%s: write %sHOST:PORT", name, networks[i].prefix);
            return false;
        }
        *colon = '\0';
        return networks[i].open(link, host, colon + 1);
    }
    return link_tty_open(link, name);
}

uint64_t link_clock_us(struct link *link) {
    struct timespec t;
    int result;
    while ((result = link_system->clock_gettime(CLOCK_MONOTONIC, &t)) != 0 && errno == EINTR)
        ;
    if (result != 0)
        link->clock_error = errno;
    else if (!link->clock_error)
        link->clock_us = (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
    return link->clock_us;
}

/* Without a clock no wait would end. */
static enum status check_clock(struct link *link) {
    return link->clock_error ? link_fail_errno(link, "the system's clock", link->clock_error)
                             : STATUS_OK;
}

/* Linux has closed the file whatever it says; to try again could close somebody else's. */
enum status link_fd_close(struct link *link) {
    int fd = link->fd;
    link->fd = -1;
    if (fd < 0 || link_system->close(fd) == 0 || errno == EINTR)
        return STATUS_OK;
    return link_fail_errno(link, link->name, errno);
}

void link_fd_drop(struct link *link) {
    if (link->fd >= 0)
        link_system->close(link->fd);
    link->fd = -1;
}

enum status link_fd_write(struct link *link, const uint8_t *data, size_t size) {
    enum status status = check_clock(link);
    while (status == STATUS_OK && size) {
        ssize_t n = link_system->write(link->fd, data, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno != EAGAIN)
            return link_fail_errno(link, link->name, errno);
        if (n > 0) {
            data += n;
            size -= (size_t)n;
            continue;
        }
        struct pollfd wait = {.fd = link->fd, .events = POLLOUT};
        int ready = link_system->poll(&wait, 1, WRITE_STALLS_MS);
        if (ready < 0 && errno != EINTR)
            return link_fail_errno(link, link->name, errno);
        if (ready == 0)
            return link_fail(link, STATUS_TIMEOUT, "%s: the adapter takes no more bytes",
                             link->name);
    }
    return status;
}

/* Milliseconds for poll, rounded up so that it does not spin before the deadline. */
static int wait_ms(uint64_t now, uint64_t until) {
    if (until <= now)
        return 0;
    uint64_t ms = (until - now + 999) / 1000;
    return ms > 60000 ? 60000 : (int)ms;
}

enum status link_fd_read(struct link *link, uint8_t *buffer, size_t size, uint64_t until_us,
                         size_t *got) {
    for (;;) {
        uint64_t now = link_now_us(link);
        enum status status = check_clock(link);
        if (status != STATUS_OK)
            return status;
        struct pollfd wait = {.fd = link->fd, .events = POLLIN};
        int ready = link_system->poll(&wait, 1, wait_ms(now, until_us));
        if (ready < 0 && errno == EINTR)
            return STATUS_OK; /* the caller looks whether it was cancelled */
        if (ready < 0)
            return link_fail_errno(link, link->name, errno);
        if (ready == 0) {
            if (link_now_us(link) >= until_us)
                return STATUS_OK;
            continue;
        }
        ssize_t n = link_system->read(link->fd, buffer, size);
        if (n > 0) {
            *got = (size_t)n;
            return STATUS_OK;
        }
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        return link_fail_errno(link, link->name, n < 0 ? errno : EPIPE);
    }
}
