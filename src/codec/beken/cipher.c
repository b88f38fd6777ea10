/* The three parts of the keystream as the public tools describe them, and one short cut: when only
 * part C takes part and it turns the address by 8 (the key of every Tuya chip), 64 consecutive
 * words share the turned address but for its top byte, so the loop becomes a few operations. */
#include "codec/beken/cipher.h"

#include "base/bytes.h"

static uint32_t rotate_right(uint32_t x, unsigned n, unsigned width) {
    uint32_t mask = width == 32 ? UINT32_MAX : (1u << width) - 1;
    x &= mask;
    return n % width ? (x >> n | x << (width - n)) & mask : x;
}

static uint32_t swap16(uint32_t half) {
    return (half >> 8 & 0xFF) | (half & 0xFF) << 8;
}

static uint32_t part_a(const struct beken_key *key, uint32_t address) {
    uint32_t low = address & 0xFFFF, high = address >> 16;
    if (key->k[3] >> 5 & 1)
        low = swap16(low);
    if (key->k[3] >> 6 & 1)
        high = swap16(high);
    uint32_t x = (high ^ low ^ key->k[1] >> 16) & 0xFFFF;
    uint32_t n = x >> 5 & 0xF;
    return rotate_right(x, 7, 16) ^ (0x6371 & n * 0x1111);
}

static uint32_t part_b(const struct beken_key *key, uint32_t address) {
    uint32_t shift = key->k[3] >> 8 & 3, bit8 = key->k[3] >> 4 & 1;
    uint32_t constant = (key->k[1] >> 8 & 0xFF) << 9 | bit8 << 8 | (key->k[1] & 0xFF);
    uint32_t x = (address >> shift & 0x1FFFF) ^ constant;
    uint32_t n = (x >> 13 & 1) | (x >> 9 & 1) << 1 | (x >> 5 & 1) << 2 | (x >> 1 & 1) << 3;
    uint32_t mask = 0x13659 & ((x >> 4 & 1) << 16 | n * 0x1111);
    return (rotate_right(x, 10, 17) ^ mask) & 0xFFFF;
}

static uint32_t mix_c(uint32_t x) {
    return (x >> 15 | x << 17) ^ (0xE519A4F1u & (x >> 2 & 0xF) * 0x11111111u);
}

bool beken_key_active(const struct beken_key *key) {
    uint32_t top = key->k[3] >> 24;
    return top != 0x00 && top != 0xFF && (key->k[3] & 0xF) != 0xF;
}

bool beken_key_equal(const struct beken_key *a, const struct beken_key *b) {
    return memcmp(a->k, b->k, sizeof a->k) == 0;
}

uint32_t beken_keystream(const struct beken_key *key, uint32_t address) {
    uint32_t k3 = key->k[3];
    if (!beken_key_active(key))
        return 0;
    uint32_t a = k3 & 1 ? 0 : part_a(key, address);
    uint32_t b = k3 & 2 ? 0 : part_b(key, address);
    uint32_t c = k3 & 4 ? 0 : mix_c(rotate_right(address, 8 * (k3 >> 11 & 3), 32) ^ key->k[0]);
    return c ^ (a << 16 | b) ^ (k3 & 8 ? 0 : key->k[2]);
}

/* Only part C, address turned by 8: word i of a 256-byte run has the address's low byte on top. */
static bool only_c_by_8(const struct beken_key *key) {
    return (key->k[3] & 7) == 3 && (key->k[3] >> 11 & 3) == 1;
}

static void crypt_only_c(const struct beken_key *key, uint32_t address, const uint8_t *from,
                         uint8_t *to, size_t words) {
    uint32_t last = key->k[3] & 8 ? 0 : key->k[2];
    for (size_t i = 0; i < words; i++, address += 4) {
        uint32_t x = (address >> 8 | address << 24) ^ key->k[0];
        store_le32(to + 4 * i, load_le32(from + 4 * i) ^ mix_c(x) ^ last);
    }
}

void beken_crypt_to(const struct beken_key *key, uint32_t address, const uint8_t *from, uint8_t *to,
                    size_t size) {
    size_t words = size / 4;
    if (!beken_key_active(key)) {
        memmove(to, from, size);
        return;
    }
    if (only_c_by_8(key))
        crypt_only_c(key, address, from, to, words);
    else
        for (size_t i = 0; i < words; i++)
            store_le32(to + 4 * i,
                       load_le32(from + 4 * i) ^ beken_keystream(key, address + (uint32_t)(4 * i)));
    memmove(to + 4 * words, from + 4 * words, size % 4);
}

void beken_crypt(const struct beken_key *key, uint32_t address, uint8_t *data, size_t size) {
    beken_crypt_to(key, address, data, data, size);
}
