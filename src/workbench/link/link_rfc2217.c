/* A serial port behind a Telnet server that obeys RFC 2217 (COM port control): baud rate, DTR and
 * RTS travel as sub-negotiations, data bytes FF are doubled. A rate is taken as set only when the
 * server confirms it. */
#include "workbench/link/tcp.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

enum {
    IAC = 255,
    DONT = 254,
    DO = 253,
    WONT = 252,
    WILL = 251,
    SB = 250,
    SE = 240,
    OPTION_BINARY = 0,
    OPTION_SUPPRESS_GO_AHEAD = 3,
    OPTION_COM_PORT = 44,
    SET_BAUD = 1,
    SET_DATA = 2,
    SET_PARITY = 3,
    SET_STOP = 4,
    SET_CONTROL = 5,
    PURGE = 12,
    SERVER_OFFSET = 100,
    DTR_ON = 8,
    DTR_OFF = 9,
    RTS_ON = 11,
    RTS_OFF = 12,
    ANSWER_US = 2000000,
    SUB_MAX = 64,
};

enum telnet_state { DATA, COMMAND, NEGOTIATE, SUB, SUB_IAC };

struct rfc2217 {
    enum telnet_state state;
    uint8_t verb;
    uint8_t sub[SUB_MAX];
    size_t sub_size;
    bool refused;       /* the server does not do COM port control */
    uint32_t baud;      /* last one the server confirmed */
    unsigned baud_seen; /* counts confirmations */
    uint8_t held[8192]; /* data bytes met while waiting for a confirmation */
    size_t held_from, held_to;
};

static enum status send_sub(struct link *link, uint8_t command, const uint8_t *value, size_t size) {
    uint8_t frame[32] = {IAC, SB, OPTION_COM_PORT, command};
    size_t at = 4;
    for (size_t i = 0; i < size; i++) {
        frame[at++] = value[i];
        if (value[i] == IAC)
            frame[at++] = IAC;
    }
    frame[at++] = IAC;
    frame[at++] = SE;
    return link_fd_write(link, frame, at);
}

static void take_sub(struct rfc2217 *r) {
    if (r->sub_size >= 6 && r->sub[0] == OPTION_COM_PORT && r->sub[1] == SERVER_OFFSET + SET_BAUD) {
        r->baud = load_be32(r->sub + 2);
        r->baud_seen++;
    }
}

/* Agrees to binary, go-ahead and COM port control, refuses everything else. */
static void take_option(struct link *link, struct rfc2217 *r, uint8_t option) {
    bool known =
        option == OPTION_BINARY || option == OPTION_SUPPRESS_GO_AHEAD || option == OPTION_COM_PORT;
    if (option == OPTION_COM_PORT && (r->verb == DONT || r->verb == WONT))
        r->refused = true;
    if (known || r->verb == DONT || r->verb == WONT)
        return; /* what we want was offered when the connection began */
    uint8_t answer[3] = {IAC, r->verb == DO ? WONT : DONT, option};
    link_fd_write(link, answer, sizeof answer);
}

/* Takes one byte of the stream; true when it is data. */
static bool telnet_feed(struct link *link, struct rfc2217 *r, uint8_t byte) {
    switch (r->state) {
    case DATA:
        if (byte != IAC)
            return true;
        r->state = COMMAND;
        return false;
    case COMMAND:
        r->verb = byte;
        r->sub_size = 0;
        r->state = byte >= WILL && byte <= DONT ? NEGOTIATE : byte == SB ? SUB : DATA;
        return byte == IAC;
    case NEGOTIATE:
        r->state = DATA;
        take_option(link, r, byte);
        return false;
    case SUB:
        if (byte == IAC)
            r->state = SUB_IAC;
        else if (r->sub_size < SUB_MAX)
            r->sub[r->sub_size++] = byte;
        return false;
    case SUB_IAC:
        r->state = byte == IAC ? SUB : DATA;
        if (byte == IAC && r->sub_size < SUB_MAX)
            r->sub[r->sub_size++] = IAC;
        if (byte == SE)
            take_sub(r);
        return false;
    }
    return false;
}

static size_t take_held(struct rfc2217 *r, uint8_t *buffer, size_t size) {
    size_t n = r->held_to - r->held_from < size ? r->held_to - r->held_from : size;
    memcpy(buffer, r->held + r->held_from, n);
    r->held_from += n;
    if (r->held_from == r->held_to)
        r->held_from = r->held_to = 0;
    return n;
}

