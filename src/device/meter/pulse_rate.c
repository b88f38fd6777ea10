/* Stretches of edges and when the window restarts; see pulse_rate.h.
 *
 * A stretch ends at the first edge that is both `stretch_us` and eight clock steps after its begin.
 * Each new stretch is compared with the window: within the tolerance that jitter and clock explain
 * it joins it; outside, once is doubt (noise, if the next one fits again) and twice is a step. One
 * long period is proof by itself: a missing pulse cannot be noise. */
#include "device/meter/pulse_rate.h"

#include <string.h>

/* What the reading rests on, by mode: a time, half as long again where that holds fewer periods. */
static const struct {
    uint32_t window_us, stretch_us, periods;
} modes[PULSE_MODES] = {
    [PULSE_FAST] = {1000000, 100000, 0},
    [PULSE_BALANCED] = {4000000, 65000, 32},
    [PULSE_PRECISE] = {15000000, 1000000, 0},
};

enum { LATE_LEAST_US = 150000 /* longer than flash is busy */ };
enum { STEPS_PER_STRETCH = 8, DOUBTS_FOR_STEP = 2, BURST_LEAST_US = 20000 };
enum { SLOW_PERIODS = 8 };
#define CHIP_JITTER 0.01f /* of one period: five times what the data sheet says */
#define STEP_LEAST  0.02f /* smaller changes come in with the window */
#define LATE        1.5f  /* periods of silence that the rate allows */

