/* The key-value store: values of every generation are put together, blanked and written back to the
 * pages they came from. Reading happens on the sectors as they were, writing on copies, so that
 * generations which share pages do not disturb each other. */
#include "workbench/host/crypto.h"
#include "workbench/inspector/sanitize_private.h"

#include <stdlib.h>

struct work {
    const struct storage *storage;
    struct sanitize *report;
    uint8_t (*plain)[TUYA_SECTOR];  /* copies, by index in storage->kv.sector */
    uint32_t used[KV_SECTORS_MAX];  /* pages that something refers to */
    uint32_t slack[KV_SECTORS_MAX]; /* last pages of values, whose rest may be wiped */
};

static int number_of(const struct work *w, const struct kv_sector *sector) {
    return sector ? (int)(sector - w->storage->kv.sector) : -1;
}

/* Marks the pages of a value as referred to. */
static void mark(struct work *w, const struct kv_index *index, const struct kv_source *source) {
    for (int i = 0; i < index->part_count; i++) {
        int n = number_of(w, source->sector[i]);
        for (int page = index->part[i].first; n >= 0 && page <= index->part[i].last; page++)
            w->used[n] |= 1u << page;
    }
}

/* Copies between a value and its pages in the working copies. */
static void transfer(struct work *w, const struct kv_index *index, const struct kv_source *source,
                     uint8_t *value, bool store) {
    size_t at = 0;
    for (int i = 0; i < index->part_count; i++) {
        int n = number_of(w, source->sector[i]);
        for (size_t page = index->part[i].first; page <= index->part[i].last && at < index->length;
             page++) {
            size_t piece = index->length - at < TUYA_PAGE ? index->length - at : TUYA_PAGE;
            uint8_t *there = n >= 0 ? w->plain[n] + page * TUYA_PAGE : NULL;
            if (there && store)
                memcpy(there, value + at, piece);
            else if (there)
                memcpy(value + at, there, piece);
            if (there && store && piece < TUYA_PAGE)
                memset(there + piece, 0xFF, TUYA_PAGE - piece);
            at += piece;
        }
    }
}

typedef void visit(struct work *w, int sector, const struct kv_index *index,
                   const struct kv_source *source, uint8_t *value, bool whole);

/* Calls fn for every index page of every generation. */
static bool each_entry(struct work *w, visit *fn) {
    const struct kv_store *kv = &w->storage->kv;
    uint8_t *value = malloc(KV_VALUE_MAX + KV_PARTS_MAX * KV_PAGES * TUYA_PAGE);
    for (int i = 0; value && i < kv->count; i++)
        for (int page = 1; page < KV_PAGES; page++) {
            const struct kv_sector *sector = &kv->sector[i];
            struct kv_index index;
            struct kv_source source;
            if (!(sector->header.index_map >> page & 1))
                continue;
            if (kv_index_decode(sector->plain + page * TUYA_PAGE, sector->header.block,
                                (uint8_t)page, &index, NULL) != STATUS_OK)
                continue; /* unreadable: wiped like a page without use */
            w->used[i] |= 1u << page;
            bool whole = kv_value_read(kv, &index, sector, value, &source);
            fn(w, i, &index, &source, value, whole);
        }
    free(value);
    return value != NULL;
}

static bool is_live(const struct work *w, int sector) {
    const struct kv_sector *s = &w->storage->kv.sector[sector];
    return kv_store_block(&w->storage->kv, s->header.block, 0) == s;
}

/* A value that does not add up and is secret, or not live, is not kept. */
static bool is_kept(const struct work *w, int sector, const struct kv_index *index, bool whole) {
    return whole || (is_live(w, sector) && !secret_key_known(index->name));
}

static void blank_entry(struct work *w, int sector, const struct kv_index *index,
                        const struct kv_source *source, uint8_t *value, bool whole) {
    if (!is_kept(w, sector, index, whole)) {
        if (secret_key_known(index->name))
            sanitize_count(w->report, "%s: a damaged copy", index->name);
        kv_index_encode(index, w->plain[sector] + index->page * TUYA_PAGE);
        return;
    }
    mark(w, index, source);
    kv_index_encode(index, w->plain[sector] + index->page * TUYA_PAGE); /* nothing behind it */
    bool live = is_live(w, sector);
    if (whole)
        sanitize_value(w->report, live ? "" : "older copy of ", index->name, value, index->length);
    transfer(w, index, source, value, true); /* clears what stands behind the value, too */
}

