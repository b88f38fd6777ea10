/* Which entities the device has; see ha.h. */
#include "codec/openbeken/channel_types.h"
#include "codec/openbeken/roles.h"
#include "device/driver.h"
#include "device/role_groups.h"
#include "device/service/mqtt/ha.h"
#include "device/service/mqtt/parts.h"

struct walk {
    struct device *d;
    ha_visit *visit;
    void *context;
    uint64_t done; /* channels that have an entity */
    bool ended;
};

static void tell(struct walk *w, struct ha_entity *e) {
    if (!w->ended)
        w->ended = !w->visit(e, w->context);
}

/* An entity of a channel; its name is the channel's label or number. */
static struct ha_entity channel_entity(const struct device *d, const char *component,
                                       const char *kind, int channel) {
    struct ha_entity e = {.component = component, .channel = (int16_t)channel, .channel2 = -1};
    struct text id = text_start(e.id, sizeof e.id), number = text_start(e.number, sizeof e.number);
    text_add(&id, kind);
    text_char(&id, '_');
    text_int(&id, channel);
    text_int(&number, channel);
    e.name = channel_label(d, channel);
    e.labelled = e.name != NULL;
    return e;
}

static bool is_type(const struct device *d, int channel, const char *name) {
    const struct channel_type *row = channel_type_row(channel_type(d, channel));
    return row && strcmp(row->name, name) == 0;
}

static bool is_toggle(const struct device *d, int channel) {
    return is_type(d, channel, "Toggle") || is_type(d, channel, "Toggle_Inv");
}

static uint64_t bit(int channel) {
    return (uint64_t)1 << channel;
}

/* --- a toggle and a dimmer are one light --- */

static int32_t dimmer_scale(const struct device *d, int channel) {
    static const struct {
        const char *type;
        int32_t scale;
    } scales[] = {{"Dimmer", 100}, {"Dimmer1000", 1000}, {"Dimmer256", 256}};
    for (unsigned i = 0; i < sizeof scales / sizeof *scales; i++)
        if (is_type(d, channel, scales[i].type))
            return scales[i].scale;
    return 0;
}

static void pair_members(const struct ha_out *o, const struct ha_entity *e) {
    ha_channel_topic(o, "stat_t", e->channel, "/get");
    ha_channel_topic(o, "cmd_t", e->channel, "/set");
    ha_channel_topic(o, "bri_stat_t", e->channel2, "/get");
    ha_channel_topic(o, "bri_cmd_t", e->channel2, "/set");
    ha_number(o, "bri_scl", dimmer_scale(o->d, e->channel2));
}

static void pairs(struct walk *w) {
    enum { FLAG_DO_NOT_MERGE = 45 };
    const struct device *d = w->d;
    int dimmer = 0;
    for (int i = 0; i < CHANNEL_COUNT && !settings_flag(d, FLAG_DO_NOT_MERGE); i++) {
        if (!is_toggle(d, i) || channel_is_private(d, i))
            continue;
        while (dimmer < CHANNEL_COUNT && !dimmer_scale(d, dimmer))
            dimmer++;
        if (dimmer == CHANNEL_COUNT)
            return;
        struct ha_entity e = channel_entity(d, "light", "light", i);
        e.on = "1";
        e.off = "0";
        e.channel2 = (int16_t)dimmer;
        e.members = pair_members;
        tell(w, &e);
        w->done |= bit(i) | bit(dimmer++);
    }
}

/* --- the light of PWM channels and LED chips --- */

#define RGB_COMMAND "{{'#%02x%02x%02x0000'|format(red,green,blue)}}"
#define RGB_VALUE                                                                                  \
    "{{ value[0:2]|int(base=16) }},{{ value[2:4]|int(base=16) }},{{ value[4:6]|int(base=16) }}"

enum light_parts { LIGHT_RGB_PART = 1, LIGHT_WHITE_PART = 2 };

