/* Sending what scripts ask for; see requests.h. A request in the queue is: port as two bytes, 'G'
 * or 'P', then five texts: URL, target, command, type, body. */
#include "device/service/requests/requests.h"

#include "base/bytes.h"
#include "device/device.h"
#include "device/script/command.h"

#include <string.h>

enum { HEAD = 3, URL = 0, TARGET, COMMAND, TYPE, BODY, TEXTS, WATCH_MS = 1000 };

static const char *part(const struct requests *r, unsigned which) {
    const char *p = r->queue + HEAD;
    while (which--)
        p += strlen(p) + 1;
    return p;
}

bool request_send(struct device *d, const struct request *request) {
    struct requests *r = &d->requests;
    const char *const texts[TEXTS] = {request->url, request->target, request->command,
                                      request->type ? request->type : "",
                                      request->body ? request->body : ""};
    size_t size = HEAD;
    for (unsigned i = 0; i < TEXTS; i++)
        size += strlen(texts[i]) + 1;
    if (size > sizeof r->queue - r->used)
        return false;
    uint8_t *at = (uint8_t *)r->queue + r->used;
    store_le16(at, request->port);
    at[2] = request->type ? 'P' : 'G';
    char *to = (char *)at + HEAD;
    for (unsigned i = 0; i < TEXTS; i++) {
        memcpy(to, texts[i], strlen(texts[i]) + 1);
        to += strlen(texts[i]) + 1;
    }
    r->used = (uint16_t)(r->used + size);
    services_wake(d);
    return true;
}

static void drop_first(struct requests *r) {
    const char *end = part(r, TEXTS);
    size_t size = (size_t)(end - r->queue);
    memmove(r->queue, end, r->used - size);
    r->used = (uint16_t)(r->used - size);
}

/* --- the request in progress is the first of the queue --- */

static size_t rest(struct device *d, struct http_fetch *f, char *buffer, size_t size) {
    const struct requests *r = &d->requests;
    struct text text = text_start(buffer, size);
    (void)f;
    if (r->queue[2] == 'P') {
        text_add(&text, "Content-Type: ");
        text_add(&text, part(r, TYPE));
        text_add(&text, "\r\nContent-Length: ");
        text_uint(&text, strlen(part(r, BODY)));
        text_add(&text, "\r\n\r\n");
        text_add(&text, part(r, BODY));
    } else {
        text_add(&text, "\r\n");
    }
    return text.truncated ? size : text.length;
}

static const char *head(struct device *d, struct http_fetch *f, int64_t length) {
    struct requests *r = &d->requests;
    const char *target = part(r, TARGET);
    (void)f, (void)length;
    if (!*target || text_same(target, "cmd"))
        return NULL;
    if (d->api.owner || store_file_begin(&d->store, &d->api.writer, target) != STATUS_OK)
        return "the file cannot be written now";
    d->api.owner = r;
    r->filing = true;
    return NULL;
}

static size_t body(struct device *d, struct http_fetch *f, const uint8_t *data, size_t size,
                   const char **why) {
    struct requests *r = &d->requests;
    (void)f;
    if (r->filing) {
        if (store_file_add(&d->api.writer, data, size) != STATUS_OK)
            *why = "the file cannot be written";
        return size;
    }
    for (size_t i = 0; i < size && r->answered < sizeof r->answer - 1U; i++)
        r->answer[r->answered++] = (char)data[i];
    r->answer[r->answered] = 0;
    return size;
}

/* What is to be done with the answer; NULL, or what failed. */
static const char *finish(struct device *d, const char *why) {
    struct requests *r = &d->requests;
    bool filing = r->filing;
    r->filing = false;
    if (filing)
        d->api.owner = NULL;
    if (why)
        return why;
    if (filing && store_file_commit(&d->api.writer) != STATUS_OK)
        return "the file cannot be written";
    return NULL;
}

static void over(struct device *d, struct http_fetch *f, const char *why) {
    struct requests *r = &d->requests;
    char command[REQUEST_ANSWER], after[REQUEST_ANSWER];
    bool run = text_same(part(r, TARGET), "cmd");
    struct text text = text_start(after, sizeof after);
    text_add(&text, part(r, COMMAND));
    memcpy(command, r->answer, sizeof command);
    why = finish(d, why);
    if (why)
        device_log2(d, LOG_WARN, "httpclient", part(r, URL), why);
    drop_first(r); /* before what follows, which may send again */
    (void)f;
    if (!why && run && command[0])
        command_run(d, command, COMMAND_FROM_SCRIPT);
    if (!why && after[0])
        command_run(d, after, COMMAND_FROM_SCRIPT);
}

static void begin(struct device *d) {
    static const struct http_fetch_use get = {
        .service = &requests_service, .rest = rest, .head = head, .body = body, .over = over};
    static const struct http_fetch_use post = {.service = &requests_service,
                                               .method = "POST",
                                               .rest = rest,
                                               .head = head,
                                               .body = body,
                                               .over = over};
    struct requests *r = &d->requests;
    uint16_t port = load_le16((const uint8_t *)r->queue);
    r->answered = 0;
    r->answer[0] = 0;
    const char *why = "this is no http:// address";
    if (http_fetch_url(&r->fetch, part(r, URL))) {
        r->fetch.port = port ? port : r->fetch.port;
        why = http_fetch_start(d, &r->fetch, r->queue[2] == 'P' ? &post : &get);
    }
    if (why)
        over(d, &r->fetch, why);
}

static size_t stream_event(struct device *d, int stream, enum hal_stream_event event,
                           const void *data, size_t size) {
    struct http_fetch *f = &d->requests.fetch;
    return stream == f->stream - 1 ? http_fetch_event(d, f, event, data, size) : size;
}

static uint32_t poll(struct device *d) {
    struct requests *r = &d->requests;
    http_fetch_poll(d, &r->fetch);
    if (!r->fetch.stream && r->used && d->wifi == HAL_WIFI_CONNECTED)
        begin(d);
    return r->fetch.stream || r->used ? (uint32_t)WATCH_MS : UINT32_MAX;
}

static void start(struct device *d) {
    d->requests = (struct requests){0};
}

static void stop(struct device *d) {
    http_fetch_stop(d, &d->requests.fetch, ": stopped");
}

const struct service requests_service = {
    .name = "requests", .start = start, .stop = stop, .poll = poll, .stream = stream_event};
