/* One row per kind of pin key: the line that describes it, the role that the GUI flash tool gives
 * it, and the better role with levels. First matching row wins; the order is the GUI tool's. */
#ifndef CODEC_TUYA_PIN_ROWS_H
#define CODEC_TUYA_PIN_ROWS_H
#include "codec/tuya/config.h"

/* How a row gets its channel. */
enum row_channel { ROW_NONE = -1, ROW_KEY_NUMBER = -2, ROW_SENSOR = -3 };

struct pin_row {
    const char *pattern; /* `#`: digits; a leading `~`: the key contains the rest */
    const char *line;    /* after "- ": `#` is the key's number, `$` the value; NULL: no GUI line */
    uint8_t gui_role;    /* 0: none */
    int8_t gui_channel;  /* constant, or enum row_channel */
    const char *function; /* what is on the pin; NULL when the value is no pin */
    uint8_t high, low;    /* better role by level */
    int8_t channel;
    const char *level; /* key of the level, `#` filled in; NULL: none */
    int8_t usual;      /* level when not said */
    uint8_t certainty; /* enum tuya_certainty */
};

/* Row of a key or NULL. */
const struct pin_row *pin_row_find(const char *key);
#endif
