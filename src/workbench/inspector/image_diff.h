/* How two dumps differ: by region and byte, and by stored value. */
#ifndef WORKBENCH_INSPECTOR_IMAGE_DIFF_H
#define WORKBENCH_INSPECTOR_IMAGE_DIFF_H
#include "base/bytes.h"

#include <stdbool.h>

enum {
    DIFF_REGIONS_MAX = 16,
    DIFF_RANGES_MAX = 8,
    DIFF_VALUES_MAX = 128,
    DIFF_MEMBERS_MAX = 12,
    DIFF_JOIN = 16, /* ranges that are this close are reported as one */
};

struct diff_range {
    size_t offset, length;
};

struct diff_region {
    const char *name;
    size_t offset, size;
    size_t bytes, sectors; /* that differ */
    struct diff_range range[DIFF_RANGES_MAX];
    int range_count, ranges_in_all;
};

enum diff_kind { DIFF_ONLY_A, DIFF_ONLY_B, DIFF_DIFFERS };

struct diff_value {
    char name[112];
    enum diff_kind kind;
    bool secret; /* the key holds secrets */
    uint32_t length_a, length_b;
    int member_count; /* members of an object that differ */
    struct {
        char text[96]; /* "rl1_pin 26 → 14", "passwd (secret)" */
    } member[DIFF_MEMBERS_MAX];
};

struct image_diff {
    size_t size_a, size_b;
    struct diff_region region[DIFF_REGIONS_MAX];
    int region_count;
    char storage_note[128]; /* when the storages cannot be compared, or stand elsewhere */
    int values_compared;
    struct diff_value value[DIFF_VALUES_MAX];
    int value_count;
};

/* Compares; false only when memory runs out. `reveal`: secrets appear in the member texts. */
bool image_diff_compare(const uint8_t *a, size_t size_a, const uint8_t *b, size_t size_b,
                        bool reveal, struct image_diff *out);
bool image_diff_equal(const struct image_diff *diff);
#endif
