/* Files in the store; see files.h. Each chunk carries the generation of its file, so a chunk that
 * an older file left under the same key is never taken for content. */
#include "device/store/files.h"

#include "base/bytes.h"

enum { RECORD_SIZE = FILE_NAME_MAX + 1 + 9, SLOTS = FILE_COUNT + 1, CHUNKS_PER_SLOT = 64 };

static uint16_t chunk_key(unsigned slot, unsigned chunk) {
    return (uint16_t)(STORE_KEY_CHUNK + slot * CHUNKS_PER_SLOT + chunk);
}

static const char *plain_name(const char *name) {
    while (*name == '/')
        name++;
    return name;
}

static bool directory_read(struct store *s, unsigned number, struct store_file_info *out) {
    uint8_t record[RECORD_SIZE];
    size_t length = 0;
    if (store_get(s, (uint16_t)(STORE_KEY_FILE + number), record, sizeof record, &length) !=
            STATUS_OK ||
        length != sizeof record)
        return false;
    memcpy(out->name, record, sizeof out->name);
    out->name[FILE_NAME_MAX] = 0;
    out->size = load_le32(record + FILE_NAME_MAX + 1);
    out->generation = load_le32(record + FILE_NAME_MAX + 5);
    out->slot = record[FILE_NAME_MAX + 9];
    out->number = (uint8_t)number;
    return out->slot < SLOTS && out->size <= FILE_SIZE_MAX;
}

static enum status directory_write(struct store *s, const struct store_file_info *file) {
    uint8_t record[RECORD_SIZE] = {0};
    memcpy(record, file->name, sizeof file->name);
    store_le32(record + FILE_NAME_MAX + 1, file->size);
    store_le32(record + FILE_NAME_MAX + 5, file->generation);
    record[FILE_NAME_MAX + 9] = file->slot;
    return store_put(s, (uint16_t)(STORE_KEY_FILE + file->number), record, sizeof record);
}

enum status store_file_find(struct store *s, const char *name, struct store_file_info *out) {
    name = plain_name(name);
    for (unsigned i = 0; i < FILE_COUNT; i++)
        if (directory_read(s, i, out) && strcmp(out->name, name) == 0)
            return STATUS_OK;
    return STATUS_NOT_FOUND;
}

bool store_file_at(struct store *s, unsigned i, struct store_file_info *out) {
    for (unsigned number = 0; number < FILE_COUNT; number++)
        if (directory_read(s, number, out) && out->name[0] != '@' && i-- == 0)
            return true;
    return false;
}

/* Content of one chunk from `skip` on; 0 when it is missing, damaged or of another file. */
static size_t chunk_read(struct store *s, const struct store_file_info *file, unsigned chunk,
                         uint32_t skip, uint8_t *out, size_t size) {
    uint8_t data[FILE_CHUNK + 4];
    size_t length = 0;
    if (store_get(s, chunk_key(file->slot, chunk), data, sizeof data, &length) != STATUS_OK ||
        length < 4 + skip || load_le32(data) != file->generation)
        return 0;
    length -= 4 + skip;
    size = size < length ? size : length;
    memcpy(out, data + 4 + skip, size);
    return size;
}

size_t store_file_read(struct store *s, const struct store_file_info *file, uint32_t offset,
                       void *buffer, size_t size) {
    size_t done = 0;
    if (offset >= file->size)
        return 0;
    size = size < file->size - offset ? size : file->size - offset;
    while (done < size) {
        uint32_t at = offset + (uint32_t)done;
        size_t got = chunk_read(s, file, at / FILE_CHUNK, at % FILE_CHUNK, (uint8_t *)buffer + done,
                                size - done);
        if (!got)
            break;
        done += got;
    }
    return done;
}

static void chunks_forget(struct store *s, unsigned slot) {
    for (unsigned i = 0; i < CHUNKS_PER_SLOT; i++)
        if (store_has(s, chunk_key(slot, i)))
            store_forget(s, chunk_key(slot, i));
}

/* Slots that files use, bit per slot, and the newest generation. */
static uint32_t slots_used(struct store *s, uint32_t *generation) {
    struct store_file_info file;
    uint32_t used = 0;
    *generation = 0;
    for (unsigned i = 0; i < FILE_COUNT; i++) {
        if (!directory_read(s, i, &file))
            continue;
        used |= 1u << file.slot;
        if (file.generation > *generation)
            *generation = file.generation;
    }
    return used;
}

/* Slots in which chunks lie, bit per slot. */
static uint32_t slots_filled(const struct store *s) {
    uint32_t filled = 0;
    for (unsigned i = 0; i < s->count; i++) {
        unsigned chunk = s->index[i].key - (unsigned)STORE_KEY_CHUNK;
        if (chunk < SLOTS * CHUNKS_PER_SLOT)
            filled |= 1u << chunk / CHUNKS_PER_SLOT;
    }
    return filled;
}

