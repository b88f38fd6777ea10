/* The way to the pages for whoever joins the plug's own access point: every name leads to the plug,
 * and what telephones and computers fetch to see whether there is internet leads to its page, which
 * they then show by themselves. Only while the access point is open. */
#ifndef DEVICE_SERVICE_PORTAL_H
#define DEVICE_SERVICE_PORTAL_H
#include "device/service/service.h"

extern const struct service portal_service;
#endif