/* A secret may have been copied into another value. */
static void search_entry(struct work *w, int sector, const struct kv_index *index,
                         const struct kv_source *source, uint8_t *value, bool whole) {
    if (!is_kept(w, sector, index, whole))
        return;
    transfer(w, index, source, value, false);
    int found = sanitize_search(w->report, value, index->length);
    for (int i = 0; i < found; i++)
        sanitize_count(w->report, "%s: holds a copy of one of these", index->name);
    if (found)
        transfer(w, index, source, value, true);
}

static void fix_sum(struct work *w, int sector, const struct kv_index *index,
                    const struct kv_source *source, uint8_t *value, bool whole) {
    struct kv_index fixed = *index;
    if (!whole)
        return;
    transfer(w, index, source, value, false);
    fixed.sum = tuya_sum(value, index->length);
    store_le32(w->plain[sector] + index->page * TUYA_PAGE, fixed.sum);
}

static void wipe_unused(struct work *w) {
    for (int i = 0; i < w->storage->kv.count; i++)
        for (int page = 1; page < KV_PAGES; page++) {
            uint8_t *at = w->plain[i] + page * TUYA_PAGE;
            if (w->used[i] >> page & 1 || bytes_all(at, TUYA_PAGE, 0xFF))
                continue;
            memset(at, 0xFF, TUYA_PAGE);
            sanitize_count(w->report, "pages that no value refers to");
        }
}

/* Encrypts the copies into the image; a sum that was right before is right again. */
static void write_back(const struct work *w, uint8_t *image, size_t size) {
    for (int i = 0; i < w->storage->kv.count; i++) {
        const struct kv_sector *sector = &w->storage->kv.sector[i];
        size_t there = size - sector->offset;
        if (sector->sum_ok)
            store_le32(w->plain[i] + 4, kv_sector_sum(w->plain[i]));
        if (there > TUYA_SECTOR)
            there = TUYA_SECTOR;
        aes128_ecb_encrypt(w->storage->data_key, w->plain[i], image + sector->offset,
                           there / 16 * 16);
        if (there % 16)
            memset(image + sector->offset + there / 16 * 16, 0xFF, there % 16);
    }
}

bool sanitize_kv(uint8_t *image, size_t size, const struct storage *storage,
                 struct sanitize *report) {
    struct work *w = calloc(1, sizeof *w);
    if (!w || storage->kv.count == 0) {
        free(w);
        return storage->kv.count == 0;
    }
    *w = (struct work){.storage = storage, .report = report};
    w->plain = malloc((size_t)storage->kv.count * sizeof *w->plain);
    bool done = w->plain != NULL;
    for (int i = 0; done && i < storage->kv.count; i++)
        memcpy(w->plain[i], storage->kv.sector[i].plain, TUYA_SECTOR);
    done =
        done && each_entry(w, blank_entry) && each_entry(w, search_entry) && each_entry(w, fix_sum);
    if (done) {
        wipe_unused(w);
        write_back(w, image, size);
    }
    free(w->plain);
    free(w);
    return done;
}

/* Is the sector's head, decrypted with this key, that of a data sector? */
static bool opens(const uint8_t *stored, const uint8_t *key) {
    uint8_t head[32];
    struct kv_header header;
    aes128_ecb_decrypt(key, stored, head, sizeof head);
    return kv_header_decode(head, sizeof head, &header, NULL) == STATUS_OK;
}

static bool is_known(const struct storage *storage, size_t offset) {
    for (int i = 0; i < storage->kv.count; i++)
        if (storage->kv.sector[i].offset == offset)
            return true;
    return false;
}

void sanitize_other_stores(uint8_t *image, size_t size, const struct storage *storage,
                           struct sanitize *report) {
    for (int k = 0; k < storage->key_block_count; k++) {
        uint8_t plain[32], raw[STORAGE_KEY_SIZE], key[STORAGE_KEY_SIZE];
        size_t from = storage->key_block[k];
        aes128_ecb_decrypt(key_block_master, image + from, plain, sizeof plain);
        if (key_block_decode(plain, sizeof plain, raw, NULL) != STATUS_OK)
            continue;
        for (const struct data_key_variant *v = data_key_variants; v->name; v++) {
            data_key_derive(v, raw, key);
            if (memcmp(key, storage->data_key, sizeof key) == 0)
                continue;
            for (size_t at = from % TUYA_SECTOR; bytes_inside(size, at, TUYA_SECTOR);
                 at += TUYA_SECTOR)
                if (!is_known(storage, at) && opens(image + at, key)) {
                    memset(image + at, 0xFF, TUYA_SECTOR);
                    sanitize_count(report, "sectors of another store");
                }
        }
    }
}
