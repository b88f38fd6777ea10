/* What is said, and the questions that everything else is made of. */
#include "workbench/flasher/session.h"

#include "workbench/engine/call.h"
#include "workbench/flasher/driver.h"

#include <stdio.h>

void session_start(struct session *s, struct link *link, const struct session_options *options,
                   const struct session_listener *listener) {
    memset(s, 0, sizeof *s);
    s->link = link;
    s->options = *options;
    if (listener)
        s->listener = *listener;
    s->line.depth = options->no_pipeline ? 1 : 2;
    exchange_start(&s->line.x, BEKEN_FIRST_BAUD);
}

static void tell(struct session *s, struct session_event *event) {
    event->at_us = session_now_us(s);
    event->retries = s->line.retries;
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
    vsnprintf(s->line.why, sizeof s->line.why, format, list);
    va_end(list);
    return status;
}

bool session_cancelled(const struct session *s) {
    return s->listener.cancelled && s->listener.cancelled(s->listener.context);
}

/* --- questions --- */

enum status session_calm(struct session *s, uint64_t quiet_us) {
    struct calm c = {.line = &s->line, .quiet_us = quiet_us};
    return session_run(s, calm_machine(&c));
}

enum status session_recover(struct session *s) {
    struct recovery r = {.line = &s->line};
    return session_run(s, recovery_machine(&r));
}

static void take_response(const struct inquiry *q, enum status status,
                          struct beken_response *response) {
    if (status == STATUS_OK || status == STATUS_REFUSED)
        *response = *inquiry_response(q);
}

enum status session_try(struct session *s, const uint8_t *frame, size_t size, uint64_t work_us,
                        int tries, struct beken_response *response) {
    struct inquiry q = {
        .line = &s->line, .frame = frame, .size = size, .work_us = work_us, .tries = tries};
    enum status status = session_run(s, inquiry_machine(&q));
    take_response(&q, status, response);
    return status;
}

enum status session_call(struct session *s, const uint8_t *frame, size_t size, uint64_t work_us,
                         struct beken_response *response) {
    struct call c = {.line = &s->line, .frame = frame, .size = size, .work_us = work_us};
    enum status status = session_run(s, call_machine(&c));
    take_response(&c.inquiry, status, response);
    return status;
}

enum status session_link_check(struct session *s, int tries) {
    struct inquiry q;
    return session_run(s, inquiry_link_check(&q, &s->line, tries));
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
