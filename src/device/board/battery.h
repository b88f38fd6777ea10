/* The battery driver: an ADC pin (BAT_ADC) behind a voltage divider that a BAT_Relay pin may switch
 * on for the measurement. Tells millivolts and percent between the empty and the full voltage.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_battery.c. */
#ifndef DEVICE_BATTERY_H
#define DEVICE_BATTERY_H
#include <stdbool.h>
#include <stdint.h>

struct device;

struct battery {
    float empty_mv, full_mv;   /* 0 % and 100 % */
    float divider;             /* 1 without a BAT_Relay pin */
    float reference_mv, steps; /* of the ADC: full scale and its number of steps */
    uint16_t cycle_s, left_s;  /* between measurements */
    int32_t mv, percent;       /* measured last; 0: not yet */
};

/* False when the values make no sense (nothing is changed). */
bool battery_setup(struct device *d, const struct battery *values);
/* Measures now and publishes what changed; keeps the last value when the reading is below 1 V. */
void battery_measure(struct device *d);

/* Called by the driver table. */
void battery_start(struct device *d, const char *arguments);
void battery_second(struct device *d);
#endif
