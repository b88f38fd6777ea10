/* Channel types as entities of Home Assistant: which class and unit, and how the integer of the
 * channel becomes the value. One row per type; units and classes are those Home Assistant accepts
 * together. */
#include "codec/openbeken/channel_types.h"
#include "device/service/mqtt/ha.h"

#include <string.h>

enum form { SENSOR, BINARY, SWITCH, NUMBER, SLIDER, CHOICE, TEXT };

struct typed {
    const char *type; /* as in the table of channel types */
    uint8_t form;     /* enum form */
    const char *id;   /* kind in the unique id */
    const char *title, *device_class, *unit, *state_class;
    const char *scale; /* sensors: what the integer is multiplied with; sliders: upper end */
    uint8_t digits;
    const char *on, *off;
};

#define MEASURED "measurement"
#define GROWING  "total_increasing"

// clang-format off
static const struct typed rows[] = {
    {"Temperature", SENSOR, "temperature", "Temperature", "temperature", "°C", MEASURED, NULL, 0, NULL, NULL},
    {"Temperature_div10", SENSOR, "temperature", "Temperature", "temperature", "°C", MEASURED, "0.1", 2, NULL, NULL},
    {"Temperature_div2", SENSOR, "temperature", "Temperature", "temperature", "°C", MEASURED, "0.5", 2, NULL, NULL},
    {"Temperature_div100", SENSOR, "temperature", "Temperature", "temperature", "°C", MEASURED, "0.01", 2, NULL, NULL},
    {"Humidity", SENSOR, "humidity", "Humidity", "humidity", "%", MEASURED, NULL, 0, NULL, NULL},
    {"Humidity_div10", SENSOR, "humidity", "Humidity", "humidity", "%", MEASURED, "0.1", 2, NULL, NULL},
    {"Voltage_div10", SENSOR, "voltage", "Voltage", "voltage", "V", MEASURED, "0.1", 2, NULL, NULL},
    {"Voltage_div100", SENSOR, "voltage", "Voltage", "voltage", "V", MEASURED, "0.01", 2, NULL, NULL},
    {"Current_div10", SENSOR, "current", "Current", "current", "A", MEASURED, "0.1", 2, NULL, NULL},
    {"Current_div100", SENSOR, "current", "Current", "current", "A", MEASURED, "0.01", 3, NULL, NULL},
    {"Current_div1000", SENSOR, "current", "Current", "current", "A", MEASURED, "0.001", 3, NULL, NULL},
    {"LeakageCurrent_div1000", SENSOR, "current", "Leakage current", "current", "A", MEASURED, "0.001", 3, NULL, NULL},
    {"Power", SENSOR, "sensor", "Power", "power", "W", MEASURED, NULL, 0, NULL, NULL},
    {"Power_div10", SENSOR, "sensor", "Power", "power", "W", MEASURED, "0.1", 2, NULL, NULL},
    {"Power_div100", SENSOR, "sensor", "Power", "power", "W", MEASURED, "0.01", 3, NULL, NULL},
    {"ActivePower", SENSOR, "sensor", "Active power", "power", "W", MEASURED, NULL, 0, NULL, NULL},
    {"ReactivePower", SENSOR, "sensor", "Reactive power", "reactive_power", "var", MEASURED, NULL, 0, NULL, NULL},
    {"PowerFactor_div100", SENSOR, "sensor", "Power factor", "power_factor", NULL, MEASURED, "0.01", 3, NULL, NULL},
    {"PowerFactor_div1000", SENSOR, "sensor", "Power factor", "power_factor", NULL, MEASURED, "0.001", 4, NULL, NULL},
    {"Frequency", SENSOR, "sensor", "Frequency", "frequency", "Hz", MEASURED, NULL, 0, NULL, NULL},
    {"Frequency_div10", SENSOR, "sensor", "Frequency", "frequency", "Hz", MEASURED, "0.1", 3, NULL, NULL},
    {"Frequency_div100", SENSOR, "sensor", "Frequency", "frequency", "Hz", MEASURED, "0.01", 3, NULL, NULL},
    {"Frequency_div1000", SENSOR, "sensor", "Frequency", "frequency", "Hz", MEASURED, "0.001", 4, NULL, NULL},
    {"EnergyTotal_kWh_div1000", SENSOR, "sensor", "Energy", "energy", "kWh", GROWING, "0.001", 3, NULL, NULL},
    {"EnergyTotal_kWh_div100", SENSOR, "sensor", "Energy", "energy", "kWh", GROWING, "0.01", 3, NULL, NULL},
    {"EnergyExport_kWh_div1000", SENSOR, "sensor", "Energy exported", "energy", "kWh", GROWING, "0.001", 3, NULL, NULL},
    {"EnergyImport_kWh_div1000", SENSOR, "sensor", "Energy imported", "energy", "kWh", GROWING, "0.001", 3, NULL, NULL},
    {"EnergyToday_kWh_div1000", SENSOR, "sensor", "Energy today", "energy", "kWh", GROWING, "0.001", 3, NULL, NULL},
    {"Pressure_div100", SENSOR, "pressure", "Pressure", "pressure", "hPa", MEASURED, "0.01", 3, NULL, NULL},
    {"Illuminance", SENSOR, "illuminance", "Illuminance", "illuminance", "lx", MEASURED, NULL, 0, NULL, NULL},
    {"Illuminance_div10", SENSOR, "illuminance", "Illuminance", "illuminance", "lx", MEASURED, "0.1", 2, NULL, NULL},
    {"BatteryLevelPercent", SENSOR, "battery_ch", "Battery", "battery", "%", MEASURED, NULL, 0, NULL, NULL},
    {"SmokePercent", SENSOR, "smoke", "Smoke", NULL, "%", MEASURED, NULL, 0, NULL, NULL},
    {"Ph", SENSOR, "sensor", "pH", "ph", NULL, MEASURED, "0.01", 2, NULL, NULL},
    {"Orp", SENSOR, "sensor", "ORP", NULL, "mV", MEASURED, NULL, 0, NULL, NULL},
    {"Tds", SENSOR, "sensor", "TDS", NULL, "ppm", MEASURED, NULL, 0, NULL, NULL},
    {"Custom", SENSOR, "sensor", "Custom", NULL, NULL, MEASURED, NULL, 0, NULL, NULL},
    {"ReadOnly", SENSOR, "sensor", "Value", NULL, NULL, MEASURED, NULL, 0, NULL, NULL},
    {"ReadOnly_div10", SENSOR, "sensor", "Value", NULL, NULL, MEASURED, "0.1", 2, NULL, NULL},
    {"ReadOnly_div100", SENSOR, "sensor", "Value", NULL, NULL, MEASURED, "0.01", 2, NULL, NULL},
    {"ReadOnly_div1000", SENSOR, "sensor", "Value", NULL, NULL, MEASURED, "0.001", 3, NULL, NULL},
    {"ReadOnlyLowMidHigh", SENSOR, "sensor", "Level", NULL, NULL, NULL, NULL, 0, NULL, NULL},
    {"ReadOnlyEnum", SENSOR, "sensor", "State", NULL, NULL, NULL, NULL, 0, NULL, NULL},
    {"TimerSeconds", SENSOR, "sensor", "Timer", "duration", "s", NULL, NULL, 0, NULL, NULL},
    {"OpenClosed", BINARY, "binary_sensor", NULL, NULL, NULL, NULL, NULL, 0, "0", "1"},
    {"OpenClosed_Inv", BINARY, "binary_sensor", NULL, NULL, NULL, NULL, NULL, 0, "1", "0"},
    {"Motion", BINARY, "binary_sensor", NULL, "motion", NULL, NULL, NULL, 0, "1", "0"},
    {"Motion_n", BINARY, "binary_sensor", NULL, "motion", NULL, NULL, NULL, 0, "0", "1"},
    {"Percent", SLIDER, "number", NULL, NULL, "%", NULL, "100", 0, NULL, NULL},
    {"Dimmer", SLIDER, "number", NULL, NULL, NULL, NULL, "100", 0, NULL, NULL},
    {"Dimmer256", SLIDER, "number", NULL, NULL, NULL, NULL, "255", 0, NULL, NULL},
    {"Dimmer1000", SLIDER, "number", NULL, NULL, NULL, NULL, "1000", 0, NULL, NULL},
    {"TextField", TEXT, "sensor", NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL},
    {"Enum", CHOICE, "select", NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL},
};
// clang-format on

