/* The loop that carries bytes between a client and the virtual port, on the host's clock. */
#include "virtual/serve/serve.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/beken/uart.h"
#include "virtual/serve/endpoint.h"

enum { LONGEST_WAIT_MS = 200, BAUD_LOOK_MS = 5 };

struct server {
    struct virtual_port *port;
    const struct serve_options *options;
    struct endpoint endpoint;
    uint32_t baud;
    bool wrote; /* bytes went to the chip since the file was saved */
};

static void client(const struct server *server, bool here) {
    if (server->options->client)
        server->options->client(server->options->context, here);
}

static void hang_up(struct server *server) {
    close(server->endpoint.fd);
    server->endpoint.fd = -1;
    virtual_port_set_lines(server->port, false, false);
    virtual_port_save(server->port);
    client(server, false);
}

/* What stands in the way of one more answer is the client's business: it has to read. */
static void queue(struct endpoint *endpoint, const uint8_t *data, size_t size) {
    if (size <= sizeof endpoint->out - endpoint->out_size) {
        memcpy(endpoint->out + endpoint->out_size, data, size);
        endpoint->out_size += size;
    }
}

static void collect(struct server *server) {
    struct endpoint *endpoint = &server->endpoint;
    uint8_t bytes[SERVE_CHUNK], escaped[2 * SERVE_CHUNK];
    while (sizeof endpoint->out - endpoint->out_size >= sizeof escaped) {
        size_t n = virtual_port_read(server->port, bytes, sizeof bytes);
        if (n == 0)
            return;
        if (endpoint->kind == SERVE_RFC2217)
            queue(endpoint, escaped, telnet_escape(bytes, n, escaped));
        else
            queue(endpoint, bytes, n);
    }
}

/* False when the client is gone. */
static bool flush(struct endpoint *endpoint) {
    while (endpoint->out_size) {
        ssize_t n = write(endpoint->fd, endpoint->out, endpoint->out_size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN;
        endpoint->out_size -= (size_t)n;
        memmove(endpoint->out, endpoint->out + n, endpoint->out_size);
    }
    return true;
}

static void obey(struct server *server, enum telnet_event event) {
    const struct telnet *telnet = &server->endpoint.telnet;
    uint8_t byte = (uint8_t)telnet->value;
    if (event == TELNET_DATA)
        virtual_port_write(server->port, &byte, 1);
    else if (event == TELNET_BAUD)
        virtual_port_set_baud(server->port, telnet->value);
    else if (event == TELNET_LINES)
        virtual_port_set_lines(server->port, telnet->dtr, telnet->rts);
    else if (event == TELNET_PURGE)
        virtual_port_discard(server->port);
}

static void take(struct server *server, const uint8_t *bytes, size_t size) {
    struct endpoint *endpoint = &server->endpoint;
    if (endpoint->kind != SERVE_RFC2217) {
        virtual_port_write(server->port, bytes, size);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        obey(server, telnet_feed(&endpoint->telnet, bytes[i]));
        queue(endpoint, endpoint->telnet.answer, endpoint->telnet.answer_size);
    }
}

/* False when the client is gone. */
static bool receive(struct server *server) {
    uint8_t bytes[SERVE_CHUNK];
    ssize_t n = read(server->endpoint.fd, bytes, sizeof bytes);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (n == 0)
        return server->endpoint.kind == SERVE_PTY;
    server->wrote = true;
    take(server, bytes, (size_t)n);
    return true;
}

/* A pty tells its rate only when asked. */
static void look_at_baud(struct server *server) {
    uint32_t baud = pty_baud(server->endpoint.slave);
    if (baud == server->baud)
        return;
    server->baud = baud;
    virtual_port_set_baud(server->port, baud);
}

static void welcome(struct server *server) {
    if (!endpoint_accept(&server->endpoint))
        return;
    telnet_start(&server->endpoint.telnet, BEKEN_FIRST_BAUD);
    virtual_port_discard(server->port);
    /* raw TCP carries no rate: whatever the client's side uses is taken to be right */
    virtual_port_set_baud(server->port, server->endpoint.kind == SERVE_TCP ? 0 : BEKEN_FIRST_BAUD);
    client(server, true);
}

static int wait_ms(const struct server *server) {
    uint64_t now = virtual_port_now_us(server->port), next = virtual_port_next_us(server->port);
    int most = server->endpoint.kind == SERVE_PTY && server->wrote ? BAUD_LOOK_MS : LONGEST_WAIT_MS;
    if (next <= now)
        return 0;
    return next - now < (uint64_t)most * 1000 ? (int)((next - now) / 1000) : most;
}

/* One turn: wait for something, then carry bytes both ways. */
static void turn(struct server *server) {
    struct endpoint *endpoint = &server->endpoint;
    struct pollfd fds[2] = {{.fd = endpoint->fd, .events = POLLIN},
                            {.fd = endpoint->fd < 0 ? endpoint->listener : -1, .events = POLLIN}};
    if (endpoint->out_size)
        fds[0].events |= POLLOUT;
    int ready = poll(fds, 2, wait_ms(server));
    if (endpoint->kind == SERVE_PTY)
        look_at_baud(server);
    virtual_port_advance(server->port, virtual_port_now_us(server->port));
    if (ready > 0 && fds[1].revents)
        welcome(server);
    bool here = endpoint->fd >= 0;
    if (here && ready > 0 && fds[0].revents)
        here = receive(server);
    if (!here) {
        if (endpoint->fd >= 0)
            hang_up(server);
        return;
    }
    collect(server);
    if (!flush(endpoint))
        hang_up(server);
}

/* With a pty nobody says good-bye, so the file is saved when it has been quiet for a while. */
static void save_when_quiet(struct server *server, uint64_t *quiet_since_us) {
    uint64_t now = virtual_port_now_us(server->port);
    if (server->wrote && virtual_port_next_us(server->port) > now + 1000000) {
        if (*quiet_since_us == 0)
            *quiet_since_us = now;
        if (now - *quiet_since_us > 1000000) {
            virtual_port_save(server->port);
            server->wrote = false;
        }
    } else {
        *quiet_since_us = 0;
    }
}

enum status virtual_serve(struct virtual_port *port, const struct serve_options *options,
                          char *error, size_t error_size) {
    struct server *server = calloc(1, sizeof *server);
    uint64_t quiet_since_us = 0;
    if (!server)
        return STATUS_NO_SPACE;
    server->port = port;
    server->options = options;
    enum status status = endpoint_open(&server->endpoint, options, error, error_size);
    if (status == STATUS_OK) {
        options->ready(options->context, server->endpoint.address);
        while (!*options->stop && !virtual_port_is_pulled(port)) {
            turn(server);
            save_when_quiet(server, &quiet_since_us);
        }
    }
    endpoint_close(&server->endpoint);
    free(server);
    return status;
}
