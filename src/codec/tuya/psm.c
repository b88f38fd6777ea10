/* Pairs of a PSM store, and what makes bytes look like one. */
#include "codec/tuya/psm.h"

#include "base/bytes.h"
#include "base/text.h"

static const char *const markers[] = {"ty_ws_",  "device_",  "gw_",   "local_key",
                                      "ssid",    "passwd",   "ESP.",  "dev_if_rec_key",
                                      "psk_key", "auth_key", "tuya_", "user_param_key"};
enum { MARKERS = sizeof markers / sizeof *markers, KEY_MAX = 64 };

static bool starts_same(const char *text, size_t size, const char *word) {
    size_t i = 0;
    for (; word[i]; i++)
        if (i >= size || text_lower(text[i]) != text_lower(word[i]))
            return false;
    return true;
}

static bool separates(uint8_t c) {
    return c == 0 || c == 0xFF;
}

static bool key_character(char c) {
    return text_is_alpha(c) || text_is_digit(c) || c == '_';
}

/* Drops what stands before "ESP." or before the first letter, digit or underscore. */
static void trim_key(struct psm_pair *pair) {
    for (size_t i = 0; i + 4 <= pair->key_size; i++)
        if (starts_same(pair->key + i, pair->key_size - i, "ESP.")) {
            pair->key += i;
            pair->key_size -= i;
            return;
        }
    while (pair->key_size && !key_character(*pair->key)) {
        pair->key++;
        pair->key_size--;
    }
}

bool psm_next(const uint8_t *data, size_t size, size_t *at, struct psm_pair *out) {
    while (*at < size) {
        size_t start = *at, end = start;
        while (end < size && !separates(data[end]))
            end++;
        *at = end + 1;
        const uint8_t *equals = memchr(data + start, '=', end - start);
        if (!equals)
            continue;
        *out = (struct psm_pair){.key = (const char *)data + start,
                                 .key_size = (size_t)(equals - data) - start,
                                 .value = (const char *)equals + 1,
                                 .value_size = end - (size_t)(equals - data) - 1};
        trim_key(out);
        if (out->key_size && out->key_size <= KEY_MAX &&
            !(out->key_size == 4 && memcmp(out->key, PSM_MAGIC, 4) == 0))
            return true;
    }
    return false;
}

bool psm_name_known(const char *key, size_t size) {
    for (size_t i = 0; i < size; i++)
        for (int m = 0; m < MARKERS; m++)
            if (starts_same(key + i, size - i, markers[m]))
                return true;
    return false;
}

bool psm_sector_belongs(const uint8_t *sector, size_t size) {
    if (size >= 4 && memcmp(sector, PSM_MAGIC, 4) == 0)
        return true;
    return psm_name_known((const char *)sector, size);
}

bool psm_plausible(const uint8_t *data, size_t size) {
    struct psm_pair pair;
    int known = 0, all = 0;
    for (size_t at = 0; psm_next(data, size, &at, &pair); all++)
        known += psm_name_known(pair.key, pair.key_size);
    return known >= 3 || all >= 10;
}

void psm_key(uint8_t unknown, uint8_t out[STORAGE_KEY_SIZE]) {
    memcpy(out, "Qby6?TH9bj8GiexU", STORAGE_KEY_SIZE);
    out[4] = unknown;
}

bool psm_put(uint8_t *data, size_t size, size_t *at, const char *key, const char *value) {
    size_t key_size = strlen(key), value_size = strlen(value);
    size_t start = *at ? *at : sizeof PSM_MAGIC;
    if (!bytes_inside(size, start, key_size + value_size + 2))
        return false;
    if (*at == 0)
        memcpy(data, PSM_MAGIC, sizeof PSM_MAGIC);
    memcpy(data + start, key, key_size);
    data[start + key_size] = '=';
    memcpy(data + start + key_size + 1, value, value_size);
    data[start + key_size + 1 + value_size] = 0;
    *at = start + key_size + value_size + 2;
    return true;
}
