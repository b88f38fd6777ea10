/* The linter of scripts; see script_lint.h. One pass over the lines collects what is set, read and
 * watched; a second one finds loops; then what was read but never set is told. */
#include "cli/script_lint.h"

#include "base/suggest.h"
#include "base/text.h"
#include "cli/lint.h"
#include "cli/lint_chip.h"
#include "cli/lint_paste.h"
#include "cli/lint_trial.h"
#include "codec/openbeken/channel_types.h"
#include "device/command/drivers.h"
#include "device/command/groups.h"
#include "device/role_groups.h"
#include "device/script/command_row.h"
#include "device/script/expression.h"
#include "device/script/script.h"

#include <stdio.h>
#include <string.h>

unsigned lint_column(const struct lint *l, const char *word) {
    size_t n = strlen(word);
    for (const char *p = l->line; n && strlen(p) >= n; p++)
        if (word_hash(p, n) == word_hash(word, n))
            return (unsigned)(p - l->line) + 1;
    return 1;
}

void lint_say(struct lint *l, const char *word, const char *text, const char *suggestion) {
    struct lint_finding f = {.line = l->number, .column = lint_column(l, word)};
    snprintf(f.text, sizeof f.text, suggestion ? "%s `%.60s`, did you mean `%s`?" : "%s `%.60s`",
             text, word, suggestion);
    l->report(l->context, &f);
}

void lint_say_at(struct lint *l, struct lint_seen at, const char *text) {
    struct lint_finding f = {.line = at.line, .column = at.column};
    snprintf(f.text, sizeof f.text, "%s", text);
    l->report(l->context, &f);
}

static void read_channel(struct lint *l, int32_t channel) {
    char word[16];
    if (!channel_valid(channel) || l->read[channel].line)
        return;
    snprintf(word, sizeof word, "$CH%d", channel);
    l->read[channel] = (struct lint_seen){l->number, lint_column(l, word)};
}

static void look_expression(struct lint *l, const uint8_t *p, size_t size) {
    static const uint8_t more[] = {
        [EXPR_NUMBER] = 4, [EXPR_SMALL] = 1, [EXPR_CHANNEL] = 2, [EXPR_CONSTANT] = 2};
    for (const uint8_t *end = p + size; p < end; p += 1 + (*p <= EXPR_CONSTANT ? more[*p] : 0))
        if (*p == EXPR_CHANNEL)
            read_channel(l, p[1] | p[2] << 8);
}

/* $CH5 inside a text. */
static void look_text(struct lint *l, const char *text) {
    for (const char *p = strchr(text, '$'); p; p = strchr(p + 1, '$')) {
        struct constant_ref ref;
        if (constant_match(p, strlen(p), &ref) && ref.id == CONSTANT_CHANNEL)
            read_channel(l, ref.index);
    }
}

static void look_role(struct lint *l, const struct call *c) {
    const char *role = call_raw(c, 1);
    int id = obk_role_find(role), pin = call_pin(c, 0);
    const struct hal_chip *chip = &l->d->hal.chip;
    char text[80];
    if (id < 0) {
        struct suggestion s = suggest_start(role);
        for (unsigned i = 0; obk_role_row(i); i++)
            suggest_offer(&s, obk_role_name(i));
        lint_say(l, role, "there is no pin role", suggest_result(&s));
    } else if (role_bits((unsigned)id) & ROLE_AWAY) {
        lint_say(l, role, "nothing in this build serves the role", NULL);
    } else if (pin >= 0 && pin < chip->pins && role_bits((unsigned)id) & ROLE_PWM &&
               !(chip->pwm_pins >> pin & 1)) {
        snprintf(text, sizeof text, "the %s has no PWM on pin", chip->name);
        lint_say(l, call_raw(c, 0), text, NULL);
    }
}

bool lint_pin(struct lint *l, const struct call *c, unsigned argument) {
    char text[80];
    int pin = call_pin(c, argument);
    if (pin >= 0 && pin < l->d->hal.chip.pins)
        return true;
    snprintf(text, sizeof text, "the %s has no pin", l->d->hal.chip.name);
    lint_say(l, call_raw(c, argument), text, NULL);
    return false;
}

static void look_type(struct lint *l, const struct call *c) {
    const char *type = call_raw(c, 1);
    int id = channel_type_find(type), channel = call_int(c, 0, -1);
    if (id >= 0) {
        if (channel_valid(channel))
            l->type[channel] = (uint8_t)id;
        return;
    }
    struct suggestion s = suggest_start(type);
    for (unsigned i = 0; channel_type_row(i); i++)
        suggest_offer(&s, channel_type_row(i)->name);
    lint_say(l, type, "there is no channel type", suggest_result(&s));
}

