/* Evidence is collected while the records come in; the decision is one function a pin at the end.
 * Nothing is claimed as sure from registers alone: 90 % is the most an experiment gives. */
#include "workbench/emulator/findings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    WORD_OUT = 0x02,
    WORD_IN_ENABLE = 0x04,
    WORD_OUT_DISABLE = 0x08,
    WORD_PULL_UP = 0x10,
    WORD_PULL = 0x20,
    WORD_SECOND = 0x40,
    BLINKS = 4,
    PWM_CLOCK_HZ = 26000000,
};

static const uint8_t pwm_pads[6] = {6, 7, 8, 9, 24, 26};
/* Pads every firmware puts into second function: the two UARTs and what boots with them. */
static const uint8_t uart_pads[] = {0, 1, 10, 11, 12, 13};

const char *finding_kind_text(enum finding_kind kind) {
    static const char *const texts[] = {"unused", "output", "relay",      "LED",   "button",
                                        "pulses", "input",  "PWM output", "serial"};
    return texts[kind];
}

void findings_start(struct findings *f) {
    memset(f, 0, sizeof *f);
    f->pressed = -1;
}

static bool is_output(uint32_t word) {
    return !(word & (WORD_OUT_DISABLE | WORD_SECOND));
}

static void take_change(struct findings *f, const struct soc_record *r) {
    bool level_moved = is_output(r->b) && is_output(r->c) && (r->b ^ r->c) & WORD_OUT;
    if (!level_moved || r->a >= FINDING_PINS)
        return;
    if (f->moves[r->a]++ == 0)
        f->first_move_us[r->a] = r->us;
    f->last_move_us[r->a] = r->us;
}

static void take_moved(struct findings *f, const struct soc_record *r) {
    if (f->pressed < 0 || r->a >= FINDING_PINS || !is_output(r->c))
        return;
    uint64_t bit = 1ull << r->a;
    if (!((r->b ^ r->c) & WORD_OUT))
        return;
    f->moved_by_press[f->pressed] |= bit;
    bool rest = f->word[r->a] & WORD_OUT;
    bool now = r->c & WORD_OUT;
    if (rest != now)
        f->stayed[f->pressed] |= bit;
    else
        f->stayed[f->pressed] &= ~bit;
}

static void take_serial(struct findings *f, const struct soc_record *r) {
    const uint8_t *bytes = (const uint8_t *)r->text;
    for (size_t i = 0; r->a == 1 && r->b == 'T' && i + 1 < r->text_size; i++)
        f->tuya_frames += bytes[i] == 0x55 && bytes[i + 1] == 0xAA;
}

void findings_take(struct findings *f, const struct soc_record *r) {
    switch (r->kind) {
    case SOC_LOG:
        f->log_lines++;
        break;
    case SOC_SERIAL:
        take_serial(f, r);
        break;
    case SOC_PIN:
        take_change(f, r);
        break;
    case SOC_PWM:
        if (r->a < 6)
            f->pwm_period[r->a] = r->b;
        break;
    case SOC_TEXT:
        if (!f->text_us)
            f->text_us = r->us;
        break;
    case SOC_LEVEL:
        if (r->a < FINDING_PINS) {
            f->word[r->a] = r->b;
            f->level[r->a] = (uint8_t)r->c;
        }
        break;
    case SOC_PRESS:
        f->pressed = r->a < FINDING_PINS ? (int)r->a : -1;
        f->press_level = (int)r->c;
        break;
    case SOC_MOVED:
        take_moved(f, r);
        break;
    default:
        break;
    }
}

__attribute__((format(printf, 4, 5))) static void
say(struct finding_pin *pin, enum finding_kind kind, int confidence, const char *format, ...) {
    va_list list;
    va_start(list, format);
    vsnprintf(pin->evidence, sizeof pin->evidence, format, list);
    va_end(list);
    pin->kind = kind;
    pin->confidence = confidence;
}

static int pwm_channel(int gpio) {
    for (int c = 0; c < 6; c++)
        if (pwm_pads[c] == gpio)
            return c;
    return -1;
}

static bool is_uart_pad(int gpio) {
    return memchr(uart_pads, gpio, sizeof uart_pads) != NULL;
}

/* The input whose press moved output `gpio` and left it moved, or -1. */
static int switched_by(const struct findings *f, int gpio) {
    for (int p = 0; p < FINDING_PINS; p++)
        if (f->stayed[p] >> gpio & 1)
            return p;
    return -1;
}

static void conclude_output(struct findings *f, int gpio) {
    struct finding_pin *pin = &f->pin[gpio];
    int level = f->level[gpio] & 1, by = switched_by(f, gpio);
    if (f->moves[gpio] >= BLINKS) {
        uint64_t period_ms =
            (f->last_move_us[gpio] - f->first_move_us[gpio]) / 500 / (f->moves[gpio] - 1);
        say(pin, FINDING_LED, 80, "blinks by itself, about every %llu ms",
            (unsigned long long)period_ms);
    } else if (by >= 0) {
        pin->active = !level;
        say(pin, FINDING_RELAY, 75, "switched %s when P%d was pressed, and stayed",
            level ? "off" : "on", by);
    } else {
        pin->active = !level;
        say(pin, FINDING_OUTPUT, 50, "driven %s at rest: a relay or an LED that is off",
            level ? "high" : "low");
    }
}

static void conclude_input(struct findings *f, int gpio) {
    struct finding_pin *pin = &f->pin[gpio];
    pin->active = !(f->level[gpio] & 1);
    if (f->moved_by_press[gpio])
        say(pin, FINDING_BUTTON, 85, "pulling it %s moved %d output%s",
            pin->active ? "high" : "low", __builtin_popcountll(f->moved_by_press[gpio]),
            __builtin_popcountll(f->moved_by_press[gpio]) == 1 ? "" : "s");
    else if (f->level[gpio] & 2)
        say(pin, FINDING_PULSES, 50, "firmware counts its edges, nothing else moves: a meter?");
    else
        say(pin, FINDING_INPUT, 40, "input with pull-%s: a button or sensor",
            f->word[gpio] & WORD_PULL_UP ? "up" : "down");
}

static void conclude_pin(struct findings *f, int gpio) {
    uint32_t word = f->word[gpio];
    int channel = pwm_channel(gpio);
    f->pin[gpio].active = -1;
    if (word & WORD_SECOND) {
        if (channel >= 0 && f->pwm_period[channel])
            say(&f->pin[gpio], FINDING_PWM, 80, "PWM channel %d runs at %u Hz", channel,
                (unsigned)(PWM_CLOCK_HZ / f->pwm_period[channel]));
        else if (!is_uart_pad(gpio))
            say(&f->pin[gpio], FINDING_SERIAL, 50, "pad in its second function");
    } else if (is_output(word))
        conclude_output(f, gpio);
    else if (word & WORD_IN_ENABLE && word & WORD_PULL)
        conclude_input(f, gpio);
}

void findings_conclude(struct findings *f) {
    for (int gpio = 0; gpio < FINDING_PINS; gpio++)
        conclude_pin(f, gpio);
}
