/* Checksums by the chip. Their answers name nothing, so each is asked for together with a question
 * that does. */
#include "base/crc.h"
#include "workbench/engine/call.h"
#include "workbench/flasher/driver.h"

uint32_t session_blank_crc(uint32_t length) {
    uint8_t blank[256];
    uint32_t crc = 0;
    memset(blank, 0xFF, sizeof blank);
    for (; length >= sizeof blank; length -= (uint32_t)sizeof blank)
        crc = crc32_update(crc, blank, sizeof blank);
    return crc32_update(crc, blank, length);
}

enum status session_crc_to(struct session *s, uint32_t start, uint32_t end, uint32_t *crc) {
    struct checksum c = {.line = &s->line, .start = start, .end = end};
    enum status status = session_run(s, checksum_machine(&c));
    *crc = ~c.sum.raw;
    return status;
}

enum status session_crc(struct session *s, uint32_t start, uint32_t length, uint32_t *crc) {
    /* The last byte does for both families: B counts whole pages of 256. */
    return session_crc_to(s, start, start + length - !s->line.crc_exclusive, crc);
}

enum status session_crc_same(struct session *s, uint32_t start, const uint8_t *data,
                             uint32_t length, bool *same) {
    uint32_t crc;
    enum status status = session_crc(s, start, length, &crc);
    if (status != STATUS_OK)
        return status;
    *same = crc == crc32_update(0, data, length);
    uint32_t shorter = crc32_update(0, data, length - 1);
    if (*same || s->line.crc_exclusive || crc != shorter)
        return STATUS_OK;
    /* So it seems, unless one bit of the question came to harm: once more. */
    if ((status = session_crc(s, start, length, &crc)) != STATUS_OK || crc != shorter)
        return status;
    session_say(s, SESSION_NOTE, "this chip's checksum leaves the last byte out; allowed for");
    s->line.crc_exclusive = true;
    return session_crc_same(s, start, data, length, same);
}
