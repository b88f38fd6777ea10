/* The questions a session can ask, and what is done when no answer comes. */
#include "workbench/flasher/session.h"

#include "workbench/flasher/ladder.h"
#include "workbench/flasher/linkup.h"
#include "workbench/flasher/session_private.h"

#include <stdio.h>

enum {
    LINK_CHECK_BYTES = 5,
    FILLER = 256,
    TRIES = SESSION_TRIES,
    RECOVERIES = SESSION_RECOVERIES,
    CALM_US = SESSION_CALM_US,
};

void session_start(struct session *s, struct link *link, const struct session_options *options,
                   const struct session_listener *listener) {
    memset(s, 0, sizeof *s);
    s->link = link;
    s->options = *options;
    if (listener)
        s->listener = *listener;
    s->baud = BEKEN_FIRST_BAUD;
    s->rate_limit = UINT32_MAX;
    s->depth = options->no_pipeline ? 1 : 2;
    exchange_start(&s->x, s->baud);
}

static void tell(struct session *s, struct session_event *event) {
    event->at_us = link_now_us(s->link);
    event->retries = s->stats.retries;
    if (s->listener.event)
        s->listener.event(s->listener.context, event);
}

void session_say(struct session *s, enum session_event_kind kind, const char *format, ...) {
    char text[256];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    tell(s, &(struct session_event){.kind = kind, .text = text});
}

void session_progress(struct session *s, const char *what, uint64_t done, uint64_t total) {
    tell(s, &(struct session_event){
                .kind = SESSION_PROGRESS, .text = what, .done = done, .total = total});
}

enum status session_fail(struct session *s, enum status status, const char *format, ...) {
    va_list list;
    va_start(list, format);
    vsnprintf(s->why, sizeof s->why, format, list);
    va_end(list);
    return status;
}

bool session_cancelled(const struct session *s) {
    return s->listener.cancelled && s->listener.cancelled(s->listener.context);
}

static enum status link_trouble(struct session *s, enum status status) {
    return session_fail(s, status, "%s", s->link->why);
}

enum status session_send(struct session *s, const uint8_t *frame, size_t size) {
    s->stats.sent_frames++;
    s->stats.bytes_out += size;
    enum status status = link_write(s->link, frame, size);
    return status == STATUS_OK ? status : link_trouble(s, status);
}

void session_use_baud(struct session *s, uint32_t baud) {
    s->baud = baud;
    s->heard_from = s->heard_to = 0;
    exchange_set_baud(&s->x, baud);
}

enum status session_calm(struct session *s, uint64_t quiet_us) {
    uint8_t buffer[1024];
    uint64_t end = link_now_us(s->link) + 10 * quiet_us;
    for (;;) {
        uint64_t now = link_now_us(s->link);
        size_t got;
        enum status status = link_read(s->link, buffer, sizeof buffer, now + quiet_us, &got);
        if (status != STATUS_OK)
            return link_trouble(s, status);
        s->stats.bytes_in += got;
        if (got == 0 || now >= end)
            break;
    }
    session_use_baud(s, s->baud);
    return STATUS_OK;
}

/* One flipped bit turns a read into an erase; the chip's answer to what was never asked tells. */
static void note_accident(struct session *s, const struct beken_response *r) {
    static const struct {
        uint8_t code, address_at;
    } changes[] = {{BEKEN_FLASH_ERASE, 1},
                   {BEKEN_FLASH_ERASE_4K, 0},
                   {BEKEN_FLASH_WRITE, 0},
                   {BEKEN_FLASH_WRITE_4K, 0}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        if (!r->flash || r->code != changes[i].code || r->status || s->changing ||
            r->length < changes[i].address_at + 4u)
            continue;
        uint32_t address = load_le32(r->payload + changes[i].address_at);
        if (s->accident_count < SESSION_ACCIDENTS)
            s->accidents[s->accident_count] = address;
        s->accident_count++;
        session_say(s, SESSION_WARNING, "a damaged request changed the sector at %06X",
                    (unsigned)(s->chip.size ? address % s->chip.size : address));
    }
}

/* --- waiting for answers --- */

