/* The live part of the classic page, /index?state=1: the HTML fragment that older pages, scripts
 * and controllers fetch every second. Its texts and their order are what such clients look for.
 * Source: openshwprojects/OpenBK7231T_App: src/httpserver/http_fns.c. */
#include "codec/openbeken/channel_types.h"
#include "device/device.h"
#include "device/service/rest/rest.h"
#include "device/service/rest/tasmota.h"
#include "device/service/rest/web_buttons.h"

enum {
    FLAG_HIDE_WORDS = 49,
    STEP_WORDS = 0,
    STEP_BUTTONS = 64,
    STEP_WIDGETS = 128,
    STEP_REST = 192
};

static void label(const struct device *d, struct text *out, int channel) {
    const char *name = channel_label(d, channel);
    if (name)
        text_html(out, name);
    else
        text_int(out, channel);
}

static bool is_toggle(const struct device *d, int i) {
    unsigned type = channel_type(d, i);
    const struct channel_type *row = channel_type_row(type);
    return channel_is_visible(d, i) &&
           ((type == 0 && channel_is_relay(d, i)) || (row && row->show == CHANNEL_SHOW_TOGGLE));
}

static bool inverted(const struct device *d, int i) {
    return channel_type(d, i) == 39; /* Toggle_Inv */
}

static bool shown_on(struct device *d, int i) {
    return (channel_get(d, i) > 0) != inverted(d, i);
}

static void word(struct device *d, struct text *out, int i) {
    if (settings_flag(d, FLAG_HIDE_WORDS) || !is_toggle(d, i))
        return;
    text_add(out, shown_on(d, i) ? "<td class='on'>ON</td>" : "<td class='off'>OFF</td>");
}

static void button(struct device *d, struct text *out, int i) {
    if (!is_toggle(d, i))
        return;
    text_add(out, "<tr><td><form action=\"index\"><input type=\"hidden\" name=\"tgl\" value=\"");
    text_int(out, i);
    text_add(out, "\"><input class=\"");
    text_add(out, shown_on(d, i) ? "bgrn" : "bred");
    text_add(out, "\" type=\"submit\" value=\"");
    text_add(out, d->channels.no_toggle_word >> i & 1 ? "" : "Toggle ");
    label(d, out, i);
    text_add(out, "\"/></form></td></tr>");
}

static void value(struct text *out, int32_t number, unsigned divider) {
    int decimals = divider >= 1000 ? 3 : divider >= 100 ? 2 : divider >= 2 ? 1 : 0;
    if (divider == 2)
        number *= 5;
    text_fixed(out, number, decimals);
}

static void reading(struct device *d, struct text *out, int i, const struct channel_type *row) {
    text_add(out, "<tr><td>");
    text_html(out, row->label && *row->label ? row->label : row->name);
    text_char(out, ' ');
    value(out, channel_get(d, i), row->divider ? row->divider : 1);
    text_html(out, row->unit ? row->unit : "");
    text_add(out, " (");
    label(d, out, i);
    text_add(out, ")</td></tr>");
}

static void setter(struct text *out, const char *name, const char *index, int i, const char *type,
                   int32_t now, unsigned high) {
    text_add(out, "<tr><td><form action=\"index\"><input type=\"hidden\" name=\"");
    text_add(out, index);
    text_add(out, "\" value=\"");
    text_int(out, i);
    text_add(out, "\"><input type=\"");
    text_add(out, type);
    text_add(out, "\" name=\"");
    text_add(out, name);
    text_add(out, "\" id=\"slider");
    text_int(out, i);
    if (high) {
        text_add(out, "\" min=\"0\" max=\"");
        text_uint(out, high);
    }
    text_add(out, "\" value=\"");
    text_int(out, now);
    text_add(out, "\" onchange=\"this.form.submit()\"><input type=\"submit\" value=\"Set ");
}

static void setter_end(struct device *d, struct text *out, int i) {
    label(d, out, i);
    text_add(out, "\"/></form></td></tr>");
}

static void enum_choice(struct device *d, struct text *out, int i) {
    text_add(out,
             "<tr><td><form action=\"index\"><input type=\"hidden\" name=\"setIndex\" value=\"");
    text_int(out, i);
    text_add(out, "\"><select name=\"set\" onchange=\"this.form.submit()\">");
    int32_t option;
    const char *name;
    for (unsigned n = 0; n < 12 && (name = channel_enum_at(d, i, n, &option)) != NULL; n++) {
        text_add(out, "<option value=\"");
        text_int(out, option);
        text_add(out, channel_get(d, i) == option ? "\" selected>" : "\">");
        text_html(out, name);
        text_add(out, "</option>");
    }
    text_add(out, "</select></form></td></tr>");
}

