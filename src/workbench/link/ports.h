/* The serial ports of this computer with the names their USB adapters give themselves, as
 * libserialport lists them. */
#ifndef WORKBENCH_LINK_PORTS_H
#define WORKBENCH_LINK_PORTS_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct port_info {
    const char *path;
    const char *description;
    const char *usb; /* "1a86:7523 manufacturer product serial", "" when not USB */
};

/* Calls `each` for every port; returns how many, or -1 when the system cannot tell. */
int ports_list(void (*each)(void *context, const struct port_info *port), void *context);
/* What an adapter is remembered by: its USB names and serial number, or the path when it has none.
 */
void ports_adapter_name(const char *path, char *buffer, size_t size);
#endif
