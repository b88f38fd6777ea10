/* A service is something the plug does on the network: the web server, MQTT, time, discovery. Each
 * is one row in services.c; its state is one member of struct device. Services open streams through
 * the functions here, which remember the owner, so that what happens on a stream reaches it. A
 * service never blocks, never takes memory, and can be stopped and started at any time. */
#ifndef DEVICE_SERVICE_SERVICE_H
#define DEVICE_SERVICE_SERVICE_H
#include "device/hal.h"

struct device;

/* Any function may be NULL. */
struct service {
    const char *name; /* as startDriver and stopDriver know it */
    void (*start)(struct device *d);
    void (*stop)(struct device *d);
    void (*second)(struct device *d);
    /* Does what is due; returns in how many milliseconds it wants to be called again at the latest,
     * UINT32_MAX: only when something comes in. */
    uint32_t (*poll)(struct device *d);
    /* A connection at `listener`; false refuses it. */
    bool (*accept)(struct device *d, int listener, int stream, uint32_t peer_address);
    /* Returns how many bytes of DATA it took; the data of CLOSED is NULL or a text that says why.
     */
    size_t (*stream)(struct device *d, int stream, enum hal_stream_event event, const void *data,
                     size_t size);
    void (*datagram)(struct device *d, int socket, uint32_t address, uint16_t port,
                     const void *data, size_t size);
};

void services_start(struct device *d);
void services_stop(struct device *d);
void services_second(struct device *d);
void services_poll(struct device *d);
/* Milliseconds until a service wants to be polled again. */
uint32_t services_next_ms(const struct device *d);
/* Asks for a poll as soon as possible: something outside the network changed. */
void services_wake(struct device *d);

/* Handles as in hal.h; -1 when the platform has no network, refuses, or all handles are in use. */
int service_listen(struct device *d, const struct service *owner, uint16_t port);
int service_connect(struct device *d, const struct service *owner, const char *host, uint16_t port,
                    const struct hal_tls *tls);
int service_udp(struct device *d, const struct service *owner, uint16_t port,
                uint32_t multicast_group);
size_t service_write(struct device *d, int stream, const void *data, size_t size);
bool service_send(struct device *d, int socket, uint32_t address, uint16_t port, const void *data,
                  size_t size);
void service_close(struct device *d, int handle);
/* Address of a name or dotted address; ASKING: ask again. Ports without a resolver know dotted
 * addresses only. */
enum hal_name service_resolve(struct device *d, const char *name, uint32_t *address);
/* Asks for an echo; device_on_ping hears of it. False: this platform cannot. */
bool service_ping(struct device *d, const char *host);
/* "192.0.2.1" into *address; false when it is none. */
bool service_dotted(const char *text, uint32_t *address);
#endif