static const struct typed *row_of(const struct device *d, int channel) {
    const struct channel_type *type = channel_type_row(channel_type(d, channel));
    for (unsigned i = 0; type && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].type, type->name) == 0)
            return &rows[i];
    return NULL;
}

/* The i-th word of "Off,Low,Mid"; false beyond the last. */
static bool word_at(const char *words, unsigned i, char *out, size_t size) {
    struct text t = text_start(out, size);
    for (; i && *words; words++)
        i -= *words == ',';
    if (i || !*words)
        return false;
    for (; *words && *words != ','; words++)
        text_char(&t, *words);
    return true;
}

/* Options of a choice: defined enum texts, or the words of the type. */
static bool option_at(const struct device *d, int channel, unsigned i, int32_t *value, char *out,
                      size_t size) {
    const struct channel_type *type = channel_type_row(channel_type(d, channel));
    struct text t = text_start(out, size);
    if (channel_enum_count(d, channel)) {
        const char *text = channel_enum_at(d, channel, i, value);
        text_add(&t, text ? text : "");
        return text != NULL;
    }
    *value = (int32_t)i;
    return type && (type->show == CHANNEL_SHOW_CHOICE || type->show == CHANNEL_SHOW_STATE) &&
           word_at(type->words, i, out, size);
}

