/* Requests on their way and answers coming in: the part of the flasher that has neither I/O nor a
 * clock. It is told what was sent and when, is fed the bytes that arrived, and says which request
 * an answer belongs to and by when the next one must have come. Deadlines follow from the bytes,
 * the rate and the work the chip has to do; nothing waits a fixed time. */
#ifndef WORKBENCH_ENGINE_EXCHANGE_H
#define WORKBENCH_ENGINE_EXCHANGE_H
#include "codec/beken/uart.h"

#define EXCHANGE_NEVER UINT64_MAX
enum { EXCHANGE_DEPTH = 12, EXCHANGE_SLACK_US = 150000 };

struct exchange_request {
    uint8_t frame[BEKEN_REQUEST_MAX];
    size_t size;
    uint64_t work_us;      /* what the chip needs between request and answer, at most */
    uint64_t line_free_us; /* when its last byte has left */
};

struct exchange {
    struct beken_uart uart;
    struct exchange_request queue[EXCHANGE_DEPTH];
    int first, count;
    uint32_t baud;
    uint64_t line_free_us; /* when everything sent has left the adapter */
    uint64_t heard_us;     /* when a byte last came */
    uint64_t answered_us;  /* when an answer last came: from then on the next one is worked on */
    uint32_t answers, strays, lost;
    uint32_t noise; /* bytes that belonged to no frame, up to the last exchange_forget */
};

enum exchange_event {
    EXCHANGE_NOTHING,
    EXCHANGE_ANSWER, /* of the oldest request; earlier ones that went unanswered were dropped */
    EXCHANGE_STRAY,  /* a whole frame that no request asked for */
};

void exchange_start(struct exchange *x, uint32_t baud);
/* The rate changed; frames under way are forgotten. */
void exchange_set_baud(struct exchange *x, uint32_t baud);
/* Notes a request that is being written now. False when the queue is full. */
bool exchange_sent(struct exchange *x, const uint8_t *frame, size_t size, uint64_t work_us,
                   uint64_t now_us);
/* Takes one byte. On ANSWER *request is the request (valid until the next exchange_sent) and
 * *skipped how many older ones got no answer. */
enum exchange_event exchange_feed(struct exchange *x, uint8_t byte, uint64_t now_us,
                                  struct beken_response *response,
                                  const struct exchange_request **request, int *skipped);
/* When a partial frame did not go on: looks for a frame behind the broken one. */
enum exchange_event exchange_resync(struct exchange *x, struct beken_response *response,
                                    const struct exchange_request **request, int *skipped);
/* By when the oldest request must have been answered; EXCHANGE_NEVER when none is under way. */
uint64_t exchange_deadline(const struct exchange *x);
/* Bytes so far that belonged to no frame. */
uint32_t exchange_noise(const struct exchange *x);
/* Forgets all requests; a frame that is just coming in goes on. */
void exchange_forget_requests(struct exchange *x);
/* Forgets all requests and partial frames. */
void exchange_forget(struct exchange *x);
/* Time that `bytes` take on the line, start and stop bits included. */
uint64_t exchange_wire_us(uint32_t baud, size_t bytes);
#endif
