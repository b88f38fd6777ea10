/* Shared by planning and execution; nobody else includes it. */
#ifndef WORKBENCH_FLASHER_PROGRAM_PRIVATE_H
#define WORKBENCH_FLASHER_PROGRAM_PRIVATE_H
#include "workbench/flasher/program.h"

enum {
    SECTOR = BEKEN_SECTOR,
    BLOCK = FLASH_BLOCK_64K,
    PER_BLOCK = BLOCK / SECTOR,
};

static inline uint32_t program_sectors(const struct program *p) {
    return p->size / SECTOR;
}
/* The first sector that is in another block of 64 KiB than `first`, or the end. */
uint32_t program_block_end(const struct program *p, uint32_t first);
/* The range with that permission that these bytes touch, or NULL. */
const struct guarded_range *program_guarded_at(const struct program *p, uint32_t start,
                                               uint32_t length, bool may_change);
/* Notes what becomes of sector `i`. */
void program_decide(struct program *p, uint32_t i, bool same);
/* Asks for proof that sector `i` differs: one damaged answer must not call a good sector bad. */
enum status program_confirm(struct session *s, const struct program *p, uint32_t i, bool by_reading,
                            bool *same);
#endif
