/* One request and its answer, asked so many times as it takes; no recovery. Between two tries the
 * line is calmed. TIMEOUT when no answer came, REFUSED when the chip answered twice with an error
 * status. */
#ifndef WORKBENCH_ENGINE_INQUIRY_H
#define WORKBENCH_ENGINE_INQUIRY_H
#include "workbench/engine/calm.h"
#include "workbench/engine/conversation.h"

struct inquiry {
    struct line *line;
    const uint8_t *frame;
    size_t size;
    uint64_t work_us;
    int tries;
    /* within */
    struct step (*then)(struct inquiry *q, enum status last);
    int tried;
    bool refused;
    uint8_t own[8]; /* frame of a LinkCheck */
    struct talk_question question;
    struct conversation conversation;
    struct calm calm;
};
struct machine inquiry_machine(struct inquiry *q);
/* Whether anybody is there. */
struct machine inquiry_link_check(struct inquiry *q, struct line *line, int tries);
/* The answer of one that came to OK. */
static inline const struct beken_response *inquiry_response(const struct inquiry *q) {
    return &q->question.response;
}

/* What a request that lost a byte is completed with: in a family B chip an address ending in FF is
 * refused, and FF programs nothing; any other byte could make it an address in the bootloader.
 * Family F gives an incomplete request up by itself: OVER. */
struct step inquiry_end_open_request(const struct line *l);
#endif
