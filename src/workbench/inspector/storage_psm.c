/* PSM stores of ESP8266 devices, plain or with 255 of 256 keys wrong. */
#include "codec/beken/stripe.h"
#include "codec/tuya/psm.h"
#include "workbench/host/crypto.h"
#include "workbench/inspector/storage_private.h"

#include <stdlib.h>

enum { HEAD = 16, REACH = 0x20000, MISSES = 2 };

/* Bytes of the store that starts at `data`: sectors that belong, up to two in a row that do not. */
static size_t region_size(const uint8_t *data, size_t size) {
    size_t end = 0;
    int misses = 0;
    for (size_t at = 0; at < size && at < REACH && misses < MISSES; at += TUYA_SECTOR) {
        size_t piece = size - at < TUYA_SECTOR ? size - at : TUYA_SECTOR;
        if (psm_sector_belongs(data + at, piece)) {
            end = at + piece;
            misses = 0;
        } else
            misses++;
    }
    return end;
}

static char *keep(struct storage *out, const char *text, size_t size) {
    char *copy = storage_allocate(out, size + 1);
    if (copy) {
        memcpy(copy, text, size);
        copy[size] = '\0';
    }
    return copy;
}

static bool read_pairs(struct storage *out, const uint8_t *data, size_t size, size_t offset,
                       bool encrypted) {
    struct storage_psm *psm = &out->psm;
    struct psm_pair pair;
    if (!psm_plausible(data, size))
        return false;
    for (size_t at = 0; psm->count < STORAGE_PAIRS_MAX && psm_next(data, size, &at, &pair);) {
        char *key = keep(out, pair.key, pair.key_size);
        char *value = keep(out, pair.value, pair.value_size);
        if (!key || !value)
            return false;
        psm->pair[psm->count].key = key;
        psm->pair[psm->count++].value = value;
    }
    psm->found = true;
    psm->offset = offset;
    psm->size = size;
    psm->encrypted = encrypted;
    return true;
}

static bool find_plain(struct storage_search *s) {
    for (size_t at = 0;; at++) {
        at = bytes_find(s->data, s->size, at, PSM_MAGIC, 4);
        if (at == SIZE_MAX)
            return false;
        size_t start = at / TUYA_SECTOR * TUYA_SECTOR;
        size_t size = region_size(s->data + start, s->size - start);
        if (size && read_pairs(s->out, s->data + start, size, start, false))
            return true;
    }
}

static bool try_encrypted(struct storage_search *s, size_t offset, const uint8_t key[16]) {
    size_t size = (s->size - offset < REACH ? s->size - offset : REACH) / HEAD * HEAD;
    uint8_t *plain = malloc(size);
    if (!plain)
        return false;
    aes128_ecb_decrypt(key, s->data + offset, plain, size);
    size_t region = region_size(plain, size);
    bool found = region && read_pairs(s->out, plain, region, offset, true);
    if (found)
        memcpy(s->out->psm.key, key, sizeof s->out->psm.key);
    free(plain);
    return found;
}

static void find_encrypted(struct storage_search *s) {
    size_t count = s->size / TUYA_SECTOR;
    uint8_t key[16], *heads = malloc(2 * count * HEAD + 1), *plain = heads + count * HEAD;
    for (size_t i = 0; heads && i < count; i++)
        memcpy(heads + i * HEAD, s->data + i * TUYA_SECTOR, HEAD);
    for (int unknown = 0; heads && unknown < 256 && !s->out->psm.found; unknown++) {
        psm_key((uint8_t)unknown, key);
        aes128_ecb_decrypt(key, heads, plain, count * HEAD);
        for (size_t i = 0; i < count; i++)
            if (memcmp(plain + i * HEAD, PSM_MAGIC, 4) == 0 &&
                try_encrypted(s, i * TUYA_SECTOR, key))
                break;
    }
    free(heads);
}

void storage_find_psm(struct storage_search *s) {
    bool beken = s->size >= BEKEN_PHYSICAL_BLOCK && beken_block_check(s->data) == BEKEN_BLOCK_GOOD;
    if (!find_plain(s) && !beken && s->size <= 4u << 20)
        find_encrypted(s);
}