/* Commands whose first argument is a channel; the first ones give it a value. */
static const char *const setters[] = {"SetChannel",    "SetChannelFloat", "AddChannel",
                                      "ToggleChannel", "ClampChannel",    "Map",
                                      "MapRanges"};
static const char *const users[] = {"GetChannel",     "SetChannelType",    "SetChannelLabel",
                                    "SetChannelEnum", "SetChannelVisible", "SetChannelPrivate",
                                    "SetStartValue",  "publishChannel"};

static bool among(const char *name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void look_channel(struct lint *l, const struct call *c, bool sets) {
    int32_t channel = call_int(c, 0, 0);
    char word[16];
    if (!arg_is_number(c->args))
        return;
    snprintf(word, sizeof word, "%d", channel);
    if (channel_valid(channel)) {
        l->set[channel] |= sets;
        if (sets)
            lint_value(l, c);
    } else if (channel < CHANNEL_LED_DIMMER || channel > 264) {
        lint_say(l, word, "there is no channel", NULL);
    }
}

static void look_times(struct lint *l, const struct call *c) {
    const char *name = c->row->name;
    if (text_starts(name, "addRepeatingEvent") && call_int(c, 1, 1) == 0)
        lint_say(l, name, "can never run: 0 times", NULL);
    if (strcmp(name, "addClockEvent") == 0 && (call_int(c, 1, 1) & 0x7F) == 0)
        lint_say(l, name, "can never run: no day of the week is chosen", NULL);
}

static void look_chip(struct lint *l, const char *word) {
    const struct lint_chip_row *lacks = lint_chip_lacks(word, l->d->hal.chip.name);
    char text[120];
    if (!lacks)
        return;
    snprintf(text, sizeof text, "OpenBeken on the %s may lack this, %s:", l->d->hal.chip.name,
             lacks->why);
    lint_say(l, word, text, NULL);
}

static void look_call(struct lint *l, const struct call *c) {
    const char *name = c->row->name;
    look_chip(l, name);
    if (!c->row->run) {
        char text[80];
        snprintf(text, sizeof text, "not in this build, it comes with %s:", c->row->where);
        lint_say(l, name, text, NULL);
        return;
    }
    if (c->count < c->row->least)
        return;
    if (strcmp(name, "SetPinRole") == 0)
        look_role(l, c);
    if (strcmp(name, "SetPinRole") == 0 || strcmp(name, "SetPinChannel") == 0)
        lint_pin(l, c, 0);
    if (strcmp(name, "SetPinChannel") == 0 && channel_valid(call_int(c, 1, 0)))
        l->set[call_int(c, 1, 0)] = true;
    if (strcmp(name, "SetChannelType") == 0)
        look_type(l, c);
    if (strcmp(name, "addChangeHandler") == 0 || text_starts(name, "addEventHandler"))
        lint_handler(l, c);
    if (strcmp(name, "waitFor") == 0)
        lint_wait(l, c);
    if (strcmp(name, "startDriver") == 0 && driver_find(driver_table, call_raw(c, 0)) < 0)
        lint_say(l, call_raw(c, 0), "there is no driver", NULL);
    if (strcmp(name, "Ch") == 0 && channel_valid(c->suffix))
        l->set[c->suffix] = l->any_value[c->suffix] = true;
    if (among(name, setters, sizeof setters / sizeof *setters))
        look_channel(l, c, true);
    if (among(name, users, sizeof users / sizeof *users))
        look_channel(l, c, false);
    look_times(l, c);
}

static void look_node(struct lint *l, const uint8_t *node);

static void look_arguments(struct lint *l, const struct call *c) {
    const uint8_t *p = c->args;
    for (unsigned i = 0; i < c->count; i++, p += arg_size(p)) {
        if (arg_is_number(p))
            continue;
        size_t size = script_get16(p + 1), text = script_get16(p + 3);
        if (p[0] == ARG_EXPR)
            look_expression(l, p + 3, size);
        else if (p[0] == ARG_TEXT)
            look_text(l, (const char *)p + 3);
        else if (p[0] == ARG_BOTH && *(const char *)(p + 5) == '$')
            look_expression(l, p + 5 + text, size - 2 - text);
        else if (p[0] == ARG_NODE && size)
            look_node(l, p + 3);
    }
}

static void look_inside(struct lint *l, const uint8_t *p, const uint8_t *end) {
    for (; p + NODE_HEAD <= end; p += script_get16(p))
        look_node(l, p);
}

static void look_node(struct lint *l, const uint8_t *node) {
    const uint8_t *end = node + script_get16(node), *p = node + NODE_HEAD;
    struct call c = {.d = l->d, .source = COMMAND_FROM_SCRIPT};
    switch (node[2]) {
    case NODE_CALL:
        c.row = command_row(&command_words, script_get16(node + 3));
        c.suffix = (int16_t)(script_get16(node + 5) - 1);
        c.count = node[7];
        c.args = node + 8;
        look_call(l, &c);
        look_arguments(l, &c);
        break;
    case NODE_IF:
        look_expression(l, p + 2, script_get16(p));
        look_inside(l, p + 2 + script_get16(p), end);
        break;
    case NODE_SEQ:
    case NODE_THREAD:
        look_inside(l, p, end);
        break;
    case NODE_NAME:
        look_text(l, (const char *)p + strlen((const char *)p) + 1);
        break;
    case NODE_LATE:
        look_text(l, (const char *)node + 7);
        break;
    default:
        break;
    }
}

static bool has_word(const char *line, const char *word) {
    size_t n = strlen(word);
    for (; strlen(line) >= n; line++)
        if (word_hash(line, n) == word_hash(word, n))
            return true;
    return false;
}

static void note_label(struct lint *l, const char *p) {
    size_t n = strcspn(p, ":");
    if (l->label_count == LINT_LABELS || n >= sizeof l->labels[0].name)
        return;
    struct lint_label *label = &l->labels[l->label_count++];
    snprintf(label->name, sizeof label->name, "%.*s", (int)n, p);
    label->line = l->number;
}

/* A jump back over lines none of which waits runs for ever, 20 lines a tick. */
static void look_jump(struct lint *l, const char *p) {
    char label[32];
    if (!text_starts(p, "goto ") || sscanf(p + 5, "%31s", label) != 1)
        return;
    for (unsigned i = 0; i < l->label_count; i++)
        if (strcmp(l->labels[i].name, label) == 0 && l->waited < l->labels[i].line)
            lint_say(l, label, "endless: nothing between this goto and its label waits:", NULL);
}

static void pasted(void *context, unsigned column, const char *text) {
    struct lint *l = context;
    lint_say_at(l, (struct lint_seen){l->number, column}, text);
}

static void look_line(struct lint *l, const char *line, size_t n) {
    uint8_t code[SCRIPT_CODE_LINE];
    struct compiler c = {.words = &command_words, .out = code, .size = sizeof code};
    l->line = line;
    const char *p = line + strspn(line, " \t");
    if (!*p || *p == '#' || strncmp(p, "//", 2) == 0)
        return;
    lint_paste(line, pasted, l);
    if (has_word(line, "$rebootReason"))
        look_chip(l, "$rebootReason");
    if (line[strlen(line) - 1] == ':') {
        note_label(l, p);
        return;
    }
    if (has_word(line, "delay_") || has_word(line, "waitFor") || text_same(p, "return"))
        l->waited = l->number;
    look_jump(l, p);
    script_compile_line(&c, line, n);
    if (c.used >= NODE_HEAD)
        look_node(l, code);
}

static void lines_each(struct lint *l, const char *text, size_t size) {
    char line[SCRIPT_LINE_MAX + 1];
    for (const char *end = text + size; text < end; l->number++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t n = (size_t)((stop ? stop : end) - text), keep = n;
        while (keep && text_is_space(text[keep - 1]))
            keep--;
        if (keep <= SCRIPT_LINE_MAX) {
            memcpy(line, text, keep);
            line[keep] = 0;
            look_line(l, line, keep);
        }
        text += n + 1;
    }
    l->line = ""; /* what is said from here on is about no single line */
}

static void tell_unset(struct lint *l) {
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        bool by_pin =
            l->pins_known ? channel_is_switched(l->d, i) || channel_used(l->d, i) : l->watched[i];
        if (!l->read[i].line || l->set[i] || by_pin)
            continue;
        struct lint_finding f = {.line = l->read[i].line, .column = l->read[i].column};
        snprintf(f.text, sizeof f.text, "channel %d is %s, but nothing sets it%s", i,
                 l->watched[i] ? "watched" : "read",
                 l->pins_known ? "" : " (if a pin does, name the plug with --template)");
        l->report(l->context, &f);
    }
}

void script_lint(struct device *d, bool pins_known, const char *text, size_t size,
                 lint_report *report, void *context) {
    struct lint l = {
        .d = d, .pins_known = pins_known, .report = report, .context = context, .number = 1};
    memcpy(l.type, d->config.channel_types, sizeof l.type);
    lines_each(&l, text, size);
    tell_unset(&l);
    lint_watches(&l);
    lint_trial(d, text, size, report, context);
}
