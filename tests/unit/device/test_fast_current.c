/* What the fast current of Belling's chips says: its scale and the power factor are learnt from
 * loads that keep still, and steps are seen before the slow registers follow. */
#include "device/meter/fast_current.h"

#include "check.h"

#define PER_A 250000.0f

static const struct slow_figures kettle = {8.7f * PER_A, 230, 8.7f, 2001};
static const struct slow_figures motor = {4 * PER_A, 230, 4, 644}; /* power factor 0.7 */

static void settle(struct fast_current *f, const struct slow_figures *slow, float ratio,
                   float matters_a) {
    for (int i = 0; i < 100; i++)
        fast_current_learn(f, ratio * slow->raw_amps, slow, matters_a);
}

static void it_begins_with_the_datasheet(void **state) {
    (void)state;
    struct fast_current f;
    fast_current_start(&f);
    assert_float_equal(fast_current_scaled(&f, 0.363f * PER_A), PER_A, 1);
}

static void the_ratio_is_learnt_from_loads_that_keep_still(void **state) {
    (void)state;
    struct fast_current f;
    fast_current_start(&f);
    settle(&f, &kettle, 0.5f, 0);
    assert_float_equal(f.ratio, 0.5f, 0.002f);
    for (int i = 0; i < 100; i++) /* never twice the same */
        fast_current_learn(&f, 0.3f * kettle.raw_amps, i % 2 ? &kettle : &motor, 0);
    assert_float_equal(f.ratio, 0.5f, 0.002f);
}

static void a_register_that_tells_nothing_is_not_used(void **state) {
    (void)state;
    struct fast_current f;
    struct load_moment m;
    fast_current_start(&f);
    settle(&f, &kettle, 0, 0);
    fast_current_moment(&f, fast_current_scaled(&f, 0), &kettle, &m);
    assert_false(m.estimated);
    assert_float_equal(m.watts, 2001, 0.1);
    settle(&f, &kettle, 0.4f, 0); /* it came to itself */
    assert_float_equal(f.ratio, 0.4f, 0.002f);
}

static void a_step_is_estimated_by_the_power_factor_of_before(void **state) {
    (void)state;
    struct fast_current f;
    struct load_moment m;
    fast_current_start(&f);
    fast_current_moment(&f, 8, &motor, &m);
    assert_true(m.estimated);
    assert_float_equal(m.amps, 8, 0.001);
    assert_float_equal(m.watts, 230 * 8, 0.1); /* none is known: at most so much */
    settle(&f, &motor, 0.363f, 1);
    fast_current_moment(&f, 8, &motor, &m);
    assert_float_equal(m.watts, 230 * 8 * 0.7, 0.1);
    fast_current_moment(&f, 4.2f, &motor, &m); /* noise */
    assert_false(m.estimated);
    assert_float_equal(m.watts, 644, 0.1);
}

static void small_loads_do_not_tell_a_power_factor(void **state) {
    (void)state;
    struct fast_current f;
    const struct slow_figures standby = {0.2f * PER_A, 230, 0.2f, 18};
    fast_current_start(&f);
    settle(&f, &standby, 0.363f, 1);
    assert_float_equal(f.factor, 0, 0);
    settle(&f, &motor, 0.363f, 1);
    settle(&f, &standby, 0.363f, 1);
    assert_float_equal(f.factor, 0.7, 0.001);
}

/* 9 A at 0.5 flowed for 0.24 s of a refresh of 0.4 s, or half of that in each of two. */
static void hindsight_tells_the_power_factor(void **state) {
    (void)state;
    static const struct slow_figures none = {0, 230, 0, 0};
    static const struct slow_figures whole = {0, 230, 6.971f, 621};
    static const struct slow_figures half = {0, 230, 4.93f, 310.5f};
    static const struct slow_figures *const packets[][5] = {
        {&none, &whole, &whole, &none, &none},
        {&none, &half, &half, &half, &none}, /* longer than one refresh is shown */
    };
    for (int i = 0; i < 2; i++) {
        struct fast_current f;
        fast_current_start(&f);
        f.seconds = 0.2f;
        fast_current_tripped(&f, true, &none);
        for (int n = 0; n < 5; n++) {
            assert_float_equal(f.factor, 0, 0);
            fast_current_hindsight(&f, packets[i][n]);
        }
        assert_float_equal(f.factor, 1.1 * 0.5, 0.005);
        fast_current_hindsight(&f, &whole); /* it is over */
        assert_float_equal(f.factor, 1.1 * 0.5, 0.005);
        fast_current_tripped(&f, true, &none);
        for (int n = 0; n < 5; n++) /* nothing was seen, nothing is learnt */
            fast_current_hindsight(&f, &none);
        assert_float_equal(f.factor, 1.1 * 0.5, 0.005);
        fast_current_tripped(&f, false, &motor); /* the slow registers have followed */
        assert_float_equal(f.factor, 0.7, 0.005);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_with_the_datasheet),
        cmocka_unit_test(the_ratio_is_learnt_from_loads_that_keep_still),
        cmocka_unit_test(a_register_that_tells_nothing_is_not_used),
        cmocka_unit_test(a_step_is_estimated_by_the_power_factor_of_before),
        cmocka_unit_test(small_loads_do_not_tell_a_power_factor),
        cmocka_unit_test(hindsight_tells_the_power_factor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
