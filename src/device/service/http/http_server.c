/* The web server's connections: accepting, reading, answering, and letting go of those that only
 * cost. When all places are taken, whoever has been silent longest makes room, so that half-open
 * and slow clients cannot lock others out. */
#include "device/device.h"
#include "device/service/http/http_private.h"

enum {
    PORT = 80,
    HEAD_MS = 5000,     /* from the first byte of a request to the end of its head */
    IDLE_MS = 15000,    /* between requests */
    BODY_MS = 10000,    /* without a byte of the body */
    SEND_MS = 20000,    /* without taking a byte of the reply */
    EVICT_MS = 500,     /* a connection without a whole head may be evicted after this */
    STALLED_MS = 4000,  /* and one that does not move after this */
    TAKE_PIECE = 1024,  /* bytes of an upload handed on at once */
    FILLS_PER_TURN = 8, /* pieces sent before others get their turn */
    POLL_MS = 500,
};

static struct http_connection *find(struct device *d, int stream) {
    for (unsigned i = 0; i < HTTP_CONNECTIONS; i++)
        if (d->http.connections[i].stream == stream)
            return &d->http.connections[i];
    return NULL;
}

static void let_go(struct device *d, struct http_connection *c) {
    int stream = c->stream;
    bool unfinished = c->phase == HTTP_BODY && c->route && c->route->take;
    c->stream = -1;
    c->x.more = NULL;
    if (unfinished) /* an upload was cut off: let its taker know */
        c->route->take(d, &c->x, NULL, 0);
    service_close(d, stream);
}

static void next_request(struct device *d, struct http_connection *c) {
    c->again = true;
    http_head_start(c);
    c->since_ms = c->moved_ms = d->now_ms;
}

static void finish(struct device *d, struct http_connection *c) {
    if (c->x.keep_alive)
        next_request(d, c);
    else
        let_go(d, c);
}

/* Writes a run of bytes; false when the stream takes no more now. */
static bool push(struct device *d, struct http_connection *c, const void *data, size_t size,
                 size_t *took) {
    *took = service_write(d, c->stream, data, size);
    if (*took)
        c->moved_ms = d->now_ms;
    c->blocked = *took < size;
    return !c->blocked;
}

static bool push_buffer(struct device *d, struct http_connection *c) {
    size_t took;
    if (c->out_at == c->out_end)
        return true;
    bool all = push(d, c, c->out + c->out_at, (size_t)(c->out_end - c->out_at), &took);
    c->out_at = (uint16_t)(c->out_at + took);
    return all;
}

static bool push_fixed(struct device *d, struct http_connection *c) {
    size_t took;
    if (!c->x.fixed_size || c->x.more)
        return true;
    bool all = push(d, c, c->x.fixed, c->x.fixed_size, &took);
    c->x.fixed += took;
    c->x.fixed_size -= took;
    return all;
}

static void send_on(struct device *d, struct http_connection *c) {
    for (unsigned i = 0; i < FILLS_PER_TURN; i++) {
        if (!push_buffer(d, c) || !push_fixed(d, c))
            return;
        if (!http_reply_fill(d, c))
            break;
    }
    c->wake_ms = d->now_ms + (c->x.live ? c->x.wait_ms : 0);
    if (http_reply_done(c))
        finish(d, c);
}

static void answer(struct device *d, struct http_connection *c) {
    struct http_exchange *x = &c->x;
    if (x->status >= 400) {
        d->http.failed++;
        bool ended = c->has_coding ? http_chunk_state(c) == HTTP_CHUNK_END : x->length <= x->got;
        if (!ended)
            x->keep_alive = false; /* nobody will read the rest of the body */
    }
    c->phase = HTTP_SENDING;
    c->moved_ms = d->now_ms;
    c->out_at = c->out_end = 0;
    http_reply_start(d, c);
    send_on(d, c);
}

static void start_output(struct http_connection *c) {
    c->x.out = text_start(c->out + HTTP_HEAD_ROOM, HTTP_OUT - HTTP_HEAD_ROOM - 16);
}

