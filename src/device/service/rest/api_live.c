/* The live state of the plug, once (/api/v2/state) and as server-sent events. It is made in pieces:
 * a head, one piece per channel that is shown, and the rest. */
#include "base/crc.h"
#include "codec/openbeken/channel_types.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/meter/meter.h"
#include "device/role_groups.h"
#include "device/service/mqtt/mqtt.h"
#include "device/service/rest/api_v2.h"
#include "device/service/rest/tasmota.h"
#include "device/service/rest/web_buttons.h"
#include "device/service/update/update.h"

enum {
    STATE_HEAD,
    STATE_CHANNELS, /* + channel */
    STATE_TAIL = STATE_CHANNELS + CHANNEL_COUNT,
    STATE_END,
};
enum { LOOK_MS = 250, BEAT_S = 5, TEXT_MOST = 64, FLAG_RAW_PWM = 3 };

/* How a channel is shown. */
enum widget { WIDGET_NONE, WIDGET_TOGGLE, WIDGET_SLIDER, WIDGET_CHOICE, WIDGET_TEXT, WIDGET_VALUE };
static const char *const widget_names[] = {NULL, "toggle", "slider", "choice", "text", "value"};

/* A text, cut so that the worst escaping still fits a piece. */
static void short_string(struct text *out, const char *name, const char *value) {
    size_t n = strlen(value);
    n = n < TEXT_MOST ? n : TEXT_MOST;
    while (n && n == TEXT_MOST && ((unsigned char)value[n] & 0xC0) == 0x80)
        n--;
    json_add_name(out, name);
    text_char(out, '"');
    text_escape(out, value, n);
    text_char(out, '"');
}

/* Does a pin with one of these roles use the channel? */
static bool pin_with(const struct device *d, int channel, unsigned bits) {
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (d->config.pins[pin].channel == channel && role_bits(board_role(d, pin)) & bits)
            return true;
    return false;
}

/* Channels without a type are shown as their pins say; those of a light are in its own controls. */
static enum widget widget_of_pins(const struct device *d, int channel) {
    if (channel_is_relay(d, channel))
        return WIDGET_TOGGLE;
    if (light_active(d) && !settings_flag(d, FLAG_RAW_PWM) && pin_with(d, channel, ROLE_LIGHT))
        return WIDGET_NONE;
    if (pin_with(d, channel, ROLE_PWM))
        return WIDGET_SLIDER;
    if (pin_with(d, channel, ROLE_LEVEL))
        return WIDGET_TOGGLE;
    unsigned read = ROLE_INPUT | ROLE_SENSOR | ROLE_ANALOG | ROLE_DOOR | ROLE_COUNTER;
    return pin_with(d, channel, read) ? WIDGET_VALUE : WIDGET_NONE;
}

static enum widget widget_of(const struct device *d, int channel, const struct channel_type *type) {
    if (!channel_used(d, channel) || !channel_is_visible(d, channel))
        return WIDGET_NONE;
    switch (type->show) {
    case CHANNEL_SHOW_DEFAULT:
        return widget_of_pins(d, channel);
    case CHANNEL_SHOW_HIDDEN:
        return WIDGET_NONE;
    case CHANNEL_SHOW_TOGGLE:
        return WIDGET_TOGGLE;
    case CHANNEL_SHOW_SLIDER:
        return WIDGET_SLIDER;
    case CHANNEL_SHOW_CHOICE:
        return WIDGET_CHOICE;
    case CHANNEL_SHOW_ENUM:
        return channel_enum_count(d, channel) ? WIDGET_CHOICE : WIDGET_TEXT;
    case CHANNEL_SHOW_NUMBER:
        return WIDGET_TEXT;
    default:
        return WIDGET_VALUE;
    }
}

static void option(struct text *out, int32_t value, const char *text, size_t length) {
    if (out->size - out->length < 40 + 6 * length)
        return; /* an option that does not fit is left out; its value is shown as a number */
    json_comma(out);
    text_char(out, '[');
    text_int(out, value);
    text_add(out, ",\"");
    text_escape(out, text, length);
    text_add(out, "\"]");
}

static void options(const struct device *d, struct text *out, int channel,
                    const struct channel_type *type) {
    int32_t value;
    const char *text;
    json_add_name(out, "options");
    text_char(out, '[');
    for (unsigned i = 0; (text = channel_enum_at(d, channel, i, &value)); i++)
        option(out, value, text, strlen(text));
    const char *at =
        type->show == CHANNEL_SHOW_CHOICE || type->show == CHANNEL_SHOW_STATE ? type->words : "";
    for (int32_t i = 0; *at; i++) {
        size_t n = strcspn(at, ",");
        option(out, i, at, n);
        at += n + (at[n] == ',');
    }
    text_char(out, ']');
}

