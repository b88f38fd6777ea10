/* Pieces of configuration text as they lie in the memory of a running plug: the heap has reused
 * parts of it, so a piece may begin and end anywhere. Only members with a delimiter on both sides
 * and a known key count; pieces that contradict the best one (a built-in default, an older
 * generation) are left out. */
#ifndef WORKBENCH_EMULATOR_FRAGMENTS_H
#define WORKBENCH_EMULATOR_FRAGMENTS_H
#include "codec/tuya/config.h"

enum { FRAGMENTS_MAX = 64 };

struct fragments {
    char *text[FRAGMENTS_MAX]; /* malloc'd */
    uint64_t us[FRAGMENTS_MAX];
    int count;
};

/* Keeps a copy; drops it when there are too many or memory runs out. */
void fragments_add(struct fragments *f, const char *text, size_t size, uint64_t us);
void fragments_free(struct fragments *f);
/* Adds the members of the piece to the configuration; how many known members it has. */
size_t fragment_read(const char *text, struct tuya_config *config);
/* Reads all of them, the richest first, into a configuration that may have members already (it was
 * started, and is not finished here). How many were used; *first_us is the time of the richest. */
int fragments_read(const struct fragments *f, struct tuya_config *config, uint64_t *first_us);
#endif
