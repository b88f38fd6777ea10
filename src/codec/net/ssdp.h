/* SSDP: texts by which UPnP devices announce and find each other.
 * Source: UPnP Device Architecture 1.0; openshwprojects/OpenBK7231T_App: src/driver/drv_ssdp.c. */
#ifndef CODEC_NET_SSDP_H
#define CODEC_NET_SSDP_H
#include "base/text.h"

enum { SSDP_PORT = 1900 };
#define SSDP_GROUP 0xEFFFFFFAu /* 239.255.255.250 */

struct ssdp_device {
    const char *location; /* "http://192.0.2.10:80/ssdp.xml" */
    const char *uuid;
};

void ssdp_notify(const struct ssdp_device *device, struct text *out);
/* The answer to a search. */
void ssdp_found(const struct ssdp_device *device, struct text *out);
/* What somebody sent. */
enum ssdp_kind {
    SSDP_OTHER,
    SSDP_SEARCH,    /* for something this kind of device answers to */
    SSDP_OPENBEKEN, /* an announcement of another plug */
};
enum ssdp_kind ssdp_read(const char *data, size_t size);
#endif
