/* Commands of scripts, events and time. */
#include "base/text.h"
#include "device/clock.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/driver.h"
#include "device/number.h"
#include "device/script/expression.h"
#include "device/script/script.h"
#include <string.h>

#define RUN(name) static enum command_result name(struct call *c)

static enum command_result keep(struct call *c, enum block_kind kind, const void *fields,
                                size_t extra, unsigned node_at) {
    size_t size = 0;
    const uint8_t *node = call_node(c, node_at, &size);
    if (!node)
        return COMMAND_MISSING_ARGUMENT;
    return block_new(c->d, kind, fields, extra, node, size) ? COMMAND_OK : COMMAND_ERROR;
}
RUN(alias) {
    const char *name = call_raw(c, 0);
    int suffix, number = command_find(c->d->wiring->words, name, strlen(name), &suffix);
    if ((number >= 0 && suffix < 0) || alias_find(c->d, name, strlen(name)) != NULL)
        return COMMAND_BAD_ARGUMENT;
    c->d->script.digit_alias |= number >= 0;
    return keep(c, BLOCK_ALIAS, name, strlen(name) + 1, 1);
}
static unsigned kill_all(struct call *c, enum block_kind kind, bool all, int32_t id) {
    return events_remove(c->d, kind, all, id);
}
static enum command_result repeat(struct call *c, int32_t id, unsigned node_at) {
    struct repeat r = {.interval_s = call_float(c, 0, 0), .times = call_int(c, 1, 0), .id = id};
    if (r.times == 0)
        return COMMAND_OK;
    if (!(r.interval_s >= 0.001f))
        r.interval_s = 0.001f;
    r.left_s = r.interval_s;
    return keep(c, BLOCK_REPEAT, &r, sizeof r, node_at);
}
RUN(repeating) {
    return repeat(c, 255, 2);
}
RUN(repeating_id) {
    return repeat(c, call_int(c, 2, 0), 3);
}
RUN(repeating_uid) {
    kill_all(c, BLOCK_REPEAT, false, call_int(c, 2, 0));
    return repeat(c, call_int(c, 2, 0), 3);
}
RUN(cancel) {
    kill_all(c, BLOCK_REPEAT, false, call_int(c, 0, 0));
    return COMMAND_OK;
}
RUN(clear_repeating) {
    kill_all(c, BLOCK_REPEAT, true, 0);
    return COMMAND_OK;
}
/* One limit at a time, as in OpenBeken; the driver is started when it is not. */
RUN(limit) {
    struct limit l = {
        .channel = call_int(c, 0, 0), .delta = call_int(c, 1, 0), .left_s = call_int(c, 2, -1)};
    if (!channel_valid(l.channel))
        return COMMAND_BAD_ARGUMENT;
    l.start = channel_get(c->d, l.channel);
    limits_stop(c->d);
    if (!driver_on(c->d, "ChargingLimit"))
        driver_start(c->d, "ChargingLimit", "");
    return keep(c, BLOCK_LIMIT, &l, sizeof l, 3);
}
/* A handler for an event that comes with a text: the text stands behind the fields. */
static enum command_result handle_text(struct call *c, unsigned code) {
    struct {
        struct handler h;
        char text[SCRIPT_LINE_MAX + 1];
    } fields = {.h = {.event = (uint16_t)code, .arguments = HANDLER_ON_TEXT}};
    struct text t = text_start(fields.text, sizeof fields.text);
    text_add(&t, call_raw(c, 1));
    return keep(c, BLOCK_HANDLER, &fields, sizeof fields.h + t.length + 1, 2);
}
static enum command_result handle(struct call *c, unsigned arguments) {
    int code = event_find(call_raw(c, 0));
    if (code < 0)
        return COMMAND_BAD_ARGUMENT;
    if (arguments == 1 && !call_is_int(c, 1))
        return handle_text(c, (unsigned)code);
    struct handler h = {.event = (uint16_t)code, .arguments = (uint8_t)arguments};
    for (unsigned i = 0; i < arguments; i++)
        h.values[i] = call_int(c, 1 + i, 0);
    return keep(c, BLOCK_HANDLER, &h, sizeof h, arguments + 1);
}
RUN(handler1) {
    return handle(c, 1);
}
RUN(handler2) {
    return handle(c, 2);
}
RUN(handler3) {
    return handle(c, 3);
}
RUN(change_handler) {
    static const char relations[][3] = {"==", "!=", "<", ">", "<=", ">="};
    int code = event_find(call_raw(c, 0));
    for (unsigned i = 0; code >= 0 && i < 6; i++)
        if (strcmp(relations[i], call_text(c, 1)) == 0) {
            struct handler h = {.event = (uint16_t)code,
                                .relation = (uint8_t)(EXPR_EQ + i),
                                .values = {call_int(c, 2, 0)}};
            return keep(c, BLOCK_HANDLER, &h, sizeof h, 3);
        }
    return COMMAND_BAD_ARGUMENT;
}
RUN(clear_handlers) {
    kill_all(c, BLOCK_HANDLER, true, 0);
    return COMMAND_OK;
}
RUN(list) {
    for (int kind = 0; kind < BLOCK_KINDS; kind++) {
        static const char *const names[] = {"scripts: ",          "aliases: ",      "handlers: ",
                                            "repeating events: ", "clock events: ", "limits: "};
        device_log_int(c->d, LOG_INFO, "script", names[kind],
                       block_count(c->d, (enum block_kind)kind), NULL);
    }
    return COMMAND_OK;
}
RUN(start) {
    thread_start(c->d, call_text(c, 0), call_text(c, 1), call_int(c, 2, 0));
    return COMMAND_OK;
}
RUN(stop) {
    thread_stop(c->d, call_int(c, 0, 0), false, call_int(c, 1, 0) != 0);
    return COMMAND_OK;
}
RUN(stop_all) {
    thread_stop(c->d, 0, true, false);
    return COMMAND_OK;
}
RUN(reset) {
    scripts_forget(c->d);
    return COMMAND_OK;
}
RUN(go_to) {
    struct thread *t = thread_current(c->d);
    if (!t)
        return COMMAND_UNKNOWN;
    if (c->count < 2)
        thread_goto(c->d, t, NULL, call_text(c, 0));
    else
        thread_goto(c->d, t, call_text(c, 0), call_text(c, 1));
    return COMMAND_OK;
}
static enum command_result delay(struct call *c, float ms) {
    struct thread *t = thread_current(c->d);
    if (!t)
        return COMMAND_ERROR;
    t->delay_ms += number_int(ms < 1e9f ? ms : 1e9f);
    return COMMAND_OK;
}
RUN(delay_s) {
    return delay(c, call_float(c, 0, 0) * 1000);
}
RUN(delay_ms) {
    return delay(c, (float)call_int(c, 0, 0));
}
RUN(leave) {
    struct thread *t = thread_current(c->d);
    if (!t)
        return COMMAND_ERROR;
    t->block = 0;
    return COMMAND_OK;
}
RUN(wait_for) {
    struct thread *t = thread_current(c->d);
    int code = event_find(call_text(c, 0));
    char relation = *call_raw(c, 1);
    if (!t)
        return COMMAND_ERROR;
    if (code < 0)
        return COMMAND_BAD_ARGUMENT;
    bool has = relation == '<' || relation == '>' || relation == '!';
    t->wait_code = (uint16_t)code;
    t->wait_relation = (uint8_t)(has ? relation : '=');
    t->wait_value = relation == '=' ? 0 : call_int(c, has ? 2 : 1, 0);
    return COMMAND_OK;
}
RUN(choice) {
    int32_t index = call_int(c, 0, 0);
    size_t size;
    const uint8_t *node =
        index >= 0 && index < INT16_MAX ? call_node(c, (unsigned)index + 1, &size) : NULL;
    if (node)
        node_run(c->d, node, c->source);
    return COMMAND_OK;
}

