/* What the interface of the pages keeps between two pieces of an upload. One upload runs at a time;
 * apart from api_v2.h so that struct device can hold it. */
#ifndef DEVICE_SERVICE_API_STATE_H
#define DEVICE_SERVICE_API_STATE_H
#include "device/store/files.h"

struct api_state {
    const void *owner; /* NULL: no upload runs */
    struct store_file_writer writer;
};
#endif
