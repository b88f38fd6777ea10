/* Making a reply in a buffer of fixed size. The first piece is written behind a gap; when it turns
 * out to be all, the head in the gap says the length, otherwise the body goes out in chunks. */
#include "device/device.h"
#include "device/service/http/http_private.h"

enum { CHUNK_HEAD = 6, CHUNK_TAIL = 8 };

static const struct {
    uint16_t status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {204, "No Content"},
    {302, "Found"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

const char *http_reason(unsigned status) {
    for (unsigned i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

void http_begin(struct http_exchange *x, unsigned status, const char *mime) {
    x->answered = true;
    x->status = (uint16_t)status;
    x->mime = mime;
}

void http_header(struct http_exchange *x, const char *name, const char *value) {
    size_t used = strlen(x->headers);
    struct text text = {.data = x->headers, .size = sizeof x->headers, .length = used};
    text_add(&text, name);
    text_add(&text, ": ");
    text_add(&text, value);
    text_add(&text, "\r\n");
    if (text.truncated)
        x->headers[used] = 0;
}

void http_text(struct http_exchange *x, unsigned status, const char *mime, const char *text) {
    http_begin(x, status, mime);
    text_add(&x->out, text);
}

void http_error(struct http_exchange *x, unsigned status, const char *message) {
    http_begin(x, status, "application/json");
    text_add(&x->out, "{\"error\":");
    text_uint(&x->out, status);
    text_add(&x->out, ", \"msg\":\"");
    text_add(&x->out, message);
    text_add(&x->out, "\"}");
}

void http_success(struct http_exchange *x) {
    http_text(x, 200, "application/json", "{\"success\":200, \"msg\":\"OK\"}");
}

void http_redirect(struct http_exchange *x, const char *location) {
    http_begin(x, 302, "text/html");
    http_header(x, "Location", location);
}

void http_fixed(struct http_exchange *x, const void *data, size_t size) {
    x->fixed = data;
    x->fixed_size = size;
}

void http_total(struct http_exchange *x, size_t size) {
    x->total = (int64_t)size;
}

static void cors(struct text *head, const struct device *d, const struct http_exchange *x) {
    if (x->status == 401 || !http_origin_known(d, x))
        return;
    text_add(head, "Access-Control-Allow-Origin: ");
    text_add(head, x->origin[0] ? x->origin : "*");
    text_add(head, "\r\nAccess-Control-Allow-Headers: Origin, X-Requested-With, Content-Type, "
                   "Accept, Authorization\r\n");
    if (x->method == HTTP_OPTIONS)
        text_add(head, "Access-Control-Allow-Methods: GET, POST, PUT, DELETE, OPTIONS\r\n");
}

static void head_print(struct text *head, const struct device *d, const struct http_exchange *x) {
    text_add(head, "HTTP/1.1 ");
    text_uint(head, x->status);
    text_char(head, ' ');
    text_add(head, http_reason(x->status));
    text_add(head, "\r\n");
    if (x->mime) {
        text_add(head, "Content-Type: ");
        text_add(head, x->mime);
        text_add(head, "\r\n");
    }
    cors(head, d, x);
    text_add(head, x->headers);
    if (x->chunked) {
        text_add(head, "Transfer-Encoding: chunked\r\n");
    } else if (x->total >= 0 && x->status != 204 && x->status != 304) {
        text_add(head, "Content-Length: ");
        text_int(head, x->total);
        text_add(head, "\r\n");
    }
    text_add(head, x->keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

/* Calls `more` while there is room for a piece. False: a piece did not fit, which is our fault. */
static bool pieces(struct device *d, struct http_exchange *x) {
    while (x->more && x->out.size - x->out.length > HTTP_PIECE) {
        size_t before = x->out.length;
        x->step++;
        x->more(d, x);
        if (x->live && x->out.length == before)
            break;
    }
    if (!x->out.truncated)
        return true;
    device_log2(d, LOG_ERROR, "http", "a piece of the reply was too long: ", x->path);
    return false;
}

static void chunk_close(struct http_connection *c, size_t from, bool last) {
    struct http_exchange *x = &c->x;
    size_t size = x->out.length;
    static const char hex[] = "0123456789abcdef";
    char *head = c->out + from, *end = head + CHUNK_HEAD + size;
    if (size) { /* fixed width: leading zeros are allowed */
        head[0] = hex[size >> 12 & 15], head[1] = hex[size >> 8 & 15];
        head[2] = hex[size >> 4 & 15], head[3] = hex[size & 15];
        head[4] = '\r', head[5] = '\n';
        *end++ = '\r', *end++ = '\n';
    } else {
        end = head;
    }
    if (last) {
        memcpy(end, "0\r\n\r\n", 5);
        end += 5;
    }
    c->out_end = (uint16_t)(end - c->out);
}

static void broken(struct http_connection *c) {
    struct http_exchange *x = &c->x;
    x->more = NULL;
    x->fixed_size = 0;
    x->keep_alive = false;
}

/* The head goes right before the first piece, so that both leave in one write. */
static void head_place(struct device *d, struct http_connection *c, size_t body_at) {
    char line[HTTP_HEAD_ROOM];
    struct text head = text_start(line, sizeof line);
    head_print(&head, d, &c->x);
    c->out_at = (uint16_t)(body_at - head.length);
    memcpy(c->out + c->out_at, line, head.length);
}

void http_reply_start(struct device *d, struct http_connection *c) {
    struct http_exchange *x = &c->x;
    bool whole = pieces(d, x);
    if (!whole) {
        x->out = text_start(c->out + HTTP_HEAD_ROOM, HTTP_OUT - HTTP_HEAD_ROOM);
        x->total = 0;
        x->status = 500;
        broken(c);
    }
    if (!x->more && x->total < 0)
        x->total = (int64_t)(x->out.length + x->fixed_size);
    x->chunked = x->total < 0 && x->minor;
    if (x->total < 0 && !x->minor)
        x->keep_alive = false; /* the end of the connection is the end of the body */
    if (x->method == HTTP_HEAD || x->status == 204 || x->status == 304) {
        head_place(d, c, HTTP_HEAD_ROOM);
        c->out_end = HTTP_HEAD_ROOM;
        x->more = NULL;
        x->fixed_size = 0;
        return;
    }
    if (x->chunked) {
        memmove(c->out + HTTP_HEAD_ROOM + CHUNK_HEAD, c->out + HTTP_HEAD_ROOM, x->out.length);
        chunk_close(c, HTTP_HEAD_ROOM, !x->more);
    } else {
        c->out_end = (uint16_t)(HTTP_HEAD_ROOM + x->out.length);
    }
    head_place(d, c, HTTP_HEAD_ROOM);
}

bool http_reply_fill(struct device *d, struct http_connection *c) {
    struct http_exchange *x = &c->x;
    size_t gap = x->chunked ? CHUNK_HEAD : 0;
    if (!x->more)
        return false;
    x->out = text_start(c->out + gap, HTTP_OUT - CHUNK_HEAD - CHUNK_TAIL);
    if (!pieces(d, x)) {
        broken(c);
        return false;
    }
    c->out_at = 0;
    if (x->chunked)
        chunk_close(c, 0, !x->more);
    else
        c->out_end = (uint16_t)x->out.length;
    return c->out_end > 0;
}

bool http_reply_done(const struct http_connection *c) {
    return c->out_at == c->out_end && !c->x.more && !c->x.fixed_size;
}