static void fail(struct device *d, struct http_connection *c, unsigned status, const char *why) {
    c->x.keep_alive = c->x.keep_alive && status != 400 && status < 500 && status != 431;
    c->x.more = NULL;
    c->x.headers[0] = 0;
    c->x.fixed_size = 0;
    start_output(c);
    if (status == 401)
        http_header(&c->x, "WWW-Authenticate", "Basic realm=\"OpenBeken HTTP Server\"");
    http_error(&c->x, status, why);
    if (status == 401)
        c->x.out = text_start(c->x.out.data, c->x.out.size);
    answer(d, c);
}

static void not_allowed(struct device *d, struct http_connection *c, unsigned methods) {
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE"};
    char list[40];
    struct text text = text_start(list, sizeof list);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (methods >> i & 1) {
            text_add(&text, text.length ? ", " : "");
            text_add(&text, names[i]);
        }
    start_output(c);
    c->x.headers[0] = 0;
    http_header(&c->x, "Allow", list);
    http_error(&c->x, 405, "this path knows other methods");
    c->x.keep_alive = false;
    answer(d, c);
}

static void preflight(struct device *d, struct http_connection *c) {
    start_output(c);
    http_begin(&c->x, 200, "text/html");
    answer(d, c);
}

/* Why this request may not be served; 0: it may. */
static unsigned refusal(struct device *d, struct http_connection *c, const char **why) {
    struct http_exchange *x = &c->x;
    if (x->role == HTTP_ANYONE)
        x->role = (uint8_t)http_credentials(d, NULL);
    if (x->role < c->route->role) {
        *why = x->role ? "this needs the password of admin" : "password needed";
        return x->role ? 403 : 401;
    }
    if (c->route->acts && http_is_foreign(d, x)) {
        *why = "another site's page may not do this; its address is the setting webapp";
        return 403;
    }
    if (!c->route->take && x->length > (uint64_t)(HTTP_IN - c->kept - 1)) {
        *why = "body too long";
        return 413;
    }
    return 0;
}

/* Runs rows until one answers; each is checked like the first. */
static void handle(struct device *d, struct http_connection *c) {
    unsigned methods = 0, status = 0;
    const char *why = "not found";
    d->http.requests++;
    c->x.length = c->x.got;
    start_output(c);
    while (c->route && !status) {
        c->route->handle(d, &c->x);
        if (c->x.answered) {
            answer(d, c);
            return;
        }
        c->route = http_route_find(c->x.path, c->x.method, c->route, &methods);
        status = c->route ? refusal(d, c, &why) : 404;
    }
    fail(d, c, status, why);
}

