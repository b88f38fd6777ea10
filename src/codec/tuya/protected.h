/* The protected block of newer BK7231N firmware: one sector before the key block, a copy of the
 * licence and of the last network that survives a factory reset. The outer layer is under the
 * master key and begins like a key block; its record area is encrypted again with a key derived
 * from the 16 bytes it carries. Layout measured on public dumps. */
#ifndef CODEC_TUYA_PROTECTED_H
#define CODEC_TUYA_PROTECTED_H
#include "codec/tuya/key_block.h"

#include <stdbool.h>

enum { PROTECTED_AREA_AT = 32, PROTECTED_NAME_SIZE = 32, PROTECTED_RECORD_HEADER = 36 };

struct protected_header {
    uint8_t key[STORAGE_KEY_SIZE];
    uint32_t length;  /* bytes of records */
    uint32_t counter; /* 0xFFFFFFFF on older firmware */
};
/* Decodes the outer layer of one sector; its sum must match. */
enum status protected_decode(const uint8_t *plain, size_t size, struct protected_header *out,
                             struct fault *fault);
/* Writes header and sum over a sector whose area is in place, already encrypted. */
void protected_encode(const struct protected_header *header, uint8_t plain[TUYA_SECTOR]);

struct protected_record {
    char name[PROTECTED_NAME_SIZE + 1];
    const uint8_t *value;
    uint32_t length;
};
/* Reads the record at *at of the decrypted area of `size` bytes and moves on. NOT_FOUND at the end.
 */
enum status protected_next(const uint8_t *area, size_t size, size_t *at,
                           struct protected_record *out, struct fault *fault);
/* Appends a record at *at; false when it does not fit. */
bool protected_put(uint8_t *area, size_t size, size_t *at, const char *name, const void *value,
                   uint32_t length);
#endif