static enum status rfc_read(struct link *link, uint8_t *buffer, size_t size, uint64_t until_us,
                            size_t *got) {
    struct rfc2217 *r = link->self;
    if ((*got = take_held(r, buffer, size)) > 0)
        return STATUS_OK;
    do {
        size_t n = 0, kept = 0;
        enum status status = link_fd_read(link, buffer, size, until_us, &n);
        for (size_t i = 0; i < n; i++)
            if (telnet_feed(link, r, buffer[i]))
                buffer[kept++] = buffer[i];
        *got = kept;
        if (status != STATUS_OK || kept || n == 0)
            return status;
    } while (link_now_us(link) < until_us);
    return STATUS_OK;
}

static enum status rfc_write(struct link *link, const uint8_t *data, size_t size) {
    uint8_t out[1024];
    while (size) {
        size_t at = 0, used = 0;
        for (; used < size && at + 2 <= sizeof out; used++) {
            out[at++] = data[used];
            if (data[used] == IAC)
                out[at++] = IAC;
        }
        enum status status = link_fd_write(link, out, at);
        if (status != STATUS_OK)
            return status;
        data += used;
        size -= used;
    }
    return STATUS_OK;
}

/* Reads until the server confirmed a rate; data met on the way is held. */
static enum status await_baud(struct link *link, unsigned seen) {
    struct rfc2217 *r = link->self;
    uint64_t until = link_now_us(link) + ANSWER_US;
    while (r->baud_seen == seen && !r->refused && link_now_us(link) < until) {
        uint8_t byte;
        size_t n = 0;
        enum status status = link_fd_read(link, &byte, 1, until, &n);
        if (status != STATUS_OK)
            return status;
        if (n && telnet_feed(link, r, byte) && r->held_to < sizeof r->held)
            r->held[r->held_to++] = byte;
    }
    return r->baud_seen != seen ? STATUS_OK
                                : link_fail(link, STATUS_UNSUPPORTED,
                                            "%s: the server does not confirm a baud rate (no RFC "
                                            "2217?)",
                                            link->name);
}

static enum status rfc_set_baud(struct link *link, uint32_t baud) {
    struct rfc2217 *r = link->self;
    uint8_t value[4];
    unsigned seen = r->baud_seen;
    store_be32(value, baud);
    enum status status = send_sub(link, SET_BAUD, value, sizeof value);
    if (status == STATUS_OK)
        status = await_baud(link, seen);
    if (status == STATUS_OK && r->baud != baud)
        return link_fail(link, STATUS_UNSUPPORTED, "%s: asked for %u baud, the server set %u",
                         link->name, (unsigned)baud, (unsigned)r->baud);
    return status;
}

static enum status rfc_set_lines(struct link *link, bool dtr, bool rts) {
    uint8_t dtr_value = dtr ? DTR_ON : DTR_OFF, rts_value = rts ? RTS_ON : RTS_OFF;
    enum status status = send_sub(link, SET_CONTROL, &dtr_value, 1);
    if (status == STATUS_OK)
        status = send_sub(link, SET_CONTROL, &rts_value, 1);
    return status;
}

static enum status rfc_drain(struct link *link) {
    (void)link;
    return STATUS_OK; /* the protocol has no such question; deadlines count the bytes */
}

static enum status rfc_close(struct link *link) {
    free(link->self);
    link->self = NULL;
    return link_fd_close(link);
}

static const struct link_ops rfc_ops = {
    .write = rfc_write,
    .read = rfc_read,
    .set_baud = rfc_set_baud,
    .set_lines = rfc_set_lines,
    .drain = rfc_drain,
    .now_us = link_clock_us,
    .close = rfc_close,
};

bool link_rfc2217_open(struct link *link, const char *host, const char *port) {
    static const uint8_t hello[] = {IAC, WILL, OPTION_COM_PORT, IAC, DO, OPTION_BINARY,
                                    IAC, WILL, OPTION_BINARY,   IAC, DO, OPTION_SUPPRESS_GO_AHEAD};
    if (!tcp_connect(link, host, port))
        return false;
    link->self = calloc(1, sizeof(struct rfc2217));
    link->ops = &rfc_ops;
    link->has_lines = link->has_baud = true;
    enum status status = link->self ? link_fd_write(link, hello, sizeof hello)
                                    : link_fail(link, STATUS_NO_SPACE, "%s: no memory", link->name);
    if (status == STATUS_OK)
        status = rfc_set_baud(link, 115200);
    if (status == STATUS_OK)
        status = send_sub(link, SET_DATA, &(uint8_t){8}, 1);
    if (status == STATUS_OK)
        status = send_sub(link, SET_PARITY, &(uint8_t){1}, 1);
    if (status == STATUS_OK)
        status = send_sub(link, SET_STOP, &(uint8_t){1}, 1);
    if (status == STATUS_OK)
        status = rfc_set_lines(link, false, false);
    if (status != STATUS_OK) {
        link_fd_drop(link); /* what went wrong was said */
        link_close(link);
        return false;
    }
    return true;
}
