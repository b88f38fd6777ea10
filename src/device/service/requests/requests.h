/* Requests that scripts send to other machines: sendGet and sendPOST. They wait in one buffer and
 * go one after the other, so that a script that sends faster than servers answer costs nothing but
 * its own requests. The answer can be run as a command, stored in a file, or is dropped.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_send.c. */
#ifndef DEVICE_SERVICE_REQUESTS_H
#define DEVICE_SERVICE_REQUESTS_H
#include "device/service/requests/requests_state.h"
#include "device/service/service.h"

extern const struct service requests_service;

struct request {
    const char *url, *target, *command; /* target: "cmd", a file, or "" */
    const char *type, *body;            /* of a POST; type NULL: GET */
    uint16_t port;                      /* instead of the one in the URL; 0: that one */
};
/* Puts it behind the others; false when there is no room. */
bool request_send(struct device *d, const struct request *request);
#endif
