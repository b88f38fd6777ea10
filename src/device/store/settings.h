/* Settings: one table of what is remembered across restarts, each with name, type, range and
 * storage key. Their values live in device.config (the fields of OpenBeken's configuration, so that
 * its blocks can be taken over and given out); the table says which field belongs to which key of
 * the store. Code changes a field and calls settings_changed; the core writes what differs within
 * a second. */
#ifndef DEVICE_SETTINGS_H
#define DEVICE_SETTINGS_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

enum setting_type { SETTING_TEXT, SETTING_INT, SETTING_UINT, SETTING_BOOL, SETTING_BYTES };

struct setting {
    const char *name; /* as in scripts, forms and the scenario format: "mqtt_host" */
    enum setting_type type;
    uint16_t offset, size; /* of the field in struct obk_config */
    uint8_t key;           /* storage key; never reused for something else */
    int32_t low, high;     /* range of numbers */
    bool secret;           /* masked in reports */
};

/* The table, and its end. */
extern const struct setting settings_table[];
extern const size_t settings_count;
/* What it is for, in words. */
const char *setting_help(const struct setting *s);
const struct setting *setting_find(const char *name); /* NULL: no such setting */
/* Text form of a value; numbers in decimal, bytes in hex. Cut when it does not fit. */
void setting_print(const struct device *d, const struct setting *s, char *buffer, size_t size);
/* A text setting as it is; "" for the other types. */
const char *setting_text(const struct device *d, const struct setting *s);
/* Would setting_parse take it? Nothing is changed. */
enum status setting_check(const struct setting *s, const char *text);
/* From text. BAD_VALUE out of range, BAD_LENGTH too long (nothing is changed). */
enum status setting_parse(struct device *d, const struct setting *s, const char *text);

/* Flags 0 … 51 of the configuration. */
bool settings_flag(const struct device *d, unsigned index);
enum status settings_set_flag(struct device *d, unsigned index, bool on);
void settings_set_flags(struct device *d, uint64_t flags);
uint64_t settings_flags(const struct device *d);

/* Something in device.config was changed: it will be saved at the next second tick. */
void settings_changed(struct device *d);
/* Saves now what differs; returns the first failure. */
enum status settings_save(struct device *d);
/* Defaults into device.config, marked as changed. */
void settings_factory(struct device *d);
/* At boot: defaults, then what the store has; a block of OpenBeken found in flash is taken over
 * when the store has never been used. True when it was. */
bool settings_load(struct device *d);
#endif
