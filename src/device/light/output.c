/* From the light's state to its PWM channels: gamma, calibration, minima, order, smooth change.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_newLEDDriver.c. */
#include "base/text.h"
#include "device/device.h"
#include "device/driver.h"
#include "device/light/chip.h"
#include "device/light/light.h"
#include "device/role_groups.h"

#include <math.h>
#include <string.h>

enum {
    FLAG_ALTERNATE_CW = 8,
    FLAG_SMOOTH = 18,
    FLAG_ONLY_RGB = 20,
    FLAG_EMULATE_COOL = 24,
    FLAG_LINEAR = 32
};
enum { CAL_RGB, CAL_GAMMA = 3, CAL_MIN_RGB, CAL_MIN_CW };

static float correction(const struct device *d, unsigned i) {
    float value;
    memcpy(&value, d->config.led_correction + 4 * i, sizeof value);
    return value;
}

static void set_correction(struct device *d, unsigned i, float value) {
    memcpy(d->config.led_correction + 4 * i, &value, sizeof value);
    settings_changed(d);
}

float light_gamma(const struct device *d) {
    float gamma = correction(d, CAL_GAMMA);
    return gamma >= 1 && gamma <= 3 ? gamma : 2.2F;
}

bool light_set_gamma(struct device *d, float gamma) {
    if (!(gamma >= 1 && gamma <= 3))
        return false;
    set_correction(d, CAL_GAMMA, gamma);
    light_apply(d);
    return true;
}

bool light_set_calibration(struct device *d, float red, float green, float blue) {
    const float rgb[3] = {red, green, blue};
    for (unsigned i = 0; i < 3; i++)
        if (!(rgb[i] >= 0 && rgb[i] <= 1))
            return false;
    for (unsigned i = 0; i < 3; i++)
        set_correction(d, CAL_RGB + i, rgb[i]);
    light_apply(d);
    return true;
}

bool light_set_minimum(struct device *d, bool rgb, float percent) {
    if (!(percent >= 0 && percent <= 10))
        return false;
    set_correction(d, rgb ? CAL_MIN_RGB : CAL_MIN_CW, percent);
    light_apply(d);
    return true;
}

bool light_chip(const struct device *d) {
    return d->light.chip || driver_on(d, "TESTLED");
}

/* Which colour goes to output i: as LED_Map says, else in order. */
static unsigned mapped(const struct device *d, unsigned i) {
    const uint8_t *map = d->config.led_map;
    return map[0] | map[1] | map[2] | map[3] | map[4] ? map[i] : i;
}

unsigned light_chip_value(const struct device *d, unsigned i) {
    unsigned color = i < 5 ? mapped(d, i) : 5;
    return color < 5 ? (unsigned)(d->light.shown[color] * 1023 / 255) : 0;
}

/* Channels 0 … 9 with a light role: the first of them, and how many. */
static unsigned outputs(const struct device *d, unsigned *first) {
    unsigned seen = 0, count = 0;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (role_bits(board_role(d, pin)) & ROLE_LIGHT && d->config.pins[pin].channel < 10)
            seen |= 1U << d->config.pins[pin].channel;
    *first = 0;
    while (*first < 4 && !(seen >> *first & 1))
        ++*first;
    for (; seen; seen &= seen - 1)
        count++;
    return count > 3 && settings_flag(d, FLAG_ONLY_RGB) ? 3 : count;
}

unsigned light_outputs(const struct device *d) {
    unsigned first, count = outputs(d, &first);
    return count < 5 && !light_chip(d) ? count : 5;
}

static float component(const struct device *d, unsigned i) {
    const struct light *l = &d->light;
    float part = l->base[i] / 255 * (l->dimmer / 100) * l->scale;
    if (settings_flag(d, FLAG_LINEAR))
        return 255 * part;
    float out = 255 * powf(part, light_gamma(d));
    float least = 255 * correction(d, i < 3 ? CAL_MIN_RGB : CAL_MIN_CW) / 100;
    if (i < 3)
        out *= correction(d, CAL_RGB + i);
    return part > 0 && out < least ? least : out;
}

