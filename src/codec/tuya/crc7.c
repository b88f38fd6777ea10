/* CRC-7 bit by bit: the texts are a few hundred bytes, a table would be longer than the loop. */
#include "codec/tuya/crc7.h"

#include "base/bytes.h"
#include "base/text.h"

uint8_t tuya_crc7(uint8_t crc, const void *data, size_t size) {
    const uint8_t *p = data;
    for (size_t i = 0; i < size; i++) {
        crc ^= p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (uint8_t)(crc & 1 ? crc >> 1 ^ 0x48 : crc >> 1);
    }
    return crc;
}

/* The last `,crc:` (bare or quoted) of the text, or SIZE_MAX. */
static size_t find_member(const char *text, size_t size, const char **digits) {
    static const char *const forms[] = {",crc:", ",\"crc\":"};
    size_t found = SIZE_MAX;
    for (size_t f = 0; f < 2; f++) {
        size_t length = strlen(forms[f]);
        for (size_t at = 0;
             (at = bytes_find((const uint8_t *)text, size, at, forms[f], length)) != SIZE_MAX;
             at++) {
            found = at;
            *digits = text + at + length;
        }
    }
    return found;
}

enum tuya_crc_state tuya_crc7_check(const char *text, size_t size) {
    const char *digits = NULL;
    size_t at = find_member(text, size, &digits);
    if (at == SIZE_MAX)
        return TUYA_CRC_ABSENT;
    unsigned stored = 0;
    const char *end = text + size, *p = digits;
    while (p < end && text_is_digit(*p) && stored < 1000)
        stored = stored * 10 + (unsigned)(*p++ - '0');
    if (p == digits)
        return TUYA_CRC_BAD;
    uint8_t crc = tuya_crc7(tuya_crc7(0, text, at), "}", 1);
    return crc == stored ? TUYA_CRC_GOOD : TUYA_CRC_BAD;
}
