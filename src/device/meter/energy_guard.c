/* Figures of the ledger and the store; see energy_guard.h. */
#include "device/meter/energy_guard.h"

#include "device/device.h"

void energy_guard_of(const struct device *d, struct energy_guard *out) {
    const struct ledger *l = &d->metering.ledger;
    uint32_t watts = (uint32_t)meter_power_limit(d);
    *out = (struct energy_guard){
        .watts = watts,
        .cut_loss_wh = (double)ledger_cut_loss(l, watts) / 1e6,
        .flash_years = ledger_life_years(l, watts),
        .saves = l->saves,
        .erases = store_erase_count(&d->store),
    };
}

void energy_guard_text(const struct device *d, struct text *out) {
    struct energy_guard g;
    energy_guard_of(d, &g);
    text_add(out, "a power cut loses at most ");
    text_fixed(out, (int64_t)(g.cut_loss_wh * 1000 + 0.5), 3);
    text_add(out, " Wh or the energy of 60 s; the flash lasts ");
    text_uint(out, g.flash_years);
    text_add(out, " years with ");
    text_uint(out, g.watts);
    text_add(out, " W day and night; saved ");
    text_uint(out, g.saves);
    text_add(out, " times since the start");
}
