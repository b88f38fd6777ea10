/* Makes a dump fit to publish: secrets and identifiers are blanked in place, in every generation of
 * every block, in swap sectors, protected blocks, user files, the RF block, OpenBeken's
 * configuration, EasyFlash and PSM; a LittleFS volume goes as a whole; pages that nothing refers to
 * are wiped; all sums are made right again, so that every reader still reads it. Code regions are
 * not touched. The storage key stays: it is needed to read the store and opens nothing else. */
#ifndef WORKBENCH_INSPECTOR_SANITIZE_H
#define WORKBENCH_INSPECTOR_SANITIZE_H
#include "workbench/inspector/storage.h"

enum {
    SANITIZE_ROWS_MAX = 96,
    SANITIZE_SECRETS_MAX = 512,
    SANITIZE_SECRET_LEAST = 6,
    SANITIZE_NODES_MAX = 512
};

/* What was removed, by name; never a value. */
struct sanitize_row {
    char what[96];
    int count;
};

struct sanitize {
    struct sanitize_row row[SANITIZE_ROWS_MAX];
    int row_count;
    /* texts removed, to search for what is left of them */
    struct span secret[SANITIZE_SECRETS_MAX];
    int secret_count;
    bool storage_found; /* false: nothing encrypted was readable, and so nothing in it removed */
    size_t node[SANITIZE_NODES_MAX]; /* EasyFlash nodes whose CRC was right */
    int node_count;
    void *memory; /* list released by sanitize_free */
};

/* Rewrites `image`. False with one line in `why` when memory runs out. */
bool sanitize_image(uint8_t *image, size_t size, struct sanitize *report, char *why,
                    size_t why_size);
/* Reads the result again: every value that is no secret must be what it was, every checksum as good
 * as before, and none of the removed texts left anywhere, stored plainly or encrypted. False with
 * one line in `why`. */
bool sanitize_verify(const uint8_t *before, const uint8_t *after, size_t size,
                     const struct sanitize *report, char *why, size_t why_size);
void sanitize_free(struct sanitize *report);
#endif
