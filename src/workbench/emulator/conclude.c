/* The decision about each pin. Confidence says what the evidence is worth: a firmware that talks of
 * a relay, sets up a pin and switches it when a button is pressed leaves no doubt (above 90 %);
 * what only moves like one may be something else. */
#include "workbench/emulator/findings.h"

#include "base/text.h"
#include "workbench/emulator/conclude.h"
#include "workbench/emulator/pin_word.h"

#include <string.h>

enum {
    BLINKS = 4,
    BLINK_SLOWEST_MS = 850,
    TOGETHER_US = 20000,
    LED_KNOWN = 85,
    HOLD_AT_ONCE = 2,
    LISTENS = 2, /* bit of `level`: the firmware wants interrupts */
};

/* Outputs that move without anybody pressing anything. */
static uint64_t moving(const struct findings *f) {
    return f->moved_by_press[FINDING_PINS];
}

/* The input whose press switched the output for good; the one that switches fewest outputs, since
 * a button for all switches them as well. -1: none. */
static int switched_by(const struct findings *f, int gpio) {
    int best = -1, fewest = FINDING_PINS + 1;
    for (int p = 0; p < FINDING_PINS; p++) {
        uint64_t stayed = f->stayed[p] & ~moving(f);
        int count = __builtin_popcountll(stayed);
        if (stayed >> gpio & 1 && count < fewest) {
            best = p;
            fewest = count;
        }
    }
    return best;
}

/* The input whose press moved the output only for a moment, or -1. */
static int followed(const struct findings *f, int gpio) {
    for (int p = 0; p < FINDING_PINS; p++)
        if (f->moved_by_press[p] & ~f->stayed[p] & ~moving(f) & 1ull << gpio)
            return p;
    return -1;
}

/* Another output that the same press switched and that the firmware called a relay, or -1. */
static int relay_beside(const struct findings *f, int gpio, int by) {
    for (int i = 0; i < FINDING_PINS; i++)
        if (i != gpio && f->stayed[by] >> i & 1 && f->hint[i] == HINT_RELAY)
            return i;
    return -1;
}

/* Inputs whose edges the firmware wants to hear of and that are no buttons. */
static uint64_t listening(const struct findings *f) {
    uint64_t pins = 0;
    for (int i = 0; i < FINDING_PINS; i++)
        if (f->level[i] & LISTENS && !is_output(f->word[i]) && !(f->moved_by_press[i] & ~moving(f)))
            pins |= 1ull << i;
    return pins;
}

static int only_pin(uint64_t pins) {
    return __builtin_popcountll(pins) == 1 ? __builtin_ctzll(pins) : -1;
}

/* The two pulse outputs of a meter chip: CF, whose pulses are energy and must all be counted, and
 * CF1, which is measured in turns. False when they cannot be told apart. */
static bool meter_pins(const struct findings *f, int *cf, int *cf1) {
    uint64_t pins = listening(f);
    *cf = only_pin(pins & f->counted & f->kept);
    *cf1 = *cf < 0 ? -1 : only_pin(pins & ~(1ull << *cf));
    return *cf1 >= 0;
}

/* An output that nobody spoke of, set up in one go with a meter's inputs. */
static bool is_select(const struct findings *f, int gpio) {
    int cf, cf1;
    if (!meter_pins(f, &cf, &cf1) || f->hint[gpio] != HINT_NONE || !f->set_up_us[gpio])
        return false;
    uint64_t inputs = f->input_us[cf], output = f->set_up_us[gpio];
    return (inputs > output ? inputs - output : output - inputs) <= TOGETHER_US;
}

