/* The CRC-16 that Beken chips store after every 32 bytes of code: polynomial 0x8005, not
 * reflected, initial FFFF, no final XOR (catalogue name CRC-16/CMS), stored big-endian.
 * Vectors: "123456789" gives AEE7, 32 times FF gives 000C.
 * Source: tuya-cloudcutter/bk7231tools, libretiny-eu/ltchiptool; recomputed on real images. */
#ifndef CODEC_BEKEN_CRC16_H
#define CODEC_BEKEN_CRC16_H
#include <stddef.h>
#include <stdint.h>

uint16_t beken_crc16(const uint8_t *data, size_t size);
/* The same for exactly 32 bytes, which is where the time goes. */
uint16_t beken_crc16_block(const uint8_t block[32]);

extern const uint16_t beken_crc16_table[8][256];
#endif
