/* The map beside a dump (FILE.map): which sectors are verified, read once, unreadable or missing,
 * and which chip they came from. A broken backup goes on from it. */
#ifndef WORKBENCH_FLASHER_MAP_FILE_H
#define WORKBENCH_FLASHER_MAP_FILE_H
#include "workbench/flasher/backup.h"

/* Writes dump and map. False with a line in `why`. */
bool map_file_save(const char *path, const struct backup *b, const struct session *s, char *why,
                   size_t why_size);
/* Takes over what an earlier run of the same range from the same kind of chip left: as read, to be
 * confirmed by the chip's checksum, because the chip may have run since. False when the file is no
 * backup of this kind of chip. */
bool map_file_resume(const char *path, struct backup *b, const struct session *s);
/* Loads a dump whose every sector was verified, as the chip was then. False when it is not whole or
 * of another kind of chip. */
bool map_file_load(const char *path, struct backup *b, const struct session *s);
#endif