/* Waits for the next whole frame. OK with event set, TIMEOUT at the deadline. */
static enum status next_frame(struct session *s, struct answer *a, enum exchange_event *event) {
    for (;;) {
        while (s->heard_from < s->heard_to) {
            *event = exchange_feed(&s->x, s->heard[s->heard_from++], link_now_us(s->link),
                                   &a->response, &a->request, &a->skipped);
            if (*event == EXCHANGE_STRAY)
                note_accident(s, &a->response);
            if (*event != EXCHANGE_NOTHING)
                return STATUS_OK;
        }
        if (session_cancelled(s))
            return session_fail(s, STATUS_CANCELLED, "stopped");
        uint64_t deadline = exchange_deadline(&s->x), now = link_now_us(s->link);
        if (now >= deadline) {
            *event = exchange_resync(&s->x, &a->response, &a->request, &a->skipped);
            return *event == EXCHANGE_NOTHING ? STATUS_TIMEOUT : STATUS_OK;
        }
        enum status status = link_read(s->link, s->heard, sizeof s->heard, deadline, &s->heard_to);
        s->heard_from = 0;
        s->stats.bytes_in += s->heard_to;
        if (status != STATUS_OK)
            return link_trouble(s, status);
    }
}

struct talk_terms session_terms(struct session *s) {
    bool waits =
        s->latency_us > 2 * exchange_wire_us(s->baud, TALK_PACKET_MARKS * TALK_MARK_ANSWER);
    return (struct talk_terms){.family = s->chip.family,
                               .flash_size = s->chip.size,
                               .crc_exclusive = s->crc_exclusive,
                               .depth = s->depth,
                               .hurry = s->chip.known && s->depth > 1 && waits,
                               .mark = &s->mark};
}

enum status session_talk(struct session *s, const struct talk *t) {
    enum status status = STATUS_OK;
    exchange_forget_requests(&s->x);
    for (;;) {
        uint8_t frame[BEKEN_REQUEST_MAX];
        size_t size;
        while (status == STATUS_OK &&
               (size = t->ask(t->self, &s->x, link_now_us(s->link), frame, sizeof frame)) > 0)
            status = session_send(s, frame, size);
        if (status != STATUS_OK || t->is_over(t->self))
            return status;
        struct answer a = {.skipped = 0};
        enum exchange_event event = EXCHANGE_NOTHING;
        status = s->x.count ? next_frame(s, &a, &event) : STATUS_TIMEOUT;
        if (status == STATUS_OK)
            status = t->take(t->self, event, &a);
        if (status != STATUS_OK)
            return status;
    }
}

static enum status judge(struct session *s, const uint8_t *frame, struct beken_response *r) {
    unsigned error = r->status;
    if (!r->flash && r->length == 1 && r->code != BEKEN_LINK_CODE && r->code != BEKEN_STAY_ROM)
        error = r->payload[0];
    if (error == 0)
        return STATUS_OK;
    return session_fail(s, STATUS_REFUSED, "the chip refuses command %02X: %s",
                        frame[3] == 0xFF ? frame[7] : frame[4], beken_status_text(error));
}

/* What is sent next completes a request that lost a byte. In a family B chip an address ending in
 * FF is refused, and FF programs nothing; any other byte could make it an address in the
 * bootloader. Family F gives an incomplete request up by itself. */