static void channel_piece(struct device *d, struct text *out, int channel, enum widget widget,
                          const struct channel_type *type) {
    const char *label = channel_label(d, channel);
    text_char(out, '{');
    json_add_int(out, "ch", channel);
    json_add_string(out, "type", type->name);
    json_add_string(out, "kind", widget_names[widget]);
    short_string(out, "label", label ? label : type->label);
    json_add_int(out, "value", d->channels.value[channel]);
    json_add_int(out, "max", channel_maximum(d, channel));
    json_add_int(out, "div", type->divider);
    json_add_string(out, "unit", type->unit);
    options(d, out, channel, type);
    text_char(out, '}');
}

static void head_piece(struct device *d, const struct http_exchange *x, struct text *out) {
    text_char(out, '{');
    short_string(out, "name", d->config.long_name);
    short_string(out, "short", d->config.short_name);
    json_add_string(out, "chip", d->hal.chip.name ? d->hal.chip.name : "");
    json_add_string(out, "version", update_version(d));
    json_add_int(out, "uptime", d->uptime_s);
    json_add_int(out, "time", d->clock_set ? clock_now(d) : 0);
    json_add_int(out, "offset", clock_offset(d));
    json_add_string(out, "safe", device_safe_text(d));
    json_add_string(out, "reset", device_cause_text(d->cause));
    json_add_name(out, "temperature");
    if (d->hal.temperature)
        text_fixed(out, d->hal.temperature(d->hal.context), 1);
    else
        text_add(out, "null");
    json_add_string(out, "role", x->role == HTTP_ADMIN ? "admin" : "view");
    json_add_int(out, "restart", d->restart_in_s);
    json_add_name(out, "channels");
    text_char(out, '[');
}

static void light(const struct device *d, struct text *out) {
    json_add_name(out, "light");
    if (!light_active(d)) {
        text_add(out, "null");
        return;
    }
    const struct light *l = &d->light;
    unsigned outputs = light_outputs(d);
    text_char(out, '{');
    json_add_bool(out, "on", l->on);
    json_add_float(out, "dimmer", l->dimmer, 0);
    json_add_string(out, "mode", l->mode == LIGHT_RGB ? "colour" : "white");
    json_add_name(out, "rgb");
    text_char(out, '"');
    text_hex(out, light_rgb(d), 6);
    text_char(out, '"');
    json_add_float(out, "ct", l->temperature, 0);
    json_add_float(out, "ctMin", l->low, 0);
    json_add_float(out, "ctMax", l->high, 0);
    json_add_bool(out, "colour", outputs == 0 || outputs >= 3);
    json_add_bool(out, "white", outputs == 0 || outputs == 2 || outputs >= 5);
    text_char(out, '}');
}

static void power(const struct device *d, struct text *out) {
    static const struct {
        const char *name;
        uint8_t quantity, decimals;
    } rows[] = {
        {"voltage", METER_VOLTAGE, 1},
        {"current", METER_CURRENT, 3},
        {"power", METER_POWER, 2},
        {"frequency", METER_FREQUENCY, 2},
        {"apparent", METER_APPARENT_POWER, 2},
        {"reactive", METER_REACTIVE_POWER, 2},
        {"factor", METER_POWER_FACTOR, 3},
        {"total", METER_ENERGY_TOTAL, 3},
        {"today", METER_ENERGY_TODAY, 3},
        {"yesterday", METER_ENERGY_YESTERDAY, 3},
    };
    json_add_name(out, "power");
    if (!d->metering.present) {
        text_add(out, "null");
        return;
    }
    text_char(out, '{');
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) /* what is not known is null */
        json_add_float(out, rows[i].name, meter_reading(d, rows[i].quantity), rows[i].decimals);
    text_char(out, '}');
}

