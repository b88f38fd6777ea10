/* Pulses of a meter chip, tried on an input whose edges the firmware wants to hear of. A firmware
 * that counts them keeps the count in memory: the half word that grew by exactly the number of
 * pulses in two trains of different number and pace is that counter. A third train, long enough for
 * the firmware to begin another measurement, tells a counter of energy, which keeps all of them,
 * from one of voltage or current, which starts over or stands still. */
#include "virtual/soc/report.h"
#include "virtual/soc/session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOKED_AT = 0x40000, /* bytes of RAM */
    HALVES = LOOKED_AT / 2,
    FIRST = 23,
    FIRST_HALF_US = 2000,
    SECOND = 31,
    SECOND_HALF_US = 3100,
    LONG = 250,
    LONG_HALF_US = 5000,
};

static void feed(struct session *s, int pin, int count, uint64_t half_us) {
    struct board *b = s->board;
    int rest = board_pin_level(b, pin);
    for (int i = 0; i < 2 * count; i++) {
        board_pin_drive(b, pin, i % 2 ? rest : !rest);
        board_run(b, b->now + half_us * b->ticks_per_us);
    }
}

static bool grew(const uint16_t *before, const uint16_t *after, int i, int by) {
    return (uint16_t)(after[i] - before[i]) == by;
}

/* Index of the half word that counts the pin's pulses, or -1. Two trains of pulses are fed. */
static int find_counter(struct session *s, int pin, uint16_t *memory) {
    const uint8_t *ram = s->board->ram;
    uint16_t *start = memory, *middle = memory + HALVES, *end = memory + 2 * HALVES;
    memcpy(start, ram, LOOKED_AT);
    feed(s, pin, FIRST, FIRST_HALF_US);
    memcpy(middle, ram, LOOKED_AT);
    feed(s, pin, SECOND, SECOND_HALF_US);
    memcpy(end, ram, LOOKED_AT);
    for (int i = 0; i < HALVES; i++)
        if (grew(start, middle, i, FIRST) && grew(middle, end, i, SECOND))
            return i;
    return -1;
}

void pulses_try(struct session *s, int pin) {
    uint16_t *memory = malloc(3 * (size_t)LOOKED_AT), kept = 0;
    if (!memory)
        return;
    int counter = find_counter(s, pin, memory);
    if (counter >= 0) {
        uint16_t before, after;
        memcpy(&before, s->board->ram + 2 * counter, sizeof before);
        feed(s, pin, LONG, LONG_HALF_US);
        memcpy(&after, s->board->ram + 2 * counter, sizeof after);
        kept = (uint16_t)(after - before);
    }
    report_line("counted %" PRIu64 " %d %d %u", board_us(s->board), pin, counter >= 0,
                kept == LONG ? 1u : 0u);
    free(memory);
}
