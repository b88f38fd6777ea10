/* The order of the search, memory, and the small questions about its result. */
#include "workbench/inspector/storage_private.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct chunk {
    struct chunk *next;
    max_align_t data[];
};

void *storage_allocate(struct storage *storage, size_t size) {
    struct chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk)
        return NULL;
    chunk->next = storage->memory;
    storage->memory = chunk;
    return chunk->data;
}

void storage_free(struct storage *storage) {
    for (struct chunk *chunk = storage->memory, *next; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    storage->memory = NULL;
}

void storage_damaged(struct storage *storage, size_t offset, const char *format, ...) {
    if (storage->damage_count >= STORAGE_DAMAGE_MAX)
        return;
    struct storage_damage *damage = &storage->damage[storage->damage_count++];
    damage->offset = offset;
    va_list list;
    va_start(list, format);
    vsnprintf(damage->what, sizeof damage->what, format, list);
    va_end(list);
}

bool storage_find(const uint8_t *data, size_t size, struct storage *out) {
    struct storage_search search = {.data = data, .size = size, .out = out};
    memset(out, 0, sizeof *out);
    storage_find_keys(&search);
    storage_choose_store(&search);
    if (!storage_load_kv(&search))
        return false;
    storage_find_uf(&search);
    storage_find_easyflash(&search);
    storage_choose_param(&search);
    if (!out->found && out->param.source == STORAGE_SOURCE_NONE)
        storage_find_psm(&search);
    return true;
}

const char *storage_source_name(enum storage_source source) {
    static const char *const names[] = {"", "kv", "uf", "app", "raw"};
    return names[source];
}

const struct storage_key *storage_get(const struct storage *storage, const char *name) {
    for (int i = 0; i < storage->key_count; i++)
        if (strcmp(storage->key[i].name, name) == 0)
            return &storage->key[i];
    return NULL;
}

int storage_uf_find(const struct storage *storage, const char *name) {
    for (int i = 0; storage->uf.found && i < storage->uf.files.count; i++)
        if (strcmp(storage->uf.files.file[i].name, name) == 0)
            return i;
    return -1;
}

size_t storage_text_length(const uint8_t *value, size_t length) {
    while (length && (value[length - 1] == 0 || value[length - 1] == 0xFF))
        length--;
    for (size_t i = 0; i < length; i++) {
        uint8_t c = value[i];
        if ((c < 0x20 || c > 0x7E) && c != '\t' && c != '\n' && c != '\r')
            return SIZE_MAX;
    }
    return length;
}
