/* The chart's figures over /api/v2, from the rings of the meter: by name (the last hour in minutes,
 * or in seconds until there are some; the last day in hours; the last month in days), or by step
 * and range of time. */
#include "base/text.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/meter/history.h"
#include "device/service/rest/api_v2.h"

#include <string.h>

static const struct chart {
    const char *name;
    enum history_span span;
    uint16_t most;
} charts[] = {
    {"hour", HISTORY_MINUTES, 60},
    {"day", HISTORY_HOURS, 24},
    {"month", HISTORY_DAYS, 31},
};
enum { CHARTS = 3, MINUTES_LEAST = 5, VALUES_A_PIECE = 40 };

/* Entries of a span, counted back from its newest one. */
struct range {
    enum history_span span;
    unsigned newest, behind; /* the first that is wanted; the first that is not */
};

/* cursor[0]: span; cursor[1] counts down to cursor[2]. */
static void more(struct device *d, struct http_exchange *x) {
    for (unsigned i = 0; i < VALUES_A_PIECE && x->cursor[1] > x->cursor[2]; i++) {
        float value = 0;
        if (history_value(&d->metering.history, (enum history_span)x->cursor[0], --x->cursor[1],
                          &value))
            text_fixed(&x->out, (int64_t)((double)value * 1000 + 0.5), 3);
        else
            text_add(&x->out, "null");
        if (x->cursor[1] > x->cursor[2])
            text_char(&x->out, ',');
    }
    if (x->cursor[1] > x->cursor[2])
        return;
    text_add(&x->out, "]}");
    x->more = NULL;
}

static unsigned entries(const struct device *d, enum history_span span) {
    return history_count(&d->metering.history, span);
}

static int64_t end_of(const struct device *d, enum history_span span) {
    return history_end(&d->metering.history, span, d->clock_set ? clock_now(d) : 0,
                       clock_offset(d));
}

static void answer(struct device *d, struct http_exchange *x, const char *name,
                   const struct range *r) {
    int64_t end = end_of(d, r->span), step = history_step_s(r->span);
    http_begin(x, 200, "application/json");
    http_header(x, "Cache-Control", "no-store");
    text_char(&x->out, '{');
    json_add_string(&x->out, "span", name);
    json_add_string(&x->out, "unit", r->span <= HISTORY_MINUTES ? "W" : "Wh");
    json_add_int(&x->out, "step", step);
    json_add_int(&x->out, "end", end ? end - step * r->newest : 0);
    text_add(&x->out, ",\"values\":[");
    x->cursor[0] = r->span;
    x->cursor[1] = r->behind;
    x->cursor[2] = r->newest;
    x->more = more;
}

static bool named(struct device *d, const char *name, struct range *out) {
    unsigned i = 0;
    while (i < CHARTS && strcmp(charts[i].name, name) != 0)
        i++;
    if (i == CHARTS)
        return false;
    *out = (struct range){.span = charts[i].span};
    if (out->span == HISTORY_MINUTES && entries(d, out->span) < MINUTES_LEAST)
        out->span = HISTORY_SECONDS;
    unsigned most = out->span == HISTORY_SECONDS ? HISTORY_SECOND_COUNT : charts[i].most;
    out->behind = entries(d, out->span) < most ? entries(d, out->span) : most;
    return true;
}

/* Seconds since 1970, or negative: before now. */
static bool moment(const struct http_exchange *x, const char *name, int64_t now, int64_t *out) {
    char text[24];
    const char *p = text;
    int64_t value = 0;
    if (http_arg(x, name, text, sizeof text) < 0)
        return true;
    bool before = *p == '-';
    p += before;
    if (!text_is_digit(*p))
        return false;
    for (; text_is_digit(*p) && value < INT32_MAX * INT64_C(4); p++)
        value = value * 10 + (*p - '0');
    *out = before ? now - value : value;
    return *p == 0;
}

/* The entries that lie at least partly between two moments; before the time is known, 0 is now. */
static bool between(struct device *d, const struct http_exchange *x, enum history_span span,
                    struct range *out) {
    int64_t now = d->clock_set ? clock_now(d) : 0, step = history_step_s(span);
    int64_t end = end_of(d, span), from = now - step * entries(d, span), to = now;
    if (!moment(x, "from", now, &from) || !moment(x, "to", now, &to) || from > to)
        return false;
    int64_t have = entries(d, span), newest = end > to ? (end - to) / step : 0;
    int64_t behind = end > from ? (end - from + step - 1) / step : 0;
    behind = behind < have ? behind : have;
    *out = (struct range){span, (unsigned)(newest < behind ? newest : behind), (unsigned)behind};
    return true;
}

static enum history_span span_of(const char *step) {
    unsigned i = 0;
    char text[12];
    for (; i < HISTORY_SPANS; i++) {
        struct text out = text_start(text, sizeof text);
        text_uint(&out, history_step_s((enum history_span)i));
        if (strcmp(text, step) == 0)
            break;
    }
    return (enum history_span)i;
}

void api_history(struct device *d, struct http_exchange *x) {
    char name[16] = "hour", step[12] = "";
    struct range r = {.span = HISTORY_SECONDS};
    http_arg(x, "span", name, sizeof name);
    if (http_arg(x, "step", step, sizeof step) < 0) {
        if (named(d, name, &r))
            answer(d, x, name, &r);
        else
            api_error(x, 400, "span is hour, day or month", "span");
        return;
    }
    enum history_span span = span_of(step);
    if (span == HISTORY_SPANS)
        api_error(x, 400, "step is 1, 60, 3600 or 86400 seconds", "step");
    else if (!between(d, x, span, &r))
        api_error(x, 400, "from and to are seconds since 1970, or negative: before now", "from");
    else
        answer(d, x, "range", &r);
}
