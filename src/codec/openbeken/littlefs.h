/* Reading LittleFS version 2, the file system in which OpenBeken keeps scripts and pages. Read
 * only, from one span of bytes, without memory of its own: each directory is followed by its log of
 * tags, each file by its block list. Nothing in the volume is trusted; what does not check out is
 * left out.
 * Format: littlefs-project/littlefs: SPEC.md. */
#ifndef CODEC_OPENBEKEN_LITTLEFS_H
#define CODEC_OPENBEKEN_LITTLEFS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LITTLEFS_BLOCK = 4096, LITTLEFS_NAME = 64, LITTLEFS_PATH = 160, LITTLEFS_FILES = 128 };

struct littlefs_file {
    char path[LITTLEFS_PATH]; /* "dir/name", without leading slash */
    bool folder;
    uint32_t size;
    /* How littlefs_read finds the contents. */
    const uint8_t *small; /* contents kept in the directory itself, or NULL */
    uint32_t head;        /* last block of a larger file */
};

/* Is this block the first of a volume? */
bool littlefs_is_volume(const uint8_t *block, size_t size);
/* Lists files and folders of the volume at `data`; returns how many, at most `max`. */
size_t littlefs_list(const uint8_t *data, size_t size, struct littlefs_file *out, size_t max);
/* Copies up to `room` bytes of contents from the start; returns how many could be read. */
size_t littlefs_read(const uint8_t *data, size_t size, const struct littlefs_file *file,
                     uint8_t *out, size_t room);
#endif
