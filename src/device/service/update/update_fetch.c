/* Fetching an image by its address. Where there is RAM for all of it, once; else twice, the first
 * time only to verify it, so that nothing is erased for an image that is no good. It is taken no
 * faster than the flash takes it. */
#include "device/device.h"
#include "device/service/update/update.h"

#include <string.h>

enum { WATCH_MS = 1000, RESTART_S = 2 };

static void failed(struct device *d, const char *why) {
    struct update *u = &d->update;
    if (u->owner == &u->fetch)
        update_drop(d, &u->fetch);
    u->step = UPDATE_FAILED;
    u->restarts = false;
    struct text text = text_start(u->text, sizeof u->text);
    text_add(&text, "fetching: ");
    text_add(&text, why);
    device_log(d, LOG_ERROR, "ota", u->text);
}

static const char *head(struct device *d, struct http_fetch *f, int64_t length) {
    bool check = !d->hal.stage && !d->update.checked;
    if (length <= 0)
        return "the server does not say how long it is";
    return update_begin(d, f, (uint64_t)length, check ? UPDATE_CHECK : UPDATE_INSTALL);
}

static size_t body(struct device *d, struct http_fetch *f, const uint8_t *data, size_t size,
                   const char **why) {
    (void)f;
    if (d->update.erased)
        return 0;
    *why = update_add(d, data, size);
    return size;
}

static void over(struct device *d, struct http_fetch *f, const char *why);
static const struct http_fetch_use use = {
    .service = &update_service, .head = head, .body = body, .over = over};

/* It came whole: the second time it must be the same again. */
static const char *arrived(struct device *d, struct http_fetch *f) {
    struct update *u = &d->update;
    bool check = u->way == UPDATE_CHECK;
    if (u->checked && !check) {
        struct sha256 whole = u->whole;
        uint8_t digest[SHA256_SIZE];
        sha256_end(&whole, digest);
        if (memcmp(digest, u->checked_digest, sizeof digest) != 0)
            return "the server sent something else the second time";
    }
    const char *why = update_end(d);
    if (why || !check)
        return why;
    memcpy(u->checked_digest, u->digest, sizeof u->checked_digest);
    u->checked = true;
    return http_fetch_start(d, f, &use);
}

static void over(struct device *d, struct http_fetch *f, const char *why) {
    why = why ? why : arrived(d, f);
    if (why)
        failed(d, why);
}

const char *update_fetch(struct device *d, const char *url) {
    struct update *u = &d->update;
    if (u->owner || u->fetch.stream)
        return "another update is under way";
    if (!d->hal.chip.slot_size)
        return "this platform has no second slot";
    if (!http_fetch_url(&u->fetch, url))
        return "write it as http://host[:port]/path";
    u->checked = false;
    u->restarts = true;
    return http_fetch_start(d, &u->fetch, &use);
}

static size_t stream_event(struct device *d, int stream, enum hal_stream_event event,
                           const void *data, size_t size) {
    struct http_fetch *f = &d->update.fetch;
    return stream == f->stream - 1 ? http_fetch_event(d, f, event, data, size) : size;
}

static uint32_t poll(struct device *d) {
    struct update *u = &d->update;
    u->erased = false;
    update_write_on(d);
    if (u->step == UPDATE_READY && u->restarts) {
        u->restarts = false;
        device_restart(d, RESTART_S);
    }
    http_fetch_poll(d, &u->fetch);
    return u->step == UPDATE_WRITING ? 0 : u->fetch.stream ? (uint32_t)WATCH_MS : UINT32_MAX;
}

static void stop(struct device *d) {
    http_fetch_stop(d, &d->update.fetch, "stopped");
}

const struct service update_service = {
    .name = "update",
    .start = update_start,
    .stop = stop,
    .second = update_second,
    .poll = poll,
    .stream = stream_event,
};
