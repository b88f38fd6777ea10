/* Frequency of a pulse train from the times of its edges: reciprocal counting with a window that
 * adapts. A whole number of periods is timed from edge to edge, so one pulse more or less makes no
 * error; the longer the window, the less the jitter of chip and clock matters. When the rate
 * changes, the window restarts at the change, so a step is seen at once. Zero is decided by
 * silence, and until then the reading is never more than that silence allows.
 *
 * Works with clocks that tick coarsely (2 ms) as well as in microseconds: periods are compared only
 * over stretches that are long against the clock's step. */
#ifndef DEVICE_METER_PULSE_RATE_H
#define DEVICE_METER_PULSE_RATE_H
#include <stdbool.h>
#include <stdint.h>

enum pulse_mode { PULSE_FAST, PULSE_BALANCED, PULSE_PRECISE, PULSE_MODES };

enum {
    PULSE_MARKS = 64,            /* stretches remembered: more than the longest window has */
    PULSE_DEBOUNCE_US = 100,     /* an edge closer to the last one is noise */
    PULSE_SILENCE_US = 20000000, /* after that long without an edge the rate is 0 */
};

struct pulse_rate {
    uint64_t pulses;  /* all that were ever counted: energy */
    uint64_t last_us; /* of the last edge */
    /* Ring: ends of stretches, of which only differences count; the one at `first` begins the
     * window. */
    uint32_t mark_us[PULSE_MARKS];
    uint16_t mark_pulses[PULSE_MARKS];
    uint8_t first, count;
    uint8_t doubts; /* stretches in a row that fit the rate badly */
    bool started;   /* an edge was seen since the start or the last silence */
    uint32_t step_us, window_us, stretch_us, periods;
    float rate; /* Hz; 0: not known */
};

/* `step_us`: resolution of the time stamps. */
void pulse_rate_start(struct pulse_rate *r, enum pulse_mode mode, uint32_t step_us);
/* Another window; what is known is kept. */
void pulse_rate_mode(struct pulse_rate *r, enum pulse_mode mode);
/* Forgets all edges but not the count: what is measured has changed. */
void pulse_rate_restart(struct pulse_rate *r);
/* One edge of one polarity. False: ignored as noise. */
bool pulse_rate_edge(struct pulse_rate *r, uint64_t now_us);
/* Hz, as of now. */
float pulse_rate_read(const struct pulse_rate *r, uint64_t now_us);
/* Over how many periods and how long (µs) the reading was taken; how well it is known for that, as
 * a fraction (0.001: 0.1 %). */
uint32_t pulse_rate_span(const struct pulse_rate *r, uint64_t *us);
float pulse_rate_error(const struct pulse_rate *r);
#endif
