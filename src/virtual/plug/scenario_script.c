/* The script room in scenarios: tokenizer, expressions, events, threads, the clock. */
#include "device/clock.h"
#include "device/command/drivers.h"
#include "device/role_groups.h"
#include "device/script/expression.h"
#include "device/script/script.h"
#include "virtual/plug/scenario_rooms.h"
#include "virtual/plug/scenario_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int32_t sun_hour(const struct device *d, bool rise) {
    return clock_sun(d, rise) / 3600;
}

static int32_t sun_minute(const struct device *d, bool rise) {
    return clock_sun(d, rise) / 60 % 60;
}

#define INT   ((int32_t)a[0].number)
#define COUNT ((unsigned)a[0].number)

/* Code of an event by name or number; 0 when unknown. */
static unsigned event_code(const struct scenario_arg *a) {
    int code = event_find(a->text.data);
    return code < 0 ? 0 : (unsigned)code;
}

static bool event_known(struct scenario *s, const struct scenario_arg *a) {
    if (event_code(a))
        return true;
    scenario_bad(s, "the name or number of an event", a->text.data);
    return false;
}

OP(event) {
    (void)n;
    if (event_known(s, &a[0]))
        events_fire(DEVICE, event_code(&a[0]), (int32_t)a[1].number, 0, 0);
}

OP(event_wake) {
    (void)n;
    if (event_known(s, &a[0]))
        threads_wake(DEVICE, event_code(&a[0]), (int32_t)a[1].number);
}

static double fire(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    if (!event_known(s, &a[0]))
        return 0;
    return events_fire(DEVICE, event_code(&a[0]), (int32_t)a[1].number, (int32_t)a[2].number,
                       (int32_t)a[3].number);
}

OP(tick_threads) {
    (void)n;
    blocks_tidy(DEVICE);
    threads_tick(DEVICE, COUNT);
}

/* --- commands that only record what they were given --- */

static bool captured_word(void *context, const char *word, const char *arguments) {
    struct scenario *s = context;
    for (unsigned i = 0; i < s->capture_count; i++)
        if (strcasecmp(s->captures[i], word) == 0) {
            snprintf(s->captured, sizeof s->captured, "%s", arguments);
            return true;
        }
    return false;
}

OP(cmd_capture) {
    (void)n;
    if (!DEVICE->command.extra)
        s->capture_count = 0; /* a reset forgets them */
    if (s->capture_count == SCENARIO_CAPTURES) {
        scenario_bad(s, "no more than 16 captured commands", a[0].text.data);
        return;
    }
    char *to = s->captures[s->capture_count++];
    snprintf(to, sizeof s->captures[0], "%.*s", (int)strcspn(a[0].text.data, " \t"),
             a[0].text.data);
    DEVICE->command.extra = captured_word;
    DEVICE->command.extra_context = s;
}

TEXT(captured, s->captured)

/* --- tokenizer, expressions, constants --- */

OP(tokenize) {
    (void)n;
    tokens_split(DEVICE, a[0].text.data, (unsigned)a[1].number, &s->tokens);
}

OP(expect_arg) {
    (void)n;
    const char *got = tokens_text(DEVICE, &s->tokens, COUNT);
    scenario_check(s, strcmp(got, a[1].text.data) == 0, a[1].text.data, got);
}

OP(expect_expr) {
    (void)n;
    double got = (double)expression_text(DEVICE, a[0].text.data), wanted = a[1].number;
    bool good = isinf(wanted) || isinf(got) ? !(got < wanted) && !(got > wanted)
                                            : fabs(got - wanted) < 0.001;
    scenario_check(s, good, scenario_number_text(s, wanted), scenario_number_text(s, got));
}

NUMBER(expr, expression_text(DEVICE, a[0].text.data))
NUMBER(argc_, s->tokens.count)
NUMBER(arg_int, tokens_int(DEVICE, &s->tokens, COUNT))
NUMBER(arg_float, tokens_float(DEVICE, &s->tokens, COUNT))
TEXT(arg, tokens_text(DEVICE, &s->tokens, COUNT))
TEXT(arg_from, tokens_from(&s->tokens, COUNT))

static struct scenario_text expand(struct scenario *s, args_t a, unsigned n) {
    static char buffer[8192];
    size_t size = n > 1 && a[1].number >= 1 ? (size_t)a[1].number : sizeof buffer;
    constant_expand(DEVICE, a[0].text.data, buffer, size < sizeof buffer ? size : sizeof buffer);
    return scenario_text_of(s, buffer);
}

/* --- what runs --- */

NUMBER(threads, threads_count(DEVICE))
NUMBER(handlers, block_count(DEVICE, BLOCK_HANDLER))
NUMBER(repeaters, block_count(DEVICE, BLOCK_REPEAT))
NUMBER(event_id, event_code(&a[0]))
NUMBER(driver_running, driver_on(DEVICE, a[0].text.data))
TEXT(command_of,
     handler_command(DEVICE, event_code(&a[0]), (int32_t)a[1].number, (int32_t)a[2].number))

