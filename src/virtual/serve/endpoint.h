/* The file descriptors behind a served port; shared by the files of this folder only. */
#ifndef VIRTUAL_SERVE_ENDPOINT_H
#define VIRTUAL_SERVE_ENDPOINT_H
#include "virtual/serve/serve.h"
#include "virtual/serve/telnet.h"

enum { SERVE_CHUNK = 16384 };

struct endpoint {
    enum serve_kind kind;
    int listener;      /* TCP: accepts; else -1 */
    int fd;            /* the client, or the pty's master; -1: nobody */
    int slave;         /* kept open, so that the master never hangs up; -1 */
    char link[4096];   /* path of the symbolic link to remove; "": none */
    char address[160]; /* for clients */
    struct telnet telnet;
    uint8_t out[4 * SERVE_CHUNK]; /* not written yet */
    size_t out_size;
};

enum status endpoint_open(struct endpoint *endpoint, const struct serve_options *options,
                          char *error, size_t error_size);
void endpoint_close(struct endpoint *endpoint);
enum status endpoint_open_pty(struct endpoint *endpoint, const char *path, char *error,
                              size_t error_size);
enum status endpoint_listen(struct endpoint *endpoint, const char *where, char *error,
                            size_t error_size);
/* Takes a waiting client; false when there is none. */
bool endpoint_accept(struct endpoint *endpoint);
/* Baud rate that the program at the pty's other end has set; 0: unknown. */
uint32_t pty_baud(int fd);
#endif
