/* Channels: 64 numbers through which pins, scripts, lights, meters and the network meet. A change
 * goes out exactly once: to the pins of that channel, to the network, to the event handlers.
 * Numbers 129 … 137 and 200 … 264 are views of other things (light, retained slots).
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.c. */
#ifndef DEVICE_CHANNEL_H
#define DEVICE_CHANNEL_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

enum {
    CHANNEL_COUNT = 64,
    CHANNEL_LED_DIMMER = 129,
    CHANNEL_LED_ENABLE = 130,
    CHANNEL_LED_RGB = 131,
    CHANNEL_LED_TEMPERATURE = 132,
    CHANNEL_LED_BASE = 133, /* … 137: R G B C W, write only */
    CHANNEL_FREQUENCY = 138,
    CHANNEL_RETAINED = 200, /* … 264: retained slots */
    CHANNEL_RETAINED_SLOTS = 64,
    CHANNEL_RETAINED_SLOTS_OBK = 12, /* as many as OpenBeken has: those that SetFlash may write */
    CHANNEL_TEXT_POOL = 1536,        /* labels and enum texts of all channels together */
};

/* Flags of channel_set. */
enum { CHANNEL_FORCE = 1, CHANNEL_NO_MQTT = 2, CHANNEL_SILENT = 4 };

struct channels {
    int32_t value[CHANNEL_COUNT];
    float exact[CHANNEL_COUNT];
    uint64_t is_private, hidden, no_toggle_word; /* bit per channel */
    uint64_t add_down;                           /* ping-pong of AddChannel: moving down */
    int16_t retained[CHANNEL_RETAINED_SLOTS];
    uint64_t retained_dirty;
    uint64_t retained_saved_ms;
    uint16_t text_used;
    char text[CHANNEL_TEXT_POOL]; /* records: channel, kind, value, text; see label.c */
};

/* Value; channels outside 0 … 63 and the special ones: 0, with a line in the log. */
int32_t channel_get(struct device *d, int channel);
float channel_get_float(struct device *d, int channel);
/* Value divided by the divider of the channel's type. */
float channel_final(struct device *d, int channel);
/* Stores and, when the value changed or CHANNEL_FORCE is given, tells pins, network and handlers,
 * each once. Bad numbers are ignored with a line in the log. */
void channel_set(struct device *d, int channel, int32_t value, unsigned flags);
/* The same with a fraction, for PWM: no publish, no retained save. */
void channel_set_float(struct device *d, int channel, float value);
void channel_add(struct device *d, int channel, int32_t delta);
/* mode 0 clamp, 1 wrap, 2 ping-pong, 3 only flip the direction of ping-pong. */
void channel_add_range(struct device *d, int channel, int32_t delta, int32_t low, int32_t high,
                       int mode);
/* 0 becomes the maximum (1; 100 for PWM and Dimmer; 256; 1000), anything else 0. */
void channel_toggle(struct device *d, int channel);
int32_t channel_maximum(const struct device *d, int channel);
/* Sets every channel that a relay, LED, PWM or bridge role drives (powerAll). */
void channel_set_outputs(struct device *d, int32_t value);
/* Any relay or bridge channel on: all off; else all on. */
void channel_toggle_relays(struct device *d);

bool channel_valid(int channel); /* 0 … 63 */
bool channel_used(const struct device *d, int channel);
/* Which of the published values are for the network; see the rule in publish.c. */
bool channel_published(const struct device *d, int channel);
bool channel_is_relay(const struct device *d, int channel); /* Rel, Rel_n or bridge */
/* All of them at once, a bit per channel; and with the channels of type Toggle: what controllers of
 * Tasmota's kind take for POWER. */
uint64_t channels_relays(const struct device *d);
uint64_t channels_power(const struct device *d);
bool channel_is_output(const struct device *d, int channel);
bool channel_is_switched(const struct device *d, int channel); /* Rel or LED: what POWER counts */
/* Type id, see codec/openbeken/channel_types.h; 0 outside 0 … 63. */
unsigned channel_type(const struct device *d, int channel);
enum status channel_set_type(struct device *d, int channel, unsigned type);
/* Start value: -1 remembers the last. */
enum status channel_set_start(struct device *d, int channel, int16_t value);
/* Retained slots: a write reaches the flash at the next flush, at most once a second. */
int16_t channel_retained(const struct device *d, unsigned slot);
void channel_set_retained(struct device *d, unsigned slot, int16_t value);

/* Labels: empty text removes. NO_SPACE when the pool of texts is full. */
enum status channel_set_label(struct device *d, int channel, const char *label);
/* The label, or NULL when there is none. */
const char *channel_label(const struct device *d, int channel);
/* Enums: adds or replaces the text of one value. */
enum status channel_set_enum(struct device *d, int channel, int32_t value, const char *text);
void channel_clear_enum(struct device *d, int channel);
unsigned channel_enum_count(const struct device *d, int channel);
/* The i-th option in the order of definition: its text and value; NULL beyond the last. */
const char *channel_enum_at(const struct device *d, int channel, unsigned i, int32_t *value);
const char *channel_enum_text(const struct device *d, int channel, int32_t value); /* NULL: none */
void channel_set_private(struct device *d, int channel, bool on);
void channel_set_visible(struct device *d, int channel, bool on);
void channel_set_toggle_word(struct device *d, int channel, bool shown);
bool channel_is_private(const struct device *d, int channel);
bool channel_is_visible(const struct device *d, int channel);

/* Called by the device: forgets values, labels, enums; loads start and retained values. */
void channel_init(struct device *d);
void channel_start(struct device *d);
/* Writes retained slots that changed (device core; also before a restart). */
void channel_flush(struct device *d);
#endif
