/* The factory's calibration of a metering plug, out of its user files. */
#include "codec/tuya/measure_coe.h"
#include "workbench/inspector/inspection.h"

#include <stdio.h>
#include <string.h>

static struct span user_file(const struct storage *s, const char *name) {
    int i = storage_uf_find(s, name);
    static const struct span none;
    return i < 0 ? none : s->uf.data[i];
}

void inspection_find_meter(struct inspection *in) {
    struct span coe = user_file(&in->storage, "measure_coe");
    struct span passed = user_file(&in->storage, "measure_rslt");
    struct tuya_measure_coe measured;
    char line[160];
    int32_t chip = tuya_config_number(&in->config, "chip_type", 0);
    if (!coe.data || !passed.data || passed.data[0] != 1 || chip > 1 ||
        tuya_measure_coe_decode(coe.data, coe.size, &measured, NULL) != STATUS_OK)
        return;
    in->meter_calibrated = tuya_measure_factors(
        &measured, tuya_config_number(&in->config, "resistor", 1),
        tuya_config_number(&in->config, "vol_def", 0) == 1, &in->meter_factors);
    const struct tuya_meter_factors *f = &in->meter_factors;
    if (in->meter_calibrated)
        snprintf(line, sizeof line,
                 "- Calibrated in the factory: %.6f V, %.7f A, %.5f W per Hz (MeterFactors %.6f "
                 "%.7f %.5f)",
                 (double)f->volts, (double)f->amps, (double)f->watts, (double)f->volts,
                 (double)f->amps, (double)f->watts);
    else
        snprintf(line, sizeof line, "- The factory's calibration (measure_coe) is not plausible");
    lines_add(&in->details, "%s", line);
}
