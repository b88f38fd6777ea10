/* Where the storage key is, and which store and derivation it opens. Only the first 16 bytes of
 * each sector are decrypted to test a key; all heads of one alignment go through the cipher
 * together. */
#include "workbench/host/crypto.h"
#include "workbench/inspector/storage_private.h"

#include <stdlib.h>

enum { HEAD = 16, LEAST_BLOCKS = 14 };

/* First 16 bytes of all sectors whose offsets are `phase` modulo the sector size. */
struct heads {
    uint8_t *stored, *plain;
    size_t phase, count;
};

static bool heads_take(struct heads *heads, const struct storage_search *s, size_t phase) {
    size_t room = s->size > phase + HEAD ? s->size - phase - HEAD : 0;
    heads->phase = phase;
    heads->count = s->size >= phase + HEAD ? room / TUYA_SECTOR + 1 : 0;
    heads->stored = calloc(2 * heads->count + 1, HEAD);
    if (!heads->stored)
        return false;
    heads->plain = heads->stored + heads->count * HEAD;
    for (size_t i = 0; i < heads->count; i++)
        memcpy(heads->stored + i * HEAD, s->data + phase + i * TUYA_SECTOR, HEAD);
    return true;
}

static void heads_decrypt(struct heads *heads, const uint8_t key[16]) {
    aes128_ecb_decrypt(key, heads->stored, heads->plain, heads->count * HEAD);
}

static void add_candidate(struct storage_search *s, const uint8_t *key, size_t offset,
                          bool from_protected) {
    if (s->candidate_count >= STORAGE_KEYS_TRIED_MAX)
        return;
    struct storage_candidate *c = &s->candidate[s->candidate_count++];
    memcpy(c->key, key, STORAGE_KEY_SIZE);
    c->offset = offset;
    c->from_protected = from_protected;
}

static bool known_offset(const struct storage_search *s, size_t offset) {
    for (int i = 0; i < s->candidate_count; i++)
        if (s->candidate[i].offset == offset)
            return true;
    return false;
}

/* Looks at one place that may begin with the magic of key and protected blocks. */
static void test_place(struct storage_search *s, size_t offset) {
    uint8_t plain[32], key[STORAGE_KEY_SIZE];
    if (!bytes_inside(s->size, offset, sizeof plain) || known_offset(s, offset))
        return;
    aes128_ecb_decrypt(key_block_master, s->data + offset, plain, sizeof plain);
    if (load_le32(plain) != KEY_BLOCK_MAGIC)
        return;
    struct storage *out = s->out;
    if (key_block_decode(plain, sizeof plain, key, NULL) == STATUS_OK) {
        if (out->key_block_count < STORAGE_KEY_BLOCKS_MAX)
            out->key_block[out->key_block_count++] = offset;
        add_candidate(s, key, offset, false);
        return;
    }
    bool protected = load_le32(plain + 24) <= TUYA_SECTOR - PROTECTED_AREA_AT;
    add_candidate(s, plain + 8, offset, protected);
    if (protected)
        storage_read_protected(s, offset);
    else
        storage_damaged(out, offset, "key block: the sum of the key does not match");
}

/* Erased bytes under the master key mark key and protected blocks at any alignment. */
static void search_tails(struct storage_search *s) {
    const size_t unit = sizeof key_block_tail;
    for (size_t at = 0;;) {
        at = bytes_find(s->data, s->size, at, key_block_tail, unit);
        if (at == SIZE_MAX)
            return;
        size_t end = at;
        while (bytes_inside(s->size, end, unit) && memcmp(s->data + end, key_block_tail, unit) == 0)
            end += unit;
        if (at >= KEY_BLOCK_TAIL_AT)
            test_place(s, at - KEY_BLOCK_TAIL_AT);
        if (end >= TUYA_SECTOR)
            test_place(s, end - TUYA_SECTOR);
        at = end;
    }
}

void storage_find_keys(struct storage_search *s) {
    struct heads heads;
    if (!heads_take(&heads, s, 0))
        return;
    heads_decrypt(&heads, key_block_master);
    for (size_t i = 0; i < heads.count; i++)
        if (load_le32(heads.plain + i * HEAD) == KEY_BLOCK_MAGIC)
            test_place(s, i * TUYA_SECTOR);
    free(heads.stored);
    search_tails(s);
}

/* How good a combination of key and derivation is. */
struct score {
    int blocks, sectors;
    size_t distance;
    size_t sector[KV_SECTORS_MAX];
    bool seen[KV_BLOCKS_MAX];
};

static bool is_data_head(const uint8_t *plain, uint16_t *block) {
    *block = load_le16(plain + 8);
    return kv_magic_known(load_le32(plain)) && *block < KV_BLOCKS_MAX && plain[14] == 4;
}

