/* The pins that a battery sensor may be woken by, as its firmware notes them down before it sleeps:
 * the user file WAKE_PIN, twelve little-endian words. It is made anew from the configuration at
 * every start, so it outlives one that was erased. Format: observed by booting oem_bk7231n_pir_tuya
 * with other pins and levels in its configuration and reading the file it wrote. */
#ifndef CODEC_TUYA_WAKE_PINS_H
#define CODEC_TUYA_WAKE_PINS_H
#include "base/status.h"
#include "base/text.h"

#define WAKE_PINS_FILE "WAKE_PIN"
enum { WAKE_PINS_SIZE = 48, WAKE_PINS_NONE = 255 };

struct wake_pin {
    uint8_t gpio;  /* or WAKE_PINS_NONE */
    uint8_t level; /* 1 active high, 0 active low */
};

struct wake_pins {
    struct wake_pin status_led, network_led, button, sensor, tamper;
    uint8_t sensor_state, tamper_state;
};

enum status wake_pins_decode(const uint8_t *data, size_t size, struct wake_pins *out,
                             struct fault *fault);
/* Adds them as the configuration text they were made from. */
void wake_pins_text(const struct wake_pins *pins, struct text *out);
#endif