static void conclude_moving(struct findings *f, int gpio) {
    struct finding_pin *pin = &f->pin[gpio];
    uint32_t half_ms = 0;
    if (f->moves[gpio] > 1)
        half_ms = (uint32_t)((f->last_move_us[gpio] - f->first_move_us[gpio]) / 1000 /
                             (f->moves[gpio] - 1));
    pin->active = !f->idle[gpio];
    if (f->hint[gpio] == HINT_LED)
        finding_say(pin, FINDING_LED, 92,
                    "the log speaks of an LED when it is set up, and it blinks");
    else if (half_ms > BLINK_SLOWEST_MS && listening(f))
        finding_say(pin, FINDING_SELECT, 70,
                    "changes every %u ms while edges are counted: SEL of a meter", half_ms);
    else if (f->moves[gpio] >= BLINKS && half_ms <= BLINK_SLOWEST_MS)
        finding_say(pin, FINDING_LED, 85, "blinks by itself, every %u ms", 2 * half_ms);
    else
        finding_say(pin, FINDING_OUTPUT, 40, "moves by itself now and then");
}

static void conclude_switched(struct findings *f, int gpio, int by) {
    struct finding_pin *pin = &f->pin[gpio];
    const char *way = f->level[gpio] & 1 ? "off" : "on";
    int company = __builtin_popcountll(f->stayed[by] & ~moving(f));
    int beside = relay_beside(f, gpio, by);
    if (f->hint[gpio] == HINT_RELAY)
        finding_say(pin, FINDING_RELAY, 95,
                    "the log speaks of a relay; switched %s by a press of P%d", way, by);
    else if (beside >= 0)
        finding_say(pin, FINDING_LED, 75, "goes %s together with the relay on P%d", way, beside);
    else if (company > 1)
        finding_say(pin, FINDING_RELAY, 60,
                    "switched %s with others by a press of P%d: relay or its LED", way, by);
    else
        finding_say(pin, FINDING_RELAY, 85, "switched %s by a press of P%d alone, and stayed", way,
                    by);
}

static void conclude_blinking(struct findings *f, int gpio) {
    finding_say(&f->pin[gpio], FINDING_LED, 92, "blinks every %u ms after P%d was held for %.1f s",
                f->blinks[gpio].gap_us * 2 / 1000, f->blinks[gpio].by,
                (double)f->blinks[gpio].held_us * 1e-6);
}

static void conclude_output(struct findings *f, int gpio) {
    struct finding_pin *pin = &f->pin[gpio];
    int level = f->level[gpio] & 1, by = switched_by(f, gpio), follows = followed(f, gpio);
    pin->active = !level;
    bool by_itself = f->moves[gpio] >= BLINKS || moving(f) >> gpio & 1;
    if (f->blinks[gpio].by >= 0 && f->hint[gpio] != HINT_RELAY && !by_itself)
        conclude_blinking(f, gpio);
    else if (by < 0 && follows < 0 && is_select(f, gpio))
        finding_say(pin, FINDING_SELECT, 75, "set up together with the inputs of a meter: SEL");
    else if (by_itself)
        conclude_moving(f, gpio);
    else if (f->hint[gpio] == HINT_LED)
        finding_say(pin, FINDING_LED, 90, "the log speaks of an LED when it is set up");
    else if (follows >= 0 && f->hint[gpio] == HINT_RELAY)
        finding_say(pin, FINDING_RELAY, 88, "the log speaks of a relay; follows P%d: a rocker?",
                    follows);
    else if (follows >= 0)
        finding_say(pin, FINDING_LED, 66, "on while P%d is pressed: an LED, or P%d is a rocker",
                    follows, follows);
    else if (by >= 0)
        conclude_switched(f, gpio, by);
    else if (f->hint[gpio] == HINT_RELAY)
        finding_say(pin, FINDING_RELAY, 88, "the log speaks of a relay when it is set up");
    else
        finding_say(pin, FINDING_OUTPUT, 40, "driven %s at rest: a relay or an LED that is off",
                    level ? "high" : "low");
}

