/* /metrics: what a Prometheus server collects, in its text format 0.0.4. */
#include "codec/net/json.h"
#include "device/device.h"
#include "device/service/http/http.h"
#include "device/version.h"

#include <math.h>

static void head(struct text *out, const char *name, const char *type, const char *help) {
    text_add(out, "# HELP plugsmith_");
    text_add(out, name);
    text_char(out, ' ');
    text_add(out, help);
    text_add(out, "\n# TYPE plugsmith_");
    text_add(out, name);
    text_char(out, ' ');
    text_add(out, type);
    text_add(out, "\nplugsmith_");
    text_add(out, name);
}

static void number(struct text *out, const char *name, const char *type, const char *help,
                   uint64_t value) {
    head(out, name, type, help);
    text_char(out, ' ');
    text_uint(out, value);
    text_char(out, '\n');
}

static void real(struct text *out, const char *name, const char *type, const char *help,
                 double value) {
    head(out, name, type, help);
    text_char(out, ' ');
    text_fixed(out, (int64_t)(value * 1000 + (value < 0 ? -0.5 : 0.5)), 3);
    text_char(out, '\n');
}

static void system_part(struct device *d, struct text *out) {
    head(out, "info", "gauge", "Which firmware runs.");
    text_add(out, "{version=\"" PLUGSMITH_VERSION "\",chip=");
    text_json(out, d->hal.chip.name);
    text_add(out, ",name=");
    text_json(out, d->config.short_name);
    text_add(out, "} 1\n");
    number(out, "uptime_seconds", "counter", "Since the last start.", d->uptime_s);
    number(out, "boots_total", "counter", "Starts ever.", d->boots.started);
    number(out, "safe_mode", "gauge", "1 in safe mode.", d->safe != SAFE_NO);
    number(out, "mqtt_connected", "gauge", "1 with a broker.", d->mqtt_connected);
}

static void http_part(struct device *d, struct text *out) {
    const struct http *h = &d->http;
    number(out, "http_requests_total", "counter", "Requests handled.", h->requests);
    number(out, "http_failed_total", "counter", "Requests answered with an error.", h->failed);
    number(out, "http_refused_total", "counter", "Connections refused, all places taken.",
           h->refused);
    number(out, "http_timeouts_total", "counter", "Connections dropped for silence.", h->timeouts);
    number(out, "store_erases_total", "counter", "Flash sectors erased since the last start.",
           d->store.erases);
    number(out, "store_free_bytes", "gauge", "Room for settings and files.", store_free(&d->store));
}

static const struct meter_metric {
    uint8_t quantity;
    const char *name, *type, *help;
} meter_metrics[] = {
    {METER_VOLTAGE, "voltage_volts", "gauge", "Mains voltage."},
    {METER_CURRENT, "current_amperes", "gauge", "Current."},
    {METER_POWER, "power_watts", "gauge", "Active power."},
    {METER_APPARENT_POWER, "power_apparent_volt_amperes", "gauge", "Apparent power."},
    {METER_REACTIVE_POWER, "power_reactive_var", "gauge", "Reactive power."},
    {METER_POWER_FACTOR, "power_factor", "gauge", "Power factor."},
    {METER_FREQUENCY, "frequency_hertz", "gauge", "Mains frequency."},
    {METER_ENERGY_TOTAL, "energy_watt_hours_total", "counter", "Energy ever counted."},
    {METER_ENERGY_LAST_HOUR, "energy_last_hour_watt_hours", "gauge", "Energy of the last hour."},
};

static void meter_part(struct device *d, struct text *out) {
    if (!d->metering.present)
        return;
    for (unsigned i = 0; i < sizeof meter_metrics / sizeof *meter_metrics; i++) {
        const struct meter_metric *m = &meter_metrics[i];
        double value = meter_reading(d, m->quantity);
        if (!isnan(value))
            real(out, m->name, m->type, m->help, value);
    }
}

static void channel(struct device *d, struct text *out, int i) {
    if (!channel_used(d, i) || channel_is_private(d, i))
        return;
    text_add(out, "plugsmith_channel{channel=\"");
    text_int(out, i);
    text_add(out, "\",label=");
    text_json(out, channel_label(d, i) ? channel_label(d, i) : "");
    text_add(out, "} ");
    text_int(out, channel_get(d, i));
    text_char(out, '\n');
}

static void more(struct device *d, struct http_exchange *x) {
    static void (*const parts[])(struct device *, struct text *) = {http_part, meter_part};
    unsigned step = x->step - 1, count = sizeof parts / sizeof *parts;
    if (step < count) {
        parts[step](d, &x->out);
        return;
    }
    if (step == count)
        text_add(&x->out, "# HELP plugsmith_channel Value of a channel.\n"
                          "# TYPE plugsmith_channel gauge\n");
    for (uint32_t last = x->cursor[0] + 4; x->cursor[0] < last; x->cursor[0]++)
        channel(d, &x->out, (int)x->cursor[0]);
    if (x->cursor[0] >= CHANNEL_COUNT)
        x->more = NULL;
}

static void metrics(struct device *d, struct http_exchange *x) {
    http_begin(x, 200, "text/plain; version=0.0.4; charset=utf-8");
    system_part(d, &x->out);
    x->more = more;
}

const struct http_route metrics_routes[] = {
    {HTTP_GET, HTTP_VIEW, false, "/metrics", metrics, NULL, "counters and readings for Prometheus",
     NULL, "text/plain"},
    {0},
};
