/* Stretches of edges and when the window restarts; see pulse_rate.h.
 *
 * A stretch ends at the first edge that is both `stretch_us` and eight clock steps after its begin.
 * Each new stretch is compared with the window: within the tolerance that jitter and clock explain
 * it joins it; outside, once is doubt and twice is a step. One long period is proof by itself: a
 * missing pulse cannot be noise. */
#include "device/meter/pulse_rate.h"

#include <string.h>

/* Seconds of edges that the reading rests on, by mode. */
static const struct {
    uint32_t window_us, stretch_us;
} modes[PULSE_MODES] = {
    [PULSE_FAST] = {1000000, 100000},
    [PULSE_BALANCED] = {4000000, 150000},
    [PULSE_PRECISE] = {15000000, 1000000},
};

enum { STEPS_PER_STRETCH = 8, DOUBTS_FOR_STEP = 2 };
#define CHIP_JITTER 0.01f /* of one period: five times what the data sheet says */
#define STEP_LEAST  0.02f /* smaller changes come in with the window */
#define LATE        1.5f  /* periods of silence that the rate allows */

void pulse_rate_mode(struct pulse_rate *r, enum pulse_mode mode) {
    r->window_us = modes[mode].window_us;
    r->stretch_us = modes[mode].stretch_us;
    if (r->stretch_us < STEPS_PER_STRETCH * r->step_us)
        r->stretch_us = STEPS_PER_STRETCH * r->step_us;
}

void pulse_rate_start(struct pulse_rate *r, enum pulse_mode mode, uint32_t step_us) {
    memset(r, 0, sizeof *r);
    r->step_us = step_us ? step_us : 1;
    pulse_rate_mode(r, mode);
}

void pulse_rate_restart(struct pulse_rate *r) {
    r->started = false;
    r->count = r->doubts = 0;
    r->rate = 0;
}

static struct pulse_mark *mark_at(struct pulse_rate *r, unsigned i) {
    return &r->mark[(r->first + i) % PULSE_MARKS];
}

static void push(struct pulse_rate *r, uint64_t us) {
    if (r->count == PULSE_MARKS) {
        r->first = (uint8_t)((r->first + 1) % PULSE_MARKS);
        r->count--;
    }
    *mark_at(r, r->count++) = (struct pulse_mark){(uint32_t)us, (uint32_t)r->pulses};
}

static void drop_front(struct pulse_rate *r, unsigned n) {
    r->first = (uint8_t)((r->first + n) % PULSE_MARKS);
    r->count = (uint8_t)(r->count - n);
}

static float rate_between(const struct pulse_mark *a, const struct pulse_mark *b) {
    return b->us != a->us ? (float)(b->pulses - a->pulses) * 1e6f / (float)(b->us - a->us) : 0;
}

/* Over the whole window. */
static void measure(struct pulse_rate *r) {
    if (r->count >= 2)
        r->rate = rate_between(mark_at(r, 0), mark_at(r, r->count - 1u));
}

/* Marks that the window has left behind; two stay in any case. */
static void trim(struct pulse_rate *r, uint64_t now_us) {
    while (r->count > 2 && (uint32_t)now_us - mark_at(r, 1)->us >= r->window_us)
        drop_front(r, 1);
}

static float absolute(float x) {
    return x < 0 ? -x : x;
}

/* How far a stretch of `pulses` periods in `us` may differ from the rate by chance. */
static float tolerance(const struct pulse_rate *r, uint32_t pulses, uint32_t us) {
    float chance = CHIP_JITTER / (pulses > 16  ? 4.0f
                                  : pulses > 4 ? 2.0f
                                               : 1.0f) +
                   2.0f * (float)r->step_us / (float)us;
    return chance > STEP_LEAST ? chance : STEP_LEAST;
}

/* The rate has changed where the doubts began: the window starts there. */
static void restart_at(struct pulse_rate *r, unsigned kept_marks) {
    drop_front(r, r->count - kept_marks);
    r->doubts = 0;
    measure(r);
}

