/* The plug as HTTP client; see http_fetch.h. Source: RFC 1945, RFC 9110. */
#include "device/service/http/http_fetch.h"

#include "base/text.h"
#include "device/device.h"
#include "device/version.h"

#include <string.h>

enum { SILENT_MS = 15000, PATIENCE_MS = 30000, PIECE = 1024, REQUEST = 1536 };
enum { PHASE_STATUS, PHASE_FIELDS, PHASE_BODY };

static const char *read_port(const char *p, uint16_t *port) {
    unsigned number = 0;
    while (text_is_digit(*p) && number < 65536)
        number = number * 10 + (unsigned)(*p++ - '0');
    *port = (uint16_t)number;
    return number && number < 65536 && (*p == '/' || *p == '?' || !*p) ? p : NULL;
}

bool http_fetch_url(struct http_fetch *f, const char *url) {
    bool tls = text_starts(url, "https://");
    if (!tls && !text_starts(url, "http://"))
        return false;
    const char *host = url + (tls ? 8 : 7), *path = host + strcspn(host, ":/?");
    size_t length = (size_t)(path - host);
    f->tls = tls;
    f->port = tls ? 443 : 80;
    if (*path == ':' && !(path = read_port(path + 1, &f->port)))
        return false;
    if (!length || length >= sizeof f->host)
        return false;
    memcpy(f->host, host, length);
    f->host[length] = 0;
    struct text text = text_start(f->path, sizeof f->path);
    text_add(&text, *path == '/' ? "" : "/");
    for (; *path && *path != '#'; path++)
        if (*path == ' ')
            text_add(&text, "%20");
        else if ((uint8_t)*path < ' ')
            return false;
        else
            text_char(&text, *path);
    return !text.truncated;
}

const char *http_fetch_start(struct device *d, struct http_fetch *f,
                             const struct http_fetch_use *use) {
    const struct hal_tls tls = {.verify = true};
    f->use = use;
    f->phase = PHASE_STATUS;
    f->line_fill = 0;
    f->status = 0;
    f->got = 0;
    f->length = -1;
    f->since_ms = f->moved_ms = d->now_ms;
    f->stream =
        (int16_t)(1 + service_connect(d, use->service, f->host, f->port, f->tls ? &tls : NULL));
    if (f->stream)
        return NULL;
    return f->tls ? "this platform has no TLS, or no stream is free" : "no stream is free";
}

static void over(struct device *d, struct http_fetch *f, const char *why) {
    int stream = f->stream - 1;
    f->stream = 0;
    if (stream >= 0)
        service_close(d, stream);
    f->use->over(d, f, why);
}

void http_fetch_stop(struct device *d, struct http_fetch *f, const char *why) {
    if (f->stream)
        over(d, f, why);
}

static void ask(struct device *d, struct http_fetch *f) {
    char request[REQUEST];
    struct text text = text_start(request, sizeof request);
    text_add(&text, f->use->method ? f->use->method : "GET");
    text_char(&text, ' ');
    text_add(&text, f->path);
    text_add(&text, " HTTP/1.0\r\nHost: ");
    text_add(&text, f->host);
    text_add(&text, "\r\nUser-Agent: plugsmith/" PLUGSMITH_VERSION "\r\n");
    if (f->use->rest)
        text.length += f->use->rest(d, f, request + text.length, sizeof request - text.length);
    else
        text_add(&text, "\r\n");
    if (text.truncated || text.length >= sizeof request)
        over(d, f, "the request is too long");
    else if (service_write(d, f->stream - 1, request, text.length) != text.length)
        over(d, f, "the request could not be sent");
}

static const char *status_line(struct http_fetch *f) {
    const char *p = strchr(f->line, ' ');
    if (!text_starts(f->line, "HTTP/1.") || !p)
        return "the server does not speak HTTP";
    for (p++; text_is_digit(*p) && f->status < 1000; p++)
        f->status = (uint16_t)(f->status * 10 + (*p - '0'));
    f->phase = PHASE_FIELDS;
    return f->status >= 200 && f->status < 300 ? NULL : "the server does not have it";
}

static const char *field_line(struct http_fetch *f) {
    if (text_starts(f->line, "content-length:")) {
        const char *p = f->line + 15 + strspn(f->line + 15, " \t");
        if (!text_is_digit(*p))
            return "the server announces no length";
        for (f->length = 0; text_is_digit(*p) && f->length < UINT32_MAX; p++)
            f->length = f->length * 10 + (*p - '0');
    }
    return text_starts(f->line, "transfer-encoding:") ? "the server sends it in chunks" : NULL;
}

static const char *line_end(struct device *d, struct http_fetch *f) {
    if (f->line_fill && f->line[f->line_fill - 1] == '\r')
        f->line_fill--;
    f->line[f->line_fill] = 0;
    bool empty = !f->line_fill;
    f->line_fill = 0;
    if (f->phase == PHASE_STATUS)
        return status_line(f);
    if (!empty)
        return field_line(f);
    f->phase = PHASE_BODY;
    return f->use->head ? f->use->head(d, f, f->length) : NULL;
}

/* Takes what it can of what has come; returns how much. */
static size_t take(struct device *d, struct http_fetch *f, const uint8_t *data, size_t size) {
    const char *why = NULL;
    size_t at = 0;
    for (; at < size && f->phase != PHASE_BODY && !why; at++)
        if (data[at] == '\n')
            why = line_end(d, f);
        else if (f->line_fill < sizeof f->line - 1)
            f->line[f->line_fill++] = (char)data[at];
    if (!why && f->phase == PHASE_BODY && at < size) {
        uint64_t part = size - at < PIECE ? size - at : PIECE;
        if (f->length >= 0 && part > (uint64_t)(f->length - f->got))
            part = (uint64_t)(f->length - f->got);
        size_t took = part ? f->use->body(d, f, data + at, (size_t)part, &why) : 0;
        f->got += (int64_t)took;
        at += took;
    }
    bool whole = f->phase == PHASE_BODY && f->length >= 0 && f->got >= f->length;
    if (why || whole) {
        over(d, f, why);
        return size;
    }
    return at;
}

size_t http_fetch_event(struct device *d, struct http_fetch *f, enum hal_stream_event event,
                        const void *data, size_t size) {
    f->moved_ms = d->now_ms;
    if (event == HAL_STREAM_OPEN) {
        ask(d, f);
    } else if (event == HAL_STREAM_DATA) {
        return take(d, f, data, size);
    } else if (event == HAL_STREAM_CLOSED) {
        bool good = f->phase == PHASE_BODY && f->length < 0;
        f->stream = 0; /* gone already */
        over(d, f,
             good                     ? NULL
             : data                   ? data
             : f->phase == PHASE_BODY ? "the connection broke"
                                      : "no answer from there");
    }
    return size;
}

void http_fetch_poll(struct device *d, struct http_fetch *f) {
    uint64_t age = d->now_ms - f->since_ms;
    if (f->stream && d->now_ms - f->moved_ms > SILENT_MS)
        over(d, f, "the server fell silent");
    else if (f->stream && age > PATIENCE_MS && (uint64_t)f->got < age / 10)
        over(d, f, "the server is too slow");
}
