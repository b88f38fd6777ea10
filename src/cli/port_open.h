/* Opening whatever a user may name as a port, virtual chips included. */
#ifndef CLI_PORT_OPEN_H
#define CLI_PORT_OPEN_H
#include "workbench/link/link.h"

/* "/dev/…", "tcp:HOST:PORT", "rfc2217:HOST:PORT", "virtual:bk7231n,flash=FILE,…". False with one
 * line in link->why. */
bool port_open(struct link *link, const char *name);

/* A test that looks over the shoulder: hears of every virtual port that is opened, what is written
 * to it, and sees the chip once more before it is closed. NULL: nobody looks. Programs never set
 * it. */
struct virtual_port;
struct port_watch {
    void (*opened)(void *context, struct virtual_port *port);
    void (*wrote)(void *context, const uint8_t *data, size_t size);
    void (*closing)(void *context, struct virtual_port *port);
    void *context;
};
void port_watch(const struct port_watch *who);
#endif