static void network(const struct device *d, struct text *out) {
    static const char *const words[] = {"off",       "connecting",   "disconnected", "refused",
                                        "connected", "access point", "no network"};
    uint32_t address = d->hal.wifi_address ? d->hal.wifi_address(d->hal.context) : 0;
    json_add_name(out, "wifi");
    text_char(out, '{');
    json_add_string(out, "state", d->wifi < sizeof words / sizeof *words ? words[d->wifi] : "");
    short_string(out, "ssid", d->config.wifi_ssid);
    json_add_int(out, "rssi", d->hal.wifi_rssi ? d->hal.wifi_rssi(d->hal.context) : 0);
    text_add(out, ",\"ip\":\"");
    tasmota_address(out, address);
    text_add(out, "\",\"mac\":\"");
    tasmota_mac(d, out, true);
    text_add(out, "\"}");
    json_add_name(out, "mqtt");
    text_char(out, '{');
    json_add_string(out, "state",
                    !d->config.mqtt_host[0] ? "off"
                    : d->mqtt_connected     ? "connected"
                                            : "connecting");
    short_string(out, "host", d->config.mqtt_host);
    short_string(out, "error", d->mqtt_connected ? "" : mqtt_error_text(d));
    text_char(out, '}');
}

static void rest_piece(struct device *d, struct text *out) {
    uint32_t all = d->store.sectors * HAL_FLASH_SECTOR, left = store_free(&d->store);
    text_char(out, ']');
    light(d, out);
    power(d, out);
    network(d, out);
    json_add_name(out, "memory");
    text_char(out, '{');
    json_add_int(out, "store", all);
    json_add_int(out, "used", all > left ? all - left : 0);
    text_char(out, '}');
    web_buttons_json(d, out);
    text_add(out, ",\"update\":{");
    json_add_string(out, "state", update_step_name(d));
    json_add_int(out, "percent", update_percent(d));
    short_string(out, "text", d->update.text);
    text_add(out, "}}");
}

/* Adds the next piece; cursor[0] says which, cursor[1] counts channels. True when it was the last.
 */
static bool state_piece(struct device *d, struct http_exchange *x) {
    uint32_t *at = &x->cursor[0];
    struct text *out = &x->out;
    if (*at == STATE_HEAD) {
        head_piece(d, x, out);
        x->cursor[1] = 0;
    }
    for (++*at; *at < STATE_TAIL + 1; ++*at) {
        int channel = (int)*at - STATE_CHANNELS - 1;
        const struct channel_type *type = NULL;
        enum widget widget = WIDGET_NONE;
        if (channel >= 0 && (type = channel_type_row(channel_type(d, channel))))
            widget = widget_of(d, channel, type);
        if (widget == WIDGET_NONE)
            continue;
        if (x->cursor[1]++)
            text_char(out, ',');
        channel_piece(d, out, channel, widget, type);
        return false;
    }
    rest_piece(d, out);
    return true;
}

static void state_more(struct device *d, struct http_exchange *x) {
    if (state_piece(d, x))
        x->more = NULL;
}

void api_state(struct device *d, struct http_exchange *x) {
    (void)d;
    http_begin(x, 200, "application/json");
    http_header(x, "Cache-Control", "no-store");
    x->more = state_more;
}

/* --- events --- */

/* A number that differs when something a person sees at once has changed. */
static uint32_t signature(const struct device *d) {
    uint32_t h = FNV1A_START;
    uint32_t words[7] = {d->light.on | (uint32_t)d->light.mode << 8 | (uint32_t)d->wifi << 16 |
                             (uint32_t)d->mqtt_connected << 24,
                         (uint32_t)d->light.dimmer,
                         (uint32_t)d->light.temperature,
                         light_rgb(d),
                         d->restart_in_s,
                         d->metering.present ? d->uptime_s : 0,
                         (uint32_t)d->update.step << 8 | update_percent(d)};
    h = fnv1a_update(h, d->channels.value, sizeof d->channels.value);
    return fnv1a_update(h, words, sizeof words);
}

/* cursor[2]: signature of what was sent last; cursor[3]: uptime of it, + 1. */
static void events_more(struct device *d, struct http_exchange *x) {
    if (x->cursor[0] == STATE_HEAD) {
        uint32_t now = signature(d), beat = d->uptime_s + 1;
        if (x->cursor[3] && now == x->cursor[2] && beat - x->cursor[3] < BEAT_S)
            return;
        x->cursor[2] = now;
        x->cursor[3] = beat;
        text_add(&x->out, "event: state\ndata: ");
    }
    if (state_piece(d, x)) {
        text_add(&x->out, "\n\n");
        x->cursor[0] = STATE_HEAD;
    }
}

void api_events(struct device *d, struct http_exchange *x) {
    if (!http_live(d, x))
        return;
    http_begin(x, 200, "text/event-stream");
    http_header(x, "Cache-Control", "no-store");
    x->wait_ms = LOOK_MS;
    x->more = events_more;
}
