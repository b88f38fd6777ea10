/* The arena of the script room: blocks of any kind one behind the other, newest last, each kind
 * linked from its newest to its oldest. Whoever adds a block during a run may hold pointers to the
 * others: nothing moves until the run is over. */
#ifndef DEVICE_SCRIPT_BLOCK_H
#define DEVICE_SCRIPT_BLOCK_H
#include "device/script/state.h"

#include <stddef.h>

struct device;

static inline uint16_t script_get16(const uint8_t *p) {
    return (uint16_t)(p[0] | p[1] << 8);
}
/* The block that begins at that offset of the arena. */
struct block *block_at(const struct device *d, unsigned offset);
unsigned block_offset(const struct device *d, const struct block *b);
/* Fields of a block, behind its header. */
static inline void *block_fields(const struct block *b) {
    return (void *)(uintptr_t)(b + 1);
}
const uint8_t *block_code(const struct device *d, const struct block *b);

/* A new block with `extra` bytes of fields behind the header, then code; NULL when full. Code that
 * already lies in a script or alias is not copied. */
struct block *block_new(struct device *d, enum block_kind kind, const void *fields, size_t extra,
                        const void *code, size_t size);
/* Sets the size of the newest block of the arena, for one that is filled in place. */
void block_resize(struct device *d, struct block *b, size_t size);
/* Live blocks of a kind, newest first. */
struct block *block_first(const struct device *d, enum block_kind kind);
struct block *block_next(const struct device *d, const struct block *b);
unsigned block_count(const struct device *d, enum block_kind kind);
void block_kill(struct device *d, struct block *b);
/* Between runs: forgets scripts that nobody can start again and squeezes dead blocks out when that
 * is worth it. */
void blocks_tidy(struct device *d);
#endif
