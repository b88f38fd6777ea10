/* A serial link to a chip, whatever carries it: a tty with any baud rate, a pty, a TCP socket, an
 * RFC 2217 server, a chip in the same process, a script in a test. It also owns the clock, so that
 * a link to a virtual chip can bring virtual time: nothing above asks the system what time it is.
 *
 * Times are microseconds of the link's own clock; to wait is to read until a time. Every function
 * returns STATUS_OK or says in `link->why` what failed, in one line. */
#ifndef WORKBENCH_LINK_LINK_H
#define WORKBENCH_LINK_LINK_H
#include "base/status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link;

struct link_ops {
    /* Takes all bytes or fails. May return before they have left. */
    enum status (*write)(struct link *link, const uint8_t *data, size_t size);
    /* Waits until at least one byte is there or until_us has come; *got may be 0 then. */
    enum status (*read)(struct link *link, uint8_t *buffer, size_t size, uint64_t until_us,
                        size_t *got);
    enum status (*set_baud)(struct link *link, uint32_t baud);
    /* true: asserted, electrically low. STATUS_UNSUPPORTED where there are no such lines. */
    enum status (*set_lines)(struct link *link, bool dtr, bool rts);
    /* Waits until everything written has left the adapter. */
    enum status (*drain)(struct link *link);
    uint64_t (*now_us)(struct link *link);
    enum status (*close)(struct link *link);
};

struct link {
    const struct link_ops *ops;
    void *self; /* of the ops */
    int fd;     /* of links that have one, else -1 */
    char name[128];
    char adapter[128]; /* what the adapter is known by across runs: USB names and serial, or name */
    char why[192];     /* the last failure */
    bool has_lines;    /* reset lines exist */
    bool has_baud;     /* rate changes reach the wire */
    int clock_error; /* errno of a clock that failed: it stands, nothing is read or written then */
    uint64_t clock_us; /* what it said last */
};

static inline enum status link_write(struct link *link, const void *data, size_t size) {
    return link->ops->write(link, data, size);
}
static inline enum status link_read(struct link *link, void *buffer, size_t size, uint64_t until_us,
                                    size_t *got) {
    *got = 0;
    return link->ops->read(link, buffer, size, until_us, got);
}
static inline enum status link_set_baud(struct link *link, uint32_t baud) {
    return link->ops->set_baud(link, baud);
}
static inline enum status link_set_lines(struct link *link, bool dtr, bool rts) {
    return link->ops->set_lines(link, dtr, rts);
}
static inline enum status link_drain(struct link *link) {
    return link->ops->drain(link);
}
static inline uint64_t link_now_us(struct link *link) {
    return link->ops->now_us(link);
}
/* Closes in any case. IO: the system says that something was lost with it. */
enum status link_close(struct link *link);

/* Fills link->why and returns `status`. */
enum status link_fail(struct link *link, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for errno: "<what>: <errno in words and what to do>". */
enum status link_fail_errno(struct link *link, const char *what, int number);

/* Opens by name: "/dev/…" or any tty or pty, "tcp:HOST:PORT", "rfc2217:HOST:PORT". Exclusive,
 * 115200 8N1, lines released. False with one line in link->why. */
bool link_open(struct link *link, const char *name);
bool link_tty_open(struct link *link, const char *path);
bool link_tcp_open(struct link *link, const char *host, const char *port);
bool link_rfc2217_open(struct link *link, const char *host, const char *port);

/* Parts that links with a file descriptor share. */
enum status link_fd_write(struct link *link, const uint8_t *data, size_t size);
enum status link_fd_read(struct link *link, uint8_t *buffer, size_t size, uint64_t until_us,
                         size_t *got);
enum status link_fd_close(struct link *link);
/* The same where a failure was noted already: its reason stays. */
void link_fd_drop(struct link *link);
uint64_t link_clock_us(struct link *link);
#endif
