/* Endless loops, found by letting them run; see lint_trial.h. */
#include "cli/lint_trial.h"

#include "base/text.h"
#include "codec/openbeken/roles.h"
#include "device/script/script.h"
#include "virtual/plug/plug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 64 };

struct trial {
    struct plug *plug;
    const char *text;
    size_t size;
    lint_report *report;
    void *context;
    unsigned column; /* of the name in the line that is looked at */
    bool endless;
};

/* What a line has defined. */
struct slot {
    const struct block *handler; /* NULL: none */
};

static void hear(void *context, enum log_level level, const char *module, const char *text) {
    struct trial *t = context;
    (void)level;
    t->endless |= strcmp(module, "script") == 0 && text_starts(text, "endless");
}

static void tell(struct trial *t, unsigned line, const char *what, const char *name) {
    struct lint_finding f = {.line = line, .column = t->column};
    snprintf(f.text, sizeof f.text, "endless: %s `%.60s` ends up where it began, in the same tick",
             what, name);
    t->report(t->context, &f);
}

static void forget_values(struct device *d) {
    memset(d->channels.value, 0, sizeof d->channels.value);
    memset(d->channels.exact, 0, sizeof d->channels.exact);
}

/* A number near the limit of a handler, inside what a channel holds. */
static int32_t near(int32_t limit, int32_t step) {
    int64_t value = (int64_t)limit + step;
    return value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : (int32_t)value;
}

/* Sets channels as the handler wants to see them move: first to where its condition does not hold,
 * then to where it does. */
static void move(struct device *d, const struct handler *h) {
    static const int32_t steps[] = {-2, -1, 1, 0, 1, 0, -1, 0};
    int channel = h->event - EVENT_CHANNEL0;
    if (h->arguments == 1 && h->event == EVENT_ON_CHANNEL_CHANGE)
        channel = h->values[0];
    if (!channel_valid(channel))
        return;
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++)
        channel_set(d, channel, near(h->values[0], steps[i]), 0);
}

static bool is_variable(const struct handler *h) {
    return h->event >= EVENT_CHANNEL0 && h->event < EVENT_CHANNEL0 + CHANNEL_COUNT;
}

static void try_handler(struct trial *t, unsigned line, const char *name, const struct block *b) {
    struct device *d = &t->plug->device;
    const struct handler *h = block_fields(b);
    t->endless = false;
    forget_values(d);
    if (is_variable(h) || h->event == EVENT_ON_CHANNEL_CHANGE)
        move(d, h);
    else if (h->arguments >= 1 && h->arguments <= HANDLER_VALUES)
        events_fire(d, h->event, h->values[0], h->values[1], h->values[2]);
    if (t->endless)
        tell(t, line, "the handler of", name);
}

static void try_alias(struct trial *t, unsigned line, const char *name) {
    t->endless = false;
    forget_values(&t->plug->device);
    command_run(&t->plug->device, name, COMMAND_FROM_SCRIPT);
    if (t->endless)
        tell(t, line, "alias", name);
}

/* A line that defines something: the word, and the name behind it. */
static bool definition(const char *line, bool *is_alias, char *name) {
    char word[NAME];
    if (sscanf(line, " %63s %63s", word, name) != 2)
        return false;
    *is_alias = text_same(word, "alias");
    return *is_alias || text_starts(word, "addEventHandler") || text_same(word, "addChangeHandler");
}

static unsigned name_column(const char *line) {
    size_t at = strspn(line, " \t");
    at += strcspn(line + at, " \t");
    return (unsigned)(at + strspn(line + at, " \t")) + 1;
}

/* Defines everything, or (second pass) tries it. Handlers come out of the arena newest first, so
 * that the one of a line is found by counting. */
static void pass(struct trial *t, bool tries, struct slot *slots) {
    const char *p = t->text, *end = p + t->size;
    struct device *d = &t->plug->device;
    for (unsigned line = 1; p < end; line++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        char text[SCRIPT_LINE_MAX + 1], name[NAME];
        bool is_alias;
        snprintf(text, sizeof text, "%.*s", (int)((stop ? stop : end) - p), p);
        text[strcspn(text, "\r")] = 0;
        p = stop ? stop + 1 : end;
        if (!definition(text, &is_alias, name))
            continue;
        t->column = name_column(text);
        unsigned before = block_count(d, BLOCK_HANDLER);
        if (!tries)
            command_run(d, text, COMMAND_FROM_SCRIPT);
        if (is_alias && tries)
            try_alias(t, line, name);
        if (is_alias)
            continue;
        if (!tries)
            slots[line].handler =
                block_count(d, BLOCK_HANDLER) > before ? block_first(d, BLOCK_HANDLER) : NULL;
        else if (slots[line].handler)
            try_handler(t, line, name, slots[line].handler);
    }
}

static size_t lines_of(const char *text, size_t size) {
    size_t lines = 2;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines;
}

/* The pins of the plug in question; without any, a relay on channel 1, so that POWER moves it. */
static void wire(struct device *d, const struct device *like) {
    bool any = false;
    for (unsigned pin = 0; pin < OBK_PINS_MAX; pin++) {
        d->config.pins[pin] = like->config.pins[pin];
        any |= like->config.pins[pin].role != OBK_ROLE_NONE;
    }
    if (!any)
        d->config.pins[26] = (struct obk_pin){.role = OBK_ROLE_RELAY, .channel = 1};
    board_start(d);
}

void lint_trial(const struct device *like, const char *text, size_t size, lint_report *report,
                void *context) {
    struct trial t = {.text = text, .size = size, .report = report, .context = context};
    struct slot *slots = calloc(lines_of(text, size), sizeof *slots);
    t.plug = calloc(1, sizeof *t.plug);
    if (slots && t.plug && plug_init(t.plug, like->hal.chip.name)) {
        t.plug->device.log.sink = (struct log_sink){hear, &t};
        wire(&t.plug->device, like);
        t.plug->device.script.running++; /* so that blocks stay where they are */
        pass(&t, false, slots);
        pass(&t, true, slots);
        plug_free(t.plug);
    }
    free(t.plug);
    free(slots);
}
