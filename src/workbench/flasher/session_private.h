/* Shared by the files that carry a conversation on; nobody else includes it. */
#ifndef WORKBENCH_FLASHER_SESSION_PRIVATE_H
#define WORKBENCH_FLASHER_SESSION_PRIVATE_H
#include "workbench/flasher/session.h"

enum {
    SESSION_TRIES = 4,
    SESSION_RECOVERIES = 4,
    SESSION_CALM_US = 30000,
    SESSION_PACKET_MARKS = 3, /* with an answer of 15 bytes more than the 62 of a packet */
};

struct answer {
    struct beken_response response;
    const struct exchange_request *request;
    int skipped;
};

/* Bytes that were read but not yet fed stay here between two answers. */
struct inbox {
    uint8_t bytes[4200];
    size_t from, to;
};

/* Waits for the next whole frame. OK with event set, TIMEOUT at the deadline. */
enum status session_next_frame(struct session *s, struct inbox *in, struct answer *a,
                               enum exchange_event *event);
enum status session_send_request(struct session *s, const uint8_t *frame, size_t size,
                                 uint64_t work_us);
/* A question whose answer names itself: a harmless read at an address that was not used lately.
 * What comes before its answer is older, so a checksum, which names nothing, is known by standing
 * right before it. Family B refuses to read there, and names the address in the refusal. */
size_t session_mark(struct session *s, uint8_t *frame, size_t room);
/* An adapter with a latency timer holds a short answer back until it has a packet full. More short
 * answers fill it: marks, whose answers nobody waits for. They stand in the chip's receive buffer
 * while it works. Not where the timer is short. */
bool session_must_hurry(const struct session *s);
enum status session_hurry(struct session *s);
/* Brings the conversation back after a call that got no answer. */
enum status session_recover(struct session *s);
#endif
