/* Conversations with a chip as machines without I/O or clock: bytes and time go in, bytes and (by
 * exchange.h) deadlines come out. A conversation says what to send next, is told what came, and
 * knows when it is over; conversation.h makes it the steps of a machine. */
#ifndef WORKBENCH_ENGINE_TALK_H
#define WORKBENCH_ENGINE_TALK_H
#include "base/status.h"
#include "workbench/engine/line.h"

/* What came: a whole frame, the request it answers, and how many older ones went without. */
struct answer {
    struct beken_response response;
    const struct exchange_request *request;
    int skipped;
};

struct talk {
    /* Writes the next frame to be sent at now_us, noted in `x` when it will be answered. Returns
     * its length; 0: nothing more before something is heard. */
    size_t (*ask)(void *self, struct exchange *x, uint64_t now_us, uint8_t *frame, size_t room);
    /* Takes what came. TIMEOUT: it cannot be right, as if nothing had come. */
    enum status (*take)(void *self, enum exchange_event event, const struct answer *a);
    bool (*is_over)(const void *self);
    void *self;
};

/* Answers to so many marks and one more are more than the 62 bytes of an adapter's packet. */
enum { TALK_PACKET_MARKS = 3, TALK_MARK_ANSWER = 16 };

/* A question whose answer names itself: a harmless read at an address that was not used lately.
 * What comes before its answer is older, so a checksum, which names nothing, is known by standing
 * right before it. Family B refuses to read there, and names the address in the refusal. */
size_t talk_mark(struct line *l, uint8_t *frame, size_t room);
/* The address to send for reading there: family B refuses low ones, but its flash wraps. */
uint32_t talk_read_address(const struct line *l, uint32_t address);
/* Time a chip may need to sum that many bytes. */
uint64_t talk_crc_work_us(uint32_t length);

/* One request and its answer; with marks behind it that push a short answer out of the adapter,
 * whose own answers nobody waits for. */
struct talk_question {
    struct line *line;
    const uint8_t *frame;
    size_t size;
    uint64_t work_us;
    int pushes; /* marks still to be sent */
    bool asked, answered;
    struct beken_response response;
};
struct talk talk_question(struct talk_question *q);

/* One checksum: the request and a mark. Exactly one checksum must come before the mark's answer. */
struct talk_sum {
    struct line *line;
    uint32_t start, end; /* as the request has them */
    int asked;           /* frames so far */
    int sums;            /* checksums that came */
    bool over;
    uint32_t raw; /* as the chip gives it */
};
struct talk talk_sum(struct talk_sum *s);

/* Marks, so many, `depth` under way; counts answers that did not come as they should. */
struct talk_marks {
    struct line *line;
    int left, depth, under_way;
    uint32_t errors;
};
struct talk talk_marks(struct talk_marks *m);
#endif
