/* Buttons and pulse trains: "P24@2s" presses pin 24 (to the level it does not have) at 2 s for
 * 200 ms, "P24@2s/5s" for 5 s, "P7@1s/10s%20ms" puts pulses with a period of 20 ms on pin 7. */
#include "virtual/soc/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRESS_US = 200000 };

static bool duration(const char **text, uint64_t *us) {
    char *end;
    double value = strtod(*text, &end);
    if (end == *text || !(value >= 0 && value < 1e6))
        return false;
    double unit = 1e6;
    if (strncmp(end, "ms", 2) == 0) {
        unit = 1e3;
        end += 2;
    } else if (*end == 's')
        end++;
    *us = (uint64_t)(value * unit);
    *text = end;
    return true;
}

bool stimulus_parse(struct session *s, const char *text) {
    if (s->stimulus_count == SESSION_STIMULI || (*text != 'P' && *text != 'p'))
        return false;
    struct stimulus *st = &s->stimuli[s->stimulus_count];
    char *end;
    long pin = strtol(text + 1, &end, 10);
    const char *rest = end;
    *st = (struct stimulus){.pin = (int)pin, .length_us = PRESS_US};
    if (rest == text + 1 || pin < 0 || pin >= SOC_PINS || *rest++ != '@' ||
        !duration(&rest, &st->at_us))
        return false;
    if (*rest == '/' && (rest++, !duration(&rest, &st->length_us)))
        return false;
    if (*rest == '%' && (rest++, !duration(&rest, &st->period_us) || !st->period_us))
        return false;
    s->stimulus_count++;
    return *rest == '\0';
}

/* When st next changes after `now_us`, and to what; SOC_NEVER when it is over. */
static uint64_t next_change(const struct stimulus *st, uint64_t now_us, bool *on) {
    uint64_t end = st->at_us + st->length_us;
    if (now_us < st->at_us) {
        *on = true;
        return st->at_us;
    }
    if (now_us >= end)
        return SOC_NEVER;
    if (!st->period_us) {
        *on = false;
        return end;
    }
    uint64_t half = st->period_us / 2 ? st->period_us / 2 : 1;
    uint64_t halves = (now_us - st->at_us) / half + 1;
    uint64_t change = st->at_us + halves * half;
    *on = change < end && halves % 2 == 0;
    return change < end ? change : end;
}

static void schedule(struct session *s) {
    struct board *b = s->board;
    uint64_t now_us = board_us(b), soonest = SOC_NEVER;
    for (int i = 0; i < s->stimulus_count; i++) {
        bool on;
        uint64_t change = next_change(&s->stimuli[i], now_us, &on);
        if (change < soonest)
            soonest = change;
    }
    if (soonest != SOC_NEVER)
        board_schedule(b, SOC_EVENT_STIMULUS, soonest * b->ticks_per_us);
}

/* Should the stimulus be applied at now_us? */
static bool applied(const struct stimulus *st, uint64_t now_us) {
    if (now_us < st->at_us || now_us >= st->at_us + st->length_us)
        return false;
    uint64_t half = st->period_us / 2 ? st->period_us / 2 : 1;
    return !st->period_us || (now_us - st->at_us) / half % 2 == 0;
}

void stimulus_start(struct session *s) {
    schedule(s);
}

void stimulus_due(struct session *s) {
    struct board *b = s->board;
    uint64_t now_us = board_us(b);
    for (int i = 0; i < s->stimulus_count; i++) {
        struct stimulus *st = &s->stimuli[i];
        bool on = applied(st, now_us);
        if (on == st->on)
            continue;
        int rest = st->on ? st->rest_level : board_pin_level(b, st->pin);
        if (on)
            st->rest_level = rest;
        st->on = on;
        board_pin_drive(b, st->pin, on ? !rest : -1);
    }
    schedule(s);
}
