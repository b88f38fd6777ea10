/* Running a scenario file: lines, the set-up, reports; see scenario.h. */
#include "virtual/plug/scenario.h"

#include "base/text.h"
#include "device/service/mqtt/mqtt.h"
#include "virtual/plug/scenario_rooms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print(struct scenario *s, bool error, const char *line) {
    if (s->options->print)
        s->options->print(s->options->context, error, line);
}

static void report(struct scenario *s, const char *what, const char *text) {
    char line[1024];
    snprintf(line, sizeof line, "%s:%u: %s %s: %s", s->file, s->line, what, s->op, text);
    print(s, true, line);
}

void scenario_check(struct scenario *s, bool good, const char *expected, const char *got) {
    char text[900];
    s->checks++;
    if (good)
        return;
    s->fails++;
    snprintf(text, sizeof text, "expected %.400s, got %.400s", expected, got);
    report(s, "FAIL", text);
}

void scenario_forget_history(struct scenario *s) {
    for (unsigned i = 0; i < s->history_count; i++) {
        free(s->history[i].topic);
        free(s->history[i].payload);
    }
    s->history_count = 0;
}

static void on_publish(void *context, const char *topic, const char *payload, bool retain) {
    struct scenario *s = context;
    if (!s->plug.device.mqtt_connected)
        return;
    if (s->history_count == SCENARIO_HISTORY) {
        free(s->history[0].topic);
        free(s->history[0].payload);
        memmove(s->history, s->history + 1, (SCENARIO_HISTORY - 1) * sizeof *s->history);
        s->history_count--;
    }
    s->history[s->history_count++] =
        (struct scenario_message){strdup(topic), strdup(payload), retain};
}

/* The virtual clock goes on: the next second tick comes when it would have come. */
void scenario_boot(struct scenario *s) {
    uint32_t second_ms = s->plug.device.second_ms;
    plug_restart(&s->plug, HAL_RESET_POWER);
    s->plug.device.second_ms = second_ms;
}

void scenario_reset(struct scenario *s) {
    for (unsigned pin = 0; pin < VIRTUAL_PINS; pin++)
        virtual_pin_release(&s->plug.chip, pin);
    device_stop(&s->plug.device);
    device_factory(&s->plug.device);
    scenario_boot(s);
    s->plug.device.config.ha_form = HA_FORM_ENTITIES; /* the form scenarios are written for */
    s->plug.device.mqtt_connected = false;
}

static size_t word_length(const char *p) {
    return strcspn(p, " \t");
}

static void line_end(struct scenario *s) {
    for (unsigned i = 0; i < s->scratch_count; i++)
        free(s->scratch[i]);
    s->scratch_count = 0;
}

void scenario_perform(struct scenario *s, const char *p) {
    struct scenario_arg args[SCENARIO_ARGS];
    size_t length = word_length(p);
    const struct scenario_op *op = scenario_op_find(p, length);
    if (!op) {
        if (scenario_op_missing(p, length))
            scenario_lacks(s, p, length);
        else
            scenario_bad(s, "an operation", p);
        return;
    }
    s->op = op->name;
    p += length;
    unsigned count = scenario_read_args(s, &p, op->signature, 0, args);
    while (*p == ' ' || *p == '\t')
        p++;
    if (*p && !s->missing[0])
        scenario_bad(s, "the end of the line", p);
    if (!s->bad[0] && !s->missing[0])
        op->run(s, args, count);
}

/* Takes the comment off: # first in the line or after a blank, outside quotes. */
static void strip(char *line) {
    bool in_quotes = false;
    for (char *c = line; *c; c++) {
        if (*c == '\\' && in_quotes && c[1])
            c++;
        else if (*c == '"')
            in_quotes = !in_quotes;
        else if (*c == '#' && !in_quotes && (c == line || c[-1] == ' ' || c[-1] == '\t'))
            *c = 0;
        if (!*c)
            break;
    }
    for (size_t n = strlen(line); n && strchr(" \t\r", line[n - 1]);)
        line[--n] = 0;
}

/* What can be wrong with a line without performing it. */
static bool line_known(struct scenario *s, const char *p) {
    char op[64];
    size_t length = word_length(p);
    if (scenario_op_find(p, length) || scenario_op_missing(p, length))
        return true;
    snprintf(op, sizeof op, "unknown operation \"%.40s\"", p);
    s->op = "syntax";
    report(s, "ERROR", op);
    return false;
}

static bool header_good(struct scenario *s, unsigned statement, const char *p) {
    static const char *const wanted[] = {"scenario-format 1", "scenario "};
    if (statement >= 2 || strncmp(p, wanted[statement], strlen(wanted[statement])) == 0)
        return true;
    s->op = "syntax";
    report(s, "ERROR",
           statement ? "the second line must be: scenario \"name\""
                     : "the first line must be: scenario-format 1");
    return false;
}

static bool problem_report(struct scenario *s) {
    if (s->bad[0]) {
        report(s, "ERROR", s->bad);
        return false;
    }
    if (s->missing[0]) {
        char text[128];
        s->unsupported++;
        snprintf(text, sizeof text, "%s is not supported by this build", s->missing);
        report(s, "UNSUPPORTED", text);
    }
    return true;
}

/* Walks the lines twice: first only looking, then performing. */
static bool walk(struct scenario *s, const char *text, size_t size, bool perform) {
    const char *end = text + size;
    unsigned statement = 0;
    for (s->line = 1; text < end; s->line++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t length = (size_t)((stop ? stop : end) - text);
        char *line = malloc(length + 1);
        if (!line)
            return false;
        memcpy(line, text, length);
        line[length] = 0;
        text += length + 1;
        strip(line);
        const char *p = line + strspn(line, " \t");
        bool good = true;
        if (*p) {
            s->bad[0] = s->missing[0] = 0;
            s->op = "";
            if (!perform) {
                good = header_good(s, statement, p) && line_known(s, p);
            } else {
                if (s->options->verbose)
                    report(s, ">", p);
                scenario_perform(s, p);
                good = problem_report(s);
            }
            statement++;
        }
        free(line);
        line_end(s);
        if (!good)
            return false;
    }
    if (!perform && statement < 2)
        return header_good(s, statement, "");
    return true;
}

static void result(struct scenario *s) {
    char line[256];
    snprintf(line, sizeof line, "RESULT %s checks=%u fails=%u unsupported=%u", s->title, s->checks,
             s->fails, s->unsupported);
    print(s, false, line);
}

enum scenario_exit scenario_run(const char *name, const char *text, size_t size,
                                const struct scenario_options *options) {
    struct scenario *s = calloc(1, sizeof *s);
    enum scenario_exit code = SCENARIO_BAD_FILE;
    if (!s)
        return code;
    s->options = options;
    s->file = name;
    if (walk(s, text, size, false) && plug_init(&s->plug, options->chip) &&
        plug_network(&s->plug)) {
        s->plug.on_publish = on_publish;
        s->plug.publish_context = s;
        scenario_reset(s);
        plug_run_ms(&s->plug, 50 * PLUG_FRAME_MS);
        bool good = walk(s, text, size, true);
        result(s);
        code = !good            ? SCENARIO_BAD_FILE
               : s->fails       ? SCENARIO_FAILED
               : s->unsupported ? SCENARIO_UNSUPPORTED
                                : SCENARIO_PASSED;
        plug_free(&s->plug);
    }
    scenario_forget_history(s);
    for (unsigned i = 0; i < s->variable_count; i++)
        free(s->variables[i].name);
    free(s->variables);
    free(s->scratch);
    free(s->body.data);
    free(s->document);
    free(s);
    return code;
}
