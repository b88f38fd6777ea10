/* The factory's calibration of a metering plug: periods under a known load become factors. */
#include "codec/tuya/measure_coe.h"

#include "check.h"

/* From a public dump of a CB2S plug with a BL0937. */
static const uint8_t coe[TUYA_MEASURE_COE] = {0x1D, 0x02, 0, 0, 0x38, 0x6F, 0, 0,
                                              0xBA, 0x3B, 0, 0, 0xBE, 0x0A, 0, 0};

static void periods_become_factors(void **state) {
    (void)state;
    struct tuya_measure_coe m;
    struct tuya_meter_factors f;
    assert_int_equal(tuya_measure_coe_decode(coe, sizeof coe, &m, NULL), STATUS_OK);
    assert_int_equal(m.voltage_us, 541);
    assert_int_equal(m.current_us, 28472);
    assert_int_equal(m.power_us, 15290);
    assert_int_equal(m.pulses_per_wh, 2750);
    assert_true(tuya_measure_factors(&m, 1, false, &f));
    assert_float_equal(f.volts, 0.11902f, 1e-5f);
    assert_float_equal(f.amps, 0.011161f, 1e-6f);
    assert_float_equal(f.watts, 1.321056f, 1e-5f);
    uint8_t again[TUYA_MEASURE_COE];
    assert_int_equal(tuya_measure_coe_encode(&m, again, sizeof again), sizeof again);
    assert_memory_equal(again, coe, sizeof coe);
}

/* What the stock firmware takes for an HLW8012 until it is calibrated. */
static void an_hlw8012_has_a_sixth_of_the_pulses(void **state) {
    (void)state;
    static const struct tuya_measure_coe usual = {1680, 34586, 98363, 424};
    struct tuya_meter_factors f;
    assert_true(tuya_measure_factors(&usual, 1, false, &f));
    assert_float_equal(f.watts, 8.4986f, 1e-3f);
}

static void nonsense_is_no_calibration(void **state) {
    (void)state;
    static const struct tuya_measure_coe wrong[] = {
        {0, 0, 0, 0},
        {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX},
        {541, 28472, 15290, 1200}, /* count and period of the power contradict each other */
        {5410, 28472, 15290, 2750},
    };
    struct tuya_measure_coe m;
    struct tuya_meter_factors f;
    struct fault fault;
    for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(tuya_measure_factors(&wrong[i], 1, false, &f));
    assert_int_equal(tuya_measure_coe_decode(coe, 15, &m, &fault), STATUS_BAD_LENGTH);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_become_factors),
        cmocka_unit_test(an_hlw8012_has_a_sixth_of_the_pulses),
        cmocka_unit_test(nonsense_is_no_calibration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
