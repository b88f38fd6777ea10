/* What the interface of the pages keeps between two pieces of an upload. One upload runs at a time;
 * apart from api_v2.h so that struct device can hold it. */
#ifndef DEVICE_SERVICE_API_STATE_H
#define DEVICE_SERVICE_API_STATE_H
#include "device/store/files.h"

/* An archive of files on its way in; see api_fsblock.c. */
struct archive_reader {
    uint8_t phase, fill;
    uint32_t left, word;
    uint32_t crc, all; /* of this file, of everything */
    char name[FILE_NAME_MAX + 1];
};

struct api_state {
    const void *owner; /* NULL: no upload runs */
    struct store_file_writer writer;
    struct archive_reader archive;
};
#endif
