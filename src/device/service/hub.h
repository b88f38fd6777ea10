/* Who owns which stream: the part of the device that hands network events to services. It is kept
 * apart from service.h so that struct device can hold it. */
#ifndef DEVICE_SERVICE_HUB_H
#define DEVICE_SERVICE_HUB_H
#include <stdint.h>

enum { HUB_HANDLES = 40 };

struct service;
struct service_hub {
    struct {
        const struct service *owner; /* NULL: free */
        int16_t handle;
        uint8_t datagrams; /* a UDP socket, not a stream */
    } open[HUB_HANDLES];
    uint32_t next_ms; /* until a service wants to be polled again */
    uint8_t started;
};
#endif
