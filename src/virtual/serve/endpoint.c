/* Opening a pty with a link to it, or a listening socket. */
#include "virtual/serve/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static enum status fail(char *error, size_t size, const char *what) {
    snprintf(error, size, "%s: %s", what, strerror(errno));
    return STATUS_IO;
}

/* Puts a symbolic link there; an old link is replaced, anything else is left alone. */
static enum status make_link(struct endpoint *endpoint, const char *target, const char *path,
                             char *error, size_t error_size) {
    struct stat info;
    if (strlen(path) >= sizeof endpoint->link) {
        errno = ENAMETOOLONG;
        return fail(error, error_size, path);
    }
    if (lstat(path, &info) == 0 && S_ISLNK(info.st_mode))
        unlink(path);
    if (symlink(target, path) != 0)
        return fail(error, error_size, path);
    snprintf(endpoint->link, sizeof endpoint->link, "%s", path);
    return STATUS_OK;
}

static bool make_raw(int fd) {
    struct termios settings;
    if (tcgetattr(fd, &settings) != 0)
        return false;
    cfmakeraw(&settings);
    cfsetspeed(&settings, B115200);
    return tcsetattr(fd, TCSANOW, &settings) == 0;
}

enum status endpoint_open_pty(struct endpoint *endpoint, const char *path, char *error,
                              size_t error_size) {
    char name[64];
    endpoint->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (endpoint->fd < 0 || grantpt(endpoint->fd) != 0 || unlockpt(endpoint->fd) != 0 ||
        ptsname_r(endpoint->fd, name, sizeof name) != 0)
        return fail(error, error_size, "pty");
    endpoint->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (endpoint->slave < 0 || !make_raw(endpoint->slave))
        return fail(error, error_size, name);
    snprintf(endpoint->address, sizeof endpoint->address, "%.150s", path && *path ? path : name);
    return path && *path ? make_link(endpoint, name, path, error, error_size) : STATUS_OK;
}

/* Splits ADDRESS:PORT; an address may be [::1]. */
static bool split(const char *where, char *host, size_t host_size, const char **port) {
    const char *colon = strrchr(where, ':');
    size_t length = colon ? (size_t)(colon - where) : 0;
    bool bracket = length > 1 && where[0] == '[' && where[length - 1] == ']';
    if (!colon || !colon[1] || length >= host_size)
        return false;
    length -= bracket ? 2 : 0;
    memcpy(host, where + bracket, length);
    host[length] = 0;
    *port = colon + 1;
    return true;
}

static int listen_at(const struct addrinfo *info) {
    int one = 1;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, 1) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static void name_listener(struct endpoint *endpoint, const char *host) {
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char port[16] = "?";
    if (getsockname(endpoint->listener, (struct sockaddr *)&bound, &size) == 0)
        getnameinfo((struct sockaddr *)&bound, size, NULL, 0, port, sizeof port,
                    NI_NUMERICSERV | NI_NUMERICHOST);
    snprintf(endpoint->address, sizeof endpoint->address, "%s:%.100s:%s",
             endpoint->kind == SERVE_TCP ? "tcp" : "rfc2217", host, port);
}

enum status endpoint_listen(struct endpoint *endpoint, const char *where, char *error,
                            size_t error_size) {
    char host[128];
    const char *port;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found;
    if (!split(where, host, sizeof host, &port) || strtoul(port, NULL, 10) > UINT16_MAX) {
        snprintf(error, error_size, "%s: expected ADDRESS:PORT, like 127.0.0.1:5000", where);
        return STATUS_BAD_ARGUMENT;
    }
    int reason = getaddrinfo(host[0] ? host : "127.0.0.1", port, &hints, &found);
    if (reason != 0) {
        snprintf(error, error_size, "%s: %s", where, gai_strerror(reason));
        return STATUS_BAD_ARGUMENT;
    }
    endpoint->listener = listen_at(found);
    freeaddrinfo(found);
    if (endpoint->listener < 0)
        return fail(error, error_size, where);
    name_listener(endpoint, host[0] ? host : "127.0.0.1");
    return STATUS_OK;
}

bool endpoint_accept(struct endpoint *endpoint) {
    int one = 1;
    int fd = accept4(endpoint->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return false;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    endpoint->fd = fd;
    endpoint->out_size = 0;
    return true;
}

enum status endpoint_open(struct endpoint *endpoint, const struct serve_options *options,
                          char *error, size_t error_size) {
    memset(endpoint, 0, sizeof *endpoint);
    endpoint->kind = options->kind;
    endpoint->listener = endpoint->fd = endpoint->slave = -1;
    if (options->kind == SERVE_PTY)
        return endpoint_open_pty(endpoint, options->where, error, error_size);
    return endpoint_listen(endpoint, options->where, error, error_size);
}

void endpoint_close(struct endpoint *endpoint) {
    const int fds[] = {endpoint->fd, endpoint->slave, endpoint->listener};
    for (size_t i = 0; i < 3; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    if (endpoint->link[0])
        unlink(endpoint->link);
}