static void end_stretch(struct pulse_rate *r, uint64_t now_us) {
    push(r, now_us);
    struct pulse_mark *begin = mark_at(r, r->count - 2u), *end = mark_at(r, r->count - 1u);
    uint32_t pulses = end->pulses - begin->pulses, us = end->us - begin->us;
    float found = rate_between(begin, end);
    if (r->count == 2 || r->rate <= 0) {
        measure(r);
        return;
    }
    bool differs = absolute(found / r->rate - 1) > tolerance(r, pulses, us);
    bool late = pulses == 1 && (float)us * r->rate > LATE * 1e6f;
    r->doubts = differs ? (uint8_t)(r->doubts + 1) : 0;
    if (late || r->doubts >= DOUBTS_FOR_STEP) {
        /* the first doubtful stretch may lie across the step */
        float before = r->count > 2 ? rate_between(mark_at(r, r->count - 3u), begin) : 0;
        bool agree = absolute(found / before - 1) <= tolerance(r, pulses, us);
        restart_at(r, agree && !late ? DOUBTS_FOR_STEP + 1u : 2u);
        return;
    }
    if (!differs) {
        trim(r, now_us);
        measure(r);
    }
}

/* A rate several times the known one shows within two periods; a stretch would take its time. */
static bool is_burst(const struct pulse_rate *r, uint32_t us, uint32_t pulses) {
    return r->rate > 0 && pulses >= 2 && us >= 4u * r->step_us &&
           (float)pulses * 1e6f > 1.5f * r->rate * (float)us;
}

bool pulse_rate_edge(struct pulse_rate *r, uint64_t now_us) {
    if (r->started && now_us - r->last_us < PULSE_DEBOUNCE_US && r->step_us < PULSE_DEBOUNCE_US)
        return false;
    bool first = !r->started || now_us - r->last_us > PULSE_SILENCE_US;
    r->pulses++;
    r->last_us = now_us;
    if (first) {
        r->count = r->doubts = 0;
        r->rate = 0;
        r->started = true;
        push(r, now_us);
        return true;
    }
    const struct pulse_mark *begin = mark_at(r, r->count - 1u);
    uint32_t us = (uint32_t)now_us - begin->us, pulses = (uint32_t)r->pulses - begin->pulses;
    if (is_burst(r, us, pulses)) {
        push(r, now_us);
        restart_at(r, 2);
    } else if (us >= r->stretch_us || (r->rate <= 0 && us >= 4 * r->step_us))
        end_stretch(r, now_us);
    return true;
}

float pulse_rate_read(const struct pulse_rate *r, uint64_t now_us) {
    uint64_t seen = r->last_us + (r->step_us > 1 ? r->step_us : 0); /* the stamp was rounded down */
    uint64_t silent = now_us > seen ? now_us - seen : 0;
    if (!r->started || silent > PULSE_SILENCE_US)
        return 0;
    if (r->rate > 0 && (float)silent * r->rate <= LATE * 1e6f)
        return r->rate;
    if (r->rate <= 0)
        return 0; /* one edge alone tells nothing */
    return 1e6f / (float)silent;
}

uint32_t pulse_rate_span(const struct pulse_rate *r, uint64_t *us) {
    *us = 0;
    if (r->count < 2)
        return 0;
    const struct pulse_mark *a = &r->mark[r->first];
    const struct pulse_mark *b = &r->mark[(r->first + r->count - 1) % PULSE_MARKS];
    *us = b->us - a->us;
    return b->pulses - a->pulses;
}

float pulse_rate_error(const struct pulse_rate *r) {
    uint64_t us;
    uint32_t periods = pulse_rate_span(r, &us);
    if (!periods || !us)
        return 1;
    float clock = (float)r->step_us / (float)us, chip = 0.003f / (float)periods;
    return clock + chip;
}
