/* How safe the counted energy is, in figures that a person can hold against: what a power cut loses
 * at most, and how many years the flash lasts, at the load now and at the highest one. */
#ifndef DEVICE_METER_ENERGY_GUARD_H
#define DEVICE_METER_ENERGY_GUARD_H
#include "base/text.h"

struct device;

struct energy_guard {
    uint32_t watts; /* the highest load, day and night */
    double cut_loss_wh;
    uint32_t flash_years;
    uint32_t saves, erases; /* of the counter since the start; of each sector ever */
};
void energy_guard_of(const struct device *d, struct energy_guard *out);
/* "a power cut loses at most 1.000 Wh or the energy of 60 s; …" */
void energy_guard_text(const struct device *d, struct text *out);
#endif
