/* The world behind the relay in scenarios, as an addition to the format: what is plugged in, a cut
 * of the mains, a meter chip that falls silent or is off, and what really flows.
 *
 *   load "0m 60W; 20m 3W"     see virtual/mains/load.h; its time begins now
 *   power-cut                 the mains go and come back at once
 *   meter-silent 1            the chip on the UART says nothing (0: it speaks again)
 *   meter-off V% A% W%        this specimen of a chip is off by so many per cent
 *   truth(i)                  0 V, 1 A, 2 W, 3 Hz, 7 Wh since the load was plugged in
 *   off_percent(a, b)         how far a is from b, in per cent of b */
#include "device/meter/meter.h"
#include "virtual/plug/scenario_rooms.h"
#include "virtual/plug/scenario_rows.h"

#include <math.h>

OP(load) {
    struct fault fault = {.expected = "a load"};
    (void)n;
    if (plug_load(&s->plug, a[0].text.data, &fault) != STATUS_OK)
        scenario_bad(s, fault.expected, a[0].text.data);
}

OP(power_cut) {
    (void)a, (void)n;
    plug_restart(&s->plug, HAL_RESET_POWER);
}

static bool plugged_in(struct scenario *s) {
    if (!s->plug.mains)
        scenario_bad(s, "a load before it", "");
    return s->plug.mains != NULL;
}

OP(silent) {
    (void)n;
    if (plugged_in(s))
        s->plug.mains->uart.silent = a[0].number != 0;
}

OP(off) {
    (void)n;
    if (!plugged_in(s))
        return;
    struct mains *m = s->plug.mains;
    m->pulse.hz_per_v *= 1 + a[0].number / 100;
    m->pulse.hz_per_a *= 1 + a[1].number / 100;
    m->pulse.hz_per_w *= 1 + a[2].number / 100;
    m->uart.v_off = a[0].number / 100;
    m->uart.a_off = a[1].number / 100;
    m->uart.w_off = a[2].number / 100;
}

static double truth(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    if (!plugged_in(s))
        return 0;
    const struct truth *t = plug_truth(&s->plug);
    switch ((int)a[0].number) {
    case METER_VOLTAGE:
        return t->volts;
    case METER_CURRENT:
        return t->amps;
    case METER_POWER:
        return t->watts;
    case METER_FREQUENCY:
        return t->hz;
    case METER_ENERGY_TOTAL:
        return t->joules / 3600;
    default:
        scenario_bad(s, "truth 0 V, 1 A, 2 W, 3 Hz or 7 Wh", "");
        return 0;
    }
}

NUMBER(off_percent, 100 * fabs(a[0].number / a[1].number - 1))

const struct scenario_op scenario_mains_ops[] = {
    {"load", "t", load},       {"power-cut", "", power_cut}, {"meter-silent", "n", silent},
    {"meter-off", "nnn", off}, {NULL, NULL, NULL},
};

const struct scenario_query scenario_mains_queries[] = {
    {"truth", "n", truth, NULL},
    {"off_percent", "nn", off_percent, NULL},
    {NULL, NULL, NULL, NULL},
};