/* --- the clock --- */

OP(clock_set_) {
    (void)n;
    clock_set(DEVICE, (int64_t)a[0].number);
}

OP(clock_second) {
    (void)a, (void)n;
    script_clock(DEVICE);
}

OP(clock_run) {
    (void)n;
    clock_events_run(DEVICE, (int64_t)a[0].number, a[1].number != 0);
}

/* The clock is what it was at boot plus the uptime, so it follows. */
OP(uptime_set) {
    (void)n;
    uint32_t uptime = (uint32_t)a[0].number;
    if (DEVICE->clock_set)
        DEVICE->clock_epoch += (int64_t)uptime - DEVICE->uptime_s;
    DEVICE->uptime_s = uptime;
}

#define LOCAL (clock_local(DEVICE))
NUMBER(hour, LOCAL.hour)
NUMBER(minute, LOCAL.minute)
NUMBER(second, LOCAL.second)
NUMBER(year, LOCAL.year)
NUMBER(month, LOCAL.month)
NUMBER(mday, LOCAL.day)
NUMBER(weekday, LOCAL.weekday)
NUMBER(local_time, DEVICE->clock_set ? clock_now(DEVICE) + clock_offset(DEVICE) : 0)
NUMBER(utc_time, clock_now(DEVICE))
NUMBER(tz_offset, DEVICE->script.clock.zone_s)
NUMBER(dst, clock_dst(DEVICE))
NUMBER(dst_offset, clock_dst_offset(DEVICE))
NUMBER(sunrise, clock_sun(DEVICE, true))
NUMBER(sunset, clock_sun(DEVICE, false))
NUMBER(sunrise_hour, sun_hour(DEVICE, true))
NUMBER(sunrise_minute, sun_minute(DEVICE, true))
NUMBER(sunset_hour, sun_hour(DEVICE, false))
NUMBER(sunset_minute, sun_minute(DEVICE, false))
NUMBER(clock_events, block_count(DEVICE, BLOCK_CLOCK))
NUMBER(event_time, clock_event_time(DEVICE, INT))
NUMBER(clock_clear, events_remove(DEVICE, BLOCK_CLOCK, true, 0))
NUMBER(clock_remove, events_remove(DEVICE, BLOCK_CLOCK, false, INT))

const struct scenario_op scenario_script_ops[] = {
    {"event", "wn", event},
    {"event-wake", "wn", event_wake},
    {"script-tick", "n", tick_threads},
    {"cmd-capture", "t", cmd_capture},
    {"tokenize", "tn", tokenize},
    {"expect-arg", "nt", expect_arg},
    {"expect-expr", "tn", expect_expr},
    {"clock-set", "n", clock_set_},
    {"clock-second", "", clock_second},
    {"clock-run", "nn", clock_run},
    {"uptime-set", "n", uptime_set},
    {NULL, NULL, NULL},
};

const struct scenario_query scenario_script_queries[] = {
    {"expr", "t", expr, NULL},
    {"argc", "", argc_, NULL},
    {"arg_int", "n", arg_int, NULL},
    {"arg_float", "n", arg_float, NULL},
    {"arg", "n", NULL, arg},
    {"arg_from", "n", NULL, arg_from},
    {"expand", "tN", NULL, expand},
    {"captured", "", NULL, captured},
    {"threads", "", threads, NULL},
    {"handlers", "", handlers, NULL},
    {"repeaters", "", repeaters, NULL},
    {"event_id", "t", event_id, NULL},
    {"fire", "wnNN", fire, NULL},
    {"handler_command", "wnn", NULL, command_of},
    {"driver_on", "t", driver_running, NULL},
    {"hour", "", hour, NULL},
    {"minute", "", minute, NULL},
    {"second", "", second, NULL},
    {"year", "", year, NULL},
    {"month", "", month, NULL},
    {"mday", "", mday, NULL},
    {"weekday", "", weekday, NULL},
    {"local_time", "", local_time, NULL},
    {"utc_time", "", utc_time, NULL},
    {"tz_offset", "", tz_offset, NULL},
    {"dst", "", dst, NULL},
    {"dst_offset", "", dst_offset, NULL},
    {"sunrise", "", sunrise, NULL},
    {"sunset", "", sunset, NULL},
    {"sunrise_hour", "", sunrise_hour, NULL},
    {"sunrise_minute", "", sunrise_minute, NULL},
    {"sunset_hour", "", sunset_hour, NULL},
    {"sunset_minute", "", sunset_minute, NULL},
    {"clock_events", "", clock_events, NULL},
    {"clock_event_time", "n", event_time, NULL},
    {"clock_clear", "", clock_clear, NULL},
    {"clock_remove", "n", clock_remove, NULL},
    {NULL, NULL, NULL, NULL},
};
