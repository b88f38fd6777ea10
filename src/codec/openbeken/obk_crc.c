/* The CRC-8 of the configuration block. The firmware computes it on plain `char`: where that is
 * signed, both right shifts drag the sign bit along. */
#include "codec/openbeken/obk_config.h"

static uint8_t shift(enum obk_crc kind, uint8_t value) {
    return (uint8_t)(value >> 1 | (kind == OBK_CRC_SIGNED ? value & 0x80 : 0));
}

uint8_t obk_crc8(enum obk_crc kind, const uint8_t *data, size_t size) {
    uint8_t crc = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = data[i];
        for (int bit = 0; bit < 8; bit++) {
            bool mix = (crc ^ byte) & 1;
            crc = shift(kind, crc);
            if (mix)
                crc ^= 0x8C;
            byte = shift(kind, byte);
        }
    }
    return crc;
}
