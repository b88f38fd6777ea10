/* A client for tests: requests over streams inside the process, answers taken apart. */
#ifndef TESTS_UNIT_HTTP_CLIENT_H
#define TESTS_UNIT_HTTP_CLIENT_H
#include "virtual/plug/plug.h"

#include <stdio.h>
#include <stdlib.h>

enum { CLIENT_ROOM = 1 << 16, CLIENT_ADDRESS = 0x7F000001, CLIENT_TURNS = 3000 };

struct client {
    struct plug *plug;
    int stream;
    char got[CLIENT_ROOM];
    size_t size;
};

static inline struct plug *client_plug(void) {
    struct plug *plug = calloc(1, sizeof *plug);
    if (!plug || !plug_init(plug, "BK7231N") || !plug_network(plug))
        abort();
    return plug;
}

static inline void client_plug_free(struct plug *plug) {
    plug_free(plug);
    free(plug);
}

static inline bool client_open(struct client *c, struct plug *plug) {
    c->plug = plug;
    c->size = 0;
    c->got[0] = 0;
    c->stream = virtual_net_connect(plug->net, &plug->device, 80, CLIENT_ADDRESS);
    return c->stream >= 0;
}

static inline bool client_is_open(const struct client *c) {
    return virtual_net_open(c->plug->net, c->stream);
}

/* Takes what has come so far. */
static inline void client_read(struct client *c) {
    c->size += virtual_net_receive(c->plug->net, &c->plug->device, c->stream, c->got + c->size,
                                   sizeof c->got - 1 - c->size);
    c->got[c->size] = 0;
}

/* Sends all, a frame at a time where the device asks for patience, and reads for a while. */
static inline void client_send(struct client *c, const void *data, size_t size) {
    size_t sent = 0;
    for (unsigned turn = 0; turn < CLIENT_TURNS; turn++) {
        sent += virtual_net_send(c->plug->net, &c->plug->device, c->stream,
                                 (const char *)data + sent, size - sent);
        client_read(c);
        if (sent == size || !client_is_open(c))
            break;
        plug_frame(c->plug);
    }
    plug_frame(c->plug);
    client_read(c);
}

static inline void client_say(struct client *c, const char *text) {
    c->size = 0;
    c->got[0] = 0;
    client_send(c, text, strlen(text));
}

static inline void client_close(struct client *c) {
    virtual_net_close(c->plug->net, &c->plug->device, c->stream);
}

static inline int client_status(const struct client *c) {
    return strncmp(c->got, "HTTP/1.1 ", 9) == 0 ? atoi(c->got + 9) : 0;
}

/* One request on a connection of its own; the status. The answer stays in c->got. */
static inline int client_request(struct client *c, struct plug *plug, const char *head,
                                 const void *body, size_t size) {
    char line[64];
    if (!client_open(c, plug))
        return -1;
    client_say(c, head);
    if (body) {
        snprintf(line, sizeof line, "Content-Length: %zu\r\n", size);
        client_send(c, line, strlen(line));
    }
    client_send(c, "\r\n", 2);
    if (body)
        client_send(c, body, size);
    for (unsigned turn = 0; turn < CLIENT_TURNS && !c->size && client_is_open(c); turn++) {
        plug_frame(plug);
        client_read(c);
    }
    client_close(c);
    return client_status(c);
}
#endif
