/* What OpenBeken keeps while it runs: the value "OBK_FV" of its EasyFlash store, 64 bytes: boots,
 * the last values of channels 0 … 11, energy, the light.
 * Source: openshwprojects/OpenBK7231T_App: src/hal/hal_flashVars.h. */
#ifndef CODEC_OPENBEKEN_OBK_COUNTERS_H
#define CODEC_OPENBEKEN_OBK_COUNTERS_H
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum { OBK_COUNTERS_SIZE = 64, OBK_COUNTERS_SLOTS = 12 };

struct obk_counters {
    uint16_t boots, completed;
    int16_t slots[OBK_COUNTERS_SLOTS]; /* 8 … 11: light on, mode, temperature, brightness */
    float total_wh, today_wh, yesterday_wh, earlier_wh[2]; /* 2 and 3 days ago */
    int32_t saves;
    uint32_t reset_time; /* of the counters, Unix seconds */
    int8_t today;        /* day of the month that "today" is; -1: not known */
    uint8_t rgb[3];
};

/* TRUNCATED when shorter than 64 bytes. Energies that are no numbers become 0. */
enum status obk_counters_decode(const uint8_t *data, size_t size, struct obk_counters *out);
void obk_counters_encode(const struct obk_counters *in, uint8_t data[OBK_COUNTERS_SIZE]);
#endif
