/* What the update service keeps; apart from update.h so that struct device can hold it. */
#ifndef DEVICE_SERVICE_UPDATE_STATE_H
#define DEVICE_SERVICE_UPDATE_STATE_H
#include "device/service/update/update_image.h"

#include <stddef.h>

enum update_step { UPDATE_IDLE, UPDATE_RECEIVING, UPDATE_READY, UPDATE_ON_TRIAL, UPDATE_FAILED };

enum { UPDATE_URL = 256, UPDATE_PAGE = 256 };

struct update {
    uint8_t step;  /* enum update_step */
    bool erased;   /* a sector was erased since the last poll: enough for this turn */
    char text[96]; /* what is to be said about it */
    struct update_image image;
    uint64_t length, got; /* bytes of the file */
    uint32_t slot;        /* being written */
    uint32_t crc;
    struct sha256 content, whole;
    uint16_t page_fill;
    uint8_t page[UPDATE_PAGE];
    uint16_t header_fill, header_size;
    uint8_t header[UPDATE_HEADER_MAX];
    const void *owner; /* the upload it belongs to */
    /* From here on kept from one image to the next. */
    int stream; /* of a fetch: handle + 1 */
    char version[33];
    uint8_t phase;
    bool sent;
    uint16_t line_fill;
    uint64_t moved_ms;
    char host[64], path[UPDATE_URL], line[128];
    uint16_t port;
};
#endif
