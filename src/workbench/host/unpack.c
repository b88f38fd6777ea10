/* xz through liblzma, gzip through zlib, both into a buffer that grows up to the limit. */
#include "workbench/host/unpack.h"

#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FIRST_ROOM = 2 << 20 };
#define LZMA_MEMORY ((uint64_t)128 << 20)

struct room {
    uint8_t *data;
    size_t used, size, limit;
};

static bool grow(struct room *room) {
    size_t size = room->size ? 2 * room->size : FIRST_ROOM;
    if (room->size >= room->limit)
        return false;
    if (size > room->limit)
        size = room->limit;
    uint8_t *data = realloc(room->data, size + 1);
    if (data) {
        room->data = data;
        room->size = size;
    }
    return data != NULL;
}

static bool unpack_xz(const struct file *file, struct room *room) {
    lzma_stream z = LZMA_STREAM_INIT;
    if (lzma_stream_decoder(&z, LZMA_MEMORY, LZMA_CONCATENATED) != LZMA_OK)
        return false;
    z.next_in = file->data;
    z.avail_in = file->size;
    lzma_ret result = LZMA_OK;
    while (result == LZMA_OK && (room->used < room->size || grow(room))) {
        z.next_out = room->data + room->used;
        z.avail_out = room->size - room->used;
        result = lzma_code(&z, LZMA_FINISH);
        room->used = room->size - z.avail_out;
    }
    lzma_end(&z);
    return result == LZMA_STREAM_END;
}

static bool unpack_gzip(const struct file *file, struct room *room) {
    z_stream z = {.next_in = file->data, .avail_in = (uInt)file->size};
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return false;
    int result = Z_OK;
    while (result == Z_OK && (room->used < room->size || grow(room))) {
        z.next_out = room->data + room->used;
        z.avail_out = (uInt)(room->size - room->used);
        result = inflate(&z, Z_NO_FLUSH);
        room->used = room->size - z.avail_out;
    }
    inflateEnd(&z);
    return result == Z_STREAM_END;
}

bool file_unpack(struct file *file, size_t limit, const char **packed, char *why, size_t why_size) {
    struct room room = {.limit = limit};
    bool xz = file->size > 6 && memcmp(file->data,
                                       "\xFD"
                                       "7zXZ",
                                       6) == 0;
    bool gzip = file->size > 18 && memcmp(file->data, "\x1F\x8B\x08", 3) == 0;
    *packed = xz ? "xz" : gzip ? "gzip" : NULL;
    if (!*packed)
        return true;
    bool ok = xz ? unpack_xz(file, &room) : unpack_gzip(file, &room);
    if (!ok) {
        snprintf(why, why_size,
                 room.used >= limit ? "%s data that unpack to more than %zu MiB"
                                    : "damaged or cut %s data",
                 *packed, limit >> 20);
        free(room.data);
        return false;
    }
    free(file->data);
    file->size = room.used;
    file->data = room.data;
    file->data[file->size] = 0;
    return true;
}