static enum status end_open_request(struct session *s) {
    static const uint8_t filler[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    bool family_b = s->chip.known && s->chip.family == BEKEN_FAMILY_B;
    return family_b ? session_send(s, filler, sizeof filler) : STATUS_OK;
}

enum status session_try(struct session *s, const uint8_t *frame, size_t size, uint64_t work_us,
                        int tries, struct beken_response *response) {
    enum status status = STATUS_TIMEOUT, before = STATUS_OK;
    for (int i = 0; i < tries; i++) {
        if (i) {
            s->stats.retries++;
            s->trouble++;
            if ((status = session_calm(s, CALM_US)) != STATUS_OK ||
                (status = end_open_request(s)) != STATUS_OK)
                return status;
        }
        const struct talk_terms terms = session_terms(s);
        bool push = terms.hurry && size > LINK_CHECK_BYTES;
        struct talk_question q = {.terms = &terms,
                                  .frame = frame,
                                  .size = size,
                                  .work_us = work_us,
                                  .pushes = push ? TALK_PACKET_MARKS : 0};
        const struct talk t = talk_question(&q);
        if ((status = session_talk(s, &t)) == STATUS_OK) {
            *response = q.response;
            status = judge(s, frame, response);
        }
        /* A refusal may be a damaged answer: it counts when it comes twice. */
        if (status == STATUS_REFUSED && before != STATUS_REFUSED && i + 1 < tries) {
            before = status;
            continue;
        }
        if (status != STATUS_TIMEOUT)
            return status;
    }
    return session_fail(s, STATUS_TIMEOUT, "the chip does not answer command %02X",
                        frame[3] == 0xFF ? frame[7] : frame[4]);
}

enum status session_link_check(struct session *s, int tries) {
    uint8_t frame[8];
    struct beken_response response;
    return session_try(s, frame, beken_link_check(frame, sizeof frame), 0, tries, &response);
}

enum status session_measure_latency(struct session *s) {
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < 3; i++) {
        uint64_t start = link_now_us(s->link);
        enum status status = session_link_check(s, 3);
        if (status != STATUS_OK)
            return status;
        uint64_t took = link_now_us(s->link) - start;
        best = took < best ? took : best;
    }
    uint64_t wire = exchange_wire_us(s->baud, 5 + 8);
    s->latency_us = best > wire ? (uint32_t)(best - wire) : 0;
    return STATUS_OK;
}

/* A chip that lost a byte of a request waits for its rest and swallows what follows. Filler of FF
 * programs nothing, so it is safe even in the middle of a write. */
static enum status feed_hungry_chip(struct session *s) {
    uint8_t filler[FILLER];
    memset(filler, 0xFF, sizeof filler);
    for (size_t sent = 0; sent < BEKEN_REQUEST_MAX + FILLER; sent += FILLER) {
        enum status status = session_send(s, filler, sizeof filler);
        if (status != STATUS_OK)
            return status;
        if (sent % (4 * FILLER) == 0 && session_link_check(s, 1) == STATUS_OK)
            return STATUS_OK;
    }
    link_drain(s->link);
    return session_link_check(s, 2);
}

/* Brings the conversation back after a call that got no answer. */
enum status session_recover(struct session *s) {
    if (s->recovering)
        return STATUS_TIMEOUT;
    s->recovering = true;
    enum status status = session_calm(s, CALM_US);
    if (status == STATUS_OK)
        status = end_open_request(s);
    if (status == STATUS_OK)
        status = session_link_check(s, 2);
    if (status == STATUS_TIMEOUT)
        status = feed_hungry_chip(s);
    if (status == STATUS_TIMEOUT)
        status = linkup_again(s);
    if (status == STATUS_OK && s->trouble > 8)
        status = ladder_step_down(s);
    s->recovering = false;
    return status == STATUS_OK ? session_calm(s, CALM_US) : status;
}

enum status session_call(struct session *s, const uint8_t *frame, size_t size, uint64_t work_us,
                         struct beken_response *response) {
    enum status status = STATUS_TIMEOUT;
    for (int i = 0; i <= RECOVERIES; i++) {
        status = session_try(s, frame, size, work_us, TRIES, response);
        if (status != STATUS_TIMEOUT || s->recovering)
            return status;
        if ((status = session_recover(s)) != STATUS_OK)
            return status;
    }
    return session_fail(s, STATUS_TIMEOUT, "the chip stopped answering; check supply and wires");
}

/* --- registers --- */

enum status session_read_register(struct session *s, uint32_t address, uint32_t *value) {
    uint8_t frame[16];
    struct beken_response r;
    enum status status =
        session_call(s, frame, beken_read_register(address, frame, sizeof frame), 0, &r);
    if (status == STATUS_OK)
        *value = load_le32(r.payload + 4);
    return status;
}

enum status session_write_register(struct session *s, uint32_t address, uint32_t value) {
    uint8_t frame[16];
    struct beken_response r;
    return session_call(s, frame, beken_write_register(address, value, frame, sizeof frame), 0, &r);
}
