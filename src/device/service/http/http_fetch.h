/* One HTTP request of the plug's own: connect, ask, read the head of the answer, hand its body on
 * as it arrives. HTTP/1.0, so that the body comes as it is and ends with the announced length or
 * with the connection. The owner keeps the struct, passes its stream events and polls in, and is
 * told when it is over. https:// verifies the server by the authorities the platform trusts. */
#ifndef DEVICE_SERVICE_HTTP_FETCH_H
#define DEVICE_SERVICE_HTTP_FETCH_H
#include "device/service/service.h"

enum { FETCH_HOST = 64, FETCH_PATH = 256, FETCH_LINE = 96 };

struct http_fetch;

/* What its owner does with it. */
struct http_fetch_use {
    const struct service *service;
    /* Writes what belongs to the request behind its first line and Host: header lines, each with
     * CR LF, an empty line, the body. NULL: nothing, and the method is GET. */
    const char *method;
    size_t (*rest)(struct device *d, struct http_fetch *f, char *buffer, size_t size);
    /* The head has come, with status 200 … 299 and a length (-1: none announced). NULL, or why the
     * body is not wanted. */
    const char *(*head)(struct device *d, struct http_fetch *f, int64_t length);
    /* Bytes of the body; how many were taken, 0: later. *why ends it. */
    size_t (*body)(struct device *d, struct http_fetch *f, const uint8_t *data, size_t size,
                   const char **why);
    /* It is over; why: NULL when everything came. */
    void (*over)(struct device *d, struct http_fetch *f, const char *why);
};

struct http_fetch {
    const struct http_fetch_use *use;
    int16_t stream; /* handle + 1; 0: nothing goes on */
    uint8_t phase;
    uint8_t line_fill;
    uint16_t port, status;
    bool tls;
    int64_t length, got; /* of the body; length -1: until the connection ends */
    uint64_t since_ms, moved_ms;
    char host[FETCH_HOST], path[FETCH_PATH], line[FETCH_LINE];
};

/* Reads "http://host[:port]/path" (https too; the path may be missing) into the struct. */
bool http_fetch_url(struct http_fetch *f, const char *url);
/* Starts what http_fetch_url has read; NULL, or why it cannot. */
const char *http_fetch_start(struct device *d, struct http_fetch *f,
                             const struct http_fetch_use *use);
size_t http_fetch_event(struct device *d, struct http_fetch *f, enum hal_stream_event event,
                        const void *data, size_t size);
/* Ends it when the server has been silent for 15 s, or sends less than 100 bytes a second. */
void http_fetch_poll(struct device *d, struct http_fetch *f);
/* Ends it now; over is called with the reason. */
void http_fetch_stop(struct device *d, struct http_fetch *f, const char *why);
#endif
