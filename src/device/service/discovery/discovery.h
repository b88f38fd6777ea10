/* Being found on the local network: multicast DNS (<short name>.local, service _http._tcp) while
 * driver MDNS runs, SSDP while driver SSDP does, which also remembers other plugs that announce
 * themselves.
 * Source: RFC 6762; openshwprojects/OpenBK7231T_App: src/driver/drv_ssdp.c, drv_mdns.c. */
#ifndef DEVICE_SERVICE_DISCOVERY_H
#define DEVICE_SERVICE_DISCOVERY_H
#include "base/text.h"
#include "device/service/service.h"

extern const struct service mdns_service, ssdp_service;

/* The host name: letters, digits and "-" of the short name, in lower case; at most 32. */
void discovery_host(const struct device *d, char out[33]);
/* Piece `step` (below 1000 bytes each) of the document of /ssdp.xml; true while more follow. */
bool ssdp_description(struct device *d, unsigned step, struct text *out);
/* Address of the i-th plug heard in the last minute; 0 beyond the last. */
uint32_t ssdp_peer(const struct device *d, unsigned i);
#endif
