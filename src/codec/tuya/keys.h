/* What every known key of a stock pin configuration means: one row per key, `#` standing for the
 * channel number. The description, the pin list and the list of unknown keys are read from it.
 * Format: public dumps; openshwprojects/BK7231GUIFlashTool, libretiny-eu/upk2esphome. */
#ifndef CODEC_TUYA_KEYS_H
#define CODEC_TUYA_KEYS_H
#include <stdbool.h>
#include <stddef.h>

enum tuya_key_kind {
    TUYA_KEY_IDENTITY,
    TUYA_KEY_PIN,       /* value is a GPIO number */
    TUYA_KEY_LEVEL,     /* 1 active high, 0 active low */
    TUYA_KEY_THRESHOLD, /* a protection limit */
    TUYA_KEY_METER,     /* metering constants */
    TUYA_KEY_CURRENT,   /* current of a light driver: mA or a code */
    TUYA_KEY_DATAPOINT, /* number of a datapoint */
    TUYA_KEY_PAIRING,   /* how the device is reset and paired */
    TUYA_KEY_LIGHT,     /* behaviour of a light */
    TUYA_KEY_OPTION,    /* everything else */
};

struct tuya_key {
    const char *name; /* `#`: one or more digits */
    enum tuya_key_kind kind;
    const char *unit; /* "" when none */
    const char *meaning;
};

extern const struct tuya_key tuya_keys[];
extern const size_t tuya_key_count;

/* Row of a key, or NULL when it is not known. */
const struct tuya_key *tuya_key_find(const char *key);
/* Does key match a pattern with `#` for digits? */
bool tuya_key_matches(const char *pattern, const char *key);
/* First number in a key ("bt2_pin" is 2), 0 when it has none. */
int tuya_key_number(const char *key);
const char *tuya_key_kind_name(enum tuya_key_kind kind);
#endif
