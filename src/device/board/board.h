/* The board: what hangs on which pin. Roles, channels and start values are part of the
 * configuration (device.config.pins); this room makes them true on the pins and turns edges into
 * presses, clicks and channel changes.
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.c, docs/ioRoles.md. */
#ifndef DEVICE_BOARD_H
#define DEVICE_BOARD_H
#include "base/status.h"
#include "codec/openbeken/obk_config.h"
#include "codec/openbeken/roles.h"
#include "device/board/battery.h"
#include "device/board/climate.h"
#include "device/board/mutex.h"
#include "device/board/shutter.h"
#include "device/board/sleep.h"

#include <stdbool.h>
#include <stdint.h>

struct device;

enum { ADC_BUTTON_THRESHOLDS = 8 };

enum button_state { BUTTON_IDLE, BUTTON_DOWN, BUTTON_WAIT, BUTTON_DOWN_AGAIN, BUTTON_HOLD };

/* What one pin remembers; meaning by role. */
struct pin_state {
    uint8_t button; /* enum button_state */
    uint8_t presses;
    bool level;     /* accepted level after debouncing, inversion applied; buttons: 0 pressed */
    bool restarted; /* an input that was sampled at least once */
    uint16_t unstable_ms; /* how long the raw level has differed from `level` */
    uint32_t since_ms;    /* time in the button state; pulse counter: edges not yet added */
};

struct board {
    struct pin_state pins[OBK_PINS_MAX];
    uint64_t is_pwm, is_input, is_adc, is_output; /* how the pin is set up now */
    uint64_t out;                                 /* level driven last */
    uint32_t pwm_hz;
    bool busy; /* some button or input is not settled */
    uint32_t wifi_led_ms;
    bool wifi_led;
    bool on;           /* pins are enabled (not in configuration only) */
    uint16_t pulse_ms; /* of bridge relays */
    uint8_t pulsing;   /* 1 + bridge whose coil is powered; 0: none */
    struct bridge {
        uint8_t channel; /* 0xFF: free */
        bool wanted;
        uint16_t left_ms; /* of the running pulse */
    } bridges[4];
    struct mutex_pair mutexes[MUTEX_COUNT];
    struct shutter shutters[SHUTTER_COUNT];
    struct sleep_state sleep;
    struct battery battery;
    struct climate climate;
    uint16_t adc_thresholds[ADC_BUTTON_THRESHOLDS]; /* rising; 0: the rest is not used */
};

/* Roles and channels of one pin; stored within a second. BAD_ARGUMENT: no such pin or role. */
enum status board_set_role(struct device *d, unsigned pin, unsigned role);
enum status board_set_channel(struct device *d, unsigned pin, unsigned channel);
enum status board_set_channel2(struct device *d, unsigned pin, unsigned channel);
unsigned board_role(const struct device *d, unsigned pin); /* 0 outside */
/* Pin number of "9", "P9", "PWM5", "TXD2" … on this chip; -1 when unknown. */
int board_pin_find(const struct device *d, const char *name);
const char *board_pin_alias(unsigned pin); /* "PWM5"; "" when it has none */
/* Short (default 3), long (10) and hold repeat (5), in 100 ms. */
enum status board_set_button_times(struct device *d, unsigned longer, unsigned shorter,
                                   unsigned repeat);
void board_set_pwm_frequency(struct device *d, uint32_t hz); /* 0: default 1000 */
/* Pulse of latching relays, 5 … 10000 ms; false outside. */
bool board_set_pulse(struct device *d, int32_t ms);

/* Rising thresholds (raw readings) between the buttons of ADC_Button pins; false: not rising or too
 * many. None: no buttons. */
bool adc_button_map(struct device *d, const uint16_t *thresholds, unsigned count);

/* Level driven (outputs) or read (inputs), as electric level. */
bool board_level(const struct device *d, unsigned pin);
/* Duty in percent of a PWM pin. */
float board_duty(const struct device *d, unsigned pin);
int board_adc(struct device *d, unsigned pin);
unsigned board_relay_count(const struct device *d);
unsigned board_pwm_count(const struct device *d);   /* channels with a PWM role, each once */
unsigned board_input_count(const struct device *d); /* digital inputs */

/* A channel changed: drive its pins (called by channel_set). */
void board_apply_channel(struct device *d, int channel);
/* The light was switched: StripState pins. */
void board_apply_light(struct device *d);
/* Sets up every pin from the configuration; stops using all pins. */
void board_start(struct device *d);
void board_stop(struct device *d);
/* Quick tick; second tick (ADC). */
void board_tick(struct device *d, uint32_t elapsed_ms);
void board_second(struct device *d);
/* An edge: counters count it, everything else is read at the next tick. */
void board_edge(struct device *d, unsigned pin, bool level);
/* Milliseconds until board_tick has something to do, given no edge comes. */
uint32_t board_next_ms(const struct device *d);
#endif
