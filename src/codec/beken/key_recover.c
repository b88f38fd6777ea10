/* Recovery of a key by known code; see key_recover.h. */
#include "codec/beken/key_recover.h"

#include "base/bytes.h"

enum {
    VECTORS = 8,      /* words of the table: a branch, then seven times the same load */
    SAMPLE = 16384,   /* bytes by which two choices are compared, */
    WINDOW = 256,     /* in pieces from all over the code: some choices differ only far away */
    LEAST_PARTS = 32, /* of a sample of code at least 1/32 is zero */
    CHECKS = 64,      /* addresses at which two keystreams are compared */
    PARTS_OFF = 7,    /* bits of k3 that switch parts off */
};
#define VECTOR_LOAD 0xE59FF014u
#define ACTIVE_TOP  0x55000000u /* any top byte but 00 and FF */

/* Part A: off, or on with either half of the address swapped or not. Parts B and C: off, or one of
 * four shifts or turns. */
static const uint32_t choices_a[] = {1, 0, 1 << 5, 1 << 6, 3 << 5};
static const uint32_t choices_b[] = {2, 0 << 8, 1 << 8, 2 << 8, 3 << 8};
static const uint32_t choices_c[] = {4, 0 << 11, 1 << 11, 2 << 11, 3 << 11};

/* Sets the key's constant by the first vector; true when all of the table fits. */
static bool fits_vectors(const uint8_t *logical, uint32_t address, struct beken_key *key) {
    key->k[2] = load_le32(logical + 4) ^ VECTOR_LOAD ^ beken_keystream(key, address + 4);
    for (uint32_t i = 2; i < VECTORS; i++)
        if ((load_le32(logical + 4 * i) ^ beken_keystream(key, address + 4 * i)) != VECTOR_LOAD)
            return false;
    return (load_le32(logical) ^ beken_keystream(key, address)) >> 24 == 0xEA;
}

static size_t zeros_at(const struct beken_key *key, const uint8_t *logical, uint32_t address) {
    size_t zeros = 0;
    for (uint32_t i = 0; i < WINDOW; i += 4) {
        uint32_t word = load_le32(logical + i) ^ beken_keystream(key, address + i);
        for (int byte = 0; byte < 4; byte++, word >>= 8)
            zeros += (word & 0xFF) == 0;
    }
    return zeros;
}

static size_t count_zeros(const struct beken_key *key, const uint8_t *logical, size_t size,
                          uint32_t address) {
    size_t zeros = 0, step = size / (SAMPLE / WINDOW) / 4 * 4;
    for (size_t at = 0; at + WINDOW <= size; at += step)
        zeros += zeros_at(key, logical + at, address + (uint32_t)at);
    return zeros;
}

/* Do both make the same keystream for these addresses? */
static bool same_stream(const struct beken_key *a, const struct beken_key *b, uint32_t address,
                        size_t size) {
    uint32_t step = (uint32_t)(size / CHECKS / 4 * 4) + 4;
    for (uint32_t at = 0; at < size; at += step)
        if (beken_keystream(a, address + at) != beken_keystream(b, address + at))
            return false;
    return true;
}

/* Four words of the decrypted code that are the key. */
static bool find_literal(const uint8_t *logical, size_t size, uint32_t address,
                         const struct beken_key *found, struct beken_key *literal) {
    struct beken_key window = {{0}};
    for (size_t i = 0; i + 4 <= size; i += 4) {
        memmove(window.k, window.k + 1, 3 * sizeof *window.k);
        window.k[3] = load_le32(logical + i) ^ beken_keystream(found, address + (uint32_t)i);
        if (i >= 12 && ((window.k[3] ^ found->k[3]) & PARTS_OFF) == 0 &&
            beken_key_active(&window) && same_stream(&window, found, address, size)) {
            *literal = window;
            return true;
        }
    }
    return false;
}

static bool try_all(const uint8_t *logical, size_t size, uint32_t address, struct beken_key *best) {
    size_t most = SAMPLE / LEAST_PARTS;
    bool found = false;
    for (int choice = 0; choice < 125; choice++) {
        uint32_t k3 = choices_a[choice % 5] | choices_b[choice / 5 % 5] | choices_c[choice / 25];
        struct beken_key key = {{0, 0, 0, ACTIVE_TOP | k3}};
        if (!beken_key_active(&key) || !fits_vectors(logical, address, &key))
            continue;
        size_t zeros = count_zeros(&key, logical, size, address);
        if (zeros > most) {
            most = zeros;
            *best = key;
            found = true;
        }
    }
    return found;
}

bool beken_key_recover(const uint8_t *logical, size_t size, uint32_t address, struct beken_key *key,
                       bool *literal) {
    struct beken_key found;
    *literal = false;
    if (size < SAMPLE || !try_all(logical, size, address, &found))
        return false;
    *key = found;
    *literal = find_literal(logical, size, address, &found, key);
    return true;
}
