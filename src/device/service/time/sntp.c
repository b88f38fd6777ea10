/* The client of time servers; see sntp.h. */
#include "device/service/time/sntp.h"

#include "base/bytes.h"
#include "codec/net/sntp_packet.h"
#include "device/command/driver.h"
#include "device/device.h"
#include "device/script/clock.h"

enum {
    SERVERS = 3,
    ANSWER_S = 5,
    RETRY_S = 10,
    EACH_S = 3600,
    JUMP_S = 600,
};
#define EARLIEST 1704067200LL /* 2024-01-01 */
#define LATEST   4102444800LL /* 2100-01-01 */

bool sntp_dotted(const char *text, uint32_t *address) {
    uint32_t value = 0;
    for (unsigned part = 0; part < 4; part++) {
        unsigned number = 0, digits = 0;
        for (; text_is_digit(*text) && digits < 3; text++, digits++)
            number = number * 10 + (unsigned)(*text - '0');
        if (!digits || number > 255 || (part < 3 && *text++ != '.'))
            return false;
        value = value << 8 | number;
    }
    *address = value;
    return *text == '\0';
}

/* The i-th server; 0 when there is none. The last is the gateway of a static address. */
static uint32_t server(const struct device *d, unsigned i) {
    uint32_t address = 0;
    if (i < 2)
        return sntp_dotted(i ? d->config.ntp_server2 : d->config.ntp_server, &address) ? address
                                                                                       : 0;
    return load_be32(d->config.static_ip + 8);
}

static void close_socket(struct device *d) {
    if (d->sntp.socket >= 0)
        service_close(d, d->sntp.socket);
    d->sntp.socket = -1;
    d->sntp.waiting = false;
}

static uint32_t random_word(struct device *d) {
    return d->hal.random ? d->hal.random(d->hal.context) : (uint32_t)d->now_ms * 2654435761u;
}

static void ask(struct device *d) {
    struct sntp *s = &d->sntp;
    uint8_t packet[SNTP_SIZE];
    unsigned tries = 0;
    while (!server(d, s->server) && tries++ < SERVERS)
        s->server = (uint8_t)((s->server + 1) % SERVERS);
    s->left_s = RETRY_S;
    if (!server(d, s->server))
        return;
    if (s->socket < 0)
        s->socket = (int16_t)service_udp(d, &sntp_service, 0, 0);
    if (s->socket < 0)
        return;
    s->cookie = (uint64_t)random_word(d) << 32 | random_word(d) | 1;
    sntp_ask(s->cookie, packet, sizeof packet);
    s->asked++;
    s->waiting = service_send(d, s->socket, server(d, s->server), SNTP_PORT, packet, SNTP_SIZE);
    s->left_s = s->waiting ? ANSWER_S : RETRY_S;
}

/* A sudden other time must be said twice. */
static bool believable(struct device *d, int64_t epoch) {
    struct sntp *s = &d->sntp;
    if (epoch < EARLIEST || epoch >= LATEST)
        return false;
    int64_t off = epoch - clock_now(d), base = epoch - (int64_t)d->uptime_s;
    if (!d->clock_set || (off < JUMP_S && off > -JUMP_S))
        return true;
    int64_t apart = base - s->proposal;
    bool confirmed = s->proposed && apart < 5 && apart > -5;
    s->proposed = !confirmed;
    s->proposal = base;
    return confirmed;
}

static void on_datagram(struct device *d, int socket, uint32_t address, uint16_t port,
                        const void *data, size_t size) {
    struct sntp *s = &d->sntp;
    struct sntp_answer answer;
    if (socket != s->socket || !s->waiting || address != server(d, s->server) ||
        port != SNTP_PORT || sntp_read(data, size, s->cookie, &answer, NULL) != STATUS_OK) {
        s->refused++;
        return;
    }
    close_socket(d);
    if (!believable(d, answer.epoch)) {
        s->refused++;
        s->left_s = RETRY_S;
        return;
    }
    s->answered++;
    s->proposed = false;
    s->synced_s = d->uptime_s ? d->uptime_s : 1;
    s->left_s = EACH_S;
    clock_set(d, answer.epoch);
}

static void second(struct device *d) {
    struct sntp *s = &d->sntp;
    if (d->wifi != HAL_WIFI_CONNECTED || !driver_on(d, "NTP")) {
        close_socket(d);
        s->left_s = 2;
        return;
    }
    if (s->left_s && --s->left_s)
        return;
    if (s->waiting) { /* nobody answered: the next server */
        close_socket(d);
        s->server = (uint8_t)((s->server + 1) % SERVERS);
    }
    ask(d);
}

static void start(struct device *d) {
    d->sntp = (struct sntp){.socket = -1, .left_s = 2};
}

static void print_address(struct text *out, uint32_t address) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        text_uint(out, address >> shift & 0xFF);
        text_add(out, shift ? "." : "");
    }
}

void sntp_tell(const struct device *d, struct text *out) {
    const struct sntp *s = &d->sntp;
    text_add(out, "server ");
    print_address(out, server(d, s->server));
    text_add(out, ", asked ");
    text_uint(out, s->asked);
    text_add(out, ", answered ");
    text_uint(out, s->answered);
    text_add(out, ", refused ");
    text_uint(out, s->refused);
    text_add(out, d->clock_set ? ", UTC " : ", clock not set");
    if (d->clock_set)
        text_int(out, clock_now(d));
}

const struct service sntp_service = {
    .name = "NTP", .start = start, .stop = close_socket, .second = second, .datagram = on_datagram};
