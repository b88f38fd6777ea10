/* The web server of the plug: HTTP/1.1 with keep-alive, strict in what it takes, bounded in
 * everything. Handlers are found in tables of routes; a handler answers by http_begin and adds to
 * x->out. What does not fit in HTTP_PIECE bytes is made piece by piece: the handler sets x->more,
 * which is called again when there is room. A reply that ends within the first buffer carries its
 * length, a longer one goes out in chunks. */
#ifndef DEVICE_SERVICE_HTTP_H
#define DEVICE_SERVICE_HTTP_H
#include "base/bytes.h"
#include "device/service/http/http_state.h"
#include "device/service/service.h"

/* One row of a table of routes, ended by a row without path. */
struct http_route {
    uint8_t methods;  /* enum http_method together; HTTP_GET answers HEAD as well */
    uint8_t role;     /* who may */
    bool acts;        /* changes something: refused when another site's page asks */
    const char *path; /* exact; a '*' at the end: whatever begins so */
    http_handler *handle;
    /* Takes the body as it comes (uploads) before `handle` is called; returns false to refuse the
     * rest, after answering. NULL: the body is gathered first, up to about 2 KiB. */
    bool (*take)(struct device *d, struct http_exchange *x, const uint8_t *data, size_t size);
    /* For the description of the interface: what it does, arguments or body, and reply. */
    const char *about, *takes, *gives;
};

/* The first row after `after` (NULL: of all) that fits the path; *methods collects what other rows
 * of that path allow. A handler that does not answer leaves the request to the next row. */
const struct http_route *http_route_find(const struct http_route *const *tables, const char *path,
                                         unsigned method, const struct http_route *after,
                                         unsigned *methods);

extern const struct service http_service;
/* Takes no more connections; those that are there end by themselves. */
void http_close(struct device *d);

/* --- answering --- */
void http_begin(struct http_exchange *x, unsigned status, const char *mime);
void http_header(struct http_exchange *x, const char *name, const char *value);
/* A whole short reply. */
void http_text(struct http_exchange *x, unsigned status, const char *mime, const char *text);
/* {"error":<status>, "msg":"<text>"} */
void http_error(struct http_exchange *x, unsigned status, const char *message);
/* {"success":200, "msg":"OK"} */
void http_success(struct http_exchange *x);
void http_redirect(struct http_exchange *x, const char *location);
/* Bytes that stay where they are until sent (flash, tables). */
void http_fixed(struct http_exchange *x, const void *data, size_t size);
/* A reply whose handler `more` makes `size` bytes in all. */
void http_total(struct http_exchange *x, size_t size);
/* A reply that never ends (server-sent events): `more` is called every x->wait_ms or when the
 * network was woken. False, with 503 answered, when there are too many. */
bool http_live(struct device *d, struct http_exchange *x);
const char *http_reason(unsigned status);

/* --- reading the request --- */
/* Value of an argument in "a=1&b=x%20y", decoded; -1 when absent, else its length (cut to fit). */
int http_value(const char *pairs, const char *name, char *buffer, size_t size);
/* In the query, or else in a form body. */
int http_arg(const struct http_exchange *x, const char *name, char *buffer, size_t size);
/* As a number; `missing` when absent or no number. */
int64_t http_arg_int(const struct http_exchange *x, const char *name, int64_t missing);
/* Percent-decodes in place ('+' stays unless `form`); returns the new length. */
size_t http_decode(char *text, bool form);
/* Does the request come from a page that is neither ours nor the chosen web application's? */
bool http_is_foreign(const struct device *d, const struct http_exchange *x);
/* Constant time in the length of `given`. */
bool http_same_secret(const char *given, const char *secret);
#endif