enum { OPTION = 40 };

void ha_enum_value_template(const struct device *d, int channel, struct text *t) {
    char option[OPTION];
    int32_t value;
    text_add(t, "{{ {");
    for (unsigned i = 0; option_at(d, channel, i, &value, option, sizeof option); i++) {
        text_add(t, i ? ", " : "");
        text_int(t, value);
        text_add(t, ":'");
        text_add(t, option);
        text_char(t, '\'');
    }
    text_add(t, "}[(value | int(99999))]|default(99999) }}");
}

void ha_enum_command_template(const struct device *d, int channel, struct text *t) {
    char option[OPTION];
    int32_t value;
    text_add(t, "{{ {");
    for (unsigned i = 0; option_at(d, channel, i, &value, option, sizeof option); i++) {
        text_add(t, i ? ", '" : "'");
        text_add(t, option);
        text_add(t, "':'");
        text_int(t, value);
        text_char(t, '\'');
    }
    text_add(t, "}[value] | default(99999) }}");
}

typedef void template_print(const struct device *d, int channel, struct text *t);

static void template_member(const struct ha_out *o, const char *key, int channel,
                            template_print *print) {
    char buffer[512];
    struct text t = text_start(buffer, sizeof buffer);
    print(o->d, channel, &t);
    if (!t.truncated) /* a cut template would be an error in the controller */
        ha_text(o, key, buffer);
}

static void scale_member(const struct ha_out *o, const struct typed *row) {
    char buffer[80];
    struct text t = text_start(buffer, sizeof buffer);
    if (!row->scale)
        return;
    text_add(&t, "{{ '%0.");
    text_int(&t, row->digits);
    text_add(&t, "f'|format(float(value)*");
    text_add(&t, row->scale);
    text_add(&t, ") }}");
    ha_text(o, "val_tpl", buffer);
}

