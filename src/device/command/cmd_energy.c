/* Commands of the energy counters: what they read, setting and resetting them, statistics, the
 * charts' figures, and how safe they are. Source: openshwprojects/OpenBK7231T_App:
 * src/driver/drv_bl_shared.c (EnergyCntReset, SetupEnergyStats, ConsumptionThreshold). */
#include "base/text.h"
#include "device/command/groups.h"
#include "device/device.h"
#include "device/meter/energy_figure.h"
#include "device/meter/energy_guard.h"
#include "device/meter/meter.h"

#define RUN(name) static enum command_result name(struct call *c)

RUN(reset) {
    if (c->count == 0) {
        energy_figures_reset(c->d);
        return COMMAND_OK;
    }
    return energy_figure_set(c->d, LEDGER_TOTAL, (double)call_float(c, 0, 0)) == STATUS_OK
               ? COMMAND_OK
               : COMMAND_BAD_ARGUMENT;
}

static void add_wh(struct text *out, double watt_hours) {
    text_fixed(out, (int64_t)(watt_hours * 1000 + 0.5), 3);
}

static void add_figures(const struct device *d, unsigned from, unsigned to, struct text *out) {
    for (unsigned i = from; i < to; i++) {
        text_add(out, i > from ? ", " : "");
        text_add(out, energy_figure_name(i));
        text_char(out, ' ');
        add_wh(out, energy_figure_wh(d, i));
    }
    text_add(out, " Wh");
}

/* "total 1234.500, today 12.000 … Wh": one line as reply, two in the log. */
static void tell_figures(struct call *c) {
    char line[COMMAND_REPLY_SIZE];
    static const uint8_t parts[] = {0, LEDGER_THIS_MONTH, ENERGY_FIGURES};
    struct text t = text_start(line, sizeof line);
    add_figures(c->d, 0, ENERGY_FIGURES, &t);
    call_reply(c, line);
    for (int i = 0; i < 2; i++) {
        t = text_start(line, sizeof line);
        add_figures(c->d, parts[i], parts[i + 1], &t);
        device_log(c->d, LOG_INFO, "meter", line);
    }
}

RUN(energy) {
    unsigned figure = energy_figure_find(call_text(c, 0));
    if (!c->count) {
        tell_figures(c);
        return COMMAND_OK;
    }
    if (c->count < 2)
        return COMMAND_MISSING_ARGUMENT;
    bool reset = text_same(call_text(c, 1), "reset");
    bool number = text_is_digit(call_text(c, 1)[0]) || call_text(c, 1)[0] == '.';
    enum status status =
        figure == ENERGY_FIGURES || (!reset && !number)
            ? STATUS_BAD_ARGUMENT
            : energy_figure_set(c->d, figure, reset ? 0 : (double)call_float(c, 1, 0));
    if (status == STATUS_UNSUPPORTED)
        call_reply(c, "the last hour can only be reset");
    return status == STATUS_OK ? COMMAND_OK : COMMAND_BAD_ARGUMENT;
}

RUN(safety) {
    char line[DEVICE_LOG_LINE];
    struct text t = text_start(line, sizeof line);
    energy_guard_text(c->d, &t);
    call_answer(c, "EnergySafety: ", line);
    return COMMAND_OK;
}

/* Newest first; "-" for a gap. */
RUN(history) {
    static const char *const spans[HISTORY_SPANS] = {"seconds", "minutes", "hours", "days"};
    char line[COMMAND_REPLY_SIZE];
    struct text t = text_start(line, sizeof line);
    unsigned span = 0;
    while (span < HISTORY_SPANS && !text_same(call_text(c, 0), spans[span]))
        span++;
    if (span == HISTORY_SPANS)
        return COMMAND_BAD_ARGUMENT;
    int32_t count = call_int(c, 1, 10), skip = call_int(c, 2, 0);
    unsigned have = history_count(&c->d->metering.history, (enum history_span)span);
    if (count < 1 || skip < 0)
        return COMMAND_BAD_ARGUMENT;
    for (unsigned i = (unsigned)skip; count-- && i < have && t.size - t.length > 24; i++) {
        float value;
        bool known = history_value(&c->d->metering.history, (enum history_span)span, i, &value);
        text_add(&t, i > (unsigned)skip ? " " : "");
        if (known)
            text_fixed(&t, (int64_t)((double)value * 1000 + 0.5), 3);
        else
            text_char(&t, '-');
    }
    call_answer(c, "", line);
    return COMMAND_OK;
}

RUN(statistics) {
    energy_stats_setup(&c->d->metering.stats, call_int(c, 0, 0) != 0, call_int(c, 1, 0),
                       call_int(c, 2, 0), call_int(c, 3, 0) != 0);
    return COMMAND_OK;
}
RUN(threshold) {
    int32_t wh = call_int(c, 0, 0);
    ledger_threshold(&c->d->metering.ledger, wh < 1 ? 1 : (uint32_t)wh);
    return COMMAND_OK;
}
const struct command_row energy_rows[] = {
    {"EnergyCntReset", "f*", 0, 0, "[wh]",
     HELP("sets all energy figures to 0; with a number only the total, to that"), reset, NULL},
    {"SetupEnergyStats", "i*", 3, 0, "on seconds samples [json]",
     HELP("history of consumption: 10 … 900 s, 10 … 180 samples, published when json is 1"),
     statistics, NULL},
    {"ConsumptionThreshold", "i", 1, 0, "wh",
     HELP("energy that may be unsaved (1 … 5000; 1); a minute is the longest in any case"),
     threshold, NULL},
    {"Energy", "tt", 0, 0, "[figure wh|reset]",
     HELP("all figures; sets or resets one: total, today, yesterday, 2_days_ago, 3_days_ago, "
          "month, last_month, last_hour"),
     energy, NULL},
    {"EnergySafety", "", 0, 0, "",
     HELP("what a power cut loses at most, and how long the flash lasts"), safety, NULL},
    {"EnergyHistory", "tii", 1, 0, "seconds|minutes|hours|days [count] [skip]",
     HELP("mean power (W) or energy (Wh), newest first; - where nothing was measured"), history,
     NULL},
};
const unsigned energy_row_count = sizeof energy_rows / sizeof *energy_rows;
