/* Lights: enable, dimmer, temperature, colour and mode in front of the PWM channels of strips and
 * bulbs (one colour, CW, RGB, RGBW, RGBCW). The first PWM channel among 0 … 4 is red, cold for two
 * outputs, or the only one.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_newLEDDriver.c. */
#ifndef DEVICE_LIGHT_H
#define DEVICE_LIGHT_H
#include "device/board/soft_i2c.h"

#include <stdbool.h>
#include <stdint.h>

struct device;
struct light_chip;

enum light_mode { LIGHT_WHITE, LIGHT_RGB, LIGHT_ALL, LIGHT_ANIMATION };

/* LIGHT_SLOT: retained slots that hold the light's state (flag 12): the first four are OpenBeken's,
 * the colour (three slots) lies behind those that channels can have there. */
enum {
    LIGHT_PALETTE = 14,
    LIGHT_SLOT_ON = 8,
    LIGHT_SLOT_MODE,
    LIGHT_SLOT_TEMPERATURE,
    LIGHT_SLOT_DIMMER,
    LIGHT_SLOT_RGB = 60,
};

struct light {
    bool on;
    uint8_t mode;                 /* enum light_mode */
    float dimmer;                 /* 0 … 100 */
    float temperature;            /* mireds */
    float low, high;              /* range of the temperature */
    float hue, saturation, value; /* 0 … 360, 0 … 1, 0 … 1 */
    float base[5];                /* R G B C W, 0 … 255 */
    float final[5];               /* what goes out, 0 … 255 */
    float shown[5];               /* smooth transitions: where the outputs are now */
    float scale;                  /* led_dimmerScale */
    float multiplier;             /* led_colorMult, 100/255 */
    float lerp_speed;             /* units per second */
    uint8_t palette_at;
    uint8_t delta; /* DimmerDelta */
    bool add_down; /* ping-pong of add_dimmer */
    bool temperature_down;
    bool dirty; /* state to be remembered (flag 12) */
    uint16_t save_interval_s, unsaved_s;
    uint32_t palette[LIGHT_PALETTE]; /* 0xRRGGBB */
    const struct light_chip *chip;   /* a LED chip that runs; NULL: none */
    struct i2c_bus bus;
    uint8_t color_current, white_current;
};

/* True when PWM roles, a LED chip or flag 4 make this device a light. */
bool light_active(const struct device *d);
/* All of these change state, drive the outputs and publish; events fire as the facts say. */
void light_set_on(struct device *d, bool on);
void light_toggle(struct device *d);
void light_set_dimmer(struct device *d, float percent);
/* mode 0 clamp, 1 wrap, 2 ping-pong; between `low` and 100. */
void light_add_dimmer(struct device *d, float delta, int mode, float low);
void light_set_temperature(struct device *d, float mireds);
void light_add_temperature(struct device *d, float delta, int mode);
void light_set_temperature_range(struct device *d, float low, float high);
void light_set_rgb(struct device *d, unsigned red, unsigned green, unsigned blue);
void light_set_all(struct device *d, const uint8_t rgbcw[5]);
/* One component of the base colour. */
void light_set_component(struct device *d, unsigned index, float value);
void light_set_hue(struct device *d, float degrees);
void light_set_saturation(struct device *d, float percent);
void light_set_hsv(struct device *d, float degrees, float saturation_percent,
                   float brightness_percent);
void light_next_color(struct device *d);
void light_next_white(struct device *d); /* cold, neutral, warm */
bool light_set_palette(struct device *d, unsigned index, uint32_t rgb);
void light_set_scale(struct device *d, float scale);
void light_set_multiplier(struct device *d, float multiplier);
void light_set_lerp_speed(struct device *d, float units_per_second);
void light_finish(struct device *d); /* jump to the end of a transition */
/* Gamma control, kept in the configuration. False: out of range. */
bool light_set_gamma(struct device *d, float gamma);
bool light_set_calibration(struct device *d, float red, float green, float blue);
bool light_set_minimum(struct device *d, bool rgb, float percent);
float light_gamma(const struct device *d);
/* A LED chip takes the colours instead of PWM pins. */
bool light_chip(const struct device *d);
/* 10-bit value for output i of a LED chip, in the order that LED_Map gives. */
unsigned light_chip_value(const struct device *d, unsigned i);
/* Number of outputs: PWM channels 0 … 5. */
unsigned light_outputs(const struct device *d);
uint32_t light_rgb(const struct device *d); /* 0xRRGGBB of the base colour */

/* Publishes the final colours (flags 1 and 16). */
void light_publish_final(struct device *d);
void light_init(struct device *d);
void light_start(struct device *d); /* restores (flag 12) */
/* Recomputes and drives the outputs. */
void light_apply(struct device *d);
void light_tick(struct device *d, uint32_t elapsed_ms);
void light_second(struct device *d);
uint32_t light_next_ms(const struct device *d);
/* Saves the state now when it is to be remembered (before a restart). */
void light_remember(struct device *d);
#endif
