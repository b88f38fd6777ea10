/* What the files of the board share. */
#ifndef DEVICE_BOARD_PINS_H
#define DEVICE_BOARD_PINS_H
#include <stdbool.h>
#include <stdint.h>

struct device;

/* Drives an output pin and remembers the level. */
void pin_drive(struct device *d, unsigned pin, bool level);
/* Level with the inversion of the role (and flag 42 for door sensors) applied. */
bool pin_read_logical(struct device *d, unsigned pin);
/* One quick tick of a button, an input, a counter; true while it is not settled. */
bool button_tick(struct device *d, unsigned pin, uint32_t elapsed_ms);
bool input_tick(struct device *d, unsigned pin, uint32_t elapsed_ms);
void counter_tick(struct device *d, unsigned pin);
/* ADC_Button pins: after the role was set; quick tick; ms until the next look. */
void adc_button_start(struct device *d, unsigned pin);
void adc_button_tick(struct device *d, uint32_t elapsed_ms);
uint32_t adc_button_next_ms(const struct device *d);
/* Bridge relays: find pairs, ask for a state, run the pulses. */
void bridge_start(struct device *d);
void bridge_set(struct device *d, int channel, bool on);
void bridge_tick(struct device *d, uint32_t elapsed_ms);
uint32_t bridge_next_ms(const struct device *d);
#endif
