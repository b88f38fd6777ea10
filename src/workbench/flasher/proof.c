/* Sums and readings that must agree. */
#include "workbench/flasher/proof.h"

#include "base/crc.h"
#include "workbench/flasher/backup.h"

#include <zlib.h>

enum { ROUNDS = 8 };

/* The sum of both halves, as if they had been summed in one go. */
static enum status sum_of_halves(struct session *s, uint32_t start, uint32_t length,
                                 uint32_t *crc) {
    uint32_t half = length / 2, first, second;
    enum status status = session_crc(s, start, half, &first);
    if (status == STATUS_OK)
        status = session_crc(s, start + half, length - half, &second);
    if (status == STATUS_OK)
        *crc = (uint32_t)crc32_combine(first, second, (z_off_t)(length - half));
    return status;
}

enum status proof_by_sums(struct session *s, uint32_t start, uint32_t length, uint32_t wanted,
                          bool *same) {
    uint32_t whole = 0, halves = 0;
    *same = false;
    for (int round = 0; round < ROUNDS; round++) {
        enum status status = session_crc(s, start, length, &whole);
        if (status != STATUS_OK || (*same = whole == wanted))
            return status;
        status = sum_of_halves(s, start, length, &halves);
        if (status != STATUS_OK || (*same = halves == wanted) || halves == whole)
            return status;
    }
    return session_fail(s, STATUS_IO,
                        "%06X..%06X reads differently each time; it is worn out or the supply is "
                        "weak",
                        (unsigned)start, (unsigned)(start + length));
}

enum status proof_by_reading(struct session *s, uint32_t start, const uint8_t *wanted, bool *same) {
    struct backup copy;
    uint32_t crc = 0;
    enum status status = session_crc(s, start, BEKEN_SECTOR, &crc);
    if (status != STATUS_OK || (*same = crc == crc32_update(0, wanted, BEKEN_SECTOR)))
        return status;
    if (!backup_alloc(&copy, start, BEKEN_SECTOR))
        return session_fail(s, STATUS_NO_SPACE, "no memory");
    status = backup_run(s, &copy);
    *same = memcmp(copy.data, wanted, BEKEN_SECTOR) == 0;
    backup_free(&copy);
    return status;
}
