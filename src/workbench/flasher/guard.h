/* The whole flash as it must be when a job is done, and the proof that it is. Requests carry no
 * checksum: a byte that the line damages in an address sends an erase or a write somewhere else,
 * and the chip obeys. So before anything is changed the checksum of everything is noted, as it is
 * or as it shall be, and afterwards it must be the same; what was hit is written back where its
 * contents are known, and named where not. */
#ifndef WORKBENCH_FLASHER_GUARD_H
#define WORKBENCH_FLASHER_GUARD_H
#include "workbench/flasher/program.h"

struct guard_part {
    uint32_t start, size, crc;
    const uint8_t *known; /* what must stand there; NULL: only its checksum is known */
    bool job;             /* the job changes it */
};
struct guard {
    struct guard_part *parts; /* in order of address; none crosses a 64 KiB border */
    uint32_t count, room;
    uint32_t mended, lost; /* parts outside of the job that were hit */
    uint32_t again;        /* parts of the job that had to be written again */
};

/* Notes what the plan `p` changes, and what it leaves alone: sectors that are right already, its
 * forbidden sectors, everything outside its range. `whole` is a verified copy of the whole flash as
 * it was or NULL: then the chip is asked for checksums. */
enum status guard_take(struct session *s, const struct program *p, const uint8_t *whole,
                       struct guard *g);
/* Compares again, mends. OK when everything is as it must be, IO with the reason otherwise. With
 * `finished` false what the job changes is not looked at. */
enum status guard_check(struct session *s, struct guard *g, bool finished);
void guard_free(struct guard *g);
#endif
