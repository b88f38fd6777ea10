/* CRC-32 eight bytes at a time (slicing by 8) and FNV-1a. */
#include "base/crc.h"

#include "base/bytes.h"
#include "base/crc32_table.h"

uint32_t crc32_update(uint32_t crc, const void *data, size_t size) {
    const uint8_t *p = data;
    crc = ~crc;
    for (; size >= 8; size -= 8, p += 8) {
        uint32_t low = crc ^ load_le32(p), high = load_le32(p + 4);
        crc = crc32_table[7][low & 255] ^ crc32_table[6][low >> 8 & 255] ^
              crc32_table[5][low >> 16 & 255] ^ crc32_table[4][low >> 24] ^
              crc32_table[3][high & 255] ^ crc32_table[2][high >> 8 & 255] ^
              crc32_table[1][high >> 16 & 255] ^ crc32_table[0][high >> 24];
    }
    for (; size; size--, p++)
        crc = crc32_table[0][(crc ^ *p) & 255] ^ crc >> 8;
    return ~crc;
}

uint32_t fnv1a_update(uint32_t hash, const void *data, size_t size) {
    const uint8_t *p = data;
    for (; size; size--, p++)
        hash = (hash ^ *p) * 0x01000193u;
    return hash;
}
