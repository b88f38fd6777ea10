/* Between the files of the network port. */
#ifndef PORT_POSIX_PRIVATE_H
#define PORT_POSIX_PRIVATE_H
#include "port/posix/posix_net.h"

#include <netinet/in.h>

enum {
    POSIX_READ_SIZE = 16384,
    POSIX_LINGERING = 128,
    POSIX_NAMES = 16,
    POSIX_NAME_S = 60, /* how long an address is believed */
};

/* What an event belongs to, in the 64 bits that epoll keeps: host, handle, serial; or one of these
 * instead of a host. */
enum { POSIX_TAG_LINGER = 0xFFFFFE, POSIX_TAG_RESOLVER = 0xFFFFFD, POSIX_TAG_NAME = 0xFFFFFC };

struct posix_lingering {
    int fd;
    uint32_t bytes;
    uint64_t until_ms;
};

struct posix_name {
    char name[128]; /* "": free */
    uint8_t state;  /* enum hal_name */
    uint32_t address;
    uint64_t until_ms;
};

struct posix_net {
    int epoll;
    struct posix_resolver *resolver;
    struct posix_host **hosts;
    size_t host_count;
    struct posix_host *touched;
    uint32_t serial;
    struct posix_lingering lingering[POSIX_LINGERING];
    struct posix_name names[POSIX_NAMES];
    uint8_t buffer[POSIX_READ_SIZE];
};

/* posix_net.c */
uint64_t posix_now_ms(void);
uint64_t posix_tag(uint32_t host, uint32_t handle, uint32_t serial);
/* Which events of a handle are wanted. */
void posix_watch(struct posix_host *host, int handle, unsigned events);
int posix_handle_new(struct posix_host *host, int fd, enum posix_kind kind);
/* Forgets a handle; `gently` lets the peer read what was written. */
void posix_handle_drop(struct posix_host *host, struct posix_handle *h, bool gently);
void posix_touch(struct posix_host *host);

/* posix_sockets.c: the functions of the hal. */
void posix_sockets_fill(struct hal *hal);
struct sockaddr_in posix_sockaddr(uint32_t address, uint16_t port);
/* The name of a connection has been found: connects. */
bool posix_connect_now(struct posix_host *host, int handle, uint32_t address);

/* posix_linger.c: sockets the device is done with. */
void posix_linger(struct posix_net *net, int fd);
void posix_linger_read(struct posix_net *net, unsigned i);
void posix_linger_end(struct posix_net *net);

/* posix_names.c: addresses that are known or asked for. */
enum hal_name posix_name_find(struct posix_net *net, const char *name, uint32_t *address);
void posix_name_answered(struct posix_net *net, unsigned i, uint32_t address);

/* posix_ping.c */
void posix_ping(void *context, const char *name);
/* Something happened on the handle of a ping. */
void posix_ping_event(struct posix_host *host, int handle);
#endif