static void conclude_input(struct findings *f, int gpio) {
    struct finding_pin *pin = &f->pin[gpio];
    uint64_t moved = f->moved_by_press[gpio] & ~moving(f);
    int count = __builtin_popcountll(moved);
    bool pulled = f->word[gpio] & WORD_PULL;
    int cf, cf1;
    if (!meter_pins(f, &cf, &cf1))
        cf = cf1 = -1;
    pin->active = !(f->level[gpio] & 1);
    if (moved && pulled)
        finding_say(pin, FINDING_BUTTON, f->named >> gpio & 1 ? 95 : 88,
                    "pressed, it moved %d output%s%s", count, count == 1 ? "" : "s",
                    f->named >> gpio & 1 ? " and the log named it" : "");
    else if (moved)
        finding_say(pin, FINDING_INPUT, 60, "a sensor: it moved %d output%s", count,
                    count == 1 ? "" : "s");
    else if (f->named >> gpio & 1)
        finding_say(pin, FINDING_BUTTON, 85, "pressed, the log named it");
    else if (gpio == cf)
        finding_say(pin, FINDING_CF, 80,
                    "the firmware counts its pulses and loses none: CF of a meter");
    else if (gpio == cf1)
        finding_say(
            pin, FINDING_CF1, 72, "%s, beside CF on P%d: CF1 of a meter",
            f->counted >> gpio & 1 ? "its pulses are counted in turns" : "its edges are heard", cf);
    else if (f->level[gpio] & LISTENS)
        finding_say(pin, FINDING_PULSES, 60, "its edges are counted, nothing else moves: a meter?");
    else if (pulled)
        finding_say(pin, FINDING_INPUT, 30, "input with pull-%s%s",
                    f->word[gpio] & WORD_PULL_UP ? "up" : "down",
                    f->tried >> gpio & 1 ? ": nothing happened" : ", not tried");
}

/* May the pin turn out to be an LED that is not known yet? */
static bool may_be_led(const struct finding_pin *pin) {
    return pin->kind == FINDING_OUTPUT || (pin->kind == FINDING_LED && pin->confidence < LED_KNOWN);
}

static int outputs_moved(const struct findings *f, int gpio) {
    return __builtin_popcountll(f->moved_by_press[gpio] & ~moving(f));
}

/* Puts a button in its place in a list kept by how many outputs they moved. */
static int insert(const struct findings *f, int gpio, int *pins, int count, int most) {
    int at = count;
    while (at > 0 && outputs_moved(f, pins[at - 1]) < outputs_moved(f, gpio))
        at--;
    if (at == most)
        return count;
    count += count < most;
    memmove(&pins[at + 1], &pins[at], (size_t)(count - 1 - at) * sizeof *pins);
    pins[at] = gpio;
    return count;
}

/* Buttons not held yet, the ones that moved most first: a button for all is the one for pairing. */
static int buttons(const struct findings *f, int *pins, int most) {
    int count = 0;
    for (int gpio = 0; gpio < FINDING_PINS; gpio++)
        if (f->pin[gpio].kind == FINDING_BUTTON && !(f->held_pins >> gpio & 1))
            count = insert(f, gpio, pins, count, most);
    return count;
}

static bool led_is_open(const struct findings *f) {
    bool open = false;
    for (int gpio = 0; gpio < FINDING_PINS; gpio++) {
        const struct finding_pin *pin = &f->pin[gpio];
        if (pin->kind == FINDING_LED && pin->confidence >= LED_KNOWN)
            return false;
        open |= may_be_led(pin);
    }
    return open;
}

bool findings_hold(const struct findings *f, bool anyway, char *command, size_t size) {
    struct findings so_far = *f;
    int pins[HOLD_AT_ONCE];
    findings_conclude(&so_far);
    int count = anyway || led_is_open(&so_far) ? buttons(&so_far, pins, HOLD_AT_ONCE) : 0;
    struct text text = text_start(command, size);
    text_add(&text, "hold");
    for (int i = 0; i < count; i++) {
        text_char(&text, ' ');
        text_int(&text, pins[i]);
    }
    text_char(&text, '\n');
    return count > 0;
}

void findings_conclude(struct findings *f) {
    two_wires_find(&f->wires, &f->bus);
    for (int gpio = 0; gpio < FINDING_PINS; gpio++) {
        uint32_t word = f->word[gpio];
        f->pin[gpio].active = f->pin[gpio].color = -1;
        if (conclude_light(f, gpio))
            continue;
        if (is_output(word))
            conclude_output(f, gpio);
        else if (word & WORD_IN_ENABLE)
            conclude_input(f, gpio);
    }
}