RUN(set_time) {
    const char *p = call_text(c, 0);
    int64_t value = 0;
    if (!text_is_digit(*p))
        return COMMAND_BAD_ARGUMENT;
    for (unsigned n = 0; text_is_digit(*p) && n < 12; p++, n++)
        value = value * 10 + (*p - '0');
    clock_set(c->d, value);
    return COMMAND_OK;
}
RUN(zone) {
    char number[16];
    struct text t = text_start(number, sizeof number);
    if (!strchr(call_raw(c, 0), ':'))
        text_int(&t, call_int(c, 0, 0));
    else
        text_add(&t, call_raw(c, 0));
    return clock_set_zone(c->d, number) == STATUS_OK ? COMMAND_OK : COMMAND_BAD_ARGUMENT;
}
RUN(place) {
    float latitude = call_float(c, 0, 0), longitude = call_float(c, 1, 0);
    if (!(latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180))
        return COMMAND_BAD_ARGUMENT;
    c->d->script.clock.latitude = latitude;
    c->d->script.clock.longitude = longitude;
    clock_events_renew(c->d);
    return COMMAND_OK;
}
static bool change_of(struct call *c, unsigned first, int32_t offset_min, struct dst_change *out) {
    int32_t v[4];
    for (unsigned k = 0; k < 4; k++)
        v[k] = call_int(c, first + k, 0);
    if (v[0] < 0 || v[0] > 4 || v[1] < 1 || v[1] > 12 || v[2] < 1 || v[2] > 7 || v[3] < 0 ||
        v[3] > 23 || offset_min < -180 || offset_min > 180)
        return false;
    *out = (struct dst_change){(uint8_t)v[0], (uint8_t)v[1], (uint8_t)v[2], (uint8_t)v[3],
                               (int16_t)offset_min};
    return true;
}
static enum command_result saving_set(struct call *c, const struct dst_change *rules) {
    struct local_clock *clock = &c->d->script.clock;
    if ((rules[0].offset_min == 0) == (rules[1].offset_min == 0))
        return COMMAND_BAD_ARGUMENT;
    clock->dst[0] = rules[0];
    clock->dst[1] = rules[1];
    clock->has_dst = true;
    clock_events_renew(c->d);
    return COMMAND_OK;
}
static int32_t saving_minutes(int32_t value) {
    return value == 1 ? 60 : value;
}
RUN(saving) {
    struct dst_change rules[2];
    for (unsigned i = 0; i < 2; i++)
        if (!change_of(c, i * 5, saving_minutes(call_int(c, i * 5 + 4, 0)), &rules[i]))
            return COMMAND_BAD_ARGUMENT;
    return saving_set(c, rules);
}
/* The older form: when it ends, when it begins, hours of saving. */
RUN(saving_old) {
    struct dst_change rules[2];
    if (!change_of(c, 0, 0, &rules[0]) || !change_of(c, 4, call_int(c, 8, 1) * 60, &rules[1]))
        return COMMAND_BAD_ARGUMENT;
    return saving_set(c, rules);
}
static int32_t time_of_day(const struct call *c) {
    const char *p = call_raw(c, 0);
    int32_t parts[3] = {0};
    unsigned n = 0;
    if (text_same(p, "sunrise"))
        return CLOCK_SUNRISE;
    if (text_same(p, "sunset"))
        return CLOCK_SUNSET;
    if (!strchr(p, ':'))
        return call_int(c, 0, 0);
    for (; *p; p++)
        if (*p == ':' && n < 2)
            n++;
        else if (text_is_digit(*p) && parts[n] < 100000)
            parts[n] = parts[n] * 10 + (*p - '0');
    return parts[0] * 3600 + parts[1] * 60 + parts[2];
}
RUN(clock_add) {
    struct clock_event e = {.time_s = time_of_day(c),
                            .id = call_int(c, 2, 0),
                            .days = (uint8_t)call_int(c, 1, 0),
                            .due_on = -1};
    return keep(c, BLOCK_CLOCK, &e, sizeof e, 3);
}
RUN(clock_remove) {
    kill_all(c, BLOCK_CLOCK, false, call_int(c, 0, 0));
    return COMMAND_OK;
}
RUN(clock_clear) {
    kill_all(c, BLOCK_CLOCK, true, 0);
    return COMMAND_OK;
}

