/* A virtual port for other programs: as a pty, over TCP, or over TCP with RFC 2217 (baud rate and
 * reset lines travel along). One client at a time; the chip lives on between clients. */
#ifndef VIRTUAL_SERVE_SERVE_H
#define VIRTUAL_SERVE_SERVE_H
#include <signal.h>

#include "virtual/port.h"

enum serve_kind { SERVE_PTY, SERVE_TCP, SERVE_RFC2217 };

struct serve_options {
    enum serve_kind kind;
    const char *where; /* path of the link to the pty, or ADDRESS:PORT (port 0: any free one) */
    const volatile sig_atomic_t *stop; /* set from a signal handler: finish cleanly */
    /* Called once when clients can come; `address` is what they should open. */
    void (*ready)(void *context, const char *address);
    /* Called when a client came or went; may be NULL. */
    void (*client)(void *context, bool here);
    void *context;
};

/* Serves until *stop or the cable is pulled. The port must have been opened with time=real. Saves
 * the flash file whenever a client leaves. On failure one line in `error`. */
enum status virtual_serve(struct virtual_port *port, const struct serve_options *options,
                          char *error, size_t error_size);
#endif