static bool has_texts(const struct device *d, int channel) {
    char option[OPTION];
    int32_t value;
    return option_at(d, channel, 0, &value, option, sizeof option);
}

static void sensor_members(const struct ha_out *o, const struct ha_entity *e) {
    const struct typed *row = e->row;
    ha_text(o, "dev_cla", e->device_class);
    ha_text(o, "unit_of_meas", e->unit);
    ha_channel_topic(o, "stat_t", e->channel, "/get");
    ha_text(o, "stat_cla", e->state_class);
    scale_member(o, row);
    if (!row->state_class && has_texts(o->d, e->channel))
        template_member(o, "val_tpl", e->channel, ha_enum_value_template);
}

static void binary_members(const struct ha_out *o, const struct ha_entity *e) {
    ha_channel_topic(o, "stat_t", e->channel, "/get");
    ha_text(o, "dev_cla", e->device_class);
}

static void both_topics(const struct ha_out *o, const struct ha_entity *e) {
    ha_channel_topic(o, "stat_t", e->channel, "/get");
    ha_channel_topic(o, "cmd_t", e->channel, "/set");
}

static void slider_members(const struct ha_out *o, const struct ha_entity *e) {
    const struct typed *row = e->row;
    int32_t most = 0;
    for (const char *digit = row->scale; *digit; digit++)
        most = most * 10 + (*digit - '0');
    both_topics(o, e);
    ha_number(o, "min", 0);
    ha_number(o, "max", most);
    ha_number(o, "step", 1);
    ha_text(o, "mode", "slider");
    ha_text(o, "unit_of_meas", e->unit);
}

static void text_members(const struct ha_out *o, const struct ha_entity *e) {
    both_topics(o, e);
    ha_text(o, "mode", "text");
    text_add(o->text, ",\"ret\":true");
}

static void choice_members(const struct ha_out *o, const struct ha_entity *e) {
    char option[OPTION];
    int32_t value;
    both_topics(o, e);
    text_add(o->text, ",\"options\":[");
    for (unsigned i = 0; option_at(o->d, e->channel, i, &value, option, sizeof option); i++) {
        text_add(o->text, i ? "," : "");
        text_json(o->text, option);
    }
    text_char(o->text, ']');
    template_member(o, "val_tpl", e->channel, ha_enum_value_template);
    template_member(o, "cmd_tpl", e->channel, ha_enum_command_template);
}

static void fill(struct ha_entity *e, const struct typed *row) {
    static const struct {
        const char *component;
        ha_members *members;
    } forms[] = {[SENSOR] = {"sensor", sensor_members},
                 [BINARY] = {"binary_sensor", binary_members},
                 [SLIDER] = {"number", slider_members},
                 [CHOICE] = {"select", choice_members},
                 [TEXT] = {"text", text_members}};
    e->component = forms[row->form].component;
    e->members = forms[row->form].members;
    e->row = row;
    e->name = e->labelled ? e->name : row->title;
    e->device_class = row->device_class;
    e->unit = row->unit;
    e->state_class = row->state_class;
    e->on = row->on;
    e->off = row->off;
    e->category = row->form == TEXT ? "config" : NULL;
}

static const struct typed choice_row = {"",   CHOICE, "select", NULL, NULL, NULL,
                                        NULL, NULL,   0,        NULL, NULL};

bool ha_typed(const struct device *d, int channel, struct ha_entity *e) {
    const struct typed *row = row_of(d, channel);
    const struct channel_type *type = channel_type_row(channel_type(d, channel));
    if (!row && type && type->show == CHANNEL_SHOW_CHOICE)
        row = &choice_row;
    if (!row || (row->form == CHOICE && !has_texts(d, channel)))
        return false;
    struct text id = text_start(e->id, sizeof e->id);
    text_add(&id, row->id);
    text_char(&id, '_');
    text_int(&id, channel);
    fill(e, row);
    return true;
}
