/* Matching answers to requests in order, and computing their deadlines. */
#include "workbench/engine/exchange.h"

uint64_t exchange_wire_us(uint32_t baud, size_t bytes) {
    return ((uint64_t)bytes * 10 * 1000000 + baud - 1) / (baud ? baud : 1);
}

void exchange_start(struct exchange *x, uint32_t baud) {
    memset(x, 0, sizeof *x);
    x->baud = baud;
}

uint32_t exchange_noise(const struct exchange *x) {
    return x->noise + x->uart.noise_bytes;
}

void exchange_forget_requests(struct exchange *x) {
    x->count = 0;
}

void exchange_forget(struct exchange *x) {
    x->noise = exchange_noise(x);
    beken_uart_reset(&x->uart);
    x->count = 0;
}

void exchange_set_baud(struct exchange *x, uint32_t baud) {
    exchange_forget(x);
    x->baud = baud;
}

bool exchange_sent(struct exchange *x, const uint8_t *frame, size_t size, uint64_t work_us,
                   uint64_t now_us) {
    if (x->count == EXCHANGE_DEPTH || size > sizeof x->queue[0].frame)
        return false;
    if (x->line_free_us < now_us)
        x->line_free_us = now_us;
    x->line_free_us += exchange_wire_us(x->baud, size);
    struct exchange_request *r = &x->queue[(x->first + x->count++) % EXCHANGE_DEPTH];
    memcpy(r->frame, frame, size);
    r->size = size;
    r->work_us = work_us;
    r->line_free_us = x->line_free_us;
    return true;
}

static enum exchange_event match(struct exchange *x, const struct beken_response *response,
                                 const struct exchange_request **request, int *skipped) {
    for (int i = 0; i < x->count; i++) {
        const struct exchange_request *r = &x->queue[(x->first + i) % EXCHANGE_DEPTH];
        if (!beken_response_answers(response, r->frame, r->size))
            continue;
        *request = r;
        *skipped = i;
        x->lost += (uint32_t)i;
        x->answers++;
        x->answered_us = x->heard_us;
        x->first = (x->first + i + 1) % EXCHANGE_DEPTH;
        x->count -= i + 1;
        return EXCHANGE_ANSWER;
    }
    x->strays++;
    return EXCHANGE_STRAY;
}

enum exchange_event exchange_feed(struct exchange *x, uint8_t byte, uint64_t now_us,
                                  struct beken_response *response,
                                  const struct exchange_request **request, int *skipped) {
    x->heard_us = now_us;
    if (beken_uart_feed(&x->uart, byte, response) != BEKEN_FEED_FRAME)
        return EXCHANGE_NOTHING;
    return match(x, response, request, skipped);
}

enum exchange_event exchange_resync(struct exchange *x, struct beken_response *response,
                                    const struct exchange_request **request, int *skipped) {
    enum beken_feed feed;
    while ((feed = beken_uart_resync(&x->uart, response)) != BEKEN_FEED_NONE)
        if (feed == BEKEN_FEED_FRAME)
            return match(x, response, request, skipped);
    return EXCHANGE_NOTHING;
}

uint64_t exchange_deadline(const struct exchange *x) {
    if (!x->count)
        return EXCHANGE_NEVER;
    const struct exchange_request *r = &x->queue[x->first];
    uint64_t start = r->line_free_us > x->heard_us ? r->line_free_us : x->heard_us;
    uint64_t answer = exchange_wire_us(x->baud, beken_response_size(r->frame, r->size));
    /* Bytes that trickle in push the deadline on, but not for ever. */
    uint64_t turn = r->line_free_us > x->answered_us ? r->line_free_us : x->answered_us;
    uint64_t latest = turn + r->work_us + 4 * answer + 4 * EXCHANGE_SLACK_US;
    uint64_t due = start + r->work_us + answer + EXCHANGE_SLACK_US;
    return due < latest ? due : latest;
}
