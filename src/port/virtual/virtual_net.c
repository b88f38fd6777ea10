/* Streams in memory; see virtual_net.h. Handles: streams from 0, listeners from 1000. */
#include "port/virtual/virtual_net.h"

#include <stdlib.h>
#include <string.h>

enum { LISTENER = 1000 };

static struct virtual_stream *stream_of(struct virtual_net *net, int stream) {
    bool good = net && stream >= 0 && stream < VIRTUAL_STREAMS && net->streams[stream].open;
    return good ? &net->streams[stream] : NULL;
}

static int tcp_listen(void *context, uint16_t port) {
    struct virtual_net *net = context;
    for (int i = 0; net && i < VIRTUAL_LISTENERS; i++)
        if (!net->listeners[i].open) {
            net->listeners[i].open = true;
            net->listeners[i].port = port;
            return LISTENER + i;
        }
    return -1;
}

static size_t tcp_write(void *context, int stream, const void *data, size_t size) {
    struct virtual_stream *s = stream_of(context, stream);
    if (!s)
        return 0;
    size_t take = size;
    if (s->window && s->size + take > s->window)
        take = s->window > s->size ? s->window - s->size : 0;
    if (s->size + take > s->room) {
        size_t room = (s->size + take) * 2;
        char *grown = realloc(s->data, room);
        if (!grown)
            return 0;
        s->data = grown;
        s->room = room;
    }
    if (take)
        memcpy(s->data + s->size, data, take);
    s->size += take;
    s->blocked = take < size;
    return take;
}

static void tcp_close(void *context, int handle) {
    struct virtual_net *net = context;
    if (!net)
        return;
    if (handle >= LISTENER && handle < LISTENER + VIRTUAL_LISTENERS)
        net->listeners[handle - LISTENER].open = false;
    else if (stream_of(net, handle))
        net->streams[handle].open = false; /* what was written can still be read */
}

void virtual_net_attach(struct virtual_net *net, struct hal *hal) {
    hal->net = net;
    hal->tcp_listen = tcp_listen;
    hal->tcp_write = tcp_write;
    hal->tcp_close = tcp_close;
}

void virtual_net_reset(struct virtual_net *net) {
    for (unsigned i = 0; i < VIRTUAL_STREAMS; i++)
        free(net->streams[i].data);
    *net = (struct virtual_net){0};
}

static int listener_of(const struct virtual_net *net, uint16_t port) {
    for (int i = 0; i < VIRTUAL_LISTENERS; i++)
        if (net->listeners[i].open && net->listeners[i].port == port)
            return LISTENER + i;
    return -1;
}

int virtual_net_connect(struct virtual_net *net, struct device *d, uint16_t port, uint32_t from) {
    int listener = listener_of(net, port), stream = 0;
    while (stream < VIRTUAL_STREAMS && (net->streams[stream].open || net->streams[stream].size))
        stream++;
    if (listener < 0 || stream == VIRTUAL_STREAMS)
        return -1;
    net->streams[stream].open = true;
    net->streams[stream].blocked = false;
    net->streams[stream].window = 0;
    if (device_on_accept(d, listener, stream, from))
        return stream;
    net->streams[stream].open = false;
    return -1;
}

size_t virtual_net_send(struct virtual_net *net, struct device *d, int stream, const void *data,
                        size_t size) {
    size_t at = 0, took = 1;
    while (at < size && took && stream_of(net, stream)) {
        took = device_on_stream(d, stream, HAL_STREAM_DATA, (const char *)data + at, size - at);
        at += took;
    }
    return at;
}

size_t virtual_net_receive(struct virtual_net *net, struct device *d, int stream, void *buffer,
                           size_t size) {
    if (stream < 0 || stream >= VIRTUAL_STREAMS)
        return 0;
    struct virtual_stream *s = &net->streams[stream];
    size_t take = s->size < size ? s->size : size;
    if (take)
        memcpy(buffer, s->data, take);
    s->size -= take;
    if (s->size)
        memmove(s->data, s->data + take, s->size);
    if (s->blocked && s->open && take) {
        s->blocked = false;
        device_on_stream(d, stream, HAL_STREAM_WRITABLE, NULL, 0);
    }
    return take;
}

bool virtual_net_open(const struct virtual_net *net, int stream) {
    return stream >= 0 && stream < VIRTUAL_STREAMS && net->streams[stream].open;
}

void virtual_net_close(struct virtual_net *net, struct device *d, int stream) {
    if (stream < 0 || stream >= VIRTUAL_STREAMS)
        return;
    struct virtual_stream *s = &net->streams[stream];
    if (s->open) {
        s->open = false;
        device_on_stream(d, stream, HAL_STREAM_CLOSED, NULL, 0);
    }
    s->size = 0;
}