/* One radio button per word, "Off/Low/High": values count from 0. */
static void choice(struct device *d, struct text *out, int i, const char *words) {
    text_add(out,
             "<tr><td><form action=\"index\"><input type=\"hidden\" name=\"setIndex\" value=\"");
    text_int(out, i);
    text_add(out, "\">");
    for (int n = 0; *words; n++) {
        size_t length = strcspn(words, "/,|;");
        text_add(out, "<label><input type=\"radio\" name=\"set\" value=\"");
        text_int(out, n);
        text_add(out, channel_get(d, i) == n ? "\" checked onchange=\"this.form.submit()\">"
                                             : "\" onchange=\"this.form.submit()\">");
        text_add_n(out, words, length);
        text_add(out, "</label>");
        words += length + (words[length] != 0);
    }
    text_add(out, "</form></td></tr>");
}

static bool drives_pwm(const struct device *d, int channel) {
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (d->board.is_pwm >> pin & 1 && d->config.pins[pin].channel == channel)
            return true;
    return false;
}

static void widget(struct device *d, struct text *out, int i) {
    const struct channel_type *row = channel_type_row(channel_type(d, i));
    if (!row || !channel_is_visible(d, i) || is_toggle(d, i))
        return;
    if (row->show == CHANNEL_SHOW_READING) {
        reading(d, out, i, row);
    } else if (row->show == CHANNEL_SHOW_NUMBER || row->show == CHANNEL_SHOW_TIMER) {
        setter(out, "set", "setIndex", i, "number", channel_get(d, i), 0);
        setter_end(d, out, i);
    } else if (row->show == CHANNEL_SHOW_CHOICE || row->show == CHANNEL_SHOW_STATE) {
        choice(d, out, i, row->words ? row->words : "");
    } else if (row->show == CHANNEL_SHOW_ENUM) {
        enum_choice(d, out, i);
    } else if (row->show == CHANNEL_SHOW_SLIDER ||
               (!channel_type(d, i) && drives_pwm(d, i) && !light_active(d))) {
        bool pwm = !channel_type(d, i);
        setter(out, pwm ? "pwm" : "dim", pwm ? "pwmIndex" : "dimIndex", i, "range",
               channel_get(d, i), (unsigned)channel_maximum(d, i));
        setter_end(d, out, i);
    }
}

static void light(struct device *d, struct text *out) {
    unsigned outputs = light_outputs(d);
    if (!light_active(d))
        return;
    text_add(out,
             "<tr><td><form action=\"index\"><input type=\"hidden\" name=\"tgl\" value=\"130\">"
             "<input class=\"");
    text_add(out, d->light.on ? "bgrn" : "bred");
    text_add(out, "\" type=\"submit\" value=\"Toggle Light\"/></form></td></tr>");
    setter(out, "dim", "dimIndex", CHANNEL_LED_DIMMER, "range", (int32_t)d->light.dimmer, 100);
    text_add(out, "Dimmer\"/></form></td></tr>");
    if (outputs >= 3) {
        text_add(out, "<tr><td><form action=\"index\"><input type=\"hidden\" name=\"rgbIndex\" "
                      "value=\"131\"><input type=\"color\" name=\"rgb\" id=\"color131\" value=\"#");
        text_hex(out, light_rgb(d), 6);
        text_add(out, "\" onchange=\"this.form.submit()\"><input type=\"submit\" value=\"Set "
                      "Color\"/></form></td></tr>");
    }
    if (outputs == 2 || outputs == 5) {
        setter(out, "dim", "dimIndex", CHANNEL_LED_TEMPERATURE, "range",
               (int32_t)d->light.temperature, 500);
        text_add(out, "Temperature\"/></form></td></tr>");
    }
}

static void meter_row(struct text *out, const char *name, double number, int decimals,
                      const char *unit) {
    double scale = decimals == 3 ? 1000 : decimals == 2 ? 100 : 10;
    text_add(out, "<tr><td><b>");
    text_add(out, name);
    text_add(out, "</b></td><td style='text-align: right;'>");
    text_fixed(out, (int64_t)(number * scale + (number < 0 ? -0.5 : 0.5)), decimals);
    text_add(out, "</td><td>");
    text_add(out, unit);
    text_add(out, "</td></tr>");
}

