/* The estimator of pulse meters on edges at exact times: figures and step responses as a reference
 * algorithm reaches them (1.5 W per Hz), clocks that wrap and tick coarsely, silence, and noise. */
#include "device/meter/pulse_rate.h"
#include "virtual/random.h"

#include <math.h>

#include "check.h"

#define W_PER_HZ 1.5
#define US       1e6

struct train {
    struct pulse_rate rate;
    double now_us, left; /* of the period that runs, in periods */
    uint32_t step_us;
    uint64_t random;
};

static void begin(struct train *t, enum pulse_mode mode, uint32_t step_us, double at_us) {
    *t = (struct train){.now_us = at_us, .left = 0.7, .step_us = step_us, .random = 99};
    pulse_rate_start(&t->rate, mode, step_us);
}

static void edge(struct train *t, double at_us) {
    pulse_rate_edge(&t->rate, (uint64_t)at_us / t->step_us * t->step_us);
}

static double drawn(struct train *t) {
    return (double)(random_next(&t->random) >> 11) * 0x1p-53;
}

/* Constant power for some seconds; jitter of each period as a fraction. */
static void run(struct train *t, double watts, double seconds, double jitter) {
    double end = t->now_us + seconds * US, hz = watts / W_PER_HZ;
    while (hz > 0 && t->now_us + t->left / hz * US <= end) {
        t->now_us += t->left / hz * US;
        edge(t, t->now_us);
        t->left = 1 + jitter * (2 * drawn(t) - 1);
    }
    t->left -= hz * (end - t->now_us) / US;
    t->now_us = end;
}

static double watts(const struct train *t) {
    return W_PER_HZ * (double)pulse_rate_read(&t->rate, (uint64_t)t->now_us);
}

/* Frequencies of 1, 5, 60 and 2300 W, and one watt is never nothing. */
static void frequencies_become_watts(void **state) {
    (void)state;
    static const double loads[] = {0.5, 1, 5, 60, 2300, 3680};
    static const uint32_t steps[] = {1, 30, 1000, 2000};
    for (int s = 0; s < 4; s++)
        for (int i = 0; i < 6; i++) {
            struct train t;
            begin(&t, PULSE_BALANCED, steps[s], 1e9);
            run(&t, loads[i], 12, 0);
            for (int second = 0; second < 30; second++) {
                run(&t, loads[i], 1, 0);
                double off = fabs(watts(&t) / loads[i] - 1);
                if (off > (steps[s] > 1 ? 0.002 : 1e-5))
                    fail_msg("%.1f W, stamps of %u us: %.4f W", loads[i], steps[s], watts(&t));
            }
        }
}

static void a_day_is_counted_to_the_pulse(void **state) {
    (void)state;
    struct train t;
    begin(&t, PULSE_BALANCED, 1, 0);
    run(&t, 230, 86400, 0.003);
    assert_in_range(t.rate.pulses, 230 * 86400 / 1.5 * 0.9999, 230 * 86400 / 1.5 * 1.0001);
    assert_true(fabs(watts(&t) - 230) < 0.1);
}

/* 32 bits of microseconds last 71.6 minutes: inside a window, and inside a silence. */
static void the_clock_may_pass_32_bits(void **state) {
    (void)state;
    const double wrap = 4294967296.0;
    struct train t;
    begin(&t, PULSE_BALANCED, 1, wrap - 10 * US);
    for (int second = 0; second < 25; second++) {
        run(&t, 60, 1, 0.003);
        assert_true(second < 1 || fabs(watts(&t) - 60) < 0.5);
    }
    begin(&t, PULSE_BALANCED, 1, wrap - 10 * US);
    run(&t, 60, 5, 0);
    run(&t, 0, 60, 0);
    assert_true(watts(&t) <= 0);
    run(&t, 60, 1, 0);
    assert_true(fabs(watts(&t) - 60) < 0.5);
}

/* Seconds after a change of load, and the most that may then be read. */
struct bound {
    double after_s, most, least;
};

static void follow(double from, double to, const struct bound *bounds, int count) {
    struct train t;
    begin(&t, PULSE_BALANCED, 1, 5e6);
    run(&t, from, 60, 0.002);
    double passed = 0;
    for (int i = 0; i < count; i++) {
        run(&t, to, bounds[i].after_s - passed, 0.002);
        passed = bounds[i].after_s;
        if (watts(&t) > bounds[i].most || watts(&t) < bounds[i].least)
            fail_msg("%.1f -> %.1f W after %.1f s: %.3f W", from, to, passed, watts(&t));
    }
}

static void steps_are_followed_as_the_silence_allows(void **state) {
    (void)state;
    static const struct bound down[] = {
        {0.1, 61, 0.7}, {0.6, 2.6, 0.7}, {2, 1.1, 0.7}, {6, 0.82, 0.78}};
    static const struct bound off[] = {{4, 0.82, 0}, {15, 0.12, 0}, {22, 0, 0}};
    static const struct bound on[] = {{0.1, 2310, 2280}, {1.5, 2302, 2298}};
    static const struct bound cut[] = {{0.1, 16, 0}, {1, 1.6, 0}, {21, 0, 0}};
    static const struct bound small[] = {{1.5, 7.1, 4.9}, {2.5, 7.05, 6.95}};
    follow(60, 0.8, down, 4);
    follow(0.8, 0, off, 3);
    follow(0, 2300, on, 2);
    follow(2300, 0, cut, 3);
    follow(5, 7, small, 2);
}

