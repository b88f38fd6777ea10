/* Handlers that can never run: events that do not exist or never come with such an argument,
 * buttons that are not there, conditions that the values of a channel cannot begin to meet. */
#include "base/suggest.h"
#include "base/text.h"
#include "cli/lint.h"
#include "codec/openbeken/channel_types.h"
#include "device/number.h"
#include "device/role_groups.h"
#include "device/script/expression.h"
#include "device/script/script.h"

#include <stdio.h>
#include <string.h>

enum { EVENT_MISSED_HEARTBEATS = 103 };

/* Arguments with which an event comes; others are waited for in vain. */
static const struct {
    uint8_t code;
    int8_t lowest, highest;
} arguments[] = {
    {EVENT_ON_CHANNEL_CHANGE, 0, CHANNEL_COUNT - 1},
    {EVENT_MQTT_STATE, 0, 1},
    {EVENT_LED_STATE, 0, 1},
    {EVENT_IP_CHANGE, 0, 0},
    {EVENT_WIFI_STATE, 1, 6},
    {EVENT_LED_MODE, 0, 3},
    {EVENT_NTP_STATE, 1, 1},
};

static const char *nearest_event(const char *name) {
    struct suggestion s = suggest_start(name);
    for (unsigned i = 0; event_name(i); i++)
        suggest_offer(&s, event_name(i));
    return suggest_result(&s);
}

static bool is_channel(int code) {
    return code >= EVENT_CHANNEL0 && code < EVENT_CHANNEL0 + CHANNEL_COUNT;
}

/* Events that tell how a value moved, and so never come with an argument to match. */
static bool is_variable(int code) {
    return is_channel(code) || (code >= EVENT_VOLTAGE && code <= EVENT_ENERGY_LAST_HOUR) ||
           code == EVENT_NO_PING_TIME || code == EVENT_NO_MQTT_TIME ||
           code == EVENT_MISSED_HEARTBEATS;
}

static bool from_button(int code) {
    return (code >= EVENT_ON_CLICK && code <= EVENT_ON_HOLD_START) || code == EVENT_ON_RELEASE ||
           code == EVENT_ON_PRESS || (code >= EVENT_ON_TRIPLE_CLICK && code <= EVENT_ON_5_CLICK);
}

static void look_argument(struct lint *l, const struct call *c, int code) {
    int value = call_int(c, 1, 0);
    char text[80];
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
        if (arguments[i].code == code &&
            (value < arguments[i].lowest || value > arguments[i].highest)) {
            snprintf(text, sizeof text, "can never run: this event comes with %d to %d, not with",
                     arguments[i].lowest, arguments[i].highest);
            lint_say(l, call_raw(c, 1), text, NULL);
        }
}

static void look_button(struct lint *l, const struct call *c) {
    if (lint_pin(l, c, 1) && l->pins_known &&
        !role_is_button(board_role(l->d, (unsigned)call_int(c, 1, 0))))
        lint_say(l, call_raw(c, 1), "can never run: there is no button on pin", NULL);
}

static int relation_of(const char *text) {
    static const char relations[][3] = {"==", "!=", "<", ">", "<=", ">="};
    for (int i = 0; i < 6; i++)
        if (strcmp(relations[i], text) == 0)
            return EXPR_EQ + i;
    return -1;
}

static void watch(struct lint *l, const struct call *c, int channel) {
    int relation = relation_of(call_raw(c, 1));
    struct lint_seen seen = {l->number, lint_column(l, call_raw(c, 0))};
    l->watched[channel] = true;
    if (!l->read[channel].line)
        l->read[channel] = seen;
    if (relation < 0 || l->watch_count == LINT_WATCHES)
        return;
    l->watches[l->watch_count++] = (struct lint_watch){.seen = seen,
                                                       .channel = (uint8_t)channel,
                                                       .relation = (uint8_t)relation,
                                                       .limit = call_int(c, 2, 0)};
}

static void look_change(struct lint *l, const struct call *c, int code) {
    if (!is_variable(code))
        lint_say(l, call_raw(c, 0),
                 "can never run: this event has no value that changes, use addEventHandler:", NULL);
    else if (is_channel(code))
        watch(l, c, code - EVENT_CHANNEL0);
    if (relation_of(call_raw(c, 1)) < 0)
        lint_say(l, call_raw(c, 1), "expected one of == != < > <= >=, got", NULL);
}

