/* The CRC-7 that stock firmware appends to its pin configuration: polynomial 0x09 reflected,
 * initial value 0, no final inversion, over the text without its `crc` member. It proves that a
 * text is complete and in stored order. Measured on public dumps; vector: "123456789" = 37. */
#ifndef CODEC_TUYA_CRC7_H
#define CODEC_TUYA_CRC7_H
#include <stddef.h>
#include <stdint.h>

/* Continues `crc` (start with 0) over `size` bytes. */
uint8_t tuya_crc7(uint8_t crc, const void *data, size_t size);

enum tuya_crc_state { TUYA_CRC_ABSENT, TUYA_CRC_GOOD, TUYA_CRC_BAD };

/* Checks a whole stored text `{...,crc:74,}`: everything before ",crc:" plus "}". ABSENT for other
 * spellings, such as JSON. */
enum tuya_crc_state tuya_crc7_check(const char *text, size_t size);
#endif
