/* Fetching an image: one plain HTTP/1.1 request, its body handed to the update as it arrives, no
 * faster than the flash takes it. */
#include "base/text.h"
#include "device/device.h"
#include "device/service/update/update.h"

#include <string.h>

enum { SILENT_MS = 15000, POLL_MS = 1000, RESTART_S = 2, PIECE = 1024 };
enum fetch_phase { FETCH_STATUS, FETCH_FIELDS, FETCH_BODY };

static void over(struct device *d, const char *why) {
    struct update *u = &d->update;
    int stream = u->stream - 1;
    u->stream = 0;
    if (stream >= 0)
        service_close(d, stream);
    if (!why)
        return;
    if (u->owner == u) {
        update_drop(d, u);
    } else {
        u->step = UPDATE_FAILED;
    }
    struct text text = text_start(u->text, sizeof u->text);
    text_add(&text, "fetching: ");
    text_add(&text, why);
    device_log(d, LOG_ERROR, "ota", u->text);
}

static bool url_read(struct update *u, const char *url) {
    const char *host = url + 7, *path;
    if (!text_starts(url, "http://"))
        return false;
    size_t length = strcspn(host, ":/");
    path = host + length;
    u->port = 80;
    if (*path == ':') {
        unsigned port = 0;
        for (path++; text_is_digit(*path) && port < 65536; path++)
            port = port * 10 + (unsigned)(*path - '0');
        u->port = (uint16_t)port;
        if (!port || port > 65535)
            return false;
    }
    if (!length || length >= sizeof u->host || *path != '/' || strlen(path) >= sizeof u->path)
        return false;
    memcpy(u->host, host, length);
    u->host[length] = 0;
    memcpy(u->path, path, strlen(path) + 1);
    for (const char *p = path; *p; p++)
        if (*p <= ' ')
            return false;
    return true;
}

const char *update_fetch(struct device *d, const char *url) {
    struct update *u = &d->update;
    if (u->owner || u->stream)
        return "another update is under way";
    if (!url_read(u, url))
        return "write it as http://host[:port]/path";
    u->phase = FETCH_STATUS;
    u->line_fill = 0;
    u->sent = false;
    u->moved_ms = d->now_ms;
    u->stream = 1 + service_connect(d, &update_service, u->host, u->port, NULL);
    if (u->stream)
        return NULL;
    return "no connection can be made";
}

static void ask(struct device *d) {
    struct update *u = &d->update;
    char head[UPDATE_URL + 160];
    struct text text = text_start(head, sizeof head);
    text_add(&text, "GET ");
    text_add(&text, u->path);
    text_add(&text, " HTTP/1.1\r\nHost: ");
    text_add(&text, u->host);
    text_add(&text, "\r\nUser-Agent: plugsmith\r\nConnection: close\r\n\r\n");
    u->length = 0;
    if (text.truncated || service_write(d, u->stream - 1, head, text.length) != text.length)
        over(d, "the request could not be sent");
}

static const char *line_end(struct device *d) {
    struct update *u = &d->update;
    char *line = u->line;
    if (u->line_fill && line[u->line_fill - 1] == '\r')
        u->line_fill--;
    line[u->line_fill < sizeof u->line ? u->line_fill : sizeof u->line - 1] = 0;
    u->line_fill = 0;
    if (u->phase == FETCH_STATUS) {
        u->phase = FETCH_FIELDS;
        return text_starts(line, "HTTP/1.") && strncmp(line + 8, " 200", 4) == 0
                   ? NULL
                   : "the server does not have it";
    }
    if (text_starts(line, "content-length:")) {
        const char *p = line + 15 + strspn(line + 15, " ");
        for (u->length = 0; text_is_digit(*p) && u->length < UINT32_MAX; p++)
            u->length = u->length * 10 + (uint64_t)(*p - '0');
    }
    if (text_starts(line, "transfer-encoding:"))
        return "the server does not say how long it is";
    if (*line)
        return NULL;
    u->phase = FETCH_BODY;
    if (!u->length)
        return "the server does not say how long it is";
    return update_begin(d, u, u->length);
}

/* Takes what it can of what has come; returns how much. */
static size_t take(struct device *d, const uint8_t *data, size_t size) {
    struct update *u = &d->update;
    const char *why = NULL;
    size_t at = 0;
    for (; at < size && u->phase != FETCH_BODY && !why; at++)
        if (data[at] == '\n')
            why = line_end(d);
        else if (u->line_fill < sizeof u->line - 1)
            u->line[u->line_fill++] = (char)data[at];
    if (!why && u->phase == FETCH_BODY && at < size) {
        size_t part = size - at < PIECE ? size - at : PIECE;
        why = update_add(d, data + at, part);
        at += part;
    }
    if (!why && u->phase == FETCH_BODY && u->got == u->length) {
        why = update_end(d);
        if (!why) {
            over(d, NULL);
            device_restart(d, RESTART_S);
            return size;
        }
    }
    if (why)
        over(d, why);
    return why ? size : at;
}

static size_t stream_event(struct device *d, int stream, enum hal_stream_event event,
                           const void *data, size_t size) {
    struct update *u = &d->update;
    if (stream != u->stream - 1)
        return size;
    u->moved_ms = d->now_ms;
    if (event == HAL_STREAM_OPEN) {
        ask(d);
    } else if (event == HAL_STREAM_DATA) {
        return u->erased ? 0 : take(d, data, size);
    } else if (event == HAL_STREAM_CLOSED) {
        u->stream = 0; /* gone already */
        over(d, u->phase == FETCH_BODY ? "the connection broke" : "no answer from there");
    }
    return size;
}

static uint32_t poll(struct device *d) {
    struct update *u = &d->update;
    u->erased = false;
    if (u->stream && d->now_ms - u->moved_ms > SILENT_MS)
        over(d, "the server fell silent");
    return u->stream ? (uint32_t)POLL_MS : UINT32_MAX;
}

static void stop(struct device *d) {
    if (d->update.stream)
        over(d, "stopped");
}

const struct service update_service = {
    .name = "update",
    .start = update_start,
    .stop = stop,
    .second = update_second,
    .poll = poll,
    .stream = stream_event,
};
