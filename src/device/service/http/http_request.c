/* One request after the other on a connection: reading it, asking who may, handing it to its route,
 * and sending the reply piece by piece. */
#include "device/device.h"
#include "device/service/http/http_private.h"

enum {
    TAKE_PIECE = 1024,  /* bytes of an upload handed on at once */
    FILLS_PER_TURN = 8, /* pieces sent before others get their turn */
};

static void next_request(struct device *d, struct http_connection *c) {
    c->again = true;
    http_head_start(c);
    c->since_ms = c->moved_ms = d->now_ms;
}

static void finish(struct device *d, struct http_connection *c) {
    if (c->x.keep_alive)
        next_request(d, c);
    else
        http_let_go(d, c);
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

void http_send_on(struct device *d, struct http_connection *c) {
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
    http_send_on(d, c);
}

static void start_output(struct http_connection *c) {
    c->x.out = text_start(c->out + HTTP_HEAD_ROOM, HTTP_OUT - HTTP_HEAD_ROOM - 16);
}

void http_fail(struct device *d, struct http_connection *c, unsigned status, const char *why) {
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
        c->route = http_route_find(d->wiring->routes, c->x.path, c->x.method, c->route, &methods);
        status = c->route ? refusal(d, c, &why) : 404;
    }
    http_fail(d, c, status, why);
}

static void head_done(struct device *d, struct http_connection *c) {
    unsigned methods = 0;
    const char *why = "";
    c->route = http_route_find(d->wiring->routes, c->x.path, c->x.method, NULL, &methods);
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
            http_fail(d, c, 404, "not found");
        return;
    }
    unsigned status = refusal(d, c, &why);
    if (status) {
        http_fail(d, c, status, why);
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
        http_fail(d, c, 500, "refused");
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
            http_fail(d, c, 413, "body too long");
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
        http_fail(d, c, 400, "the chunks of the body are wrong");
    } else if (http_chunk_state(c) == HTTP_CHUNK_END) {
        handle(d, c);
    }
    return at;
}

/* The whole body has come and its taker is not done yet. */
void http_work_on(struct device *d, struct http_connection *c) {
    c->moved_ms = d->now_ms;
    if (hand_on(d, c, (const uint8_t *)"", 0) && !c->x.hold)
        handle(d, c);
}

size_t http_take(struct device *d, struct http_connection *c, const uint8_t *data, size_t size) {
    size_t at = 0;
    if (!c->head_bytes && size)
        c->since_ms = d->now_ms;
    c->moved_ms = d->now_ms;
    if (c->phase < HTTP_BODY) {
        at = http_head_take(d, c, data, size);
        if (c->x.status) {
            http_fail(d, c, c->x.status, c->x.reason);
            return at;
        }
        if (c->phase == HTTP_BODY)
            head_done(d, c);
    }
    if (c->phase == HTTP_BODY && at < size && c->stream >= 0 && !c->x.hold)
        at += (c->has_coding ? chunks_take : plain_take)(d, c, data + at, size - at);
    return at;
}
