/* A started plug that is put back after each input: fuzzing a device needs no new device each time,
 * only the old bytes. The plug stays where it is, so that its pointers to itself remain right. */
#ifndef FUZZ_PLUG_SNAPSHOT_H
#define FUZZ_PLUG_SNAPSHOT_H
#include "virtual/plug/plug.h"

#include <stdlib.h>
#include <string.h>

enum { SNAPSHOT_SECTOR = 4096 };

struct plug_snapshot {
    struct plug plug, saved;
    uint8_t *flash[VIRTUAL_SECTORS]; /* of the sectors that existed; NULL: erased */
};

static inline uint8_t *snapshot_copy(const uint8_t *sector) {
    uint8_t *copy = sector ? malloc(SNAPSHOT_SECTOR) : NULL;
    if (sector && !copy)
        abort();
    return sector ? memcpy(copy, sector, SNAPSHOT_SECTOR) : NULL;
}

/* The plug as it is now is what snapshot_restore brings back. */
static inline void snapshot_take(struct plug_snapshot *s) {
    s->saved = s->plug;
    for (unsigned i = 0; i < VIRTUAL_SECTORS; i++)
        s->flash[i] = snapshot_copy(s->plug.chip.sectors[i]);
}

static inline void snapshot_restore(struct plug_snapshot *s) {
    uint8_t *sectors[VIRTUAL_SECTORS];
    memcpy(sectors, s->plug.chip.sectors, sizeof sectors);
    if (s->plug.lengthy != s->saved.lengthy)
        free(s->plug.lengthy);
    s->plug = s->saved;
    for (unsigned i = 0; i < VIRTUAL_SECTORS; i++) {
        if (!s->flash[i]) {
            free(sectors[i]);
            sectors[i] = NULL;
        } else if (!sectors[i]) {
            sectors[i] = snapshot_copy(s->flash[i]);
        } else {
            memcpy(sectors[i], s->flash[i], SNAPSHOT_SECTOR);
        }
    }
    memcpy(s->plug.chip.sectors, sectors, sizeof sectors);
}
#endif
