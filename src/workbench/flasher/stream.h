/* Questions one behind the other without waiting for each answer, so that neither the wire nor the
 * chip is idle while an adapter holds an answer back. A chip looks at its next request when the
 * last answer has left; until then the request stands in its receive buffer, so only as many bytes
 * of requests are under way as the smallest buffer holds.
 *
 * Answers come in order. A read repeats its address, a checksum repeats nothing: checksums are
 * believed only when a later answer that does name itself (a read's, or where none follows a
 * mark's) shows that none was lost or came twice.
 */
#ifndef WORKBENCH_FLASHER_STREAM_H
#define WORKBENCH_FLASHER_STREAM_H
#include "workbench/flasher/session.h"

enum stream_kind { STREAM_CRC = 1, STREAM_READ = 2 };

struct stream_question {
    enum stream_kind kind;
    uint32_t start, length; /* of a read: a sector, or up to 255 bytes (family F only) */
};

struct stream {
    /* The next question of one of `kinds` (there is room for these now); false: none before another
     * answer comes, or none at all. Short answers alone wait in an adapter until its timer lets
     * them go, so what can be read is better asked for before more is summed. */
    bool (*next)(void *context, unsigned kinds, struct stream_question *q);
    /* An answer: `data` of a read (NULL: the chip refuses), `crc` (zlib form) of a checksum. */
    void (*answer)(void *context, const struct stream_question *q, const uint8_t *data,
                   uint32_t crc);
    void *context;
};

/* Asks until `next` has nothing more and every answer came. TIMEOUT when an answer failed to come:
 * questions whose answer was not given are as never asked. */
enum status stream_run(struct session *s, const struct stream *stream);

/* After a run that timed out: calms the line or does more, the more runs in a row brought nothing
 * new (`idle`). */
enum status stream_again(struct session *s, int idle);

/* Checksums of many ranges. */
struct stream_crc {
    uint32_t start, length, crc;
    bool known;
};
/* Fills in every crc that is not known, whatever it takes. One may be wrong when the line damaged
 * its question or its answer: what follows from it must be confirmed. */
enum status stream_crcs(struct session *s, struct stream_crc *list, uint32_t count);

/* Reads `count` sectors into `data`, whatever it takes. `start` is an address in the chip. got[i]
 * says which sectors came. IO when some did not. */
enum status stream_read(struct session *s, uint32_t start, uint32_t count, uint8_t *data,
                        bool *got);
#endif
