/* Sockets around gdb_stub. The guest is held while nobody has said "continue". */
#include "cli/gdb_server.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void put(void *context, const char *bytes, size_t size) {
    struct gdb_server *s = context;
    for (size_t done = 0; s->endpoint.fd >= 0 && done < size;) {
        ssize_t n = write(s->endpoint.fd, bytes + done, size - done);
        struct pollfd room = {.fd = s->endpoint.fd, .events = POLLOUT};
        if (n < 0 && errno == EAGAIN && poll(&room, 1, 1000) == 1)
            continue;
        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

bool gdb_server_open(struct gdb_server *server, struct soc_live *live, const char *where,
                     char *error, size_t error_size) {
    memset(server, 0, sizeof *server);
    gdb_stub_start(&server->stub, live, put, server);
    const struct serve_options options = {.kind = SERVE_TCP, .where = where};
    if (endpoint_open(&server->endpoint, &options, error, error_size) != STATUS_OK)
        return false;
    const char *address = server->endpoint.address;
    snprintf(server->address, sizeof server->address, "%s",
             strncmp(address, "tcp:", 4) == 0 ? address + 4 : address);
    return true;
}

void gdb_server_close(struct gdb_server *server) {
    endpoint_close(&server->endpoint);
}

static void leave(struct gdb_server *s) {
    close(s->endpoint.fd);
    s->endpoint.fd = -1;
    gdb_stub_detach(&s->stub);
}

bool gdb_server_turn(struct gdb_server *s) {
    char in[4096];
    if (s->endpoint.fd < 0) {
        struct pollfd caller = {.fd = s->endpoint.listener, .events = POLLIN};
        if (poll(&caller, 1, 0) == 1 && endpoint_accept(&s->endpoint))
            gdb_stub_attach(&s->stub);
        return true;
    }
    ssize_t got = read(s->endpoint.fd, in, sizeof in);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        leave(s);
    for (ssize_t i = 0; i < got; i++)
        if (!gdb_stub_feed(&s->stub, in[i]))
            return false;
    return true;
}

void gdb_server_tell(struct gdb_server *s) {
    gdb_stub_after_run(&s->stub);
}
