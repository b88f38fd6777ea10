/* Pings: an ICMP echo where this user may send one, otherwise a knock at a TCP port: whoever
 * accepts or refuses is there. One is on its way at a time; the next one gives the last one up. */
#include "device/service/wifi/wifi.h"
#include "port/posix/posix_private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { KNOCK_PORT = 80, ECHO_SIZE = 64 };

static uint16_t checksum(const uint8_t *data, size_t size) {
    uint32_t sum = 0;
    for (size_t i = 0; i < size; i += 2)
        sum += (uint32_t)data[i] << 8 | data[i + 1];
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}

static bool echo(int fd, const struct sockaddr_in *to, uint32_t serial) {
    uint8_t packet[ECHO_SIZE] = {ICMP_ECHO};
    memcpy(packet + 4, &serial, sizeof serial); /* identifier and sequence */
    uint16_t sum = checksum(packet, sizeof packet);
    packet[2] = (uint8_t)(sum >> 8);
    packet[3] = (uint8_t)sum;
    return sendto(fd, packet, sizeof packet, MSG_DONTWAIT, (const struct sockaddr *)to,
                  sizeof *to) == sizeof packet;
}

static int icmp_socket(void) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);
    return fd >= 0 ? fd : socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP);
}

static bool begin_echo(struct posix_host *host, uint32_t address) {
    struct sockaddr_in to = posix_sockaddr(address, 0);
    int fd = icmp_socket();
    if (fd < 0)
        return false;
    (void)connect(fd, (struct sockaddr *)&to, sizeof to); /* only its answers */
    int handle = posix_handle_new(host, fd, POSIX_ECHO);
    if (handle < 0)
        return true;
    if (!echo(fd, &to, host->handles[handle].serial)) {
        posix_handle_drop(host, &host->handles[handle], false);
        return false;
    }
    posix_watch(host, handle, EPOLLIN);
    return true;
}

static void begin_knock(struct posix_host *host, uint32_t address) {
    int handle = posix_handle_new(host, -1, POSIX_RESOLVING);
    if (handle < 0)
        return;
    host->handles[handle].port = KNOCK_PORT;
    if (posix_connect_now(host, handle, address))
        host->handles[handle].kind = POSIX_KNOCK;
    else
        posix_handle_drop(host, &host->handles[handle], false);
}

void posix_ping(void *context, const char *name) {
    struct posix_host *host = context;
    struct in_addr in;
    uint32_t address;
    for (unsigned i = 0; i < POSIX_HANDLES; i++)
        if (host->handles[i].kind == POSIX_ECHO || host->handles[i].kind == POSIX_KNOCK)
            posix_handle_drop(host, &host->handles[i], false);
    if (inet_pton(AF_INET, name, &in) == 1)
        address = ntohl(in.s_addr);
    else if (posix_name_find(host->net, name, &address) != HAL_NAME_FOUND)
        return; /* perhaps the next one */
    if (!begin_echo(host, address))
        begin_knock(host, address);
}

/* An answer to us: an echo reply, after an IP header when the socket is raw. */
static bool is_answer(const uint8_t *data, size_t size, uint32_t serial) {
    if (size && data[0] >> 4 == 4) {
        size_t head = (size_t)(data[0] & 15) * 4;
        data += head < size ? head : size;
        size -= head < size ? head : size;
    }
    /* The kernel puts its own identifier into those of datagram sockets; the sequence stays. */
    return size >= 8 && data[0] == ICMP_ECHOREPLY &&
           memcmp(data + 6, (const uint8_t *)&serial + 2, 2) == 0;
}

void posix_ping_event(struct posix_host *host, int handle) {
    struct posix_handle *h = &host->handles[handle];
    bool there = false;
    if (h->kind == POSIX_ECHO) {
        ssize_t got = recv(h->fd, host->net->buffer, POSIX_READ_SIZE, MSG_DONTWAIT);
        there = got > 0 && is_answer(host->net->buffer, (size_t)got, h->serial);
        if (!there && (got >= 0 || errno == EAGAIN))
            return; /* a raw socket hears everything */
    } else {
        int error = 0;
        socklen_t size = sizeof error;
        there = getsockopt(h->fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
                (!error || error == ECONNREFUSED);
    }
    posix_handle_drop(host, h, false);
    if (there)
        device_on_ping(host->device);
}
