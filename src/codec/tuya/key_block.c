/* Master key, variants and the two encodings; the sum runs over the 16 key bytes only, which is
 * what tells a key block from a protected block with the same magic. */
#include "codec/tuya/key_block.h"

#include "base/bytes.h"

const uint8_t key_block_master[STORAGE_KEY_SIZE] = {'q', 'w', 'e', 'r', 't', 'y', 'u', 'i',
                                                    'o', 'p', 'a', 's', 'd', 'f', 'g', 'h'};
const uint8_t key_block_tail[16] = {0x46, 0xDC, 0xED, 0x0E, 0x67, 0x2F, 0x3B, 0x70,
                                    0xAE, 0x12, 0x76, 0xA3, 0xF8, 0x71, 0x2E, 0x03};
static const char constant_part[] = "HHRRQbyemofrtytf";

const struct data_key_variant data_key_variants[] = {
    {"8710_2M", "8710", 1,
     "BK7231T, BK7231N, BK7231Q, BK7238, RTL8710B, RTL87X0C, XR809, LN882H and others"},
    {"P2P2", "", 2, "BK7252, TR6260, W800, LN8825, RTL8720CM"},
    {"8721D", "8721", 1, "RTL8720D"},
    {"P2", "", 1, "fallback"},
    {"8711AM_4M", "8711", 1, "RTL8711AM gateways"},
    {"RDA5981_2M", "RDA5", 1, "RDA5981"},
    {0},
};

enum { MAGIC_AT = 0, SUM_AT = 4, KEY_AT = 8, END = KEY_AT + STORAGE_KEY_SIZE };

uint32_t tuya_sum(const uint8_t *data, size_t size) {
    uint32_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += data[i];
    return sum;
}

const struct data_key_variant *data_key_variant_find(const char *name) {
    for (const struct data_key_variant *v = data_key_variants; v->name; v++)
        if (strcmp(v->name, name) == 0)
            return v;
    return NULL;
}

void data_key_derive(const struct data_key_variant *variant,
                     const uint8_t storage[STORAGE_KEY_SIZE], uint8_t out[STORAGE_KEY_SIZE]) {
    for (int i = 0; i < STORAGE_KEY_SIZE; i++) {
        int part = variant->part[0] ? variant->part[i % 4] : 0;
        out[i] = (uint8_t)(storage[i] + variant->constants * constant_part[i] + part);
    }
}

enum status key_block_decode(const uint8_t *plain, size_t size, uint8_t key[STORAGE_KEY_SIZE],
                             struct fault *fault) {
    if (size < END)
        return fault_at(fault, STATUS_TRUNCATED, size, "a key block");
    if (load_le32(plain + MAGIC_AT) != KEY_BLOCK_MAGIC)
        return fault_at(fault, STATUS_BAD_MAGIC, MAGIC_AT, "key block magic");
    if (load_le32(plain + SUM_AT) != tuya_sum(plain + KEY_AT, STORAGE_KEY_SIZE))
        return fault_at(fault, STATUS_BAD_CHECKSUM, SUM_AT, "the sum of the key");
    memcpy(key, plain + KEY_AT, STORAGE_KEY_SIZE);
    return STATUS_OK;
}

size_t key_block_encode(const uint8_t key[STORAGE_KEY_SIZE], uint8_t *buffer, size_t size) {
    if (size < TUYA_SECTOR)
        return 0;
    memset(buffer, 0xFF, TUYA_SECTOR);
    store_le32(buffer + MAGIC_AT, KEY_BLOCK_MAGIC);
    store_le32(buffer + SUM_AT, tuya_sum(key, STORAGE_KEY_SIZE));
    memcpy(buffer + KEY_AT, key, STORAGE_KEY_SIZE);
    return TUYA_SECTOR;
}
