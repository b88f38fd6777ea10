/* Asking much at a time, whatever it takes: runs a pipe of questions, and again, with the line
 * calmed or more, until every answer came. */
#ifndef WORKBENCH_FLASHER_STREAM_H
#define WORKBENCH_FLASHER_STREAM_H
#include "workbench/engine/pipe.h"
#include "workbench/flasher/session.h"

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
