/* Listing ports and naming adapters through libserialport. */
#include "workbench/link/ports.h"

#include "workbench/link/system.h"

#include <libserialport.h>
#include <stdio.h>

static void usb_text(struct sp_port *port, char *buffer, size_t size) {
    int vid, pid;
    buffer[0] = '\0';
    if (sp_get_port_transport(port) != SP_TRANSPORT_USB ||
        sp_get_port_usb_vid_pid(port, &vid, &pid) != SP_OK)
        return;
    const char *maker = sp_get_port_usb_manufacturer(port);
    const char *product = sp_get_port_usb_product(port);
    const char *serial = sp_get_port_usb_serial(port);
    snprintf(buffer, size, "%04x:%04x%s%s%s%s%s%s", (unsigned)vid, (unsigned)pid, maker ? " " : "",
             maker ? maker : "", product ? " " : "", product ? product : "", serial ? " " : "",
             serial ? serial : "");
}

int ports_list(void (*each)(void *context, const struct port_info *port), void *context) {
    struct sp_port **ports;
    if (link_system->list_ports(&ports) != SP_OK)
        return -1;
    int count = 0;
    for (; ports[count]; count++) {
        char usb[256];
        usb_text(ports[count], usb, sizeof usb);
        const char *description = sp_get_port_description(ports[count]);
        each(context, &(struct port_info){sp_get_port_name(ports[count]),
                                          description ? description : "", usb});
    }
    sp_free_port_list(ports);
    return count;
}

void ports_adapter_name(const char *path, char *buffer, size_t size) {
    struct sp_port *port;
    snprintf(buffer, size, "%s", path);
    if (link_system->port_by_name(path, &port) != SP_OK)
        return;
    char usb[256];
    usb_text(port, usb, sizeof usb);
    if (usb[0])
        snprintf(buffer, size, "%s", usb);
    sp_free_port(port);
}