void pulse_rate_mode(struct pulse_rate *r, enum pulse_mode mode) {
    r->window_us = modes[mode].window_us;
    r->stretch_us = modes[mode].stretch_us;
    r->periods = modes[mode].periods;
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

/* The end of a stretch. */
struct mark {
    uint32_t us;
    uint16_t pulses;
};

static struct mark mark_at(const struct pulse_rate *r, unsigned i) {
    unsigned slot = (r->first + i) % PULSE_MARKS;
    return (struct mark){r->mark_us[slot], r->mark_pulses[slot]};
}

static struct mark last_mark(const struct pulse_rate *r, unsigned back) {
    return mark_at(r, r->count - 1u - back);
}

static void push(struct pulse_rate *r, uint64_t us, uint64_t pulses) {
    if (r->count == PULSE_MARKS) {
        r->first = (uint8_t)((r->first + 1) % PULSE_MARKS);
        r->count--;
    }
    unsigned slot = (unsigned)(r->first + r->count++) % PULSE_MARKS;
    r->mark_us[slot] = (uint32_t)us;
    r->mark_pulses[slot] = (uint16_t)pulses;
}

static void drop_front(struct pulse_rate *r, unsigned n) {
    r->first = (uint8_t)((r->first + n) % PULSE_MARKS);
    r->count = (uint8_t)(r->count - n);
}

/* What lies between two marks. */
struct stretch {
    uint32_t us, pulses;
};

static struct stretch between(struct mark a, struct mark b) {
    return (struct stretch){b.us - a.us, (uint16_t)(b.pulses - a.pulses)};
}

static struct stretch since(const struct pulse_rate *r, struct mark m, uint64_t now_us) {
    return between(m, (struct mark){(uint32_t)now_us, (uint16_t)r->pulses});
}

static float rate_of(struct stretch s) {
    return s.us ? (float)s.pulses * 1e6f / (float)s.us : 0;
}

/* Over the whole window. */
static void measure(struct pulse_rate *r) {
    if (r->count >= 2)
        r->rate = rate_of(between(mark_at(r, 0), last_mark(r, 0)));
}

/* Would the window be long enough from this mark on? */
static bool suffices(const struct pulse_rate *r, struct mark m, uint64_t now_us) {
    struct stretch s = since(r, m, now_us);
    return s.us >= r->window_us && (s.pulses >= r->periods || s.us >= r->window_us / 2 * 3);
}

/* Marks that the window has left behind; two stay in any case. */
static void trim(struct pulse_rate *r, uint64_t now_us) {
    while (r->count > 2 && suffices(r, mark_at(r, 1), now_us))
        drop_front(r, 1);
}

static float absolute(float x) {
    return x < 0 ? -x : x;
}

/* How far a stretch of `pulses` periods in `us` may differ from the rate by chance. */
static float tolerance(const struct pulse_rate *r, struct stretch s) {
    float chance = CHIP_JITTER / (s.pulses > 16  ? 4.0f
                                  : s.pulses > 4 ? 2.0f
                                                 : 1.0f) +
                   2.0f * (float)r->step_us / (float)s.us;
    return chance > STEP_LEAST ? chance : STEP_LEAST;
}

/* The rate has changed where the doubts began: the window starts there. */
static void restart_at(struct pulse_rate *r, unsigned kept_marks) {
    drop_front(r, r->count - kept_marks);
    r->doubts = 0;
    measure(r);
}

/* Edges of a slow train that fit neither its rate nor each other, but hold a whole number of its
 * periods and some edges too many: a disturbance, of so many edges. 0: none. */
static uint32_t too_many(const struct pulse_rate *r, struct stretch s) {
    float periods = (float)s.us * r->rate * 1e-6f;
    uint32_t whole = (uint32_t)(periods + 0.5f);
    bool fits = whole >= 1 && whole <= SLOW_PERIODS && s.pulses > whole &&
                absolute(periods / (float)whole - 1) <= tolerance(r, (struct stretch){s.us, whole});
    return fits ? s.pulses - whole : 0;
}

/* The second doubtful stretch in a row: a step, if the two agree; else the first may lie across it,
 * unless both are noise. An edge near the middle of a period makes two that nearly agree: then the
 * third decides, unless they agree as closely as only a step makes them. */
static void judge(struct pulse_rate *r) {
    struct mark end = last_mark(r, 0), middle = last_mark(r, 1);
    struct mark begin = r->count > 2 ? last_mark(r, 2) : middle;
    struct stretch first = between(begin, middle), second = between(middle, end);
    float differ = absolute(rate_of(second) / rate_of(first) - 1);
    float chance = tolerance(r, second);
    bool agree = differ <= chance;
    bool alike = differ <= chance / 2 && first.pulses == second.pulses;
    uint32_t noise = too_many(r, between(begin, end));
    if (agree && noise == 1 && !alike && r->doubts == DOUBTS_FOR_STEP)
        return;
    if (agree)
        restart_at(r, 3);
    else if (noise)
        restart_at(r, 1);
    else
        restart_at(r, 2);
}

static void end_stretch(struct pulse_rate *r, uint64_t now_us) {
    push(r, now_us, r->pulses);
    struct stretch s = between(last_mark(r, 1), last_mark(r, 0));
    if (r->count == 2 || r->rate <= 0) {
        measure(r);
        return;
    }
    bool differs = absolute(rate_of(s) / r->rate - 1) > tolerance(r, s);
    bool was_noise = !differs && r->doubts;
    r->doubts = differs ? (uint8_t)(r->doubts + 1) : 0;
    if (r->doubts >= DOUBTS_FOR_STEP) {
        judge(r);
    } else if (was_noise) {
        restart_at(r, 2);
    } else if (!differs) {
        trim(r, now_us);
        measure(r);
    }
}

/* One long period is proof that the rate has fallen: a missing edge cannot be noise. A short gap
 * can: edges are lost while flash is erased. */
static bool is_late(const struct pulse_rate *r, uint32_t last_us) {
    return last_us >= r->stretch_us && last_us >= LATE_LEAST_US &&
           (float)last_us * r->rate > LATE * 1e6f;
}

static void begin_with_last_period(struct pulse_rate *r, uint64_t now_us, uint32_t last_us) {
    r->count = r->doubts = 0;
    push(r, now_us - last_us, r->pulses - 1);
    push(r, now_us, r->pulses);
    measure(r);
}

/* Two periods as alike as only a step makes them? */
static bool are_halves(uint32_t last_us, uint32_t us) {
    return absolute(2 * (float)last_us / (float)us - 1) <= CHIP_JITTER / 2;
}

enum burst { NO_BURST, BURST, PERHAPS_BURST };

/* After a slow train, a rate several times as high shows within two periods; stretches would wait
 * for two of the slow ones. A disturbance is shorter, or one edge too many between two right ones:
 * where it may be that, the next edge decides. */
static enum burst burst_of(const struct pulse_rate *r, struct stretch s, uint32_t last_us) {
    bool slow = r->rate * (float)r->stretch_us < 2e6f;
    bool rises = slow && r->rate > 0 && s.pulses >= 2 && s.us >= BURST_LEAST_US &&
                 (float)s.pulses * 1e6f > LATE * r->rate * (float)s.us &&
                 1e6f > LATE * r->rate * (float)last_us && last_us <= 2 * s.us / s.pulses;
    if (!rises)
        return NO_BURST;
    if (!too_many(r, s) || are_halves(last_us, s.us))
        return BURST;
    return s.pulses == 2 ? PERHAPS_BURST : NO_BURST;
}

static void begin(struct pulse_rate *r, uint64_t now_us) {
    r->count = r->doubts = 0;
    r->rate = 0;
    r->started = true;
    push(r, now_us, r->pulses);
}

/* An edge that came `last_us` after the one before. */
static void judge_edge(struct pulse_rate *r, uint64_t now_us, uint32_t last_us) {
    struct stretch s = since(r, last_mark(r, 0), now_us);
    enum burst burst = burst_of(r, s, last_us);
    bool last_is_whole = last_us >= s.us / (2 * s.pulses); /* the first may lie across the step */
    if (is_late(r, last_us) || (burst == BURST && last_is_whole)) {
        begin_with_last_period(r, now_us, last_us);
    } else if (burst == BURST) {
        push(r, now_us, r->pulses);
        restart_at(r, 2);
    } else if (burst == NO_BURST &&
               (s.us >= r->stretch_us || (r->rate <= 0 && s.us >= 4 * r->step_us)))
        end_stretch(r, now_us);
}

bool pulse_rate_edge(struct pulse_rate *r, uint64_t now_us) {
    if (r->started && now_us - r->last_us < PULSE_DEBOUNCE_US && r->step_us < PULSE_DEBOUNCE_US)
        return false;
    bool first = !r->started || now_us - r->last_us > PULSE_SILENCE_US;
    uint32_t last_us = (uint32_t)(now_us - r->last_us);
    r->pulses++;
    r->last_us = now_us;
    if (first)
        begin(r, now_us);
    else
        judge_edge(r, now_us, last_us);
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
    struct stretch s = between(mark_at(r, 0), last_mark(r, 0));
    *us = s.us;
    return s.pulses;
}

float pulse_rate_error(const struct pulse_rate *r) {
    uint64_t us;
    uint32_t periods = pulse_rate_span(r, &us);
    if (!periods || !us)
        return 1;
    float clock = (float)r->step_us / (float)us, chip = 0.003f / (float)periods;
    return clock + chip;
}