static void light_members(const struct ha_out *o, const struct ha_entity *e) {
    unsigned parts = (unsigned)e->channel2;
    if (parts == LIGHT_WHITE_PART)
        ha_text(o, "on_cmd_type", "first");
    if (parts & LIGHT_RGB_PART) {
        ha_text(o, "rgb_cmd_tpl", RGB_COMMAND);
        ha_text(o, "rgb_val_tpl", RGB_VALUE);
        ha_topic(o, "rgb_stat_t", "led_basecolor_rgb", "/get");
        ha_command(o, "rgb_cmd_t", "led_basecolor_rgb");
    }
    if (parts & LIGHT_WHITE_PART) {
        ha_command(o, "clr_temp_cmd_t", "led_temperature");
        ha_topic(o, "clr_temp_stat_t", "led_temperature", "/get");
        ha_text(o, "min_mirs", "154");
        ha_text(o, "max_mirs", "500");
    }
    ha_topic(o, "stat_t", "led_enableAll", "/get");
    ha_command(o, "cmd_t", "led_enableAll");
    ha_topic(o, "bri_stat_t", "led_dimmer", "/get");
    ha_command(o, "bri_cmd_t", "led_dimmer");
    ha_number(o, "bri_scl", 100);
}

static int first_light_channel(const struct device *d) {
    int first = CHANNEL_COUNT;
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++)
        if (role_bits(board_role(d, pin)) & ROLE_LIGHT && d->config.pins[pin].channel < first)
            first = d->config.pins[pin].channel;
    return first;
}

static void light(struct walk *w) {
    enum { FLAG_FORCE_RGBCW = 4, FLAG_EMULATE_COOL = 24 };
    static const uint8_t parts_of[] = {
        0, 0, LIGHT_WHITE_PART, LIGHT_RGB_PART, 0, LIGHT_RGB_PART | LIGHT_WHITE_PART};
    const struct device *d = w->d;
    unsigned outputs = light_outputs(d);
    if (!light_active(d))
        return;
    if (settings_flag(d, FLAG_FORCE_RGBCW) || outputs == 0 ||
        (outputs == 4 && settings_flag(d, FLAG_EMULATE_COOL)))
        outputs = 5;
    if (outputs == 4)
        return;
    struct ha_entity e = channel_entity(d, "light", "light", first_light_channel(d) % 64);
    e.on = "1";
    e.off = "0";
    e.channel2 = parts_of[outputs];
    e.members = light_members;
    if (outputs > 1) {
        memcpy(e.id, "light", 6);
        e.name = "Light";
        e.labelled = false;
    }
    tell(w, &e);
}

/* --- the meter --- */

struct reading {
    const char *id, *name, *device_class, *topic, *state_class, *unit;
    bool by_clock; /* only when days are known */
    bool resets;   /* a day's or an hour's sum: no running total */
};

static const struct reading meter_rows[] = {
    {"sensor_0", "Voltage", "voltage", "voltage", "measurement", "V", false, false},
    {"sensor_138", "Frequency", "frequency", "138", "measurement", "Hz", false, false},
    {"sensor_1", "Current", "current", "current", "measurement", "A", false, false},
    {"sensor_2", "Power", "power", "power", "measurement", "W", false, false},
    {"sensor_9", "Apparent Power", "apparent_power", "power_apparent", "measurement", "VA", false,
     false},
    {"sensor_10", "Reactive Power", "reactive_power", "power_reactive", "measurement", "var", false,
     false},
    {"sensor_11", "Power Factor", "power_factor", "power_factor", "measurement", NULL, false,
     false},
    {"sensor_3", "Energy Total", "energy", "energycounter", "total_increasing", "Wh", false, false},
    {"sensor_4", "Energy Last Hour", "energy", "energycounter_last_hour", "total_increasing", "Wh",
     false, true},
    {"sensor_7", "Energy Today", "energy", "energycounter_today", "total_increasing", "Wh", true,
     false},
    {"sensor_6", "Energy Yesterday", "energy", "energycounter_yesterday", "total_increasing", "Wh",
     true, true},
    {"sensor_12", "Energy 2 Days Ago", "energy", "energycounter_2_days_ago", "total_increasing",
     "Wh", true, true},
    {"sensor_13", "Energy 3 Days Ago", "energy", "energycounter_3_days_ago", "total_increasing",
     "Wh", true, true},
    {"sensor_8", "Energy Clear Date", "timestamp", "energycounter_clear_date", NULL, NULL, true,
     false},
};

