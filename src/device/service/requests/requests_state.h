/* What waiting requests keep; apart from requests.h so that struct device can hold it. */
#ifndef DEVICE_SERVICE_REQUESTS_STATE_H
#define DEVICE_SERVICE_REQUESTS_STATE_H
#include "device/service/http/http_fetch.h"

enum { REQUESTS_ROOM = 1024, REQUEST_ANSWER = 256 };

struct requests {
    struct http_fetch fetch;
    uint16_t used, answered;
    bool filing;               /* the answer goes into a file */
    char queue[REQUESTS_ROOM]; /* see requests.c */
    char answer[REQUEST_ANSWER];
};
#endif
