/* Commands of lights. */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/light/chip.h"
#include "device/number.h"
#include <string.h>

#define RUN(name) static enum command_result name(struct call *c)
#define SIMPLE(name, action)                                                                       \
    RUN(name) {                                                                                    \
        action;                                                                                    \
        return COMMAND_OK;                                                                         \
    }
#define F(i) call_float(c, i, 0)

RUN(enable) {
    if (text_same(call_raw(c, 0), "toggle"))
        light_toggle(c->d);
    else
        light_set_on(c->d, call_truth(c, 0));
    return COMMAND_OK;
}
SIMPLE(add_dimmer, light_add_dimmer(c->d, F(0), call_int(c, 1, 0), 0))
SIMPLE(temperature, light_set_temperature(c->d, F(0)))
SIMPLE(add_temperature, light_add_temperature(c->d, F(0), call_int(c, 1, 0)))
SIMPLE(range, light_set_temperature_range(c->d, F(0), F(1)))
SIMPLE(hue, light_set_hue(c->d, F(0)))
SIMPLE(saturation, light_set_saturation(c->d, F(0)))
SIMPLE(next, light_next_color(c->d))
SIMPLE(scale, light_set_scale(c->d, F(0)))
SIMPLE(mult, light_set_multiplier(c->d, F(0)))
SIMPLE(lerp, light_set_lerp_speed(c->d, F(0)))
SIMPLE(finish, light_finish(c->d))
SIMPLE(interval, c->d->light.save_interval_s = (uint16_t)call_int(c, 0, 30))
SIMPLE(delta, c->d->light.delta = (uint8_t)call_int(c, 0, 10))

