/* The generic checksums that several formats share. Format-specific ones (the CRC-16 of Beken
 * code blocks, the CRC-7 of Tuya texts) live with their codec. */
#ifndef BASE_CRC_H
#define BASE_CRC_H
#include <stddef.h>
#include <stdint.h>

/* CRC-32 of zlib/IEEE 802.3 (reflected 0xEDB88320, initial and final inversion).
 * Start with crc = 0 and feed the result back in to continue: crc32("123456789") = CBF43926. */
uint32_t crc32_update(uint32_t crc, const void *data, size_t size);
/* The same with 64 bytes of tables: what firmware uses (PLUGSMITH_SMALL). */
uint32_t crc32_nibbles(uint32_t crc, const void *data, size_t size);

/* FNV-1a, 32 bit; start with FNV1A_START. */
#define FNV1A_START 0x811C9DC5u
uint32_t fnv1a_update(uint32_t hash, const void *data, size_t size);
#endif
