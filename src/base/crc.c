/* CRC-32 eight bytes at a time (slicing by 8: 8 KiB of tables), or a nibble at a time (64 bytes of
 * table) where code is counted; and FNV-1a. */
#include "base/crc.h"

#include "base/bytes.h"
#include "base/crc32_table.h"

uint32_t crc32_nibbles(uint32_t crc, const void *data, size_t size) {
    static const uint32_t table[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
        0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
        0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    };
    const uint8_t *p = data;
    crc = ~crc;
    for (; size; size--, p++) {
        crc = table[(crc ^ *p) & 15] ^ crc >> 4;
        crc = table[(crc ^ *p >> 4) & 15] ^ crc >> 4;
    }
    return ~crc;
}

uint32_t crc32_update(uint32_t crc, const void *data, size_t size) {
#ifdef PLUGSMITH_SMALL
    return crc32_nibbles(crc, data, size);
#else
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
#endif
}

uint32_t fnv1a_update(uint32_t hash, const void *data, size_t size) {
    const uint8_t *p = data;
    for (; size; size--, p++)
        hash = (hash ^ *p) * 0x01000193u;
    return hash;
}
