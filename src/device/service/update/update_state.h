/* What the update service keeps; apart from update.h so that struct device can hold it. */
#ifndef DEVICE_SERVICE_UPDATE_STATE_H
#define DEVICE_SERVICE_UPDATE_STATE_H
#include "device/service/http/http_fetch.h"
#include "device/service/update/update_image.h"

#include <stddef.h>

enum update_step {
    UPDATE_IDLE,
    UPDATE_RECEIVING,
    UPDATE_WRITING, /* verified in RAM; goes into the slot */
    UPDATE_READY,
    UPDATE_ON_TRIAL,
    UPDATE_FAILED,
};

enum update_way {
    UPDATE_INSTALL, /* verify and write */
    UPDATE_CHECK,   /* only verify: nothing is touched */
};

enum { UPDATE_PAGE = 256 };

struct update {
    uint8_t step;  /* enum update_step */
    uint8_t way;   /* enum update_way */
    bool erased;   /* a sector was erased since the last poll: enough for this turn */
    char text[96]; /* what is to be said about it */
    struct update_image image;
    uint64_t length, got; /* bytes of the file */
    uint32_t slot;        /* being written */
    uint8_t *stage;       /* RAM for the whole image; NULL: page by page into the slot */
    uint32_t written;     /* bytes of the stage that are in the slot */
    uint32_t crc;
    struct sha256 content, whole;
    uint8_t digest[SHA256_SIZE]; /* of the whole file, once it has come */
    uint16_t page_fill;
    uint8_t page[UPDATE_PAGE];
    uint16_t header_fill, header_size;
    uint8_t header[UPDATE_HEADER_MAX];
    const void *owner; /* the upload it belongs to */
    /* From here on kept from one image to the next. */
    struct http_fetch fetch;
    bool restarts; /* a fetch: when it is ready */
    bool checked;  /* a fetch: the first time it came it was good, with this digest */
    uint8_t checked_digest[SHA256_SIZE];
    char version[33];
};
#endif
