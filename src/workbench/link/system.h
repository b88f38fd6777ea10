/* The system calls of links, behind pointers, so that a test can make every one of them fail with
 * every errno. Programs never change it. */
#ifndef WORKBENCH_LINK_SYSTEM_H
#define WORKBENCH_LINK_SYSTEM_H
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

struct sp_port;

struct link_system {
    ssize_t (*read)(int fd, void *data, size_t size);
    ssize_t (*write)(int fd, const void *data, size_t size);
    int (*poll)(struct pollfd *fds, unsigned long count, int timeout_ms);
    int (*open)(const char *path, int flags);
    int (*close)(int fd);
    int (*clock_gettime)(clockid_t clock, struct timespec *now);
    int (*ioctl)(int fd, unsigned long request, void *argument);
    int (*socket)(int domain, int type, int protocol);
    int (*connect)(int fd, const struct sockaddr *address, socklen_t size);
    int (*getsockopt)(int fd, int level, int name, void *value, socklen_t *size);
    int (*setsockopt)(int fd, int level, int name, const void *value, socklen_t size);
    int (*getaddrinfo)(const char *host, const char *port, const struct addrinfo *hints,
                       struct addrinfo **list);
    /* of libserialport: 0 or a negative sp_return, with errno */
    int (*list_ports)(struct sp_port ***list);
    int (*port_by_name)(const char *name, struct sp_port **port);
};
extern const struct link_system link_system_real;
extern const struct link_system *link_system;
#endif
