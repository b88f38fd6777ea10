/* TLS below a stream: mbedTLS between a non-blocking socket and the device. The other end is
 * verified against the certificates the device gives (or the system's) and the name or address the
 * device asked for; what is wrong is said in one sentence. Nothing here waits: when the socket
 * takes no more, the rest lies in a buffer of this file until it is writable. */
#ifndef PORT_POSIX_TLS_H
#define PORT_POSIX_TLS_H
#include "device/hal.h"

#include <sys/types.h>

struct posix_tls;

/* A session over a socket that is connected; NULL with a constant text in *why when the
 * certificate cannot be read or there is no memory. `host` is what the certificate must name. */
struct posix_tls *posix_tls_new(const char *host, const struct hal_tls *wanted, const char **why);
void posix_tls_free(struct posix_tls *tls);
/* From now on it speaks over this socket. */
void posix_tls_attach(struct posix_tls *tls, int fd);

enum posix_tls_step { POSIX_TLS_WAIT, POSIX_TLS_READY, POSIX_TLS_FAILED };
/* One step of the handshake; *why is a constant text when it failed. */
enum posix_tls_step posix_tls_shake(struct posix_tls *tls, const char **why);
/* As recv and send: -1 with errno EAGAIN when nothing can be read or written now; 0 from reading:
 * the other end is done. */
ssize_t posix_tls_read(struct posix_tls *tls, void *data, size_t size);
ssize_t posix_tls_write(struct posix_tls *tls, const void *data, size_t size);
/* Does something wait for the socket to become writable? Tries to send it first. */
bool posix_tls_blocked(struct posix_tls *tls);
/* Bytes that are decrypted and not read: no event will tell of them. */
bool posix_tls_holds(const struct posix_tls *tls);
/* Says goodbye, as far as the socket takes it. */
void posix_tls_end(struct posix_tls *tls);
#endif