static void score_add(struct score *score, size_t offset, uint16_t block) {
    for (int i = 0; i < score->sectors; i++)
        if (score->sector[i] == offset)
            return;
    if (score->sectors >= KV_SECTORS_MAX)
        return;
    score->sector[score->sectors++] = offset;
    score->blocks += !score->seen[block];
    score->seen[block] = true;
}

static void score_heads(struct score *score, const struct heads *heads) {
    uint16_t block;
    for (size_t i = 0; i < heads->count; i++)
        if (is_data_head(heads->plain + i * HEAD, &block))
            score_add(score, heads->phase + i * TUYA_SECTOR, block);
}

/* Every data sector has erased bytes at +32..+127: finds it at any alignment. */
static void score_anywhere(struct score *score, const struct storage_search *s,
                           const uint8_t key[16]) {
    uint8_t erased[HEAD], plain[HEAD];
    uint16_t block;
    memset(plain, 0xFF, sizeof plain);
    aes128_ecb_encrypt(key, plain, erased, sizeof erased);
    for (size_t at = 0;; at += HEAD) {
        at = bytes_find(s->data, s->size, at, erased, HEAD);
        if (at == SIZE_MAX)
            return;
        if (at < 32 || (at >= 48 && memcmp(s->data + at - HEAD, erased, HEAD) == 0))
            continue;
        aes128_ecb_decrypt(key, s->data + at - 32, plain, HEAD);
        if (is_data_head(plain, &block))
            score_add(score, at - 32, block);
    }
}

static void score_finish(struct score *score, size_t key_offset) {
    score->distance = SIZE_MAX;
    for (int i = 0; i < score->sectors; i++) {
        size_t at = score->sector[i];
        size_t distance = at > key_offset ? at - key_offset : key_offset - at;
        if (distance < score->distance)
            score->distance = distance;
    }
}

static bool better(const struct score *a, const struct score *b) {
    if (a->blocks != b->blocks)
        return a->blocks > b->blocks;
    if (a->sectors != b->sectors)
        return a->sectors > b->sectors;
    return a->distance < b->distance;
}

static void adopt(struct storage_search *s, const struct storage_candidate *c,
                  const struct data_key_variant *variant, const struct score *score) {
    struct storage *out = s->out;
    out->found = true;
    out->key_variant = variant->name;
    memcpy(out->storage_key, c->key, STORAGE_KEY_SIZE);
    data_key_derive(variant, c->key, out->data_key);
    out->key_block_lost = c->from_protected;
    s->key_offset = c->offset;
    memcpy(s->sector, score->sector, sizeof s->sector);
    s->sector_count = score->sectors;
}

/* The same key read twice needs one test, unless its distance decides. */
static bool tried(const struct storage_search *s, int n) {
    for (int i = 0; i < n; i++)
        if (memcmp(s->candidate[i].key, s->candidate[n].key, STORAGE_KEY_SIZE) == 0 &&
            s->candidate[i].offset % TUYA_SECTOR == s->candidate[n].offset % TUYA_SECTOR &&
            s->candidate[n].from_protected && !s->candidate[i].from_protected)
            return true;
    return false;
}

/* A second look at any alignment costs more: where a store was found it is for its key only. */
static bool worth_trying(const struct storage_search *s, const struct storage_candidate *c,
                         const struct data_key_variant *v, bool anywhere) {
    const struct storage *out = s->out;
    return !anywhere || !out->found ||
           (strcmp(out->key_variant, v->name) == 0 &&
            memcmp(out->storage_key, c->key, STORAGE_KEY_SIZE) == 0);
}

static void try_candidate(struct storage_search *s, const struct storage_candidate *c,
                          struct score *best, bool anywhere) {
    struct heads heads;
    if (!heads_take(&heads, s, c->offset % TUYA_SECTOR))
        return;
    for (const struct data_key_variant *v = data_key_variants; v->name; v++) {
        uint8_t key[STORAGE_KEY_SIZE];
        struct score score = {0};
        if (!worth_trying(s, c, v, anywhere))
            continue;
        data_key_derive(v, c->key, key);
        heads_decrypt(&heads, key);
        score_heads(&score, &heads);
        if (anywhere)
            score_anywhere(&score, s, key);
        score_finish(&score, c->offset);
        if (score.sectors && better(&score, best)) {
            *best = score;
            adopt(s, c, v, &score);
        }
    }
    free(heads.stored);
}

static bool complete(const struct score *score) {
    for (int i = 0; i < score->blocks; i++)
        if (!score->seen[i])
            return false;
    return score->blocks >= LEAST_BLOCKS;
}

void storage_choose_store(struct storage_search *s) {
    struct score best = {0};
    for (int anywhere = 0; anywhere < 2 && !complete(&best); anywhere++) {
        for (int protected = 0; protected < 2; protected ++)
            for (int i = 0; i < s->candidate_count; i++)
                if (s->candidate[i].from_protected == protected && !tried(s, i))
                    try_candidate(s, &s->candidate[i], &best, anywhere);
    }
}
