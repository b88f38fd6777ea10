/* CheckCRC of both families, and status bytes in words. */
#include "base/crc.h"
#include "codec/beken/uart.h"

const char *beken_status_text(unsigned status) {
    static const char *const texts[] = {
        "done",
        "flash busy",
        "SPI transfer timed out",
        "flash operation timed out",
        "packet length wrong",
        "frame incomplete",
        "address or parameter refused",
        "command unknown",
        "internal error of the chip",
        "flash write failed",
        "flash area is protected",
    };
    return status < sizeof texts / sizeof *texts ? texts[status] : "unknown status";
}

uint32_t beken_crc_update(uint32_t crc, const void *data, size_t size) {
    return ~crc32_update(~crc, data, size);
}

uint32_t beken_crc_end(enum beken_family family, uint32_t start, uint32_t length) {
    return family == BEKEN_FAMILY_F ? start + length - 1 : start + length;
}

uint32_t beken_crc_length(enum beken_family family, uint32_t start, uint32_t end) {
    uint32_t length = end - start + 1;
    if (end < start)
        return 0;
    return family == BEKEN_FAMILY_F ? length : (length >> 8 & 0xFFFF) << 8;
}
