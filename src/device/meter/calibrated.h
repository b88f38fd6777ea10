/* What a factor belongs to. */
#ifndef DEVICE_METER_CALIBRATED_H
#define DEVICE_METER_CALIBRATED_H

enum meter_calibrated { METER_CAL_VOLTAGE, METER_CAL_CURRENT, METER_CAL_POWER, METER_CALS };
#endif
