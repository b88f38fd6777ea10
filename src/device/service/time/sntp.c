/* The client of time servers; see sntp.h. */
#include "device/service/time/sntp.h"

#include "base/bytes.h"
#include "codec/net/sntp_packet.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/driver.h"
#include "device/service/time/clock_keep.h"

enum {
    SERVERS = 3,
    ANSWER_S = 5,
    RETRY_S = 10,
    EACH_S = 3600,
    JUMP_S = 600,
};
#define EARLIEST 1704067200LL /* 2024-01-01 */
#define LATEST   4102444800LL /* 2100-01-01 */

/* The i-th server, by name or address; "" when it is not set. */
static const char *server(const struct device *d, unsigned i) {
    return i == 0 ? d->config.ntp_server : i == 1 ? d->config.ntp_server2 : "";
}

/* Its address; the last is the gateway of a static address. */
static enum hal_name address_of(struct device *d, unsigned i, uint32_t *address) {
    if (i < SERVERS - 1)
        return service_resolve(d, server(d, i), address);
    *address = load_be32(d->config.static_ip + 8);
    return *address ? HAL_NAME_FOUND : HAL_NAME_UNKNOWN;
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

static void next_server(struct sntp *s) {
    s->server = (uint8_t)((s->server + 1) % SERVERS);
    s->naming_s = 0;
}

/* Finds a server whose address is known or can be asked for. A name that is not answered within
 * ANSWER_S counts as unknown. */
static enum hal_name choose(struct device *d) {
    struct sntp *s = &d->sntp;
    for (unsigned tries = 0; tries < SERVERS; tries++) {
        enum hal_name found = address_of(d, s->server, &s->address);
        if (found == HAL_NAME_FOUND || (found == HAL_NAME_ASKING && s->naming_s++ < ANSWER_S))
            return found;
        next_server(s);
    }
    return HAL_NAME_UNKNOWN;
}

static void ask(struct device *d) {
    struct sntp *s = &d->sntp;
    uint8_t packet[SNTP_SIZE];
    enum hal_name found = choose(d);
    s->left_s = found == HAL_NAME_ASKING ? 1 : RETRY_S;
    if (found != HAL_NAME_FOUND)
        return;
    s->naming_s = 0;
    if (s->socket < 0)
        s->socket = (int16_t)service_udp(d, &sntp_service, 0, 0);
    if (s->socket < 0)
        return;
    s->cookie = (uint64_t)random_word(d) << 32 | random_word(d) | 1;
    sntp_ask(s->cookie, packet, sizeof packet);
    s->asked++;
    s->waiting = service_send(d, s->socket, s->address, SNTP_PORT, packet, SNTP_SIZE);
    s->left_s = s->waiting ? ANSWER_S : RETRY_S;
}

/* A sudden other time must be said twice. */
static bool believable(struct device *d, int64_t epoch) {
    struct sntp *s = &d->sntp;
    if (epoch < EARLIEST || epoch >= LATEST)
        return false;
    int64_t off = epoch - clock_now(d), base = epoch - (int64_t)d->uptime_s;
    if (!d->clock_set || s->estimated || (off < JUMP_S && off > -JUMP_S))
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
    if (socket != s->socket || !s->waiting || address != s->address || port != SNTP_PORT ||
        sntp_read(data, size, s->cookie, &answer, NULL) != STATUS_OK) {
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
    s->proposed = s->estimated = false;
    s->synced_s = d->uptime_s ? d->uptime_s : 1;
    s->left_s = EACH_S;
    clock_set(d, answer.epoch);
}

static void second(struct device *d) {
    struct sntp *s = &d->sntp;
    clock_keep_second(d);
    if (d->wifi != HAL_WIFI_CONNECTED || !driver_on(d, "NTP")) {
        close_socket(d);
        s->left_s = 2;
        return;
    }
    if (s->left_s && --s->left_s)
        return;
    if (s->waiting) { /* nobody answered: the next server */
        close_socket(d);
        next_server(s);
    }
    ask(d);
}

static void start(struct device *d) {
    d->sntp = (struct sntp){.socket = -1, .left_s = 2};
    clock_keep_start(d);
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
    text_add(out, server(d, s->server));
    text_add(out, " ");
    print_address(out, s->address);
    text_add(out, ", asked ");
    text_uint(out, s->asked);
    text_add(out, ", answered ");
    text_uint(out, s->answered);
    text_add(out, ", refused ");
    text_uint(out, s->refused);
    text_add(out, !d->clock_set ? ", clock not set" : s->estimated ? ", estimated UTC " : ", UTC ");
    if (d->clock_set)
        text_int(out, clock_now(d));
}

const struct service sntp_service = {
    .name = "NTP", .start = start, .stop = close_socket, .second = second, .datagram = on_datagram};
