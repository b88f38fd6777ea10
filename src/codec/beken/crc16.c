/* Eight table look-ups a step, none of which waits for another within the step. */
#include "codec/beken/crc16.h"

static uint16_t step8(uint16_t crc, const uint8_t *p) {
    const uint16_t(*t)[256] = beken_crc16_table;
    return (uint16_t)(t[7][p[0] ^ crc >> 8] ^ t[6][p[1] ^ (crc & 255)] ^ t[5][p[2]] ^ t[4][p[3]] ^
                      t[3][p[4]] ^ t[2][p[5]] ^ t[1][p[6]] ^ t[0][p[7]]);
}

uint16_t beken_crc16_block(const uint8_t block[32]) {
    return step8(step8(step8(step8(0xFFFF, block), block + 8), block + 16), block + 24);
}

uint16_t beken_crc16(const uint8_t *data, size_t size) {
    uint16_t crc = 0xFFFF;
    for (; size >= 8; size -= 8, data += 8)
        crc = step8(crc, data);
    for (; size; size--, data++)
        crc = (uint16_t)(crc << 8 ^ beken_crc16_table[0][crc >> 8 ^ *data]);
    return crc;
}
