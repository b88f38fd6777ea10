/* The TCP connection below the raw and the RFC 2217 link. */
#ifndef WORKBENCH_LINK_TCP_H
#define WORKBENCH_LINK_TCP_H
#include "workbench/link/link.h"

/* Connects link->fd, without delay for small writes. False with a line in link->why. */
bool tcp_connect(struct link *link, const char *host, const char *port);
#endif