static void modes_trade_speed_for_precision(void **state) {
    (void)state;
    double squares[PULSE_MODES] = {0};
    for (int mode = 0; mode < PULSE_MODES; mode++) {
        struct train t;
        begin(&t, (enum pulse_mode)mode, 1, 0);
        run(&t, 5, 60, 0.0035);
        for (int second = 0; second < 600; second++) {
            run(&t, 5, 1, 0.0035);
            squares[mode] += pow(watts(&t) / 5 - 1, 2);
        }
    }
    assert_true(squares[PULSE_BALANCED] < squares[PULSE_FAST]);
    assert_true(squares[PULSE_PRECISE] < squares[PULSE_BALANCED]);
}

/* A disturbance (an edge too many, or a burst of them) shows nowhere; a step soon after does. */
static void noise_is_no_step(void **state) {
    (void)state;
    static const double loads[] = {1, 5, 60, 500, 2300}, after_us[] = {50, 300, 2000, 9000};
    for (int load = 0; load < 5; load++)
        for (int kind = 0; kind < 8; kind++) {
            struct train t;
            begin(&t, PULSE_BALANCED, 1, 3e6);
            run(&t, loads[load], 20, 0.002);
            run(&t, loads[load], after_us[kind % 4] / US, 0.002);
            for (int i = 0; i < (kind < 4 || loads[load] > 60 ? 1 : 5); i++)
                edge(&t, t.now_us + 1 + i * 250);
            run(&t, loads[load], 0.0015, 0.002);
            for (int i = 0; i < 400; i++) {
                run(&t, loads[load], 0.01, 0.002);
                if (fabs(watts(&t) / loads[load] - 1) > 0.06)
                    fail_msg("%.0f W, noise %d, after %d ms: %.2f W", loads[load], kind, i * 10,
                             watts(&t));
            }
            run(&t, loads[load] * 3, 4, 0.002);
            assert_true(fabs(watts(&t) / loads[load] / 3 - 1) < 0.02);
        }
}

/* Edges of 100 ms are lost while flash is erased: the reading stays. */
static void lost_edges_are_no_step(void **state) {
    (void)state;
    static const double loads[] = {60, 500, 2300, 3680};
    for (int load = 0; load < 4; load++) {
        struct train t;
        begin(&t, PULSE_BALANCED, 1, 3e6);
        run(&t, loads[load], 20.02, 0.002);
        t.now_us += 100000;
        run(&t, loads[load], 0.03, 0.002);
        for (int i = 0; i < 400; i++) {
            run(&t, loads[load], 0.01, 0.002);
            if (fabs(watts(&t) / loads[load] - 1) > 0.06)
                fail_msg("%.0f W, after %d ms: %.2f W", loads[load], i * 10, watts(&t));
        }
    }
}

/* One edge anywhere in a slow train's period but for its very middle: there it makes two that agree
 * as a step makes them. */
static void a_false_edge_between_two_slow_ones_is_no_step(void **state) {
    (void)state;
    static const double loads[] = {0.5, 1, 2, 4.5};
    for (int load = 0; load < 4; load++)
        for (int phase = 20; phase < 990; phase += 7) {
            struct train t;
            if (phase > 492 && phase < 508)
                continue;
            double period_s = W_PER_HZ / loads[load];
            begin(&t, PULSE_BALANCED, 1, 3e6);
            run(&t, loads[load], 30 * period_s, 0.002);
            run(&t, loads[load], t.left * period_s, 0.002);
            run(&t, loads[load], period_s * phase / 1000, 0.002);
            edge(&t, t.now_us);
            for (int i = 0; i < 80; i++) {
                run(&t, loads[load], period_s / 10, 0.002);
                if (fabs(watts(&t) / loads[load] - 1) > 0.06)
                    fail_msg("%.1f W, %d/1000 of a period: %.2f W", loads[load], phase, watts(&t));
            }
        }
}

/* To twice the power, up to 20 W, at any moment of a period. */
static void a_real_step_shows_within_three_pulses(void **state) {
    (void)state;
    static const double loads[] = {0.5, 1, 2, 4.5, 6, 7.5, 9, 9.9};
    for (int load = 0; load < 8; load++)
        for (int phase = 0; phase < 100; phase++) {
            struct train t;
            double period_s = W_PER_HZ / loads[load];
            begin(&t, PULSE_BALANCED, 1, 3e6);
            run(&t, loads[load], 40 * period_s, 0.002);
            run(&t, loads[load], period_s * (t.left + phase / 100.0), 0.002);
            uint64_t before = t.rate.pulses;
            while (t.rate.pulses < before + 3)
                run(&t, 2 * loads[load], 0.001, 0.002);
            if (fabs(watts(&t) / loads[load] / 2 - 1) > 0.05)
                fail_msg("%.1f W twice, %d %%: %.2f W", loads[load], phase, watts(&t));
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frequencies_become_watts),
        cmocka_unit_test(a_day_is_counted_to_the_pulse),
        cmocka_unit_test(the_clock_may_pass_32_bits),
        cmocka_unit_test(steps_are_followed_as_the_silence_allows),
        cmocka_unit_test(modes_trade_speed_for_precision),
        cmocka_unit_test(noise_is_no_step),
        cmocka_unit_test(lost_edges_are_no_step),
        cmocka_unit_test(a_false_edge_between_two_slow_ones_is_no_step),
        cmocka_unit_test(a_real_step_shows_within_three_pulses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
