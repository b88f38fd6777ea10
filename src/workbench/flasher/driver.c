/* Steps become bytes, rates, lines and waits. */
#include "workbench/flasher/driver.h"

#include "workbench/engine/calm.h"
#include "workbench/engine/conversation.h"
#include "workbench/engine/engine.h"

uint64_t session_now_us(const struct session *s) {
    return link_now_us(s->link);
}

/* What the line says goes for the machines, too. A write that stalls ends the work as one that
 * fails does: it is no answer that failed to come. */
static enum status line_trouble(struct session *s, enum status status) {
    return session_fail(s, status == STATUS_TIMEOUT ? STATUS_IO : status, "%s", s->link->why);
}

enum status session_send(struct session *s, const uint8_t *frame, size_t size) {
    s->stats.sent_frames++;
    s->stats.bytes_out += size;
    enum status status = link_write(s->link, frame, size);
    return status == STATUS_OK ? status : line_trouble(s, status);
}

/* TIMEOUT: nothing came. A busy computer may come here after the time is over; what has come in by
 * then still counts. */
static enum status hear_until(struct session *s, uint64_t until_us) {
    while (s->heard_from == s->heard_to) {
        if (session_cancelled(s))
            return session_fail(s, STATUS_CANCELLED, "stopped");
        bool is_over = session_now_us(s) >= until_us;
        s->heard_from = s->heard_to = 0;
        enum status status = link_read(s->link, s->heard, sizeof s->heard, until_us, &s->heard_to);
        s->stats.bytes_in += s->heard_to;
        if (status != STATUS_OK)
            return line_trouble(s, status);
        if (is_over && !s->heard_to)
            return STATUS_TIMEOUT;
    }
    return STATUS_OK;
}

static enum status use_baud(struct session *s, uint32_t baud) {
    enum status status = link_set_baud(s->link, baud);
    if (status == STATUS_OK)
        s->heard_from = s->heard_to = 0;
    return status == STATUS_OK ? status : line_trouble(s, status);
}

static enum status use_lines(struct session *s, bool dtr, bool rts) {
    enum status status = link_set_lines(s->link, dtr, rts);
    return status == STATUS_OK ? status : line_trouble(s, status);
}

static void say(struct session *s, const struct step *step) {
    static const enum session_event_kind kinds[] = {
        [SAY_NOTE] = SESSION_NOTE, [SAY_WARNING] = SESSION_WARNING, [SAY_HEARD] = SESSION_HEARD};
    session_say(s, kinds[step->saying], "%s", step->text);
}

static enum status carry_out(struct session *s, struct engine *e, const struct step *step) {
    enum status status;
    switch (step->kind) {
    case STEP_SEND:
        return session_send(s, step->bytes, step->size);
    case STEP_WAIT:
        if ((status = hear_until(s, step->until_us)) == STATUS_OK)
            s->heard_from += engine_hear(e, s->heard + s->heard_from, s->heard_to - s->heard_from,
                                         session_now_us(s));
        return status;
    case STEP_BAUD:
        return use_baud(s, step->baud);
    case STEP_LINES:
        return use_lines(s, step->dtr, step->rts);
    case STEP_DRAIN:
        link_drain(s->link); /* a help only: a line that is gone shows at the next write */
        return STATUS_OK;
    case STEP_SAY:
        say(s, step);
        return STATUS_OK;
    default:
        return STATUS_INTERNAL;
    }
}

/* What the machines must know, as it is now. */
static void brief(struct session *s) {
    struct line *l = &s->line;
    l->known = s->chip.known;
    l->family = s->chip.family;
    l->flash_size = s->chip.size;
    l->has_baud = s->link->has_baud;
    l->may_reset = s->link->has_lines && !s->options.no_reset;
    l->limit_us = s->options.link_timeout_us;
}

enum status session_run(struct session *s, struct machine machine) {
    struct engine e;
    brief(s);
    engine_start(&e, machine);
    for (;;) {
        struct step step = engine_next(&e, session_now_us(s));
        if (step.kind == STEP_OVER)
            return step.status;
        enum status status = carry_out(s, &e, &step);
        if (status != STATUS_OK && status != STATUS_TIMEOUT && status != STATUS_UNSUPPORTED)
            return status;
        engine_went(&e, status);
    }
}

enum status session_talk(struct session *s, struct talk talk) {
    struct conversation c = {.line = &s->line, .talk = talk};
    return session_run(s, conversation_machine(&c));
}

enum status session_pause(struct session *s, uint64_t us) {
    struct pause p = {.line = &s->line, .us = us};
    return session_run(s, pause_machine(&p));
}
