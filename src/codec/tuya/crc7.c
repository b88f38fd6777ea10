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

/* The last `,crc:` of the text, or SIZE_MAX. */
static size_t find_member(const char *text, size_t size) {
    size_t found = SIZE_MAX, at = 0;
    while ((at = bytes_find((const uint8_t *)text, size, at, ",crc:", 5)) != SIZE_MAX)
        found = at++;
    return found;
}

enum tuya_crc_state tuya_crc7_check(const char *text, size_t size) {
    size_t at = find_member(text, size);
    if (at == SIZE_MAX)
        return TUYA_CRC_ABSENT;
    unsigned stored = 0;
    const char *end = text + size, *digits = text + at + 5, *p = digits;
    while (p < end && text_is_digit(*p) && stored < 1000)
        stored = stored * 10 + (unsigned)(*p++ - '0');
    if (p == digits)
        return TUYA_CRC_BAD;
    uint8_t crc = tuya_crc7(tuya_crc7(0, text, at), "}", 1);
    return crc == stored ? TUYA_CRC_GOOD : TUYA_CRC_BAD;
}
