/* Between the files of the web server. */
#ifndef DEVICE_SERVICE_HTTP_PRIVATE_H
#define DEVICE_SERVICE_HTTP_PRIVATE_H
#include "device/service/http/http.h"

enum http_phase { HTTP_LINE, HTTP_FIELDS, HTTP_BODY, HTTP_SENDING };

/* Takes bytes of the head; returns how many. At the end of the head the phase is HTTP_BODY. A head
 * that is no HTTP leaves the status of the answer in c->x.status. */
size_t http_head_take(struct device *d, struct http_connection *c, const uint8_t *data,
                      size_t size);
void http_head_start(struct http_connection *c);

/* http_server.c: gives a connection up. */
void http_let_go(struct device *d, struct http_connection *c);

/* http_request.c: takes bytes of requests; sends on what the stream takes now; calls the taker of
 * an upload that is not done; answers with an error. */
size_t http_take(struct device *d, struct http_connection *c, const uint8_t *data, size_t size);
void http_send_on(struct device *d, struct http_connection *c);
void http_work_on(struct device *d, struct http_connection *c);
void http_fail(struct device *d, struct http_connection *c, unsigned status, const char *why);

/* A body in chunks: takes framing up to the next byte of the body or the end of all; returns how
 * many bytes. */
size_t http_chunk_frame(struct http_connection *c, const uint8_t *data, size_t size);
/* So many bytes of the body were taken. */
void http_chunk_took(struct http_connection *c, size_t size);
enum http_chunk_state { HTTP_CHUNK_FRAME, HTTP_CHUNK_BODY, HTTP_CHUNK_END, HTTP_CHUNK_BAD };
enum http_chunk_state http_chunk_state(const struct http_connection *c);

/* Fills the output buffer with head and first piece; then piece by piece. */
void http_reply_start(struct device *d, struct http_connection *c);
/* The next bytes into an empty buffer; false when there are none (now). */
bool http_reply_fill(struct device *d, struct http_connection *c);
bool http_reply_done(const struct http_connection *c);

/* Checks "Basic …" against the passwords: the role, HTTP_ANYONE when wrong. */
enum http_role http_credentials(struct device *d, const char *value);
/* May a page at that origin read the answer? */
bool http_origin_known(const struct device *d, const struct http_exchange *x);
#endif
