/* The map beside a dump (FILE.map): which sectors are verified, read once, unreadable or missing,
 * and which chip they came from. A broken backup goes on from it. */
#ifndef WORKBENCH_FLASHER_MAP_FILE_H
#define WORKBENCH_FLASHER_MAP_FILE_H
#include "workbench/flasher/backup.h"

/* Writes dump and map. False with a line in `why`. */
bool map_file_save(const char *path, const struct backup *b, const struct session *s, char *why,
                   size_t why_size);
/* Takes over what an earlier run of the same range from the same kind of chip left. Returns the
 * number of sectors taken over; 0 when there is nothing to go on from. */
uint32_t map_file_resume(const char *path, struct backup *b, const struct session *s);
#endif
