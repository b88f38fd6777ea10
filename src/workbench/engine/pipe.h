/* Questions one behind the other without waiting for each answer, so that neither the wire nor the
 * chip is idle while an adapter holds an answer back. A chip looks at its next request when the
 * last answer has left; until then the request stands in its receive buffer, so only as many bytes
 * of requests are under way as the smallest buffer holds.
 *
 * Answers come in order. A read repeats its address, a checksum repeats nothing: checksums are
 * believed only when a later answer that does name itself (a read's, or where none follows a
 * mark's) shows that none was lost or came twice.
 */
#ifndef WORKBENCH_ENGINE_PIPE_H
#define WORKBENCH_ENGINE_PIPE_H
#include "workbench/engine/talk.h"

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

enum { PIPE_ASKED_MOST = 2 * EXCHANGE_DEPTH };

/* A question under way, or answered by a checksum that is not believed yet. */
struct pipe_question {
    struct stream_question q;
    bool is_mark, answered, done;
    uint32_t crc;
    size_t bytes;
};

struct pipe {
    struct line *line;
    const struct stream *stream;
    struct pipe_question asked[PIPE_ASKED_MOST]; /* oldest first */
    int count;
    int unmarked; /* checksums sent since the last question that names itself */
    int pushes;   /* marks sent since the last question, to push answers out of the adapter */
    bool all_asked;
};

/* Asks until `next` has nothing more and every answer came. TIMEOUT when an answer failed to come:
 * questions whose answer was not given are as never asked. */
struct talk talk_pipe(struct pipe *p);
#endif
