/* The web server's connections: accepting, timing, and letting go of those that only cost. When all
 * places are taken, whoever has been silent longest makes room, so that half-open and slow clients
 * cannot lock others out. */
#include "device/device.h"
#include "device/service/http/http_private.h"

enum {
    PORT = 80,
    HEAD_MS = 5000,    /* from the first byte of a request to the end of its head */
    IDLE_MS = 15000,   /* between requests */
    BODY_MS = 10000,   /* without a byte of the body */
    SEND_MS = 20000,   /* without taking a byte of the reply */
    EVICT_MS = 500,    /* a connection without a whole head may be evicted after this */
    STALLED_MS = 4000, /* and one that does not move after this */
    POLL_MS = 500,
};

static struct http_connection *find(struct device *d, int stream) {
    for (unsigned i = 0; i < HTTP_CONNECTIONS; i++)
        if (d->http.connections[i].stream == stream)
            return &d->http.connections[i];
    return NULL;
}

void http_let_go(struct device *d, struct http_connection *c) {
    int stream = c->stream;
    bool unfinished = c->phase == HTTP_BODY && c->route && c->route->take;
    c->stream = -1;
    c->x.more = NULL;
    if (unfinished) /* an upload was cut off: let its taker know */
        c->route->take(d, &c->x, NULL, 0);
    service_close(d, stream);
}

static void start(struct device *d) {
    struct http *h = &d->http;
    memset(h, 0, offsetof(struct http, listener));
    for (unsigned i = 0; i < HTTP_CONNECTIONS; i++)
        h->connections[i].stream = -1;
    h->listener = 0;
    if (d->config.disable_web && !d->safe)
        return;
    h->listener = 1 + service_listen(d, &http_service, d->hal.web_port ? d->hal.web_port : PORT);
    if (!h->listener && d->hal.tcp_listen)
        device_log(d, LOG_ERROR, "http", "the port of the web server is taken");
}

void http_close(struct device *d) {
    if (d->http.listener)
        service_close(d, d->http.listener - 1);
    d->http.listener = 0;
}

static void stop(struct device *d) {
    for (unsigned i = 0; i < HTTP_CONNECTIONS; i++)
        if (d->http.connections[i].stream >= 0)
            http_let_go(d, &d->http.connections[i]);
}

/* How readily a connection gives way: 0 not at all, more: sooner. */
static uint64_t spare(const struct device *d, const struct http_connection *c) {
    uint64_t age = d->now_ms - c->since_ms, silent = d->now_ms - c->moved_ms;
    if (c->phase < HTTP_BODY && !c->head_bytes && c->again)
        return 1000000 + silent;
    if (c->phase < HTTP_BODY)
        return age >= EVICT_MS ? age : 0;
    return silent >= STALLED_MS && !c->x.live ? silent : 0;
}

static struct http_connection *place(struct device *d) {
    struct http_connection *best = NULL;
    for (unsigned i = 0; i < HTTP_CONNECTIONS; i++) {
        struct http_connection *c = &d->http.connections[i];
        if (c->stream < 0)
            return c;
        if (spare(d, c) && (!best || spare(d, c) > spare(d, best)))
            best = c;
    }
    if (best) {
        d->http.timeouts++;
        http_let_go(d, best);
    }
    return best;
}

static bool accept(struct device *d, int listener, int stream, uint32_t peer_address) {
    struct http_connection *c = place(d);
    (void)listener;
    if (!c) {
        d->http.refused++;
        return false;
    }
    c->stream = (int16_t)stream;
    c->address = peer_address;
    c->again = false;
    http_head_start(c);
    c->since_ms = c->moved_ms = d->now_ms;
    return true;
}

static size_t stream_event(struct device *d, int stream, enum hal_stream_event event,
                           const void *data, size_t size) {
    struct http_connection *c = find(d, stream);
    if (!c)
        return size;
    if (event == HAL_STREAM_CLOSED)
        http_let_go(d, c);
    else if (event == HAL_STREAM_WRITABLE && c->phase == HTTP_SENDING)
        http_send_on(d, c);
    else if (event == HAL_STREAM_DATA && c->x.pause)
        return 0;
    else if (event == HAL_STREAM_DATA && c->phase != HTTP_SENDING)
        return http_take(d, c, data, size);
    else if (event == HAL_STREAM_DATA)
        return c->x.live ? size : 0;
    return size;
}

static bool overdue(const struct device *d, const struct http_connection *c) {
    uint64_t age = d->now_ms - c->since_ms, silent = d->now_ms - c->moved_ms;
    if (c->phase < HTTP_BODY)
        return age > (c->head_bytes || !c->again ? (uint64_t)HEAD_MS : IDLE_MS);
    if (c->phase == HTTP_BODY)
        return silent > BODY_MS || (age > BODY_MS && c->x.got < age / 10); /* under 100 B/s */
    return silent > SEND_MS && (c->blocked || !c->x.live);
}

static void time_out(struct device *d, struct http_connection *c) {
    d->http.timeouts++;
    if (c->phase < HTTP_BODY && c->head_bytes)
        http_fail(d, c, 408, "the request took too long");
    if (c->stream >= 0)
        http_let_go(d, c);
}

static uint32_t poll(struct device *d) {
    uint32_t next = UINT32_MAX;
    for (unsigned i = 0; i < HTTP_CONNECTIONS; i++) {
        struct http_connection *c = &d->http.connections[i];
        if (c->stream < 0)
            continue;
        c->x.pause = false;
        if (c->phase == HTTP_BODY && c->x.hold)
            http_work_on(d, c);
        else if (c->phase == HTTP_SENDING && !c->blocked && d->now_ms >= c->wake_ms)
            http_send_on(d, c);
        else if (overdue(d, c))
            time_out(d, c);
        uint32_t wait = POLL_MS;
        if (c->stream >= 0 && c->phase == HTTP_SENDING && !c->blocked)
            wait = c->wake_ms > d->now_ms ? (uint32_t)(c->wake_ms - d->now_ms) : 0;
        if (c->stream >= 0 && wait < next)
            next = wait;
    }
    return next;
}

bool http_live(struct device *d, struct http_exchange *x) {
    unsigned live = 0;
    for (unsigned i = 0; i < HTTP_CONNECTIONS; i++)
        live += d->http.connections[i].stream >= 0 && d->http.connections[i].x.live;
    if (live >= HTTP_LIVE) {
        http_error(x, 503, "too many live connections");
        return false;
    }
    x->live = true;
    x->keep_alive = false;
    return true;
}

const struct service http_service = {
    .name = "http",
    .start = start,
    .stop = stop,
    .poll = poll,
    .accept = accept,
    .stream = stream_event,
};
