/* Collects evidence while the records come in; conclude.c decides at the end. */
#include "workbench/emulator/findings.h"

#include "base/text.h"
#include "workbench/emulator/pin_word.h"

#include <stdlib.h>
#include <string.h>

enum { TALK_US = 1000, INIT_US = 2000 };

const char *finding_kind_text(enum finding_kind kind) {
    static const char *const texts[] = {
        "unused",         "output",       "relay",      "LED",
        "button",         "pulses",       "CF",         "CF1",
        "select",         "input",        "PWM output", "LED chip data",
        "LED chip clock", "light enable", "serial"};
    return texts[kind];
}

void findings_start(struct findings *f) {
    memset(f, 0, sizeof *f);
    f->pressed = f->held = -1;
    for (int i = 0; i < FINDING_PINS; i++)
        f->blinks[i].by = -1;
}

/* A line about setting up an LED or a relay, followed at once by a pin becoming an output. */
static enum finding_hint hint_of(const char *line) {
    static const char *const relays[] = {"RLY", "relay", "Relay", "RELAY"};
    static const char *const leds[] = {"led", "Led", "LED"};
    for (size_t i = 0; i < sizeof relays / sizeof *relays; i++)
        if (strstr(line, relays[i]))
            return HINT_RELAY;
    for (size_t i = 0; i < sizeof leds / sizeof *leds; i++)
        if (strstr(line, leds[i]) && strstr(line, "init") && !strstr(line, "ok"))
            return HINT_LED;
    return HINT_NONE;
}

static void take_log(struct findings *f, const struct soc_record *r) {
    if (r->a == 1) /* requests to a metering chip may look like text */
        uart1_take_sent(&f->uart1, r->us, (const uint8_t *)r->text, r->text_size);
    f->log_lines++;
    f->talk = hint_of(r->text);
    f->talk_us = r->us;
    f->light |= strstr(r->text, "light") != NULL;
}

/* First appearance as an output: the hint holds for one pin; the level that the set-up leaves is
 * the idle one. */
static void take_set_up(struct findings *f, const struct soc_record *r) {
    if (!f->set_up_us[r->a]) {
        f->set_up_us[r->a] = r->us;
        if (r->us - f->talk_us <= TALK_US)
            f->hint[r->a] = f->talk;
        f->talk = HINT_NONE;
    }
    if (r->us - f->set_up_us[r->a] <= INIT_US)
        f->idle[r->a] = (r->c & WORD_OUT) != 0;
}

static void take_pwm(struct findings *f, const struct soc_record *r) {
    if (r->a >= PWM_CHANNELS)
        return;
    f->pwm_period[r->a] = r->b;
    f->pwm_duty[r->a] = r->c;
    if (!f->lit_us && r->c && r->c < r->b)
        f->lit_us = r->us;
}

static void take_change(struct findings *f, const struct soc_record *r) {
    if (r->a >= FINDING_PINS)
        return;
    two_wires_take(&f->wires, (int)r->a, r->b, r->c);
    if (r->c & WORD_SECOND && pwm_channel((int)r->a) >= 0 && !f->pad_order[r->a])
        f->pad_order[r->a] = ++f->pads;
    if ((r->c & WORD_PULLED_INPUT) == WORD_PULLED_INPUT)
        f->input_us[r->a] = r->us;
    if (!is_output(r->c))
        return;
    take_set_up(f, r);
    bool level_moved = is_output(r->b) && (r->b ^ r->c) & WORD_OUT;
    if (!level_moved || r->us - f->set_up_us[r->a] <= INIT_US)
        return;
    if (f->moves[r->a]++ == 0)
        f->first_move_us[r->a] = r->us;
    f->last_move_us[r->a] = r->us;
}

static void take_moved(struct findings *f, const struct soc_record *r) {
    if (f->pressed < 0 || r->a >= FINDING_PINS || !is_output(r->c) || !((r->b ^ r->c) & WORD_OUT))
        return;
    uint64_t bit = 1ull << r->a;
    bool rest = f->word[r->a] & WORD_OUT, now = r->c & WORD_OUT;
    f->moved_by_press[f->pressed] |= bit;
    if (rest != now)
        f->stayed[f->pressed] |= bit;
    else
        f->stayed[f->pressed] &= ~bit;
}

/* "gpio_no: 10, type: 0", "pin:[9], type:[0]": the firmware names the input just pressed. */
static void take_said(struct findings *f, const struct soc_record *r) {
    const char *word = strstr(r->text, "gpio") ? strstr(r->text, "gpio") : strstr(r->text, "pin:");
    if (f->pressed < 0 || f->pressed >= FINDING_PINS || !word)
        return;
    for (const char *at = word; *at; at++)
        if (text_is_digit(*at)) {
            char *end;
            if (strtol(at, &end, 10) == f->pressed)
                f->named |= 1ull << f->pressed;
            at = end - 1;
        }
}

static void take_blinks(struct findings *f, const struct soc_record *r) {
    int gpio = r->a < FINDING_PINS ? (int)r->a : pwm_gpio((int)r->a - FINDING_PINS);
    if (gpio < 0 || f->held < 0)
        return;
    f->blinks[gpio].by = f->held;
    f->blinks[gpio].gap_us = r->b;
    f->blinks[gpio].held_us = r->c;
}

static void take_hold(struct findings *f, const struct soc_record *r) {
    f->pressed = f->held = r->a < FINDING_PINS ? (int)r->a : -1;
    if (f->held >= 0)
        f->held_pins |= 1ull << f->held;
}

static void take_serial(struct findings *f, const struct soc_record *r) {
    const uint8_t *bytes = (const uint8_t *)r->text;
    if (r->a == 1 && r->b == 'T')
        uart1_take_sent(&f->uart1, r->us, bytes, r->text_size);
    for (size_t i = 0; r->a == 1 && r->b == 'T' && i + 1 < r->text_size; i++)
        f->tuya_frames += bytes[i] == 0x55 && bytes[i + 1] == 0xAA;
}

void findings_take(struct findings *f, const struct soc_record *r) {
    switch (r->kind) {
    case SOC_LOG:
        take_log(f, r);
        break;
    case SOC_SAID:
        take_said(f, r);
        break;
    case SOC_SERIAL:
        take_serial(f, r);
        break;
    case SOC_BAUD:
        if (r->a == 1)
            uart1_take_baud(&f->uart1, r->us, r->b);
        break;
    case SOC_PIN:
        take_change(f, r);
        break;
    case SOC_PWM:
        take_pwm(f, r);
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
        f->pressed = r->a <= FINDING_PINS ? (int)r->a : -1;
        f->tried |= r->a < FINDING_PINS ? 1ull << r->a : 0;
        break;
    case SOC_COUNTED:
        if (r->a < FINDING_PINS) {
            f->counted |= (uint64_t)(r->b & 1) << r->a;
            f->kept |= (uint64_t)(r->c & 1) << r->a;
        }
        break;
    case SOC_MOVED:
        take_moved(f, r);
        break;
    case SOC_HOLD:
        take_hold(f, r);
        break;
    case SOC_BLINKS:
        take_blinks(f, r);
        break;
    default:
        break;
    }
}
