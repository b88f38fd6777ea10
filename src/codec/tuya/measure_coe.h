/* What the factory measured for a metering plug with BL0937 or HLW8012: the user file
 * `measure_coe`, four little-endian words. Three are the mean periods of the meter's outputs, in
 * µs, while the plug carried a reference load: 220.0 V, 0.392 A and 86.4 W, or 120.0 V, 0.833 A and
 * 100.0 W where the configuration has vol_def 1. The fourth counts power pulses of a watt-hour. The
 * file counts when the file `measure_rslt` holds 1: the factory's test was passed.
 * Found in the stock application oem_bk7231n_plug 1.1.12 (public dump), in the code that reads and
 * uses the file. */
#ifndef TUYA_MEASURE_COE_H
#define TUYA_MEASURE_COE_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TUYA_MEASURE_COE = 16 };

struct tuya_measure_coe {
    uint32_t voltage_us, current_us, power_us;
    uint32_t pulses_per_wh;
};

/* V, A and W for one pulse a second. */
struct tuya_meter_factors {
    float volts, amps, watts;
};

/* BAD_LENGTH. */
enum status tuya_measure_coe_decode(const uint8_t *data, size_t size, struct tuya_measure_coe *out,
                                    struct fault *fault);
size_t tuya_measure_coe_encode(const struct tuya_measure_coe *in, uint8_t *buffer, size_t size);
/* False: no plausible calibration (more than three times off the usual part, or period and count of
 * the power contradict each other). `shunt_mohm` 0: 1. */
bool tuya_measure_factors(const struct tuya_measure_coe *in, int32_t shunt_mohm, bool volts_120,
                          struct tuya_meter_factors *out);
#endif
