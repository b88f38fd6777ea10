/* Changing flash: a plan that says for every sector whether it stays, is erased or is rewritten,
 * found by comparing the chip's checksums with what is wanted, and its execution with the largest
 * erase units that touch nothing else, verified block by block. */
#ifndef WORKBENCH_FLASHER_PROGRAM_H
#define WORKBENCH_FLASHER_PROGRAM_H
#include "workbench/flasher/session.h"

enum sector_action { ACTION_KEEP = 0, ACTION_ERASE, ACTION_WRITE };
enum { PROGRAM_GUARDED_MAX = 8 };

/* A range that a device cannot do without: it must not change, or, where the user wants it changed,
 * only after a difference was proven by reading (proof.h). */
struct guarded_range {
    uint32_t start, end;
    const char *what;
    bool may_change;
};

struct program {
    uint32_t start, size; /* multiples of a sector */
    const uint8_t *data;  /* what shall stand there */
    bool sure;            /* a difference counts only when sums prove it */
    bool careful;         /* only when reading proves it */
    bool rescue;          /* mends what is broken already: the line need not be proven */
    uint8_t *action;      /* enum sector_action per sector */
    uint32_t keep, erase, write, forbidden_sectors; /* sectors */
    struct guarded_range guarded[PROGRAM_GUARDED_MAX];
    int guarded_count;
};

bool program_alloc(struct program *p, uint32_t start, uint32_t size, const uint8_t *data);
void program_free(struct program *p);
void program_guard(struct program *p, uint32_t start, uint32_t end, const char *what,
                   bool may_change);
/* Does the sector at `address` lie in a forbidden range? */
bool program_is_forbidden(const struct program *p, uint32_t address);
/* Asks the chip what differs. Sectors in forbidden ranges are kept whatever they hold. */
enum status program_plan(struct session *s, struct program *p);
/* The same from a copy of the chip (a verified backup of the range), without asking. */
void program_plan_from(struct program *p, const uint8_t *present);
/* Time the plan will take, about. */
uint64_t program_estimate_us(const struct session *s, const struct program *p);
/* Erases, writes and verifies. What could not be brought right is named in s->line.why. */
enum status program_run(struct session *s, struct program *p);
/* Compares the range with `data` by checksum; the first differing sector in *differs (UINT32_MAX:
 * none), how many in *count. */
enum status program_verify(struct session *s, uint32_t start, const uint8_t *data, uint32_t size,
                           uint32_t *differs, uint32_t *count);
#endif
