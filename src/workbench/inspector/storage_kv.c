/* Decrypts the sectors of the chosen store, brings in those whose header is unreadable, and lists
 * the live values; what is not whole is listed as damage. */
#include "workbench/host/crypto.h"
#include "workbench/inspector/storage_private.h"

#include <stdlib.h>

enum { WINDOW_SECTORS = 20, OS3_BLOCKS = 16, CLASSIC_BLOCKS = 14 };

/* Decrypts what is there of a sector; the rest becomes FF. */
static void decrypt_sector(const struct storage_search *s, size_t offset, uint8_t *plain) {
    size_t there = s->size - offset < TUYA_SECTOR ? s->size - offset : TUYA_SECTOR;
    memset(plain, 0xFF, TUYA_SECTOR);
    aes128_ecb_decrypt(s->out->data_key, s->data + offset, plain, there / 16 * 16);
    if (there < TUYA_SECTOR)
        storage_damaged(s->out, offset, "the image ends inside this data sector");
}

static bool load_sectors(struct storage_search *s) {
    struct storage *out = s->out;
    uint8_t *plain = storage_allocate(out, (size_t)s->sector_count * TUYA_SECTOR + 1);
    if (!plain)
        return false;
    for (int i = 0; i < s->sector_count; i++, plain += TUYA_SECTOR) {
        decrypt_sector(s, s->sector[i], plain);
        kv_store_add(&out->kv, plain, s->sector[i]);
    }
    kv_store_order(&out->kv);
    out->data_sectors = out->kv.count;
    out->logical_blocks = kv_store_blocks(&out->kv);
    out->data_magic = out->kv.count ? out->kv.sector[0].header.magic : 0;
    return true;
}

/* Where the key block stands or stood: classic stores keep block n at n + 1 sectors behind it. */
static size_t place_of_key(const struct storage_search *s) {
    const struct kv_store *kv = &s->out->kv;
    size_t lowest = SIZE_MAX, best = 0;
    int best_votes = 0;
    if (!s->out->key_block_lost)
        return s->key_offset;
    for (int i = 0; i < kv->count; i++) {
        size_t home = ((size_t)kv->sector[i].header.block + 1) * TUYA_SECTOR;
        int votes = 0;
        if (kv->sector[i].offset < lowest)
            lowest = kv->sector[i].offset;
        for (int k = 0; k < kv->count && kv->sector[i].offset >= home; k++)
            votes +=
                kv->sector[k].offset - ((size_t)kv->sector[k].header.block + 1) * TUYA_SECTOR ==
                kv->sector[i].offset - home;
        if (votes > best_votes) {
            best_votes = votes;
            best = kv->sector[i].offset - home;
        }
    }
    if (s->out->data_magic == KV_MAGIC_CLASSIC && best_votes > kv->count / 2)
        return best;
    return lowest >= TUYA_SECTOR ? lowest - TUYA_SECTOR : 0;
}

static bool is_loaded(const struct storage_search *s, size_t offset) {
    for (int i = 0; i < s->sector_count; i++)
        if (offset < s->sector[i] + TUYA_SECTOR && offset + TUYA_SECTOR > s->sector[i])
            return true;
    return false;
}

/* The only block that no readable sector holds, or -1. */
static int missing_block(const struct kv_store *kv, int blocks) {
    int missing = -1;
    for (int id = 0; id < blocks; id++)
        if (!kv_store_block(kv, (uint16_t)id, 0)) {
            if (missing >= 0)
                return -1;
            missing = id;
        }
    return missing;
}

static int home_block(const struct storage_search *s, size_t offset, int blocks) {
    const struct kv_store *kv = &s->out->kv;
    size_t number = (offset - s->out->offset) / TUYA_SECTOR;
    if (s->out->data_magic != KV_MAGIC_CLASSIC)
        return missing_block(kv, OS3_BLOCKS);
    return number >= 1 && number <= (size_t)blocks ? (int)number - 1 : -1;
}

/* Sectors between the others whose header is unreadable. */
static bool salvage_sectors(struct storage_search *s) {
    struct storage *out = s->out;
    int blocks = CLASSIC_BLOCKS, before = out->kv.count;
    for (int i = 0; i < before; i++)
        if (out->kv.sector[i].header.block >= blocks)
            blocks = out->kv.sector[i].header.block + 1;
    for (int n = 1; n <= WINDOW_SECTORS; n++) {
        size_t at = out->offset + (size_t)n * TUYA_SECTOR;
        if (at >= s->size || s->size - at < TUYA_PAGE)
            break;
        size_t there = s->size - at < TUYA_SECTOR ? s->size - at : TUYA_SECTOR;
        if (is_loaded(s, at) || bytes_all(s->data + at, there, s->data[at]))
            continue;
        uint8_t *plain = storage_allocate(out, TUYA_SECTOR);
        if (!plain)
            return false;
        decrypt_sector(s, at, plain);
        int home = home_block(s, at, blocks);
        if (kv_store_salvage(&out->kv, plain, at, home) &&
            (out->kv.sector[out->kv.count - 1].header.index_map || home >= 0))
            storage_damaged(out, at, "data sector: header unreadable, taken as block %u",
                            out->kv.sector[out->kv.count - 1].header.block);
    }
    kv_store_order(&out->kv);
    return true;
}

