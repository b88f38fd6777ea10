/* The loop between a client's file descriptor and the emulator. */
#include "cli/soc_wire.h"

#include "virtual/serve/endpoint.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    WAIT_MS = 5,
    STEP_US = 500,
    BEHIND_MAX_US = 50000, /* a host that cannot keep up slows the guest down */
    ANSWER_US = 2000000,   /* the bootloader answers any command within this time, or never */
};

struct bridge {
    struct soc_wire *wire;
    struct endpoint endpoint;
    uint8_t in[SERVE_CHUNK];
};

void soc_wire_take(struct soc_wire *wire, const struct soc_record *r) {
    if (r->kind == SOC_RESET)
        wire->linked = false;
    if (r->kind != SOC_SERIAL || r->a != 1 || r->b != 'T')
        return;
    size_t room = sizeof wire->sent - wire->sent_size;
    size_t size = r->text_size < room ? r->text_size : room;
    memcpy(wire->sent + wire->sent_size, r->text, size);
    wire->sent_size += size;
    wire->linked = true;
}

static uint64_t wall_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* What the guest has sent goes to the client; without one it is lost, as on a real wire. */
static bool deliver(struct bridge *b) {
    struct soc_wire *wire = b->wire;
    size_t done = 0;
    while (b->endpoint.fd >= 0 && done < wire->sent_size) {
        ssize_t n = write(b->endpoint.fd, wire->sent + done, wire->sent_size - done);
        struct pollfd room = {.fd = b->endpoint.fd, .events = POLLOUT};
        if (n < 0 && errno == EAGAIN && poll(&room, 1, 1000) == 1)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    wire->sent_size = 0;
    return true;
}

/* Bytes of the client, telnet commands taken out; negative when it has gone. */
static ssize_t receive(struct bridge *b) {
    ssize_t got = read(b->endpoint.fd, b->in, sizeof b->in), kept = 0;
    if (got < 0)
        return errno == EAGAIN || errno == EINTR || b->endpoint.kind == SERVE_PTY ? 0 : -1;
    if (got == 0)
        return b->endpoint.kind == SERVE_PTY ? 0 : -1;
    if (b->endpoint.kind != SERVE_RFC2217)
        return got;
    for (ssize_t i = 0; i < got; i++) {
        if (telnet_feed(&b->endpoint.telnet, b->in[i]) == TELNET_DATA)
            b->in[kept++] = (uint8_t)b->endpoint.telnet.value;
        if (write(b->endpoint.fd, b->endpoint.telnet.answer, b->endpoint.telnet.answer_size) < 0)
            return -1;
    }
    return kept;
}

static bool answer_host(struct bridge *b, size_t size) {
    struct soc_wire *wire = b->wire;
    if (wire->bootloader && !wire->linked && !soc_live_power(wire->live))
        return false;
    if (!soc_live_send(wire->live, 1, b->in, size))
        return false;
    /* long commands arrive at the guest's baud rate: go on while it is still reading or sending */
    uint64_t wire_us = (uint64_t)size * 100;
    uint64_t until = soc_live_us(wire->live) + ANSWER_US + wire_us;
    while (wire->bootloader && soc_live_us(wire->live) < until) {
        if (!soc_live_run(wire->live, STEP_US))
            return false;
        if (wire->sent_size) {
            until = soc_live_us(wire->live) + 2 * STEP_US;
            deliver(b);
        }
        struct pollfd more = {.fd = b->endpoint.fd, .events = POLLIN};
        if (poll(&more, 1, 0) == 1)
            break;
    }
    return true;
}

static bool keep_pace(struct bridge *b, uint64_t *then) {
    uint64_t now = wall_us(), behind = now - *then;
    *then = now;
    if (b->wire->bootloader)
        return true;
    return soc_live_run(b->wire->live, behind < BEHIND_MAX_US ? behind : BEHIND_MAX_US);
}

static bool turn(struct bridge *b, uint64_t *then) {
    struct endpoint *e = &b->endpoint;
    struct pollfd fds[2] = {{.fd = e->fd, .events = POLLIN},
                            {.fd = e->fd < 0 ? e->listener : -1, .events = POLLIN}};
    int ready = poll(fds, 2, WAIT_MS);
    if (!keep_pace(b, then))
        return false;
    if (ready > 0 && fds[1].revents)
        endpoint_accept(e);
    ssize_t got = ready > 0 && fds[0].revents ? receive(b) : 0;
    if (got < 0) {
        close(e->fd);
        e->fd = -1;
    } else if (got > 0 && !answer_host(b, (size_t)got)) {
        return false;
    }
    return deliver(b);
}

bool soc_wire_serve(struct soc_wire *wire, const struct serve_options *options, char *error,
                    size_t error_size) {
    struct bridge *b = calloc(1, sizeof *b);
    if (!b || endpoint_open(&b->endpoint, options, error, error_size) != STATUS_OK) {
        free(b);
        return false;
    }
    b->wire = wire;
    options->ready(options->context, b->endpoint.address);
    uint64_t then = wall_us();
    bool alive = true;
    while (alive && !*options->stop &&
           (!wire->limit_us || soc_live_us(wire->live) < wire->limit_us))
        alive = turn(b, &then);
    endpoint_close(&b->endpoint);
    free(b);
    return true;
}
