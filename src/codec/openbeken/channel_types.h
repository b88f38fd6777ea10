/* Channel types of OpenBeken: how the integer of a channel is to be read (divider, unit) and shown.
 * Source: openshwprojects/OpenBK7231T_App: src/new_pins.h, docs/channelTypes.md. */
#ifndef CODEC_OPENBEKEN_CHANNEL_TYPES_H
#define CODEC_OPENBEKEN_CHANNEL_TYPES_H
#include <stdint.h>

enum channel_show {
    CHANNEL_SHOW_DEFAULT, /* as the role of its pins says */
    CHANNEL_SHOW_HIDDEN,
    CHANNEL_SHOW_READING, /* `label` value unit */
    CHANNEL_SHOW_TOGGLE,
    CHANNEL_SHOW_SLIDER, /* `words` is the upper end */
    CHANNEL_SHOW_CHOICE, /* `words`: settable, from 0 up */
    CHANNEL_SHOW_STATE,  /* `words`: read only, from 0 up */
    CHANNEL_SHOW_NUMBER,
    CHANNEL_SHOW_ENUM,
    CHANNEL_SHOW_TIMER,
};

#define CHANNEL_TYPE_COUNT  68
#define CHANNEL_TYPE_TOGGLE 6
struct channel_type {
    const char *name;
    uint16_t divider; /* shown value = integer / divider */
    const char *unit;
    enum channel_show show;
    const char *label, *words;
};
/* Row by id, NULL beyond the table. */
const struct channel_type *channel_type_row(unsigned id);
/* Id of a name, case-insensitive; -1 when unknown. */
int channel_type_find(const char *name);
#endif
