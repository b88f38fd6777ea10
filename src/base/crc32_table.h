/* The tables of CRC-32; see crc32_table.c. */
#ifndef BASE_CRC32_TABLE_H
#define BASE_CRC32_TABLE_H
#include <stdint.h>

extern const uint32_t crc32_table[8][256];
#endif
