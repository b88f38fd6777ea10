/* Checksums by the chip. Their answers name nothing, so each is asked for together with a question
 * that does. */
#include "base/crc.h"
#include "workbench/flasher/session_private.h"

enum {
    CRC_BYTES_PER_S = 400000, /* the slowest that public tools reckon with */
    TRIES = SESSION_TRIES,
    RECOVERIES = SESSION_RECOVERIES,
    CALM_US = SESSION_CALM_US,
};

uint64_t session_crc_work_us(uint32_t length) {
    return 50000 + (uint64_t)length * 1000000 / CRC_BYTES_PER_S;
}

uint32_t session_blank_crc(uint32_t length) {
    uint8_t blank[256];
    uint32_t crc = 0;
    memset(blank, 0xFF, sizeof blank);
    for (; length >= sizeof blank; length -= (uint32_t)sizeof blank)
        crc = crc32_update(crc, blank, sizeof blank);
    return crc32_update(crc, blank, length);
}

/* CRC request and mark back to back: exactly one CRC must come before this mark's answer. */
static enum status crc_once(struct session *s, const uint8_t *frame, size_t size, uint64_t work_us,
                            uint32_t *raw) {
    uint8_t mark[24];
    struct inbox in = {.from = 0, .to = 0};
    int crcs = 0;
    exchange_forget(&s->x);
    enum status status = session_send_request(s, frame, size, work_us);
    if (status == STATUS_OK)
        status = session_send_request(s, mark, session_mark(s, mark, sizeof mark), work_us);
    if (status == STATUS_OK)
        status = session_hurry(s);
    while (status == STATUS_OK) {
        struct answer a = {0};
        enum exchange_event event = EXCHANGE_NOTHING;
        status = session_next_frame(s, &in, &a, &event);
        if (status != STATUS_OK)
            break;
        if (!a.response.flash && a.response.code == BEKEN_CHECK_CRC && a.response.length == 4) {
            *raw = load_le32(a.response.payload);
            if (*raw == BEKEN_CRC_START)
                return STATUS_TIMEOUT; /* the question came to harm */
            crcs++;
        } else if (event == EXCHANGE_ANSWER)
            return crcs == 1 ? STATUS_OK : STATUS_TIMEOUT;
        else if (a.response.flash)
            crcs = 0; /* an older mark: what came before it is older, too */
    }
    return status;
}

enum status session_crc_to(struct session *s, uint32_t start, uint32_t end, uint32_t *crc) {
    uint8_t frame[16];
    size_t size = beken_check_crc(start, end, frame, sizeof frame);
    uint64_t work = session_crc_work_us(end - start + 1);
    for (int i = 0; i < TRIES * RECOVERIES; i++) {
        uint32_t raw = 0;
        enum status status = crc_once(s, frame, size, work, &raw);
        *crc = ~raw;
        if (status != STATUS_TIMEOUT)
            return status;
        s->stats.retries++;
        s->trouble++;
        status = i % TRIES == TRIES - 1 ? session_recover(s) : session_calm(s, CALM_US);
        if (status != STATUS_OK)
            return status;
    }
    return session_fail(s, STATUS_TIMEOUT, "no checksum of %06X..%06X from the chip",
                        (unsigned)start, (unsigned)end);
}

enum status session_crc(struct session *s, uint32_t start, uint32_t length, uint32_t *crc) {
    /* The last byte does for both families: B counts whole pages of 256. */
    return session_crc_to(s, start, start + length - !s->crc_exclusive, crc);
}

enum status session_crc_same(struct session *s, uint32_t start, const uint8_t *data,
                             uint32_t length, bool *same) {
    uint32_t crc;
    enum status status = session_crc(s, start, length, &crc);
    if (status != STATUS_OK)
        return status;
    *same = crc == crc32_update(0, data, length);
    uint32_t shorter = crc32_update(0, data, length - 1);
    if (*same || s->crc_exclusive || crc != shorter)
        return STATUS_OK;
    /* So it seems, unless one bit of the question came to harm: once more. */
    if ((status = session_crc(s, start, length, &crc)) != STATUS_OK || crc != shorter)
        return status;
    session_say(s, SESSION_NOTE, "this chip's checksum leaves the last byte out; allowed for");
    s->crc_exclusive = true;
    return session_crc_same(s, start, data, length, same);
}
