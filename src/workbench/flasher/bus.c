/* One machine each. */
#include "workbench/flasher/bus.h"

#include "workbench/engine/line_proof.h"
#include "workbench/engine/reset_search.h"
#include "workbench/flasher/driver.h"

enum status session_link_up(struct session *s) {
    struct linkup u = {.line = &s->line};
    return session_run(s, linkup_machine(&u));
}

enum status session_listen(struct session *s, uint64_t us, struct classify *heard) {
    struct listening l = {.line = &s->line, .us = us};
    enum status status = session_run(s, listening_machine(&l));
    *heard = l.ear.heard;
    return status;
}

enum status session_find_reset(struct session *s, const char **wiring) {
    struct reset_search r = {.line = &s->line};
    enum status status = session_run(s, reset_search_machine(&r));
    *wiring = r.wiring;
    return status;
}

enum status session_climb(struct session *s, uint32_t remembered) {
    struct climb c = {.line = &s->line, .fixed = s->options.baud, .remembered = remembered};
    return session_run(s, climb_machine(&c));
}

enum status session_use_rate(struct session *s, uint32_t baud) {
    struct rate r = {.line = &s->line, .baud = baud};
    return session_run(s, rate_machine(&r));
}

enum status session_step_down(struct session *s) {
    struct descent d = {.line = &s->line};
    return session_run(s, descent_machine(&d));
}

enum status session_prove_line(struct session *s) {
    struct line_proof p = {.line = &s->line};
    return s->options.bad_line ? STATUS_OK : session_run(s, line_proof_machine(&p));
}

enum status session_measure_latency(struct session *s) {
    struct latency l = {.line = &s->line};
    return session_run(s, latency_machine(&l));
}
