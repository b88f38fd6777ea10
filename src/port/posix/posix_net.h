/* The network of an ordinary computer for devices: non-blocking sockets on one epoll, names
 * resolved by helper threads. One loop serves one device or a thousand; each has its own address
 * and its own table of handles. Nothing here blocks except posix_net_wait. */
#ifndef PORT_POSIX_NET_H
#define PORT_POSIX_NET_H
#include "device/device.h"

enum { POSIX_HANDLES = 48 };

struct posix_net;

enum posix_kind {
    POSIX_FREE,
    POSIX_LISTENER,
    POSIX_RESOLVING,
    POSIX_CONNECTING,
    POSIX_SHAKING, /* connected; the handshake of TLS goes on */
    POSIX_STREAM,
    POSIX_DATAGRAM,
    POSIX_DOOMED, /* failed; the device is told after it returned */
    POSIX_ECHO,   /* a ping on its way, as ICMP or as a connection */
    POSIX_KNOCK,
};

struct posix_handle {
    int fd;
    uint8_t kind;    /* enum posix_kind */
    uint32_t events; /* what epoll watches now */
    uint32_t serial; /* tells a reused handle from its predecessor */
    uint16_t port;
    uint8_t *pending; /* received, not yet taken by the device */
    size_t pending_size;
    void *job;             /* name being resolved */
    struct posix_tls *tls; /* NULL: plain */
    const char *why;       /* it failed */
};

/* A device on the network. */
struct posix_host {
    struct posix_net *net;
    struct device *device;
    size_t number;     /* in the loop's list */
    uint32_t address;  /* own IPv4 address, most significant byte first; 0: any */
    uint16_t low_port; /* ports below 1024 are moved up by this when they are not allowed; 0: no */
    bool touched;      /* something came in: poll the device */
    struct posix_host *next_touched;
    unsigned pending; /* handles with bytes waiting, or doomed */
    struct posix_handle handles[POSIX_HANDLES];
};

struct posix_net *posix_net_new(void);
void posix_net_free(struct posix_net *net);
/* Puts the stream functions into the hal, before the device starts. */
void posix_host_attach(struct posix_host *host, struct posix_net *net, struct device *device,
                       struct hal *hal);
/* Takes a host off the loop; its memory may go afterwards. */
void posix_host_detach(struct posix_host *host);
/* Closes everything without telling the device: its power went. */
void posix_host_reset(struct posix_host *host);
/* Waits up to timeout_ms (0: not at all) and hands on what happened; hosts are marked touched.
 * Returns how many events there were. */
int posix_net_wait(struct posix_net *net, int timeout_ms);
/* The next host to which something came in, taken off the list; NULL: no more. */
struct posix_host *posix_net_touched(struct posix_net *net);
/* After the device was polled: offers again what it had not taken. */
void posix_host_offer(struct posix_host *host);
/* "127.0.0.1" or "127.0.0.1:8080": false when it is neither. A missing port stays as it is. */
bool posix_address_read(const char *text, uint32_t *address, uint16_t *port);
#endif
