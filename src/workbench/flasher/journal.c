/* The journal as a JSON object: backup path to entry. */
#include "workbench/flasher/journal.h"

#include "base/crc.h"
#include "workbench/flasher/state_folder.h"
#include "workbench/host/file.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char file_name[] = "unfinished.json";

static json_t *load(char *path, size_t size) {
    json_t *all = state_path(file_name, path, size) ? json_load_file(path, 0, NULL) : NULL;
    if (!json_is_object(all)) {
        json_decref(all);
        all = json_object();
    }
    return all;
}

static void save(const json_t *all, const char *path) {
    char why[160], *text = json_dumps(all, JSON_INDENT(1) | JSON_SORT_KEYS);
    if (text && path[0])
        file_write(path, text, strlen(text), true, why, sizeof why);
    free(text);
}

static void absolute(const char *path, char *out, size_t size) {
    char *real = realpath(path, NULL);
    snprintf(out, size, "%s", real ? real : path);
    free(real);
}

void journal_begin(const struct session *s, const char *backup, uint32_t image_crc,
                   const uint8_t *rf) {
    char path[512] = "", name[1024];
    json_t *all = load(path, sizeof path);
    absolute(backup, name, sizeof name);
    uint32_t rf_crc = rf ? crc32_update(0, rf, BEKEN_SECTOR) : 0;
    json_object_set_new(all, name,
                        json_pack("{s:I, s:I, s:I, s:b}", "image_crc", (json_int_t)image_crc,
                                  "chip_id", (json_int_t)s->chip.chip_id, "rf_crc",
                                  (json_int_t)rf_crc, "has_rf", rf != NULL));
    save(all, path);
    json_decref(all);
}

void journal_end(const char *backup) {
    char path[512] = "", name[1024];
    json_t *all = load(path, sizeof path);
    absolute(backup, name, sizeof name);
    if (json_object_del(all, name) == 0)
        save(all, path);
    json_decref(all);
}

/* Is the entry about this image and a chip of this kind? */
static bool is_alike(const json_t *entry, const struct session *s, uint32_t image_crc) {
    return json_integer_value(json_object_get(entry, "image_crc")) == (json_int_t)image_crc &&
           json_integer_value(json_object_get(entry, "chip_id")) == (json_int_t)s->chip.chip_id;
}

/* A chip without RF block cannot be told from another one: then the user must name the backup. */
static bool is_this_chip(struct session *s, const json_t *entry, bool named) {
    uint32_t crc, rf_crc = (uint32_t)json_integer_value(json_object_get(entry, "rf_crc"));
    if (!json_is_true(json_object_get(entry, "has_rf")) || !s->chip.chip)
        return named;
    for (int i = 0; i < 3; i++)
        if (session_crc(s, s->chip.chip->rf_offset, BEKEN_SECTOR, &crc) == STATUS_OK &&
            crc == rf_crc)
            return true;
    return false;
}

bool journal_find(struct session *s, const char *backup, uint32_t image_crc,
                  struct journal_entry *out) {
    char path[512] = "", name[1024] = "";
    const char *key;
    json_t *entry, *all = load(path, sizeof path);
    bool found = false;
    if (backup)
        absolute(backup, name, sizeof name);
    json_object_foreach (all, key, entry) {
        if (found || (backup && strcmp(key, name) != 0) || !is_alike(entry, s, image_crc))
            continue;
        snprintf(out->backup, sizeof out->backup, "%s", key);
        found = is_this_chip(s, entry, backup != NULL);
    }
    json_decref(all);
    return found;
}