void store_files_tidy(struct store *s) {
    uint32_t generation, stray = slots_filled(s) & ~slots_used(s, &generation);
    for (unsigned slot = 0; slot < SLOTS; slot++)
        if (stray & 1u << slot)
            chunks_forget(s, slot);
}

enum status store_file_begin(struct store *s, struct store_file_writer *w, const char *name) {
    name = plain_name(name);
    size_t length = strlen(name);
    w->status = STATUS_BAD_ARGUMENT;
    if (length == 0 || length > FILE_NAME_MAX)
        return w->status;
    w->store = s;
    memset(w->name, 0, sizeof w->name);
    memcpy(w->name, name, length);
    w->size = w->fill = 0;
    uint32_t used = slots_used(s, &w->generation);
    w->generation++;
    w->slot = 0;
    while (w->slot < SLOTS && used & 1u << w->slot)
        w->slot++;
    w->status = w->slot < SLOTS ? STATUS_OK : STATUS_NO_SPACE;
    return w->status;
}

static void chunk_flush(struct store_file_writer *w) {
    store_le32(w->chunk, w->generation);
    enum status status =
        store_put(w->store, chunk_key(w->slot, (w->size - 1) / FILE_CHUNK), w->chunk, w->fill + 4u);
    w->fill = 0;
    if (status == STATUS_OK)
        return;
    w->status = status;
    chunks_forget(w->store, w->slot);
}

enum status store_file_add(struct store_file_writer *w, const void *data, size_t size) {
    const uint8_t *from = data;
    if (w->status == STATUS_OK && size > FILE_SIZE_MAX - w->size) {
        w->status = STATUS_BAD_LENGTH;
        chunks_forget(w->store, w->slot);
    }
    while (size && w->status == STATUS_OK) {
        size_t room = FILE_CHUNK - w->fill;
        size_t part = size < room ? size : room;
        memcpy(w->chunk + 4 + w->fill, from, part);
        w->fill = (uint16_t)(w->fill + part);
        w->size += (uint32_t)part;
        from += part;
        size -= part;
        if (w->fill == FILE_CHUNK)
            chunk_flush(w);
    }
    return w->status;
}

static enum status directory_place(struct store *s, struct store_file_info *file, int *old_slot) {
    struct store_file_info old;
    *old_slot = -1;
    if (store_file_find(s, file->name, &old) == STATUS_OK) {
        *old_slot = old.slot;
        file->number = old.number;
        return STATUS_OK;
    }
    for (unsigned i = 0; i < FILE_COUNT; i++)
        if (!store_has(s, (uint16_t)(STORE_KEY_FILE + i))) {
            file->number = (uint8_t)i;
            return STATUS_OK;
        }
    return STATUS_NO_SPACE;
}

enum status store_file_commit(struct store_file_writer *w) {
    struct store_file_info file = {.size = w->size, .generation = w->generation, .slot = w->slot};
    int old_slot = -1;
    if (w->status == STATUS_OK && w->fill)
        chunk_flush(w);
    if (w->status != STATUS_OK)
        return w->status;
    memcpy(file.name, w->name, sizeof file.name);
    enum status status = directory_place(w->store, &file, &old_slot);
    if (status == STATUS_OK)
        status = directory_write(w->store, &file);
    if (status != STATUS_OK)
        chunks_forget(w->store, w->slot);
    else if (old_slot >= 0)
        chunks_forget(w->store, (unsigned)old_slot);
    return status;
}

enum status store_file_write(struct store *s, const char *name, const void *data, size_t size) {
    struct store_file_writer w;
    enum status status = store_file_begin(s, &w, name);
    if (status != STATUS_OK)
        return status;
    store_file_add(&w, data, size);
    return store_file_commit(&w);
}

enum status store_file_append(struct store *s, const char *name, const void *data, size_t size) {
    struct store_file_writer w;
    struct store_file_info old = {.size = 0};
    uint8_t piece[64];
    size_t got;
    enum status status = store_file_begin(s, &w, name);
    if (status != STATUS_OK)
        return status;
    bool there = store_file_find(s, name, &old) == STATUS_OK;
    if (there && size > FILE_SIZE_MAX - old.size)
        return STATUS_BAD_LENGTH;
    for (uint32_t at = 0; there && at < old.size; at += (uint32_t)got) {
        got = store_file_read(s, &old, at, piece, sizeof piece);
        if (!got)
            return STATUS_BAD_CHECKSUM;
        store_file_add(&w, piece, got);
    }
    store_file_add(&w, data, size);
    return store_file_commit(&w);
}

enum status store_file_remove(struct store *s, const char *name) {
    struct store_file_info file;
    if (store_file_find(s, name, &file) != STATUS_OK)
        return STATUS_NOT_FOUND;
    enum status status = store_delete(s, (uint16_t)(STORE_KEY_FILE + file.number));
    if (status == STATUS_OK)
        chunks_forget(s, file.slot);
    return status;
}

enum status store_file_remove_all(struct store *s) {
    struct store_file_info file;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && store_file_at(s, 0, &file))
        status = store_file_remove(s, file.name);
    return status;
}
