/* Files in the store: up to FILE_COUNT of up to FILE_SIZE_MAX bytes. A file is written to unused
 * chunks first and becomes visible with one directory record, so it is old or new, never between.
 * Names are flat ("autoexec.bat", a leading "/" is ignored), case-sensitive. */
#ifndef DEVICE_FILES_H
#define DEVICE_FILES_H
#include "device/store/store.h"

enum { FILE_COUNT = 24, FILE_NAME_MAX = 39, FILE_SIZE_MAX = 32768, FILE_CHUNK = 1008 };

struct store_file_info {
    char name[FILE_NAME_MAX + 1];
    uint32_t size, generation;
    uint8_t slot;   /* which run of chunk keys holds the content */
    uint8_t number; /* directory record */
};

/* NOT_FOUND when there is no such file. */
enum status store_file_find(struct store *s, const char *name, struct store_file_info *out);
/* Bytes from `offset` into buffer; returns how many (0 at the end or when damaged). */
size_t store_file_read(struct store *s, const struct store_file_info *file, uint32_t offset,
                       void *buffer, size_t size);
/* Creates or replaces as a whole. NO_SPACE, BAD_LENGTH above FILE_SIZE_MAX, BAD_ARGUMENT name. */
enum status store_file_write(struct store *s, const char *name, const void *data, size_t size);
/* Appends; as power-safe as writing. */
enum status store_file_append(struct store *s, const char *name, const void *data, size_t size);
/* Piece by piece (uploads): begin, any number of adds, commit. Dropping it leaves the old file. */
struct store_file_writer {
    struct store *store;
    char name[FILE_NAME_MAX + 1];
    uint32_t size, generation;
    uint8_t slot;
    uint16_t fill;
    enum status status;            /* first failure */
    uint8_t chunk[FILE_CHUNK + 4]; /* generation, then content */
};
enum status store_file_begin(struct store *s, struct store_file_writer *w, const char *name);
enum status store_file_add(struct store_file_writer *w, const void *data, size_t size);
enum status store_file_commit(struct store_file_writer *w);
enum status store_file_remove(struct store *s, const char *name);
enum status store_file_remove_all(struct store *s);
/* The i-th file in directory order; false beyond the last. Names that start with "@" are the
 * core's own and are not listed. */
bool store_file_at(struct store *s, unsigned i, struct store_file_info *out);
/* After mounting: forgets chunks that no file refers to (a write that was cut off). */
void store_files_tidy(struct store *s);
#endif