static void head_done(struct device *d, struct http_connection *c) {
    unsigned methods = 0;
    const char *why = "";
    c->route = http_route_find(c->x.path, c->x.method, NULL, &methods);
    c->used = c->kept;
    c->since_ms = d->now_ms;
    if (c->x.method == HTTP_OPTIONS) {
        preflight(d, c);
        return;
    }
    if (!c->route) {
        if (methods)
            not_allowed(d, c, methods);
        else
            fail(d, c, 404, "not found");
        return;
    }
    unsigned status = refusal(d, c, &why);
    if (status) {
        fail(d, c, status, why);
        return;
    }
    if (c->expects && (c->x.length || c->has_coding))
        service_write(d, c->stream, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    if (!c->x.length && !c->has_coding)
        handle(d, c);
}

/* Hands bytes (none: it works on) to the taker of an upload; false when it refused. */
static bool hand_on(struct device *d, struct http_connection *c, const uint8_t *data, size_t size) {
    struct http_exchange *x = &c->x;
    start_output(c);
    x->hold = false;
    if (c->route->take(d, x, data, size))
        return true;
    x->keep_alive = false;
    x->got += size;
    if (x->answered)
        answer(d, c);
    else
        fail(d, c, 500, "refused");
    return false;
}

static size_t body_take(struct device *d, struct http_connection *c, const uint8_t *data,
                        size_t size) {
    struct http_exchange *x = &c->x;
    if (c->route->take) {
        size = size < TAKE_PIECE ? size : TAKE_PIECE;
        if (!hand_on(d, c, data, size))
            return size;
    } else {
        size_t room = (size_t)(HTTP_IN - c->used - 1);
        if (size > room) {
            fail(d, c, 413, "body too long");
            return size;
        }
        memcpy(c->in + c->used, data, size);
        c->used = (uint16_t)(c->used + size);
        c->in[c->used] = 0;
        x->body = c->in + c->kept;
    }
    x->got += size;
    x->body_size = (size_t)x->got;
    return size;
}

/* A body of announced length. */
static size_t plain_take(struct device *d, struct http_connection *c, const uint8_t *data,
                         size_t size) {
    struct http_exchange *x = &c->x;
    uint64_t left = x->length - x->got;
    size = body_take(d, c, data, size < left ? size : (size_t)left);
    if (c->phase == HTTP_BODY && c->stream >= 0 && x->got == x->length && !x->hold)
        handle(d, c);
    return size;
}

/* A body in chunks: its length stays 0 until all of it has come. */
static size_t chunks_take(struct device *d, struct http_connection *c, const uint8_t *data,
                          size_t size) {
    size_t at = http_chunk_frame(c, data, size);
    if (http_chunk_state(c) == HTTP_CHUNK_BODY && at < size) {
        size_t part = size - at < c->chunk_left ? size - at : c->chunk_left;
        part = body_take(d, c, data + at, part);
        at += part;
        if (c->phase == HTTP_BODY)
            http_chunk_took(c, part);
    } else if (http_chunk_state(c) == HTTP_CHUNK_BAD) {
        fail(d, c, 400, "the chunks of the body are wrong");
    } else if (http_chunk_state(c) == HTTP_CHUNK_END) {
        handle(d, c);
    }
    return at;
}

/* The whole body has come and its taker is not done yet. */
static void work_on(struct device *d, struct http_connection *c) {
    c->moved_ms = d->now_ms;
    if (hand_on(d, c, (const uint8_t *)"", 0) && !c->x.hold)
        handle(d, c);
}

static size_t take(struct device *d, struct http_connection *c, const uint8_t *data, size_t size) {
    size_t at = 0;
    if (!c->head_bytes && size)
        c->since_ms = d->now_ms;
    c->moved_ms = d->now_ms;
    if (c->phase < HTTP_BODY) {
        at = http_head_take(d, c, data, size);
        if (c->x.status) {
            fail(d, c, c->x.status, c->x.reason);
            return at;
        }
        if (c->phase == HTTP_BODY)
            head_done(d, c);
    }
    if (c->phase == HTTP_BODY && at < size && c->stream >= 0 && !c->x.hold)
        at += (c->has_coding ? chunks_take : plain_take)(d, c, data + at, size - at);
    return at;
}

/* --- the service --- */

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

static void stop(struct device *d) {
    for (unsigned i = 0; i < HTTP_CONNECTIONS; i++)
        if (d->http.connections[i].stream >= 0)
            let_go(d, &d->http.connections[i]);
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
        let_go(d, best);
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
        let_go(d, c);
    else if (event == HAL_STREAM_WRITABLE && c->phase == HTTP_SENDING)
        send_on(d, c);
    else if (event == HAL_STREAM_DATA && c->x.pause)
        return 0;
    else if (event == HAL_STREAM_DATA && c->phase != HTTP_SENDING)
        return take(d, c, data, size);
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
        fail(d, c, 408, "the request took too long");
    if (c->stream >= 0)
        let_go(d, c);
}

static uint32_t poll(struct device *d) {
    uint32_t next = UINT32_MAX;
    for (unsigned i = 0; i < HTTP_CONNECTIONS; i++) {
        struct http_connection *c = &d->http.connections[i];
        if (c->stream < 0)
            continue;
        c->x.pause = false;
        if (c->phase == HTTP_BODY && c->x.hold)
            work_on(d, c);
        else if (c->phase == HTTP_SENDING && !c->blocked && d->now_ms >= c->wake_ms)
            send_on(d, c);
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