static bool entities_alone(const struct device *d) {
    return d->config.ha_form == HA_FORM_ENTITIES;
}

static void meter(struct walk *w) {
    const struct device *d = w->d;
    bool days = driver_on(d, "NTP") || d->clock_set;
    for (unsigned i = 0; i < sizeof meter_rows / sizeof *meter_rows && d->metering.present; i++) {
        const struct reading *r = &meter_rows[i];
        struct ha_entity e = {.component = "sensor",
                              .name = r->name,
                              .device_class = r->device_class,
                              .unit = r->unit,
                              .state_class = r->state_class,
                              .topic = r->topic,
                              .channel = -1,
                              .channel2 = -1};
        if ((r->by_clock && !days) || (i == 1 && !(d->metering.live[METER_FREQUENCY] > 0)))
            continue;
        if (r->resets && !entities_alone(d))
            e.state_class = NULL; /* it also falls: no running total */
        if (r->unit && strcmp(r->unit, "Wh") == 0 && settings_flag(d, FLAG_KWH))
            e.unit = "kWh";
        struct text id = text_start(e.id, sizeof e.id);
        text_add(&id, r->id);
        tell(w, &e);
    }
}

/* --- sensors on pins --- */

static void scaled_members(const struct ha_out *o, const struct ha_entity *e) {
    ha_text(o, "dev_cla", e->device_class);
    ha_text(o, "unit_of_meas", e->unit);
    ha_channel_topic(o, "stat_t", e->channel, "/get");
    ha_text(o, "stat_cla", e->state_class);
    if (e->row)
        ha_text(o, "val_tpl", e->row);
}

static void pin_sensor(struct walk *w, int channel, const char *kind, const char *class,
                       const char *unit, const char *template) {
    struct ha_entity e = channel_entity(w->d, "sensor", kind, channel);
    if (channel >= CHANNEL_COUNT || w->done & bit(channel))
        return;
    e.device_class = class;
    e.unit = unit;
    e.state_class = "measurement";
    e.members = scaled_members;
    e.row = template;
    tell(w, &e);
    w->done |= bit(channel);
}

static void pin_sensors(struct walk *w) {
    for (unsigned pin = 0; pin < w->d->hal.chip.pins; pin++) {
        const struct obk_pin *p = &w->d->config.pins[pin];
        if (p->role == OBK_ROLE_SGP_DAT) {
            pin_sensor(w, p->channel, "co2", "carbon_dioxide", "ppm", NULL);
            pin_sensor(w, p->channel2, "tvoc", "volatile_organic_compounds_parts", "ppb", NULL);
        } else if (role_is_sensor(p->role)) {
            pin_sensor(w, p->channel, "temperature", "temperature", "°C",
                       "{{ '%0.2f'|format(float(value)*0.1) }}");
            pin_sensor(w, p->channel2, "humidity", "humidity", "%", NULL);
        }
    }
}

/* --- channels by type --- */

static void typed_channels(struct walk *w) {
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        struct ha_entity e = channel_entity(w->d, "sensor", "sensor", i);
        if (w->done & bit(i) || channel_is_private(w->d, i) || !ha_typed(w->d, i, &e))
            continue;
        tell(w, &e);
        w->done |= bit(i);
    }
}

/* --- relays and toggles --- */

static void switch_members(const struct ha_out *o, const struct ha_entity *e) {
    ha_channel_topic(o, "stat_t", e->channel, "/get");
    ha_channel_topic(o, "cmd_t", e->channel, "/set");
}

static bool switchable(const struct walk *w, int channel) {
    return !(w->done & bit(channel)) && !channel_is_private(w->d, channel) &&
           (channel_is_relay(w->d, channel) || is_toggle(w->d, channel));
}

