/* The energy figures by name, for commands, pages and programs: what each reads, and setting one
 * of them without touching the others: 0 resets it, the reading of an older meter goes on. */
#ifndef DEVICE_METER_ENERGY_FIGURE_H
#define DEVICE_METER_ENERGY_FIGURE_H
#include "base/status.h"
#include "device/meter/ledger.h"

struct device;

/* Those of the ledger, and the last hour, which the history knows. */
enum { ENERGY_LAST_HOUR = LEDGER_FIGURES, ENERGY_FIGURES };
#define ENERGY_MOST_WH 1e9

/* "today"; NULL beyond the last. */
const char *energy_figure_name(unsigned figure);
/* ENERGY_FIGURES: no such figure. */
unsigned energy_figure_find(const char *name);
double energy_figure_wh(const struct device *d, unsigned figure);
/* BAD_VALUE below 0 or above ENERGY_MOST_WH; UNSUPPORTED: the last hour can only be reset. */
enum status energy_figure_set(struct device *d, unsigned figure, double watt_hours);
/* All of them to 0. */
void energy_figures_reset(struct device *d);
#endif
