/* The other end of the plug's own connections, played by the test: it remembers what was asked, and
 * the test answers through device_on_stream(…, STREAM, …). */
#ifndef TESTS_UNIT_DEVICE_PLAYED_SERVER_H
#define TESTS_UNIT_DEVICE_PLAYED_SERVER_H
#include "virtual/plug/plug.h"

#include <stdio.h>

enum { STREAM = 700 };

static struct {
    unsigned connects;
    bool open, tls;
    char host[64], asked[2048];
    uint16_t port;
} server;

static int played_connect(void *context, const char *host, uint16_t port,
                          const struct hal_tls *tls) {
    (void)context;
    server.connects++;
    server.open = true;
    server.tls = tls != NULL;
    server.port = port;
    server.asked[0] = '\0';
    snprintf(server.host, sizeof server.host, "%s", host);
    return STREAM;
}

static size_t played_write(void *context, int stream, const void *data, size_t size) {
    (void)context;
    if (stream == STREAM)
        snprintf(server.asked, sizeof server.asked, "%.*s", (int)size, (const char *)data);
    return size;
}

static void played_close(void *context, int stream) {
    (void)context;
    server.open &= stream != STREAM;
}

/* From now on the plug's connections end here. */
static void played_server(struct plug *plug) {
    memset(&server, 0, sizeof server);
    plug->chip.hal.tcp_connect = played_connect;
    plug->chip.hal.tcp_write = played_write;
    plug->chip.hal.tcp_close = played_close;
}
#endif
