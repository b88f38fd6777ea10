/* The command of protection: limits, state, end of a trip. */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/meter/protection.h"

#define RUN(name) static enum command_result name(struct call *c)

/* Without arguments: what is set, and the state. */
static enum command_result protection_tell(struct call *c) {
    char line[DEVICE_LOG_LINE];
    struct text t = text_start(line, sizeof line);
    for (int i = 0; i < PROTECT_KINDS; i++) {
        protection_rule_text(c->d, (enum protection_kind)i, &t);
        text_add(&t, "; ");
    }
    text_add(&t, "state: ");
    protection_text(c->d, &t);
    call_answer(c, "Protection ", line);
    return COMMAND_OK;
}
static uint16_t small(int32_t value) {
    return (uint16_t)(value < 0 ? 0 : value > UINT16_MAX ? UINT16_MAX : value);
}
RUN(protection) {
    if (!c->count)
        return protection_tell(c);
    int kind = protection_kind_find(call_text(c, 0));
    if (text_same(call_text(c, 0), "reset")) {
        protection_clear(c->d);
        return COMMAND_OK;
    }
    if (kind < 0)
        return COMMAND_BAD_ARGUMENT;
    if (c->count < 2)
        return COMMAND_MISSING_ARGUMENT;
    struct protection_rule rule = {.limit = call_float(c, 1, 0),
                                   .delay_ms = small(call_int(c, 2, 0)),
                                   .reconnect_s = small(call_int(c, 3, 0))};
    if (rule.limit < 0)
        return COMMAND_BAD_ARGUMENT;
    protection_set(c->d, (enum protection_kind)kind, rule);
    return COMMAND_OK;
}

const struct command_row protection_rows[] = {
    {"Protection", "tffi*", 0, 0, "[kind limit [delay_ms] [reconnect_s]]",
     HELP("switches off at a limit: current, power, overvoltage or undervoltage (0: off); reset "
          "ends a "
          "trip"),
     protection, NULL},
};
const unsigned protection_row_count = sizeof protection_rows / sizeof *protection_rows;