static void switches(struct walk *w) {
    bool lights = settings_flag(w->d, FLAG_RELAYS_ARE_LIGHTS);
    unsigned count = 0;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        count += switchable(w, i);
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (!switchable(w, i))
            continue;
        struct ha_entity e =
            channel_entity(w->d, lights ? "light" : "switch", lights ? "light" : "relay", i);
        bool inverted = is_type(w->d, i, "Toggle_Inv");
        e.on = inverted ? "0" : "1";
        e.off = inverted ? "1" : "0";
        e.only = count == 1;
        e.members = switch_members;
        tell(w, &e);
        w->done |= bit(i);
    }
}

/* --- inputs --- */

static void input_members(const struct ha_out *o, const struct ha_entity *e) {
    ha_channel_topic(o, "stat_t", e->channel, "/get");
}

static void inputs(struct walk *w) {
    for (unsigned pin = 0; pin < w->d->hal.chip.pins; pin++) {
        int channel = w->d->config.pins[pin].channel;
        if (!(role_bits(board_role(w->d, pin)) & ROLE_INPUT) || channel >= CHANNEL_COUNT ||
            w->done & bit(channel) || channel_is_private(w->d, channel))
            continue;
        struct ha_entity e = channel_entity(w->d, "binary_sensor", "binary_sensor", channel);
        e.on = "0";
        e.off = "1";
        e.members = input_members;
        tell(w, &e);
        w->done |= bit(channel);
    }
}

/* --- what the device says about itself --- */

static const struct {
    const char *id, *name, *device_class, *topic, *state_class, *unit, *icon;
    bool ours; /* not known to OpenBeken: only in the device message */
} self_rows[] = {
    {"temp", "Temperature", "temperature", "temp", "measurement", "°C", NULL, false},
    {"rssi", "RSSI", "signal_strength", "rssi", "measurement", "dBm", NULL, false},
    {"uptime", "Uptime", "duration", "uptime", "total_increasing", "s", NULL, false},
    {"build", "Build", NULL, "build", NULL, NULL, NULL, false},
    {"ssid", "SSID", NULL, "ssid", NULL, NULL, "mdi:access-point-network", false},
    {"ip", "IP", NULL, "ip", NULL, NULL, "mdi:ip-network", false},
    {"restart_reason", "Restart reason", NULL, "restart_reason", NULL, NULL, "mdi:restart-alert",
     true},
};

static void diagnostics(struct walk *w) {
    if (!settings_flag(w->d, FLAG_BROADCAST_EACH_MINUTE) &&
        !settings_flag(w->d, FLAG_BROADCAST_ON_CONNECT))
        return;
    for (unsigned i = 0; i < sizeof self_rows / sizeof *self_rows; i++) {
        if (self_rows[i].ours && entities_alone(w->d))
            continue;
        struct ha_entity e = {.component = "sensor",
                              .name = self_rows[i].name,
                              .device_class = self_rows[i].device_class,
                              .unit = self_rows[i].unit,
                              .state_class = self_rows[i].state_class,
                              .topic = self_rows[i].topic,
                              .self = true,
                              .category = "diagnostic",
                              .icon = self_rows[i].icon,
                              .channel = -1,
                              .channel2 = -1};
        struct text id = text_start(e.id, sizeof e.id);
        text_add(&id, self_rows[i].id);
        tell(w, &e);
    }
}

static void restart_members(const struct ha_out *o, const struct ha_entity *e) {
    ha_command(o, "cmd_t", "restart");
    ha_text(o, "pl_prs", "1");
    ha_text(o, "dev_cla", e->device_class);
}

static void buttons(struct walk *w) {
    struct ha_entity e = {.component = "button",
                          .id = "button_restart",
                          .name = "Restart",
                          .device_class = "restart",
                          .category = "config",
                          .members = restart_members,
                          .channel = -1,
                          .channel2 = -1};
    if (!entities_alone(w->d))
        tell(w, &e);
}

void ha_each(struct device *d, ha_visit *visit, void *context) {
    struct walk w = {d, visit, context, 0, false};
    struct ha_entity e;
    for (unsigned i = 0; i < ha_driver_places(); i++)
        if (ha_driver_at(d, i, &e))
            tell(&w, &e);
    pairs(&w);
    light(&w);
    meter(&w);
    pin_sensors(&w);
    typed_channels(&w);
    switches(&w);
    inputs(&w);
    diagnostics(&w);
    buttons(&w);
}