static bool belongs(const struct light *l, unsigned i) {
    if (!l->on)
        return false;
    if (l->mode == LIGHT_WHITE)
        return i >= 3;
    return l->mode == LIGHT_RGB || l->mode == LIGHT_ANIMATION ? i < 3 : true;
}

static void channel_drive(struct device *d, unsigned channel, float value) {
    float percent = value * d->light.multiplier;
    percent = percent > 100 ? 100 : percent;
    if (channel < CHANNEL_COUNT)
        channel_set_float(d, (int)channel, percent);
}

/* Two outputs: cold and warm, or (flag 8) temperature and brightness. */
static void drive_white_pair(struct device *d, unsigned first) {
    const struct light *l = &d->light;
    if (settings_flag(d, FLAG_ALTERNATE_CW)) {
        float share = (l->temperature - l->low) / (l->high - l->low);
        channel_drive(d, first, share * 255);
        channel_set_float(d, (int)first + 1, l->on ? l->dimmer * l->scale : 0);
        return;
    }
    channel_drive(d, first, l->shown[3]);
    channel_drive(d, first + 1, l->shown[4]);
}

static void drive(struct device *d) {
    const struct light *l = &d->light;
    unsigned first, count = outputs(d, &first);
    light_chip_send(d);
    bool emulate = count == 4 && settings_flag(d, FLAG_EMULATE_COOL);
    if (count == 0)
        return; /* a chip, or flag 4 without pins */
    if (count == 2) {
        drive_white_pair(d, first);
        return;
    }
    if (count == 1) { /* one colour: whatever the mode, the brightest component */
        float most = 0;
        for (unsigned i = 0; i < 5; i++)
            most = fmaxf(most, l->shown[i]);
        channel_drive(d, first, most);
        return;
    }
    for (unsigned i = 0; i < 5 && i < count + (emulate ? 1 : 0); i++) {
        if (emulate && i == 4)
            channel_drive(d, first + 3, l->shown[4]);
        else if (emulate && i < 3)
            channel_drive(d, first + i, fminf(255, l->shown[i] + l->shown[3]));
        else if (!emulate || i < 3)
            channel_drive(d, first + i, l->shown[i]);
    }
}

void light_apply(struct device *d) {
    struct light *l = &d->light;
    if (!light_active(d))
        return;
    for (unsigned i = 0; i < 5; i++)
        l->final[i] = belongs(l, i) ? component(d, i) : 0;
    if (!settings_flag(d, FLAG_SMOOTH))
        light_finish(d);
}

void light_finish(struct device *d) {
    memcpy(d->light.shown, d->light.final, sizeof d->light.shown);
    drive(d);
}

static bool moving(const struct light *l) {
    for (unsigned i = 0; i < 5; i++)
        if (l->shown[i] < l->final[i] || l->shown[i] > l->final[i])
            return true;
    return false;
}

void light_tick(struct device *d, uint32_t elapsed_ms) {
    struct light *l = &d->light;
    float most = l->lerp_speed * (float)elapsed_ms / 1000;
    if (!moving(l))
        return;
    for (unsigned i = 0; i < 5; i++) {
        float way = l->final[i] - l->shown[i];
        l->shown[i] = fabsf(way) <= most ? l->final[i] : l->shown[i] + (way > 0 ? most : -most);
    }
    drive(d);
}

uint32_t light_next_ms(const struct device *d) {
    return moving(&d->light) ? 10 : UINT32_MAX;
}

/* Final colours for those who asked for them (flags 1 and 16). */
void light_publish_final(struct device *d) {
    for (unsigned wide = 0; wide < 2; wide++) {
        char payload[12];
        struct text text = text_start(payload, sizeof payload);
        if (!settings_flag(d, wide ? 16 : 1))
            continue;
        for (unsigned i = 0; i < (wide ? 5U : 3U); i++)
            text_hex(&text, (uint8_t)fminf(255, d->light.final[i]), 2);
        d->wiring->publish(d, wide ? "led_finalcolor_rgbcw" : "led_finalcolor_rgb", payload,
                           settings_flag(d, 7), false);
    }
}
