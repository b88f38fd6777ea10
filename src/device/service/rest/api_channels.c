/* Channels over /api/v2: what is configured about them; their values are part of the state. */
#include "codec/openbeken/channel_types.h"
#include "device/device.h"
#include "device/service/rest/api_v2.h"

static void more(struct device *d, struct http_exchange *x) {
    int channel = (int)x->cursor[0]++;
    const char *label = channel_label(d, channel);
    size_t length = label ? strlen(label) : 0;
    struct text *out = &x->out;
    text_add(out, channel ? ",{" : "{");
    json_add_int(out, "ch", channel);
    json_add_int(out, "type", channel_type(d, channel));
    json_add_int(out, "start", d->config.start_values[channel]);
    json_add_bool(out, "used", channel_used(d, channel));
    text_add(out, ",\"label\":\"");
    text_escape(out, label ? label : "", length < 120 ? length : 120);
    text_add(out, "\"}");
    if (channel + 1 == CHANNEL_COUNT) {
        text_add(out, "]}");
        x->more = NULL;
    }
}

void api_channels_get(struct device *d, struct http_exchange *x) {
    (void)d;
    http_begin(x, 200, "application/json");
    text_add(&x->out, "{\"channels\":[");
    x->more = more;
}

enum { CHANNEL, TYPE, START };

static const char *change(struct device *d, const int32_t *n, bool apply) {
    if (n[CHANNEL] < 0 || n[CHANNEL] >= CHANNEL_COUNT)
        return "channels are 0 to 63";
    if (n[TYPE] != INT32_MIN && (n[TYPE] < 0 || n[TYPE] >= CHANNEL_TYPE_COUNT))
        return "there is no such type of channel";
    if (n[START] != INT32_MIN && (n[START] < INT16_MIN || n[START] > INT16_MAX))
        return "values at start are -32768 to 32767";
    if (!apply)
        return NULL;
    if (n[TYPE] != INT32_MIN)
        channel_set_type(d, n[CHANNEL], (unsigned)n[TYPE]);
    if (n[START] != INT32_MIN)
        channel_set_start(d, n[CHANNEL], (int16_t)n[START]);
    return NULL;
}

void api_channels_post(struct device *d, struct http_exchange *x) {
    static const struct api_rows rows = {"channels", {"ch", "type", "start"}, change};
    unsigned count;
    if (api_rows_run(d, x, &rows, &count))
        api_changed(x, count, false);
}
