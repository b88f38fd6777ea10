/* The network of the virtual chip when there is no real one: streams inside the process. A test or
 * a scenario is the other end: it connects to a port the device listens at, sends bytes and reads
 * what came back. The device's own connections go nowhere unless the other end accepts them. */
#ifndef PORT_VIRTUAL_NET_H
#define PORT_VIRTUAL_NET_H
#include "device/device.h"

enum { VIRTUAL_STREAMS = 24, VIRTUAL_LISTENERS = 8 };

struct virtual_stream {
    bool open;
    char *data; /* what the device has written and nobody has read */
    size_t size, room;
    size_t window; /* most that may wait unread; 0: no limit */
    bool blocked;
};

struct virtual_net {
    struct {
        bool open;
        uint16_t port;
    } listeners[VIRTUAL_LISTENERS];
    struct virtual_stream streams[VIRTUAL_STREAMS];
};

/* Fills in the stream functions of the hal. */
void virtual_net_attach(struct virtual_net *net, struct hal *hal);
void virtual_net_reset(struct virtual_net *net);
/* A client connects; its stream, or -1 when nobody listens or takes it. */
int virtual_net_connect(struct virtual_net *net, struct device *d, uint16_t port, uint32_t from);
/* Sends; returns how much the device took (it takes the rest after a poll). */
size_t virtual_net_send(struct virtual_net *net, struct device *d, int stream, const void *data,
                        size_t size);
/* Takes what the device has written, up to size; 0: nothing. */
size_t virtual_net_receive(struct virtual_net *net, struct device *d, int stream, void *buffer,
                           size_t size);
bool virtual_net_open(const struct virtual_net *net, int stream);
/* The client hangs up. */
void virtual_net_close(struct virtual_net *net, struct device *d, int stream);
#endif
