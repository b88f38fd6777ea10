/* The loop between a client's file descriptor and the emulator. */
#include "cli/soc_wire.h"

#include "base/bytes.h"
#include "cli/gdb_server.h"
#include "codec/beken/uart.h"
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
    BITS_PER_BYTE = 10,
    SWALLOW_US = 2000,     /* until the guest has taken the last byte */
    LISTENS_US = 100000,   /* a bootloader that heard something waits longer than this */
    ANSWER_US = 60000,     /* it answers commands without much work within this time, or never */
    CRC_US_PER_KIB = 2000, /* its CRC takes half as long */
    CRC_LONGEST = 0x1000000,
    DELAY_US = 3000, /* a tick of the delay in a change of rate, a third less */
};

struct bridge {
    struct soc_wire *wire;
    struct beken_request_parser parser; /* what the host asks for */
    struct beken_uart answers;          /* what the guest says */
    unsigned owed;                      /* answers to come */
    uint64_t swallow_us;                /* guest time until when it reads what was sent */
    uint64_t until_us;                  /* and until when it has answered, or never will */
    uint64_t powered_us;                /* guest time of the last power-on */
    bool powered;
    struct endpoint endpoint;
    uint8_t in[SERVE_CHUNK];
};

void soc_wire_take(struct soc_wire *wire, const struct soc_record *r) {
    if (r->kind == SOC_RESET) {
        wire->linked = false;
        wire->restarted = true;
        wire->baud = 0;
    }
    if (r->kind == SOC_BAUD && r->a == 1)
        wire->baud = r->b;
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

/* Guest time for the work in a command that this bootloader answers; 0: it stays silent. */
static uint64_t work_us(const struct beken_request *r) {
    static const uint8_t shorts[] = {BEKEN_LINK_CHECK, BEKEN_READ_VERSION, BEKEN_SET_BAUD,
                                     BEKEN_CHECK_CRC};
    static const uint8_t longs[] = {BEKEN_FLASH_WRITE, BEKEN_FLASH_WRITE_4K, BEKEN_FLASH_READ_4K,
                                    BEKEN_FLASH_ERASE};
    if (!memchr(r->flash ? longs : shorts, r->command, r->flash ? sizeof longs : sizeof shorts))
        return 0;
    uint64_t us = ANSWER_US;
    if (!r->flash && r->command == BEKEN_CHECK_CRC && r->length == 8) {
        uint32_t length = load_le32(r->payload + 4) - load_le32(r->payload);
        us += length <= CRC_LONGEST ? (uint64_t)length / 1024 * CRC_US_PER_KIB : 0;
    }
    if (!r->flash && r->command == BEKEN_SET_BAUD && r->length == 5)
        us += (uint64_t)r->payload[4] * DELAY_US;
    return us;
}

/* How long bytes take at the rate that the guest has set. */
static uint64_t wire_us(const struct soc_wire *wire, size_t size) {
    return (uint64_t)size * BITS_PER_BYTE * 1000000 / (wire->baud ? wire->baud : BEKEN_FIRST_BAUD);
}

/* Reads along what the host asks for: how many answers are to come, and until when. */
static void expect(struct bridge *b, size_t size) {
    struct beken_request request;
    uint64_t now = soc_live_us(b->wire->live);
    uint64_t left = b->swallow_us > now + SWALLOW_US ? b->swallow_us - now - SWALLOW_US : 0;
    uint64_t working = b->owed && b->until_us > b->swallow_us ? b->until_us - b->swallow_us : 0;
    b->swallow_us = now + left + wire_us(b->wire, size) + SWALLOW_US;
    b->until_us = b->swallow_us + working;
    for (size_t i = 0; i < size; i++) {
        if (beken_request_feed(&b->parser, b->in[i], &request) != BEKEN_FEED_FRAME)
            continue;
        uint64_t work = work_us(&request);
        b->until_us += work;
        b->owed += work != 0;
    }
}

/* A bootloader that nobody talks to has started the application by now: its power is cycled. */
static bool wake(struct bridge *b) {
    struct soc_wire *wire = b->wire;
    uint64_t now = soc_live_us(wire->live);
    if (wire->linked || (b->powered && now - b->powered_us < LISTENS_US))
        return true;
    memset(&b->parser, 0, sizeof b->parser);
    beken_uart_reset(&b->answers);
    b->owed = 0;
    b->powered = true;
    b->powered_us = now;
    return soc_live_power(wire->live);
}

/* Ticks off the answers that the guest has sent. */
static void tick_off(struct bridge *b) {
    struct beken_response response;
    for (size_t i = 0; i < b->wire->sent_size; i++)
        if (beken_uart_feed(&b->answers, b->wire->sent[i], &response) == BEKEN_FEED_FRAME)
            b->owed -= b->owed > 0;
}

/* Guest time passes while the guest reads, works or sends, and no longer: a bootloader that waits
 * in vain would start the application. */
static bool answer_flasher(struct bridge *b, size_t size) {
    struct soc_live *live = b->wire->live;
    if (!wake(b))
        return false;
    expect(b, size);
    if (!soc_live_send(live, 1, b->in, size))
        return false;
    while (soc_live_us(live) < (b->owed ? b->until_us : b->swallow_us)) {
        b->wire->restarted = false;
        if (!soc_live_run(live, STEP_US))
            return false;
        if (b->wire->restarted) /* it has started over and forgotten */
            break;
        tick_off(b);
        deliver(b);
        struct pollfd more = {.fd = b->endpoint.fd, .events = POLLIN};
        if (poll(&more, 1, 0) == 1)
            return true;
    }
    b->owed = 0;
    return true;
}

static bool answer_host(struct bridge *b, size_t size) {
    return b->wire->bootloader ? answer_flasher(b, size)
                               : soc_live_send(b->wire->live, 1, b->in, size);
}

static bool keep_pace(struct bridge *b, uint64_t *then) {
    uint64_t now = wall_us(), behind = now - *then;
    struct gdb_server *debugger = b->wire->debugger;
    *then = now;
    if (b->wire->bootloader || (debugger && !debugger->stub.running))
        return true;
    bool alive = soc_live_run(b->wire->live, behind < BEHIND_MAX_US ? behind : BEHIND_MAX_US);
    if (debugger)
        gdb_server_tell(debugger);
    return alive;
}

static bool turn(struct bridge *b, uint64_t *then) {
    struct endpoint *e = &b->endpoint;
    struct gdb_server *debugger = b->wire->debugger;
    struct pollfd fds[3] = {{.fd = e->fd, .events = POLLIN},
                            {.fd = e->fd < 0 ? e->listener : -1, .events = POLLIN},
                            {.fd = debugger ? debugger->endpoint.fd : -1, .events = POLLIN}};
    int ready = poll(fds, 3, WAIT_MS);
    if ((debugger && !gdb_server_turn(debugger)) || !keep_pace(b, then))
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

bool soc_wire_serve(struct soc_wire *wire, const struct serve_options *options,
                    const volatile sig_atomic_t *stop, char *error, size_t error_size) {
    struct bridge *b = calloc(1, sizeof *b);
    if (!b)
        return false;
    b->endpoint.fd = b->endpoint.listener = b->endpoint.slave = -1;
    if (options && endpoint_open(&b->endpoint, options, error, error_size) != STATUS_OK) {
        free(b);
        return false;
    }
    b->wire = wire;
    if (options)
        options->ready(options->context, b->endpoint.address);
    uint64_t then = wall_us();
    bool alive = true;
    while (alive && !*stop && (!wire->limit_us || soc_live_us(wire->live) < wire->limit_us))
        alive = turn(b, &then);
    endpoint_close(&b->endpoint);
    free(b);
    return true;
}