/* {"brightness":50,"state":"ON"}: what JSON lights of Home Assistant send; any order. */
static void dimmer_json(struct call *c) {
    bool on = false, off = false;
    for (unsigned i = 0; i < c->count; i++) {
        const char *text = call_raw(c, i), *key = strstr(text, "\"brightness\"");
        const char *number = key ? strchr(key, ':') : NULL;
        if (number && !number[1] && i + 1 < c->count)
            number = call_raw(c, i + 1) - 1;
        if (number)
            light_set_dimmer(c->d, number_read(number + 1, strcspn(number + 1, ",}")));
        on |= strstr(text, "\"ON\"") != NULL;
        off |= strstr(text, "\"OFF\"") != NULL;
    }
    if (on || off)
        light_set_on(c->d, on);
}
RUN(dimmer) {
    if (*call_raw(c, 0) == '{')
        dimmer_json(c);
    else
        light_set_dimmer(c->d, F(0));
    return COMMAND_OK;
}
RUN(map) {
    for (unsigned i = 0; i < 5; i++)
        c->d->config.led_map[i] = (uint8_t)call_int(c, i, 0);
    settings_changed(c->d);
    light_apply(c->d);
    return COMMAND_OK;
}
/* The numbers of "h,s,b" or of separate arguments; how many there were. */
static unsigned numbers(const struct call *c, float *out, unsigned most) {
    const char *p = call_raw(c, 0);
    unsigned n = 0;
    if (!strchr(p, ',')) {
        for (; n < c->count && n < most; n++)
            out[n] = F(n);
        return n;
    }
    for (; n < most; n++) {
        out[n] = number_read(p, strcspn(p, ","));
        p += strcspn(p, ",");
        if (!*p++)
            return n + 1;
    }
    return n;
}
static bool hex_bytes(const char *text, uint8_t *out, unsigned count) {
    text += *text == '#';
    if (strlen(text) < (size_t)count * 2)
        return false;
    for (unsigned i = 0; i < count; i++) {
        int high = text_hex_digit(text[2 * i]), low = text_hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}
RUN(rgb) {
    uint8_t v[3];
    unsigned n[3] = {0}, at = 0;
    const char *p = call_text(c, 0);
    if (text_same(p, "rand")) {
        uint32_t r = c->d->hal.random ? c->d->hal.random(c->d->hal.context) : 0;
        light_set_rgb(c->d, r & 255, r >> 8 & 255, r >> 16 & 255);
    } else if (strchr(p, ',')) {
        for (; *p; p++)
            if (*p == ',' && at < 2)
                at++;
            else if (text_is_digit(*p) && n[at] < 256)
                n[at] = n[at] * 10 + (unsigned)(*p - '0');
        light_set_rgb(c->d, n[0] & 255, n[1] & 255, n[2] & 255);
    } else if (hex_bytes(p, v, 3)) {
        light_set_rgb(c->d, v[0], v[1], v[2]);
    } else {
        return COMMAND_BAD_ARGUMENT;
    }
    return COMMAND_OK;
}
RUN(rgbcw) {
    uint8_t v[5];
    if (!hex_bytes(call_text(c, 0), v, 5))
        return COMMAND_BAD_ARGUMENT;
    light_set_all(c->d, v);
    return COMMAND_OK;
}
RUN(palette) {
    uint8_t v[3];
    if (!hex_bytes(call_text(c, 1), v, 3))
        return COMMAND_BAD_ARGUMENT;
    uint32_t rgb24 = (uint32_t)v[0] << 16 | (uint32_t)v[1] << 8 | v[2];
    return light_set_palette(c->d, (unsigned)call_int(c, 0, 0), rgb24) ? COMMAND_OK
                                                                       : COMMAND_BAD_ARGUMENT;
}
RUN(hsb) {
    float v[3] = {0};
    unsigned n = numbers(c, v, 3);
    if (c->suffix == 1)
        light_set_hue(c->d, v[0]);
    else if (c->suffix == 2)
        light_set_saturation(c->d, v[0]);
    else if (c->suffix == 3)
        light_set_dimmer(c->d, v[0]);
    else if (n >= 3)
        light_set_hsv(c->d, v[0], v[1], v[2]);
    else
        return COMMAND_MISSING_ARGUMENT;
    return COMMAND_OK;
}
RUN(gamma) {
    const char *what = call_text(c, 0);
    bool good = text_same(what, "list");
    if (text_same(what, "gamma"))
        good = light_set_gamma(c->d, F(1));
    else if (text_same(what, "cal"))
        good = light_set_calibration(c->d, call_float(c, 1, 1), call_float(c, 2, 1),
                                     call_float(c, 3, 1));
    else if (text_same(what, "brtMinRGB") || text_same(what, "brtMinCW"))
        good = light_set_minimum(c->d, text_same(what, "brtMinRGB"), F(1));
    return good ? COMMAND_OK : COMMAND_BAD_ARGUMENT;
}

static enum command_result current(struct call *c, const struct light_chip *chip, int32_t most) {
    int32_t color = call_int(c, 0, 0), white = call_int(c, 1, 0);
    if (color < 0 || color > most || white < 0 || white > most)
        return COMMAND_BAD_ARGUMENT;
    light_chip_current(c->d, chip, (uint8_t)color, (uint8_t)white);
    return COMMAND_OK;
}
RUN(current_sm2135) {
    return current(c, &chip_sm2135, 60);
}
RUN(current_sm2235) {
    return current(c, &chip_sm2235, 15);
}
RUN(current_bp5758d) {
    return current(c, &chip_bp5758d, 90);
}
RUN(current_bp1658cj) {
    return current(c, &chip_bp1658cj, 15);
}

const struct command_row light_rows[] = {
    {"led_enableAll", "b", 1, 0, "0|1|toggle", HELP("light on or off"), enable, NULL},
    {"led_dimmer", "b*", 1, 0, "0-100|{\"brightness\":n}", HELP("brightness"), dimmer, NULL},
    {"Dimmer", "b*", 1, 0, "0-100|{\"brightness\":n}", HELP("brightness"), dimmer, NULL},
    {"add_dimmer", "fi", 1, 0, "delta [mode]", HELP("changes brightness"), add_dimmer, NULL},
    {"led_temperature", "f", 1, 0, "mireds", HELP("white of that temperature"), temperature, NULL},
    {"CT", "f", 1, 0, "mireds", HELP("white of that temperature"), temperature, NULL},
    {"add_temperature", "fi", 1, 0, "delta [mode]", HELP("changes temperature"), add_temperature,
     NULL},
    {"CTRange", "ff", 2, 0, "min max", HELP("range of the temperature"), range, NULL},
    {"led_basecolor_rgb", "t", 1, 0, "RRGGBB|r,g,b|rand", HELP("colour"), rgb, NULL},
    {"Color", "t", 1, 0, "RRGGBB|r,g,b|rand", HELP("colour"), rgb, NULL},
    {"led_basecolor_rgbcw", "t", 1, 0, "RRGGBBCCWW", HELP("all five components"), rgbcw, NULL},
    {"HSBColor", "b*", 1, 0, "h s b", HELP("colour; HSBColor1 2 3: one of them"), hsb, NULL},
    {"led_hue", "f", 1, 0, "0-360", HELP("hue"), hue, NULL},
    {"led_saturation", "f", 1, 0, "0-100", HELP("saturation"), saturation, NULL},
    {"led_nextColor", "", 0, 0, "", HELP("next of the palette"), next, NULL},
    {"SPC", "it", 2, 0, "index RRGGBB", HELP("palette entry"), palette, NULL},
    {"LED_Map", "iiiii", 5, 0, "r g b c w", HELP("order of the colours of a LED chip"), map, NULL},
    {"led_dimmerScale", "f", 1, 0, "0-1", HELP("overall factor"), scale, NULL},
    {"led_lerpSpeed", "f", 1, 0, "units/s", HELP("speed of transitions"), lerp, NULL},
    {"led_finishFullLerp", "", 0, 0, "", HELP("jumps to the end"), finish, NULL},
    {"led_saveInterval", "i", 1, 0, "s", HELP("least time between saves"), interval, NULL},
    {"DimmerDelta", "i", 1, 0, "n", HELP("step of dimming buttons"), delta, NULL},
    {"led_gammaCtrl", "tfff", 1, 0, "gamma|cal|brtMinRGB|brtMinCW|list ...", HELP("gamma"), gamma,
     NULL},
    {"SM2135_Current", "ii", 2, 0, "colour white", HELP("in mA, 10-60"), current_sm2135, NULL},
    {"SM2235_Current", "ii", 2, 0, "colour white", HELP("code 0-15"), current_sm2235, NULL},
    {"BP5758D_Current", "ii", 2, 0, "colour white", HELP("in mA, 0-90"), current_bp5758d, NULL},
    {"BP1658CJ_Current", "ii", 2, 0, "colour white", HELP("code 0-15"), current_bp1658cj, NULL},
    {"led_colorMult", "f", 1, 0, "factor", HELP("channel scale"), mult, NULL},
};
const unsigned light_row_count = sizeof light_rows / sizeof *light_rows;
