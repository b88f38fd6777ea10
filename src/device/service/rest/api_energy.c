/* Energy over /api/v2: every figure, how safe they are, and what watches the load. */
#include "device/device.h"
#include "device/meter/energy_figure.h"
#include "device/meter/energy_guard.h"
#include "device/service/rest/api_v2.h"

static void figures(const struct device *d, struct text *out) {
    json_add_name(out, "wh");
    text_char(out, '{');
    for (unsigned i = 0; i < ENERGY_FIGURES; i++)
        json_add_float(out, energy_figure_name(i), energy_figure_wh(d, i), 3);
    text_char(out, '}');
}

static void safety(const struct device *d, struct text *out) {
    struct energy_guard g;
    energy_guard_of(d, &g);
    json_add_name(out, "safety");
    text_char(out, '{');
    json_add_float(out, "cut_loss_wh", g.cut_loss_wh, 3);
    json_add_int(out, "cut_loss_s", LEDGER_LONGEST_S);
    json_add_int(out, "watts", g.watts);
    json_add_int(out, "flash_years", g.flash_years);
    json_add_int(out, "saves", g.saves);
    json_add_int(out, "erases", g.erases);
    text_char(out, '}');
}

static void protection(const struct device *d, struct text *out) {
    char line[48];
    struct text state = text_start(line, sizeof line);
    protection_text(d, &state);
    json_add_string(out, "protection", line);
    json_add_int(out, "trips", d->metering.protection.trips);
}

void api_energy(struct device *d, struct http_exchange *x) {
    const struct meter_driver *driver = d->metering.driver;
    http_begin(x, 200, "application/json");
    http_header(x, "Cache-Control", "no-store");
    text_char(&x->out, '{');
    json_add_string(&x->out, "meter", driver ? driver->name : d->metering.present ? "ideal" : "");
    figures(d, &x->out);
    safety(d, &x->out);
    protection(d, &x->out);
    text_char(&x->out, '}');
}
