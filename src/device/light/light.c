/* The light's state: what the setters do to it, and which events and publishes follow. */
#include "device/light/light.h"

#include "base/text.h"
#include "device/device.h"
#include "device/light/color.h"

#include <string.h>

enum { FLAG_TOGETHER = 0, FLAG_REMEMBER = 12, FLAG_AUTO_ON = 23, FLAG_WHITE_IS_CW = 28 };

static float clamp(float value, float low, float high) {
    return value < low ? low : value > high ? high : value;
}

bool light_active(const struct device *d) {
    return settings_flag(d, 4) || light_chip(d) || board_pwm_count(d) > 0;
}

uint32_t light_rgb(const struct device *d) {
    const float *b = d->light.base;
    return (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | (uint32_t)b[2];
}

static void publish_number(struct device *d, const char *topic, int32_t value) {
    char payload[16];
    struct text text = text_start(payload, sizeof payload);
    text_int(&text, value);
    d->wiring->publish(d, topic, payload, settings_flag(d, 7), false);
}

static void publish_rgb(struct device *d) {
    char payload[8];
    struct text text = text_start(payload, sizeof payload);
    if (light_outputs(d) < 3 && !settings_flag(d, 4))
        return;
    text_hex(&text, light_rgb(d), 6);
    d->wiring->publish(d, "led_basecolor_rgb", payload, settings_flag(d, 7), false);
}

static void publish_dimmer(struct device *d) {
    publish_number(d, "led_dimmer", (int32_t)(d->light.dimmer + 0.5F));
}

static void publish_color(struct device *d) {
    if (d->light.mode == LIGHT_WHITE)
        publish_number(d, "led_temperature", (int32_t)d->light.temperature);
    else
        publish_rgb(d);
}

/* What every change ends with. */
static void changed(struct device *d) {
    d->light.dirty = true;
    light_apply(d);
    light_publish_final(d);
}

static void set_mode(struct device *d, enum light_mode mode) {
    if (d->light.mode == mode)
        return;
    d->light.mode = (uint8_t)mode;
    d->wiring->event(d, EVENT_LED_MODE, mode, 0, 0);
}

static void auto_on(struct device *d) {
    if (settings_flag(d, FLAG_AUTO_ON))
        light_set_on(d, true);
}

void light_set_on(struct device *d, bool on) {
    if (d->light.on == on)
        return;
    d->light.on = on;
    board_apply_light(d);
    changed(d);
    d->wiring->event(d, EVENT_LED_STATE, on, 0, 0);
    publish_number(d, "led_enableAll", on);
    if (on)
        publish_dimmer(d);
}

void light_toggle(struct device *d) {
    light_set_on(d, !d->light.on);
}

void light_set_dimmer(struct device *d, float percent) {
    percent = clamp(percent, 0, 100);
    bool same = d->light.dimmer == percent;
    d->light.dimmer = percent;
    auto_on(d);
    if (same)
        return;
    changed(d);
    publish_dimmer(d);
    if (settings_flag(d, FLAG_TOGETHER))
        publish_color(d);
}

/* One step between two ends: clamp, wrap or turn round. */
static float step(float value, float delta, float low, float high, int mode, bool *down) {
    if (mode == 2) {
        *down = value >= high || (*down && value > low);
        return clamp(value + (*down ? -delta : delta), low, high);
    }
    value += delta;
    if (mode == 1)
        return value > high ? low : value < low ? high : value;
    return clamp(value, low, high);
}

void light_add_dimmer(struct device *d, float delta, int mode, float low) {
    light_set_dimmer(d, step(d->light.dimmer, delta, low, 100, mode, &d->light.add_down));
}

void light_set_temperature(struct device *d, float mireds) {
    struct light *l = &d->light;
    l->temperature = clamp(mireds, l->low, l->high);
    color_from_temperature(l->temperature, l->low, l->high, light_gamma(d), &l->base[3],
                           &l->base[4]);
    set_mode(d, LIGHT_WHITE);
    auto_on(d);
    changed(d);
    publish_color(d);
    if (settings_flag(d, FLAG_TOGETHER))
        publish_dimmer(d);
}

void light_add_temperature(struct device *d, float delta, int mode) {
    struct light *l = &d->light;
    light_set_temperature(d,
                          step(l->temperature, delta, l->low, l->high, mode, &l->temperature_down));
}

void light_set_temperature_range(struct device *d, float low, float high) {
    if (low <= 0 || high <= low)
        return;
    d->light.low = low;
    d->light.high = high;
}

static void rgb_changed(struct device *d) {
    set_mode(d, LIGHT_RGB);
    auto_on(d);
    changed(d);
    publish_rgb(d);
    if (settings_flag(d, FLAG_TOGETHER))
        publish_dimmer(d);
}

void light_set_rgb(struct device *d, unsigned red, unsigned green, unsigned blue) {
    struct light *l = &d->light;
    if (settings_flag(d, FLAG_WHITE_IS_CW) && red == 255 && green == 255 && blue == 255) {
        light_set_temperature(d, l->temperature);
        return;
    }
    l->base[0] = (float)red;
    l->base[1] = (float)green;
    l->base[2] = (float)blue;
    color_to_hsv(l->base, &l->hue, &l->saturation, &l->value);
    rgb_changed(d);
}

void light_set_all(struct device *d, const uint8_t rgbcw[5]) {
    for (int i = 0; i < 5; i++)
        d->light.base[i] = rgbcw[i];
    color_to_hsv(d->light.base, &d->light.hue, &d->light.saturation, &d->light.value);
    set_mode(d, LIGHT_ALL);
    auto_on(d);
    changed(d);
    publish_rgb(d);
}

void light_set_component(struct device *d, unsigned index, float value) {
    if (index >= 5)
        return;
    d->light.base[index] = clamp(value, 0, 255);
    set_mode(d, LIGHT_ALL);
    auto_on(d);
    changed(d);
}

static void from_hsv(struct device *d) {
    struct light *l = &d->light;
    color_from_hsv(l->hue, l->saturation, l->value, l->base);
    rgb_changed(d);
}

void light_set_hue(struct device *d, float degrees) {
    d->light.hue = clamp(degrees, 0, 360);
    d->light.value = 1;
    from_hsv(d);
}

void light_set_saturation(struct device *d, float percent) {
    d->light.saturation = clamp(percent, 0, 100) / 100;
    d->light.value = 1;
    from_hsv(d);
}

void light_set_hsv(struct device *d, float degrees, float saturation_percent,
                   float brightness_percent) {
    d->light.hue = clamp(degrees, 0, 360);
    d->light.saturation = clamp(saturation_percent, 0, 100) / 100;
    d->light.value = 1;
    from_hsv(d);
    light_set_dimmer(d, brightness_percent);
}

static const uint32_t palette[LIGHT_PALETTE] = {0xFF0000, 0x00FF00, 0x0000FF, 0xFFA500, 0x90EE90,
                                                0xADD8E6, 0xFFBF00, 0x00FFFF, 0xDDA0DD, 0xFFFF99,
                                                0xFFC0CB, 0xFFFFFF, 0,        0};

/* The palette goes round; lights with white outputs have cold and warm white at its end. */
void light_next_color(struct device *d) {
    struct light *l = &d->light;
    unsigned outputs = light_outputs(d);
    unsigned colors = LIGHT_PALETTE - 2;
    unsigned all = colors + (outputs == 2 || outputs >= 4 ? 2 : 0);
    unsigned next = (uint8_t)(l->palette_at + 1U); /* 0xFF: none yet */
    unsigned at = outputs == 2 ? colors + next % 2 : next % all;
    l->palette_at = (uint8_t)at;
    if (at >= colors)
        light_set_temperature(d, at == colors ? l->low : l->high);
    else
        light_set_rgb(d, l->palette[at] >> 16 & 0xFF, l->palette[at] >> 8 & 0xFF,
                      l->palette[at] & 0xFF);
}

void light_next_white(struct device *d) {
    struct light *l = &d->light;
    float middle = (l->low + l->high) / 2;
    light_set_temperature(d, l->temperature < middle    ? middle
                             : l->temperature < l->high ? l->high
                                                        : l->low);
}

bool light_set_palette(struct device *d, unsigned index, uint32_t rgb) {
    if (index >= LIGHT_PALETTE - 2)
        return false;
    d->light.palette[index] = rgb & 0xFFFFFF;
    return true;
}

void light_set_scale(struct device *d, float scale) {
    d->light.scale = clamp(scale, 0, 1);
    changed(d);
}

void light_set_multiplier(struct device *d, float multiplier) {
    d->light.multiplier = multiplier;
    changed(d);
}

void light_set_lerp_speed(struct device *d, float units_per_second) {
    if (units_per_second > 0)
        d->light.lerp_speed = units_per_second;
}

void light_init(struct device *d) {
    d->light = (struct light){.mode = LIGHT_RGB,
                              .dimmer = 100,
                              .temperature = 154,
                              .low = 154,
                              .high = 500,
                              .base = {255, 255, 255, 0, 0},
                              .scale = 1,
                              .value = 1,
                              .multiplier = 100.0F / 255.0F,
                              .lerp_speed = 200,
                              .palette_at = 0xFF,
                              .delta = 10,
                              .save_interval_s = 30};
    memcpy(d->light.palette, palette, sizeof palette);
    color_from_temperature(154, 154, 500, light_gamma(d), &d->light.base[3], &d->light.base[4]);
}

void light_start(struct device *d) {
    struct light *l = &d->light;
    if (!settings_flag(d, FLAG_REMEMBER) || !light_active(d))
        return;
    for (unsigned i = 0; i < 3; i++)
        l->base[i] = channel_retained(d, LIGHT_SLOT_RGB + i);
    color_to_hsv(l->base, &l->hue, &l->saturation, &l->value);
    l->dimmer = clamp(channel_retained(d, LIGHT_SLOT_DIMMER), 0, 100);
    if (channel_retained(d, LIGHT_SLOT_TEMPERATURE))
        l->temperature = clamp(channel_retained(d, LIGHT_SLOT_TEMPERATURE), l->low, l->high);
    color_from_temperature(l->temperature, l->low, l->high, light_gamma(d), &l->base[3],
                           &l->base[4]);
    l->mode = (uint8_t)clamp(channel_retained(d, LIGHT_SLOT_MODE), 0, LIGHT_ANIMATION);
    l->on = channel_retained(d, LIGHT_SLOT_ON) != 0;
    light_apply(d);
    light_finish(d);
    board_apply_light(d);
}

static void remember(struct device *d) {
    struct light *l = &d->light;
    for (unsigned i = 0; i < 3; i++)
        channel_set_retained(d, LIGHT_SLOT_RGB + i, (int16_t)l->base[i]);
    channel_set_retained(d, LIGHT_SLOT_DIMMER, (int16_t)l->dimmer);
    channel_set_retained(d, LIGHT_SLOT_TEMPERATURE, (int16_t)l->temperature);
    channel_set_retained(d, LIGHT_SLOT_MODE, l->mode);
    channel_set_retained(d, LIGHT_SLOT_ON, l->on);
    l->dirty = false;
    l->unsaved_s = 0;
}

void light_second(struct device *d) {
    struct light *l = &d->light;
    if (!l->dirty || !settings_flag(d, FLAG_REMEMBER))
        return;
    if (++l->unsaved_s >= l->save_interval_s)
        remember(d);
}

void light_remember(struct device *d) {
    if (d->light.dirty && settings_flag(d, FLAG_REMEMBER))
        remember(d);
}