/* `if` and `backlog` are rows for help and reference; the compiler makes them itself. */
RUN(compiled) {
    (void)c;
    return COMMAND_ERROR;
}

const struct command_row script_rows[] = {
    {"if", "r", 3, 0, "condition then command [else command]",
     HELP("runs one of them; with else both stand in quotes"), compiled, NULL},
    {"backlog", "r", 0, 0, "command; command...",
     HELP("runs them in order; with delay_s, delay_ms or waitFor in it as a script"), compiled,
     NULL},
    {"alias", "tc", 2, 0, "name command", HELP("a name for a command"), alias, NULL},
    {"addRepeatingEvent", "fic", 3, 0, "seconds times command", HELP("runs it again and again"),
     repeating, NULL},
    {"addRepeatingEventID", "fiic", 4, 0, "seconds times id command", HELP("the same with an id"),
     repeating_id, NULL},
    {"addRepeatingEventUID", "fiic", 4, 0, "seconds times id command", HELP("replaces that id"),
     repeating_uid, NULL},
    {"cancelRepeatingEvent", "i", 1, 0, "id", HELP("ends repeating events"), cancel, NULL},
    {"clearRepeatingEvents", "", 0, 0, "", HELP("ends them all"), clear_repeating, NULL},
    {"listRepeatingEvents", "", 0, 0, "", HELP("counts them"), list, NULL},
    {"chSetupLimit", "iiik", 4, TOKEN_QUOTES, "channel delta seconds command",
     HELP("runs it once, when the channel has moved by more, or after that time (-1: never)"),
     limit, NULL},
    {"addEventHandler", "tbh", 3, 0, "event argument command", HELP("runs it at an event"),
     handler1, NULL},
    {"addEventHandler2", "tiih", 4, 0, "event a b command", HELP("two arguments"), handler2, NULL},
    {"addEventHandler3", "tiiih", 5, 0, "event a b c command", HELP("three arguments"), handler3,
     NULL},
    {"addChangeHandler", "ttih", 4, 0, "variable relation value command",
     HELP("runs it when the condition becomes true"), change_handler, NULL},
    {"listEventHandlers", "", 0, 0, "", HELP("counts them"), list, NULL},
    {"clearAllHandlers", "", 0, 0, "", HELP("forgets handlers"), clear_handlers, NULL},
    {"startScript", "tti", 1, 0, "file [label] [id]", HELP("runs a script"), start, NULL},
    {"stopScript", "ii", 1, 0, "id [excludeSelf]", HELP("ends scripts"), stop, NULL},
    {"stopAllScripts", "", 0, 0, "", HELP("ends all scripts"), stop_all, NULL},
    {"listScripts", "", 0, 0, "", HELP("counts them"), list, NULL},
    {"goto", "tt", 1, 0, "[file] label", HELP("jumps"), go_to, NULL},
    {"delay_s", "f", 1, 0, "seconds", HELP("waits"), delay_s, NULL},
    {"delay_ms", "i", 1, 0, "milliseconds", HELP("waits"), delay_ms, NULL},
    {"return", "", 0, 0, "", HELP("ends the script"), leave, NULL},
    {"resetSVM", "", 0, 0, "", HELP("forgets scripts"), reset, NULL},
    {"waitFor", "tbb", 2, 0, "event [<|>|!] value", HELP("waits for an event"), wait_for, NULL},
    {"Choice", "ik*", 2, 1, "index command...", HELP("runs one of them"), choice, NULL},
    {"time_setTime", "t", 1, 0, "epoch", HELP("sets the clock, UTC"), set_time, NULL},
    {"time_setTZ", "b", 1, 0, "hours|[-]HH:MM", HELP("time zone"), zone, NULL},
    {"ntp_timeZoneOfs", "b", 1, 0, "hours|[-]HH:MM", HELP("time zone"), zone, NULL},
    {"time_setLatLong", "ff", 2, 0, "latitude longitude", HELP("for sunrise"), place, NULL},
    {"ntp_setLatLong", "ff", 2, 0, "latitude longitude", HELP("for sunrise"), place, NULL},
    {"time_setDST", "iiiiiiiiii", 10, 0, "week month day hour offset, twice",
     HELP("daylight saving rule"), saving, NULL},
    {"clock_calcDST", "iiiiiiiii", 8, 0, "end: week month day hour, start: the same [hours=1]",
     HELP("daylight saving rule, older form"), saving_old, NULL},
    {"addClockEvent", "biic", 4, 0, "time weekdays id command", HELP("runs it at a time of day"),
     clock_add, NULL},
    {"removeClockEvent", "i", 1, 0, "id", HELP("forgets clock events"), clock_remove, NULL},
    {"clearClockEvents", "", 0, 0, "", HELP("forgets all"), clock_clear, NULL},
    {"listClockEvents", "", 0, 0, "", HELP("counts them"), list, NULL},
};
const unsigned script_row_count = sizeof script_rows / sizeof *script_rows;
