/* What pins have to do with a light. Stock firmware sets up its PWM pads in the order red, green,
 * blue, cold, warm, as many as it has (seen on public images of both PWM layouts), and lights white
 * when it starts; an LED driver chip is known by the frames on its two wires. */
#include "workbench/emulator/conclude.h"
#include "workbench/emulator/pin_word.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    COLORS = 5,
    COLD = 3,
    ENABLE_BEFORE_US = 10000, /* the output goes on so long before the light at most */
};

/* What the other pads are for in their second function. Source: vendor SDK driver/gpio. */
static const struct {
    uint8_t gpio;
    const char *words;
} second_functions[] = {
    {2, "ADC 5"},
    {3, "ADC 4"},
    {4, "ADC 1"},
    {5, "ADC 2"},
    {14, "SPI clock"},
    {15, "SPI select"},
    {16, "SPI data out: a pixel strip?"},
    {17, "SPI data in"},
    {23, "ADC 3: a battery, a microphone?"},
};

/* Pads every firmware puts into second function: the two UARTs and what boots with them. */
static const uint8_t uart_pads[] = {0, 1, 10, 11, 12, 13};

void finding_say(struct finding_pin *pin, enum finding_kind kind, int confidence,
                 const char *format, ...) {
    va_list list;
    va_start(list, format);
    vsnprintf(pin->evidence, sizeof pin->evidence, format, list);
    va_end(list);
    pin->kind = kind;
    pin->confidence = confidence;
}

static bool is_pwm(const struct findings *f, int gpio) {
    int channel = pwm_channel(gpio);
    return channel >= 0 && f->word[gpio] & WORD_SECOND && f->pwm_period[channel];
}

/* Outputs of the light, and the place of this one among them in the order of setting up. */
static int place_of(const struct findings *f, int gpio, int *count) {
    int place = 0;
    *count = 0;
    for (int c = 0; c < PWM_CHANNELS; c++) {
        int pad = pwm_gpio(c);
        if (!is_pwm(f, pad) || !f->pad_order[pad])
            continue;
        ++*count;
        place += f->pad_order[pad] < f->pad_order[gpio];
    }
    return place;
}

/* Colour of the n-th of `count` outputs: one or two are white, three to five begin with red. */
static int color_of(int place, int count) {
    if (count > COLORS)
        return -1;
    return count < 3 ? COLD + place : place;
}

static bool is_lit(const struct findings *f, int gpio) {
    int c = pwm_channel(gpio);
    return f->pwm_duty[c] && f->pwm_duty[c] < f->pwm_period[c];
}

/* Does a colour shine while white would be there? Then the order is not the usual one. */
static bool colored_at_start(const struct findings *f) {
    for (int c = 0; c < PWM_CHANNELS; c++) {
        int pad = pwm_gpio(c), count, place = 0;
        if (!is_pwm(f, pad) || !f->pad_order[pad])
            continue;
        place = place_of(f, pad, &count);
        if (count > 3 && is_lit(f, pad) && color_of(place, count) < COLD)
            return true;
    }
    return false;
}

static void conclude_pwm(struct findings *f, int gpio) {
    static const char *const names[COLORS] = {"red", "green", "blue", "cold white", "warm white"};
    struct finding_pin *pin = &f->pin[gpio];
    int channel = pwm_channel(gpio), count, place = place_of(f, gpio, &count);
    unsigned hz = PWM_CLOCK_HZ / f->pwm_period[channel];
    if (f->light && count > 0)
        pin->color = color_of(place, count);
    if (pin->color < 0)
        finding_say(pin, FINDING_PWM, 85, "PWM channel %d runs at %u Hz", channel, hz);
    else
        finding_say(pin, FINDING_PWM, colored_at_start(f) ? 65 : 78,
                    "PWM at %u Hz of a light, set up as number %d of %d%s: %s", hz, place + 1,
                    count, is_lit(f, gpio) ? ", lit at start" : "",
                    count == 1 ? "white" : names[pin->color]);
    if (!f->pwm_duty[channel] || is_lit(f, gpio))
        pin->active = 1;
}

static bool conclude_bus(struct findings *f, int gpio) {
    const struct two_wires_bus *bus = &f->bus;
    bool data = gpio == bus->data;
    if (!data && gpio != bus->clock)
        return false;
    struct finding_pin *pin = &f->pin[gpio];
    enum finding_kind kind = data ? FINDING_LED_DATA : FINDING_LED_CLOCK;
    if (bus->chip)
        finding_say(pin, kind, 96, "%u frames for an LED chip %s, %s P%d", bus->frames, bus->chip,
                    data ? "clocked by" : "data on", data ? bus->clock : bus->data);
    else
        finding_say(pin, kind, 70, "%u two-wire frames to %02X, %s P%d: an LED chip?", bus->frames,
                    bus->frame[0], data ? "clocked by" : "data on", data ? bus->clock : bus->data);
    return true;
}

/* An output that was switched once, at the moment the light came on. */
static bool conclude_enable(struct findings *f, int gpio) {
    bool at_start = f->lit_us && f->moves[gpio] == 1 && f->first_move_us[gpio] <= f->lit_us &&
                    f->lit_us - f->first_move_us[gpio] <= ENABLE_BEFORE_US;
    if (!f->light || !at_start || !is_output(f->word[gpio]) || f->hint[gpio] != HINT_NONE)
        return false;
    f->pin[gpio].active = f->level[gpio] & 1;
    finding_say(&f->pin[gpio], FINDING_ENABLE, 70, "goes %s as the light comes on: enables it",
                f->level[gpio] & 1 ? "high" : "low");
    return true;
}

bool conclude_light(struct findings *f, int gpio) {
    if (conclude_bus(f, gpio) || conclude_enable(f, gpio))
        return true;
    if (!(f->word[gpio] & WORD_SECOND))
        return false;
    const char *words = NULL;
    for (size_t i = 0; i < sizeof second_functions / sizeof *second_functions; i++)
        if (second_functions[i].gpio == gpio)
            words = second_functions[i].words;
    if (is_pwm(f, gpio))
        conclude_pwm(f, gpio);
    else if (words)
        finding_say(&f->pin[gpio], FINDING_SERIAL, 55, "pad in its second function, %s", words);
    else if (!memchr(uart_pads, gpio, sizeof uart_pads))
        finding_say(&f->pin[gpio], FINDING_SERIAL, 50, "pad in its second function");
    return true;
}
