/* The chart's figures over /api/v2, from the rings of the meter: the last hour in minutes (in
 * seconds until there are some), the last day in hours, the last month in days. */
#include "device/device.h"
#include "device/meter/history.h"
#include "device/script/clock.h"
#include "device/service/rest/api_v2.h"

static const struct chart {
    const char *name;
    enum history_span span;
    uint16_t most;
    const char *unit;
} charts[] = {
    {"hour", HISTORY_MINUTES, 60, "W"},
    {"day", HISTORY_HOURS, 24, "Wh"},
    {"month", HISTORY_DAYS, 31, "Wh"},
    {"hour", HISTORY_SECONDS, 300, "W"},
};
enum { CHART_HOUR, CHART_SECONDS = 3, MINUTES_LEAST = 5, VALUES_A_PIECE = 40 };

/* cursor[0]: chart, cursor[1]: entries left. */
static void more(struct device *d, struct http_exchange *x) {
    const struct chart *chart = &charts[x->cursor[0]];
    for (unsigned i = 0; i < VALUES_A_PIECE && x->cursor[1]; i++) {
        float value = 0;
        if (history_value(&d->metering.history, chart->span, --x->cursor[1], &value))
            text_fixed(&x->out, (int64_t)((double)value * 100 + (value < 0 ? -0.5 : 0.5)), 2);
        else
            text_add(&x->out, "null");
        if (x->cursor[1])
            text_char(&x->out, ',');
    }
    if (x->cursor[1])
        return;
    text_add(&x->out, "]}");
    x->more = NULL;
}

static unsigned entries(const struct device *d, const struct chart *chart) {
    unsigned have = history_count(&d->metering.history, chart->span);
    return have < chart->most ? have : chart->most;
}

void api_history(struct device *d, struct http_exchange *x) {
    char span[16] = "hour";
    unsigned i = 0;
    http_arg(x, "span", span, sizeof span);
    while (i < CHART_SECONDS && strcmp(charts[i].name, span) != 0)
        i++;
    if (i == CHART_SECONDS) {
        api_error(x, 400, "span is hour, day or month", "span");
        return;
    }
    if (i == CHART_HOUR && entries(d, &charts[i]) < MINUTES_LEAST)
        i = CHART_SECONDS;
    http_begin(x, 200, "application/json");
    http_header(x, "Cache-Control", "no-store");
    text_char(&x->out, '{');
    json_add_string(&x->out, "span", span);
    json_add_string(&x->out, "unit", charts[i].unit);
    json_add_int(&x->out, "step", history_step_s(charts[i].span));
    json_add_int(&x->out, "end", d->clock_set ? clock_now(d) : 0);
    text_add(&x->out, ",\"values\":[");
    x->cursor[0] = i;
    x->cursor[1] = entries(d, &charts[i]);
    x->more = more;
}
