/* How long it takes to find and read the storage of a 2 MiB dump: whole, with its key block lost,
 * and in bytes that hold none. */
#include "bench.h"

#include "workbench/dumpbuild/dumpbuild.h"
#include "workbench/inspector/storage.h"

#include <stdlib.h>
#include <string.h>

struct work {
    uint8_t *data, *copy;
    size_t size;
    struct storage storage;
};

static void find(void *context) {
    struct work *w = context;
    storage_find(w->data, w->size, &w->storage);
    storage_free(&w->storage);
}

static void copy(void *context) {
    struct work *w = context;
    memcpy(w->copy, w->data, w->size);
}

static void row(const char *figure, struct work *w, double limit) {
    double seconds = bench_best(20, find, w);
    bench_row(figure, seconds * 1e3, "ms", seconds / limit, "memory copy of the image");
}

int main(void) {
    static struct dumpbuild the_plan;
    static struct work the_work;
    struct dumpbuild *plan = &the_plan;
    struct work *w = &the_work;
    char why[256];
    plan->chip = beken_chip_find("BK7231N");
    dumpbuild_add_decoys(plan);
    w->data = dumpbuild_make(plan, &w->size, why, sizeof why);
    w->copy = malloc(w->size);
    if (!w->data || !w->copy)
        return 1;
    double limit = bench_best(20, copy, w);
    row("storage of a whole dump", w, limit);
    memset(w->data + plan->chip->key_offset, 0, TUYA_SECTOR);
    row("storage, key block lost", w, limit);
    uint32_t random = 1;
    for (size_t i = 0; i < w->size; i++)
        w->data[i] = (uint8_t)((random = random * 1664525u + 1013904223u) >> 24);
    row("storage, none in random bytes", w, limit);
    free(w->data);
    free(w->copy);
    return 0;
}
