/* Writing and reading the map as JSON. */
#include "workbench/flasher/map_file.h"

#include "base/crc.h"
#include "workbench/flasher/identify.h"
#include "workbench/host/file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static const char map_format[] = "plugsmith sector map 1";

static json_t *runs_of(const struct backup *b) {
    json_t *runs = json_array();
    uint32_t sectors = b->size / BEKEN_SECTOR;
    for (uint32_t i = 0, end; i < sectors; i = end) {
        for (end = i + 1; end < sectors && b->state[end] == b->state[i]; end++)
            ;
        json_array_append_new(runs, json_pack("{s:i, s:i, s:s}", "from",
                                              (int)(b->start + i * BEKEN_SECTOR), "to",
                                              (int)(b->start + end * BEKEN_SECTOR), "state",
                                              sector_state_name((enum sector_state)b->state[i])));
    }
    return runs;
}

bool map_file_save(const char *path, const struct backup *b, const struct session *s, char *why,
                   size_t why_size) {
    char name[4096];
    if (!file_write(path, b->data, b->size, true, why, why_size))
        return false;
    bool complete = backup_count(b, SECTOR_VERIFIED) == b->size / BEKEN_SECTOR;
    json_t *map = json_pack(
        "{s:s, s:s, s:I, s:I, s:i, s:i, s:I, s:b, s:o}", "format", map_format, "chip",
        identify_name(s), "chip_id", (json_int_t)s->chip.chip_id, "flash_id",
        (json_int_t)s->chip.flash_id, "start", (int)b->start, "size", (int)b->size, "crc32",
        (json_int_t)crc32_update(0, b->data, b->size), "complete", complete, "sectors", runs_of(b));
    char *text = map ? json_dumps(map, JSON_INDENT(1)) : NULL;
    snprintf(name, sizeof name, "%s.map", path);
    bool written = text && file_write(name, text, strlen(text), true, why, why_size);
    free(text);
    json_decref(map);
    return written;
}

static bool same_origin(const json_t *map, const struct backup *b, const struct session *s) {
    const char *format = json_string_value(json_object_get(map, "format"));
    return format && strcmp(format, map_format) == 0 &&
           json_integer_value(json_object_get(map, "chip_id")) == (json_int_t)s->chip.chip_id &&
           json_integer_value(json_object_get(map, "flash_id")) == (json_int_t)s->chip.flash_id &&
           json_integer_value(json_object_get(map, "start")) == (json_int_t)b->start &&
           json_integer_value(json_object_get(map, "size")) == (json_int_t)b->size;
}

/* What was read, verified or not, becomes `as`. */
static void take_run(struct backup *b, const json_t *run, enum sector_state as) {
    const char *state = json_string_value(json_object_get(run, "state"));
    json_int_t from = json_integer_value(json_object_get(run, "from")) - b->start;
    json_int_t to = json_integer_value(json_object_get(run, "to")) - b->start;
    bool verified = state && strcmp(state, sector_state_name(SECTOR_VERIFIED)) == 0;
    bool read = state && strcmp(state, sector_state_name(SECTOR_READ)) == 0;
    if (!(verified || (read && as == SECTOR_READ)) || from < 0 || to > (json_int_t)b->size ||
        from >= to)
        return;
    for (json_int_t at = from; at < to; at += BEKEN_SECTOR)
        b->state[at / BEKEN_SECTOR] = (uint8_t)as;
}

static bool load(const char *path, struct backup *b, const struct session *s,
                 enum sector_state as) {
    char name[4096], why[160];
    snprintf(name, sizeof name, "%s.map", path);
    json_t *map = json_load_file(name, 0, NULL);
    struct file dump = {0};
    bool fits = map && same_origin(map, b, s) &&
                file_read(path, FILE_IMAGE_LIMIT, &dump, why, sizeof why) && dump.size == b->size &&
                (json_int_t)crc32_update(0, dump.data, dump.size) ==
                    json_integer_value(json_object_get(map, "crc32"));
    if (fits) {
        const json_t *runs = json_object_get(map, "sectors");
        memcpy(b->data, dump.data, b->size);
        for (size_t i = 0; i < json_array_size(runs); i++)
            take_run(b, json_array_get(runs, i), as);
    }
    file_free(&dump);
    json_decref(map);
    return fits;
}

bool map_file_resume(const char *path, struct backup *b, const struct session *s) {
    return load(path, b, s, SECTOR_READ);
}

bool map_file_load(const char *path, struct backup *b, const struct session *s) {
    return load(path, b, s, SECTOR_VERIFIED) &&
           backup_count(b, SECTOR_VERIFIED) == b->size / BEKEN_SECTOR;
}
