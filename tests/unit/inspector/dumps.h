/* Real dumps for tests: unpacked from ../shared/data/dumps with their expected results. */
#ifndef TESTS_UNIT_INSPECTOR_DUMPS_H
#define TESTS_UNIT_INSPECTOR_DUMPS_H
#include "workbench/host/file.h"

#include <dirent.h>
#include <jansson.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DUMPS "../shared/data/dumps"

struct dump {
    char name[256];
    uint8_t *data;
    size_t size;
    json_t *expected;
};

static inline bool dumps_present(void) {
    DIR *dir = opendir(DUMPS "/expected");
    if (!dir)
        printf("skipped: no real dumps at " DUMPS "\n");
    else
        closedir(dir);
    return dir != NULL;
}

static inline bool dump_load(const char *name, struct dump *dump) {
    char path[400], why[256];
    struct file packed;
    snprintf(dump->name, sizeof dump->name, "%s", name);
    snprintf(path, sizeof path, DUMPS "/%s.bin.xz", name);
    if (!file_read(path, FILE_IMAGE_LIMIT, &packed, why, sizeof why))
        return false;
    uint64_t limit = UINT64_MAX;
    size_t in = 0, room = (size_t)16 << 20;
    dump->data = malloc(room);
    dump->size = 0;
    lzma_ret result = lzma_stream_buffer_decode(&limit, 0, NULL, packed.data, &in, packed.size,
                                                dump->data, &dump->size, room);
    file_free(&packed);
    snprintf(path, sizeof path, DUMPS "/expected/%s.json", name);
    dump->expected = json_load_file(path, 0, NULL);
    return result == LZMA_OK && dump->expected;
}

static inline void dump_free(struct dump *dump) {
    free(dump->data);
    json_decref(dump->expected);
}

/* Calls fn for every dump that has expected results; returns how many there were. */
static inline int dumps_each(void (*fn)(struct dump *)) {
    struct dirent **entries;
    int count = 0, n = scandir(DUMPS "/expected", &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        struct dump dump;
        char *dot = strrchr(entries[i]->d_name, '.');
        if (dot && strcmp(dot, ".json") == 0) {
            *dot = '\0';
            if (dump_load(entries[i]->d_name, &dump)) {
                fn(&dump);
                count++;
                dump_free(&dump);
            }
        }
        free(entries[i]);
    }
    free(entries);
    return count;
}

static inline uint32_t expected_number(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_string(value) ? (uint32_t)strtoul(json_string_value(value), NULL, 0)
                                 : (uint32_t)json_integer_value(value);
}
#endif