static void look_event(struct lint *l, const struct call *c, int code) {
    if (is_variable(code))
        lint_say(l, call_raw(c, 0),
                 "can never run: a value that changes needs addChangeHandler:", NULL);
    else if (!call_is_int(c, 1))
        return;
    else if (from_button(code))
        look_button(l, c);
    else
        look_argument(l, c, code);
}

void lint_handler(struct lint *l, const struct call *c) {
    const char *name = call_raw(c, 0);
    int code = event_find(name);
    if (code < 0)
        lint_say(l, name, "there is no event", nearest_event(name));
    else if (c->row->name[3] == 'C')
        look_change(l, c, code);
    else
        look_event(l, c, code);
}

void lint_wait(struct lint *l, const struct call *c) {
    const char *name = call_raw(c, 0), *relation = call_raw(c, 1);
    if (event_find(name) < 0)
        lint_say(l, name, "there is no event", nearest_event(name));
    else if (*relation == '=')
        lint_say(l, relation, "waitFor knows no == and waits for 0: leave it out:", NULL);
    else if ((*relation == '<' || *relation == '>' || *relation == '!') && relation[1] == '=')
        lint_say(l, relation, "waitFor reads only the first sign of", NULL);
}

void lint_value(struct lint *l, const struct call *c) {
    int channel = call_int(c, 0, 0);
    int32_t value = call_int(c, 1, 0);
    const uint8_t *second = c->args + arg_size(c->args);
    if (strcmp(c->row->name, "SetChannel") != 0 || c->count < 2 || !arg_is_number(second)) {
        l->any_value[channel] = true;
        return;
    }
    l->lowest[channel] = value < l->lowest[channel] ? value : l->lowest[channel];
    l->highest[channel] = value > l->highest[channel] ? value : l->highest[channel];
}

/* The values a type stands for; false: any. */
static bool type_range(unsigned type, int32_t *highest) {
    const struct channel_type *row = channel_type_row(type);
    const char *words = row ? row->words : "";
    if (!row)
        return false;
    *highest = row->show == CHANNEL_SHOW_TOGGLE ? 1 : 0;
    if (row->show == CHANNEL_SHOW_SLIDER)
        *highest = number_int(number_read(words, strlen(words)));
    else if (row->show == CHANNEL_SHOW_CHOICE || row->show == CHANNEL_SHOW_STATE)
        for (; *words; words++)
            *highest += *words == ',';
    return *highest > 0;
}

static bool holds(const struct lint_watch *w, int64_t value) {
    switch (w->relation) {
    case EXPR_EQ:
        return value == w->limit;
    case EXPR_NE:
        return value != w->limit;
    case EXPR_LT:
        return value < w->limit;
    case EXPR_GT:
        return value > w->limit;
    case EXPR_LE:
        return value <= w->limit;
    default:
        return value >= w->limit;
    }
}

/* Does the condition change anywhere between the two? It can only do so at the limit. */
static bool can_begin(const struct lint_watch *w, int64_t low, int64_t high) {
    const int64_t near[] = {(int64_t)w->limit - 1, w->limit, (int64_t)w->limit + 1};
    bool first = holds(w, low);
    for (unsigned i = 0; i < 3; i++)
        if (near[i] >= low && near[i] <= high && holds(w, near[i]) != first)
            return true;
    return holds(w, high) != first;
}

void lint_watches(struct lint *l) {
    for (unsigned i = 0; i < l->watch_count; i++) {
        const struct lint_watch *w = &l->watches[i];
        int64_t low = INT32_MIN, high = INT32_MAX;
        int32_t highest;
        char text[120];
        bool typed = type_range(l->type[w->channel], &highest) && !l->any_value[w->channel];
        if (typed) {
            low = l->lowest[w->channel];
            high = l->highest[w->channel] > highest ? l->highest[w->channel] : highest;
        }
        if (can_begin(w, low, high))
            continue;
        if (typed)
            snprintf(text, sizeof text,
                     "can never run: channel %u, a %s, goes from %d to %d, where this never begins "
                     "to be true",
                     w->channel, channel_type_row(l->type[w->channel])->name, (int)low, (int)high);
        else
            snprintf(text, sizeof text, "can never run: no number begins to meet this");
        lint_say_at(l, w->seen, text);
    }
}
