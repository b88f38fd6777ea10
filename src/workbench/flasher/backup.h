/* Reading a chip so that the copy can be trusted: the chip's own checksum of every sector says
 * whether it is blank (and need not be read) and whether what was read is true. Every sector
 * carries how sure it is; what was read is never thrown away. */
#ifndef WORKBENCH_FLASHER_BACKUP_H
#define WORKBENCH_FLASHER_BACKUP_H
#include "workbench/flasher/session.h"

enum sector_state {
    SECTOR_UNREAD = 0,
    SECTOR_UNREADABLE, /* no answer for this sector */
    SECTOR_LOST,       /* a damaged request erased or changed it on the way */
    SECTOR_READ,       /* read, but chip and copy could not be brought to agree */
    SECTOR_VERIFIED,   /* the chip's checksum agrees */
    SECTOR_STATES
};
const char *sector_state_name(enum sector_state state);

struct backup {
    uint32_t start, size; /* multiples of a sector */
    uint8_t *data;        /* size bytes, FF where nothing was read */
    uint8_t *state;       /* enum sector_state, one per sector */
    uint32_t blank_bytes, read_bytes;
};

/* Allocates; false when memory runs out. */
bool backup_alloc(struct backup *b, uint32_t start, uint32_t size);
void backup_free(struct backup *b);
uint32_t backup_count(const struct backup *b, enum sector_state state);
/* Reads what is not verified yet. OK only when every sector is verified; IO when some are not. */
enum status backup_run(struct session *s, struct backup *b);
#endif
