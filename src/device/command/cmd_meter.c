/* Commands of the metering room: calibration, energy counters, statistics and publish thresholds.
 * Rows marked AWAY are known by name, so that scripts load and say what is missing when they run.
 */
#include "device/command/groups.h"

#define AWAY(name)                                                                                 \
    { name, "r", 0, 0, "...", "not in this build", 0, "the metering room" }

const struct command_row meter_rows[] = {
    AWAY("VoltageSet"),
    AWAY("CurrentSet"),
    AWAY("PowerSet"),
    AWAY("PowerMax"),
    AWAY("EnergyCntReset"),
    AWAY("SetupEnergyStats"),
    AWAY("ConsumptionThreshold"),
    AWAY("VCPPublishThreshold"),
    AWAY("VCPPublishIntervals"),
    AWAY("VCPPrecision"),
    AWAY("setMovingAvg"),
    AWAY("BL0942opts"),
    AWAY("SetupTestPower"),
    AWAY("chSetupLimit"),
};
const unsigned meter_row_count = sizeof meter_rows / sizeof *meter_rows;