static void report_sectors(struct storage *out) {
    for (int i = 0; i < out->kv.count; i++) {
        const struct kv_sector *k = &out->kv.sector[i];
        bool newest = kv_store_block(&out->kv, k->header.block, 0) == k;
        out->sector[out->sector_count++] = (struct storage_sector){
            k->offset, k->header.block, k->header.generation, k->sum_ok, newest, k->header_lost};
        if (!k->sum_ok && !k->header_lost)
            storage_damaged(out, k->offset, "data sector of block %u (%s copy): wrong sum",
                            k->header.block, newest ? "newest" : "older");
    }
    int last = out->kv.count ? out->kv.sector[out->kv.count - 1].header.block : 0;
    for (int id = 0; id < last; id++)
        if (!kv_store_block(&out->kv, (uint16_t)id, 0))
            storage_damaged(out, out->offset, "no readable copy of block %d", id);
}

static struct storage_key *find_name(struct storage *out, const char *name) {
    for (int i = 0; i < out->key_count; i++)
        if (strcmp(out->key[i].name, name) == 0)
            return &out->key[i];
    return NULL;
}

static bool read_entry(struct storage *out, const struct kv_live *live, struct storage_key *key) {
    const struct kv_index *index = &live->index;
    uint8_t *value = storage_allocate(out, (size_t)index->length + TUYA_PAGE);
    if (!value)
        return false;
    *key = (struct storage_key){
        .length = index->length,
        .value = value,
        .checksum_ok = kv_value_read(&out->kv, index, live->sector, value, NULL),
        .newest = live->newest,
        .block = index->block,
        .page = index->page,
        .generation = live->sector->header.generation,
        .sector_offset = live->sector->offset,
    };
    memcpy(key->name, index->name, sizeof key->name);
    value[index->length] = 0;
    return true;
}

/* A name that came before stays unless only the new copy adds up. */
static bool take_entry(struct storage *out, const struct kv_live *live, bool only_whole) {
    struct storage_key *known = find_name(out, live->index.name), key;
    if (known ? known->checksum_ok : out->key_count >= STORAGE_KEYS_MAX)
        return true;
    if (!read_entry(out, live, &key))
        return false;
    if (only_whole && !key.checksum_ok)
        return true;
    if (!known)
        out->key[out->key_count++] = key;
    else if (key.checksum_ok)
        *known = key;
    return true;
}

static bool store_is_whole(const struct storage *out) {
    for (int i = 0; i < out->sector_count; i++)
        if (!out->sector[i].sum_ok)
            return false;
    return out->logical_blocks == out->kv.sector[out->kv.count - 1].header.block + 1;
}

/* In a damaged store, names and values that only other copies still hold. */
static bool recover_entries(struct storage *out) {
    if (store_is_whole(out))
        return true;
    for (int i = 0; i < out->kv.count; i++) {
        struct kv_live live = {.sector = &out->kv.sector[i]};
        for (int page = 1; page < KV_PAGES; page++)
            if (live.sector->header.index_map >> page & 1 &&
                kv_index_decode(live.sector->plain + page * TUYA_PAGE, live.sector->header.block,
                                (uint8_t)page, &live.index, NULL) == STATUS_OK &&
                (!live.sector->sum_ok || find_name(out, live.index.name)) &&
                !take_entry(out, &live, true))
                return false;
    }
    return true;
}

static bool list_entries(struct storage *out) {
    struct kv_cursor cursor = {0};
    struct kv_live live;
    out->key = storage_allocate(out, STORAGE_KEYS_MAX * sizeof *out->key);
    if (!out->key)
        return false;
    while (kv_store_next(&out->kv, &cursor, &live))
        if (!take_entry(out, &live, false))
            return false;
    if (!recover_entries(out))
        return false;
    for (int i = 0; i < out->key_count; i++) {
        const struct storage_key *key = &out->key[i];
        if (!key->checksum_ok)
            storage_damaged(out, key->sector_offset, "value %s: wrong checksum", key->name);
        else if (!key->newest)
            storage_damaged(out, key->sector_offset, "value %s: taken from another copy (%u)",
                            key->name, key->generation);
    }
    return true;
}

bool storage_load_kv(struct storage_search *s) {
    struct storage *out = s->out;
    if (!out->found) {
        if (s->candidate_count)
            storage_damaged(out, s->candidate[0].offset,
                            "a storage key is here, but no data sector opens with it");
        return true;
    }
    if (!load_sectors(s))
        return false;
    out->offset = s->key_offset = place_of_key(s);
    if (out->key_block_lost)
        storage_damaged(out, out->offset, "key block unreadable; key taken from a protected block");
    if (!salvage_sectors(s))
        return false;
    report_sectors(out);
    return list_entries(out);
}
