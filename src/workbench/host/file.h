/* Files as the workbench needs them: read whole with a limit and a clear reason on failure, and
 * written so that an interrupted run never leaves half a file under the real name. */
#ifndef WORKBENCH_HOST_FILE_H
#define WORKBENCH_HOST_FILE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest file that is taken for a flash image: twice the largest chip in the tables. */
#define FILE_IMAGE_LIMIT ((size_t)64 << 20)

struct file {
    uint8_t *data; /* malloc'd; one NUL byte stands behind the data */
    size_t size;
};

/* Reads `path` ("-" is standard input) into *file. On failure returns false with one line, without
 * newline, in `why`: missing, a directory, no permission, larger than `limit`, shrank while read.
 * An empty file is read as size 0. Release with file_free. */
bool file_read(const char *path, size_t limit, struct file *file, char *why, size_t why_size);
void file_free(struct file *file);

/* Writes to a temporary name beside `path`, syncs, then renames. Refuses to replace an existing
 * file unless `replace`. "-" writes to standard output. */
bool file_write(const char *path, const void *data, size_t size, bool replace, char *why,
                size_t why_size);
/* Could file_write do that? To be asked before long work whose result must not be lost. */
bool file_can_write(const char *path, bool replace, char *why, size_t why_size);
#endif