static void meter(struct device *d, struct text *out) {
    static const struct {
        const char *name, *unit;
        uint8_t quantity, decimals;
    } rows[] = {
        {"Voltage", "V", METER_VOLTAGE, 1},
        {"Current", "A", METER_CURRENT, 3},
        {"Power", "W", METER_POWER, 1},
        {"Frequency", "Hz", METER_FREQUENCY, 2},
        {"Apparent Power", "VA", METER_APPARENT_POWER, 1},
        {"Reactive Power", "var", METER_REACTIVE_POWER, 1},
        {"Power Factor", "", METER_POWER_FACTOR, 2},
    };
    if (!d->metering.present)
        return;
    text_add(out, "<tr><td><table style='width:100%'>");
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        meter_row(out, rows[i].name, meter_reading_or_0(d, rows[i].quantity), rows[i].decimals,
                  rows[i].unit);
}

static void energy_row(struct device *d, struct text *out, const char *name,
                       enum meter_quantity quantity) {
    meter_row(out, name, meter_reading(d, quantity) / 1000, 3, "kWh");
}

static void meter_energy(struct device *d, struct text *out) {
    if (!d->metering.present)
        return;
    energy_row(d, out, "Energy Total", METER_ENERGY_TOTAL);
    if (d->clock_set) {
        energy_row(d, out, "Energy Today", METER_ENERGY_TODAY);
        energy_row(d, out, "Energy Yesterday", METER_ENERGY_YESTERDAY);
    }
    text_add(out, "</table></td></tr>");
}

static void channel_line(struct device *d, struct text *out) {
    unsigned said = 0;
    text_add(out, "</table><h5>");
    for (int i = 0; i < CHANNEL_COUNT && said < 24; i++) {
        if (!channel_used(d, i))
            continue;
        text_add(out, said++ ? ", Channel " : "Channel ");
        text_int(out, i);
        text_add(out, " = ");
        text_fixed(out, (int64_t)channel_get(d, i) * 100, 2);
    }
    text_add(out, "</h5>");
}

static void state_lines(struct device *d, struct text *out) {
    text_add(out, "<h5>Cfg size: 3584, change counter: ");
    text_uint(out, d->config.change_counter);
    text_add(out, ", ota counter: ");
    text_uint(out, d->config.ota_counter);
    text_add(out, ", incomplete boots: ");
    text_uint(out, device_failed_boots(d));
    text_add(out, "</h5>");
    if (d->hal.temperature) {
        text_add(out, "<h5>Chip temperature: ");
        text_fixed(out, d->hal.temperature(d->hal.context), 1);
        text_add(out, "\xC2\xB0"
                      "C</h5>");
    }
    if (d->hal.wifi_rssi) {
        int rssi = d->hal.wifi_rssi(d->hal.context);
        text_add(out, "<h5>Wifi RSSI: ");
        text_add(out, rssi >= -55   ? "Excellent"
                      : rssi >= -70 ? "Good"
                      : rssi >= -85 ? "Fair"
                                    : "Weak");
        text_add(out, " (");
        text_int(out, rssi);
        text_add(out, "dBm)</h5>");
    }
    text_add(out, "<h5>Reboot reason: ");
    text_add(out, device_cause_text(d->cause));
    text_add(out, "</h5><h5>MQTT State: ");
    if (!d->config.mqtt_host[0])
        text_add(out, "not configured");
    else if (d->mqtt_connected)
        text_add(out, "<span style=\"color:green\">connected</span> RES: 0(ERR_OK)<br>");
    else
        text_add(out, "<span style=\"color:yellow\">disconnected</span> <br>");
    text_add(out, "</h5>");
    if (d->safe) {
        text_add(out, "<h5 class='safe'>You are in safe mode: ");
        text_html(out, device_safe_text(d));
        text_add(out, "</h5>");
    }
}

static void buttons(struct device *d, struct text *out) {
    web_buttons_html(d, out);
}

static bool rest(struct device *d, unsigned step, struct text *out) {
    static void (*const parts[])(struct device *, struct text *) = {
        light, meter, meter_energy, buttons, channel_line, state_lines};
    parts[step](d, out);
    return step + 1 < sizeof parts / sizeof *parts;
}

bool classic_state(struct device *d, unsigned step, struct text *out) {
    if (step == 0)
        text_add(out, "<table><tr>");
    if (step < STEP_BUTTONS) {
        word(d, out, (int)(step - STEP_WORDS));
        text_add(out, step == STEP_BUTTONS - 1 ? "</tr></table><table>" : "");
    } else if (step < STEP_WIDGETS) {
        button(d, out, (int)(step - STEP_BUTTONS));
    } else if (step < STEP_REST) {
        widget(d, out, (int)(step - STEP_WIDGETS));
    } else {
        return rest(d, step - STEP_REST, out);
    }
    return true;
}
