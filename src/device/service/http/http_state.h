/* What the web server keeps: eight connections, each with one buffer for what comes in and one for
 * what goes out, and the request and reply in progress. Nothing grows; a thousand requests take as
 * much memory as one. Apart from http.h so that struct device can hold it. */
#ifndef DEVICE_SERVICE_HTTP_STATE_H
#define DEVICE_SERVICE_HTTP_STATE_H
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;
struct http_exchange;
struct http_route;

enum {
    HTTP_CONNECTIONS = 8,
    HTTP_LIVE = 4,         /* of them at most so many with a reply that never ends */
    HTTP_IN = 2560,        /* target, one header line or the gathered body */
    HTTP_OUT = 2048,       /* head and what is being sent */
    HTTP_HEAD_ROOM = 448,  /* of it kept for the head */
    HTTP_PIECE = 1024,     /* room that a handler finds at least whenever it is called */
    HTTP_HEAD_MAX = 8192,  /* bytes of request line and headers together */
    HTTP_HEADERS_MAX = 64, /* header lines */
    HTTP_HOST_MAX = 64,
};

enum http_method {
    HTTP_GET = 1,
    HTTP_HEAD = 2,
    HTTP_POST = 4,
    HTTP_PUT = 8,
    HTTP_DELETE = 16,
    HTTP_OPTIONS = 32,
};

/* Who may: everybody, who may look, who may change. Without a password everybody is admin. */
enum http_role { HTTP_ANYONE, HTTP_VIEW, HTTP_ADMIN };

typedef void http_handler(struct device *d, struct http_exchange *x);

/* One request and its reply, as handlers see them. */
struct http_exchange {
    /* request */
    uint8_t method; /* enum http_method */
    uint8_t role;   /* enum http_role of whoever asks */
    bool minor;     /* HTTP/1.1, not 1.0 */
    bool keep_alive, accepts_gzip;
    bool foreign;      /* another site's page in a browser asks */
    const char *path;  /* "/api/pins", percent-decoded */
    const char *query; /* what follows "?", as it came; "" when nothing */
    const char *body;  /* gathered body, NUL-terminated, when the route has no taker */
    size_t body_size;
    uint64_t length, got; /* of the body: announced, arrived */
    char host[HTTP_HOST_MAX], origin[HTTP_HOST_MAX], none_match[24];

    /* reply */
    uint16_t status;
    const char *mime;
    char headers[160]; /* more header lines, each with CR LF */
    struct text out;   /* the handler adds its bytes here */
    /* When set, called whenever HTTP_PIECE bytes are free, with step 1, 2, …, until it is NULL. */
    http_handler *more;
    uint32_t step, cursor[4];
    const uint8_t *fixed; /* sent as it lies, after `out` */
    size_t fixed_size;
    int64_t total;    /* body length known beforehand; -1: not known */
    uint32_t wait_ms; /* live replies: when `more` wants to be called again */
    bool answered, live, chunked;
    bool pause;         /* a taker had enough for this turn */
    bool hold;          /* it works on: call it again, with nothing, before the handler */
    const char *reason; /* why the request failed, for the log */
};

struct http_connection {
    int16_t stream;     /* -1: free */
    uint8_t phase;      /* enum http_phase */
    uint8_t connection; /* what the Connection header said */
    bool again;         /* not the first request */
    bool has_host, has_length, has_coding, expects, blocked;
    uint8_t chunk_phase; /* of a body in chunks; see http_chunks.c */
    uint32_t chunk_left; /* bytes until its end */
    uint16_t kept;       /* bytes of `in` that stay: the target */
    uint16_t used;       /* bytes of `in` with content */
    uint16_t header;     /* lines so far */
    uint32_t head_bytes;
    uint64_t since_ms, moved_ms; /* start of this phase, last progress */
    uint64_t wake_ms;            /* live reply: next piece */
    uint16_t out_at, out_end;
    const struct http_route *route;
    uint32_t address;
    struct http_exchange x;
    char in[HTTP_IN];
    char out[HTTP_OUT];
};

struct http {
    struct http_connection connections[HTTP_CONNECTIONS];
    int listener;                                 /* handle + 1 */
    uint32_t requests, refused, failed, timeouts; /* since start */
    uint32_t log_seen;                            /* bytes of the log that /lograw has given out */
    uint32_t denied;                              /* wrong passwords in a row */
    uint64_t denied_ms;
};
#endif
