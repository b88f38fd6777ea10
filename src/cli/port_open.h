/* Opening whatever a user may name as a port, virtual chips included. */
#ifndef CLI_PORT_OPEN_H
#define CLI_PORT_OPEN_H
#include "workbench/link/link.h"

/* "/dev/…", "tcp:HOST:PORT", "rfc2217:HOST:PORT", "virtual:bk7231n,flash=FILE,…". False with one
 * line in link->why. */
bool port_open(struct link *link, const char *name);
#endif
