/* Dumps are shared packed; a file that is xz or gzip data is unpacked in memory. */
#ifndef WORKBENCH_HOST_UNPACK_H
#define WORKBENCH_HOST_UNPACK_H
#include "workbench/host/file.h"

/* Replaces the contents of an xz or gzip file by what they unpack to; other files stay as they
 * are. False with one line in `why` when the packed data are damaged or unpack to more than
 * `limit` bytes; the file is then to be freed as usual. *packed names the format, or is NULL. */
bool file_unpack(struct file *file, size_t limit, const char **packed, char *why, size_t why_size);
#endif
