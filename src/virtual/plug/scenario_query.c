/* The queries of the scenario format, numeric and text. A row per query. */
#include "codec/openbeken/channel_types.h"
#include "device/identity.h"
#include "device/service/mqtt/ha.h"
#include "virtual/plug/scenario_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define INT ((int)a[0].number)
#define PIN ((unsigned)a[0].number % VIRTUAL_PINS)

NUMBER(channel, channel_get(DEVICE, INT))
NUMBER(channel_exact, channel_get_float(DEVICE, INT))
NUMBER(channel_divided, channel_final(DEVICE, INT))
NUMBER(type_of, channel_type(DEVICE, INT))
NUMBER(channel_on, channel_get(DEVICE, INT) > 0)
NUMBER(channel_in_use, channel_used(DEVICE, INT))
NUMBER(labeled, channel_label(DEVICE, INT) != NULL)
NUMBER(pin, virtual_pin_level(&s->plug.chip, PIN))
NUMBER(pin_is_pwm, DEVICE->board.is_pwm >> PIN & 1)
NUMBER(pin_is_input, DEVICE->board.is_input >> PIN & 1)
NUMBER(pin_is_adc, DEVICE->board.is_adc >> PIN & 1)
NUMBER(pwm, board_duty(DEVICE, PIN))
NUMBER(pin_role, board_role(DEVICE, PIN))
NUMBER(pin_channel, DEVICE->config.pins[PIN].channel)
NUMBER(pin_channel2, DEVICE->config.pins[PIN].channel2)
NUMBER(pin_index, board_pin_find(DEVICE, a[0].text.data))
NUMBER(relay_count, board_relay_count(DEVICE))
NUMBER(pwm_count, board_pwm_count(DEVICE))
NUMBER(input_count, board_input_count(DEVICE))
NUMBER(flag, settings_flag(DEVICE, (unsigned)INT))
NUMBER(flags32, DEVICE->config.flags)
NUMBER(flags64, settings_flags(DEVICE))
NUMBER(dirty, DEVICE->config_dirty)
NUMBER(ok, s->ok)
NUMBER(uptime, DEVICE->uptime_s)
NUMBER(mqtt_on, DEVICE->mqtt_connected)
NUMBER(wifi_on, DEVICE->wifi == HAL_WIFI_CONNECTED)
NUMBER(led_mode, DEVICE->light.mode)
NUMBER(led_final, INT >= 0 && INT < 5 ? DEVICE->light.final[INT] : 0)
NUMBER(led_base, INT >= 0 && INT < 5 ? DEVICE->light.base[INT] : 0)
NUMBER(led_map, INT >= 0 && INT < 5 ? DEVICE->config.led_map[INT] : 0)
NUMBER(enum_defined, channel_enum_count(DEVICE, INT) > 0)
NUMBER(enum_count, channel_enum_count(DEVICE, INT))
NUMBER(absolute, fabs(a[0].number))
NUMBER(text_len, a[0].text.length)
NUMBER(has_text, a[0].text.length != 0)
NUMBER(text_has, strstr(a[0].text.data, a[1].text.data) != NULL)
NUMBER(text_differs, strcmp(a[0].text.data, a[1].text.data) != 0)
NUMBER(text_differs_n, strncmp(a[0].text.data, a[1].text.data, (size_t)a[2].number) != 0)

static double role_id(struct scenario *s, args_t a, unsigned n) {
    (void)s, (void)n;
    int role = obk_role_find(a[0].text.data);
    return role < 0 ? OBK_ROLE_COUNT : role;
}

static double enum_any(struct scenario *s, args_t a, unsigned n) {
    (void)a, (void)n;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channel_enum_count(DEVICE, i))
            return 1;
    return 0;
}

static double enum_value(struct scenario *s, args_t a, unsigned n) {
    int32_t value = 0;
    (void)n;
    channel_enum_at(DEVICE, INT, (unsigned)a[1].number, &value);
    return value;
}

/* A channel type by name or number; -1: none. */
static int type_named(const struct scenario_arg *a) {
    int id = channel_type_find(a->text.data);
    bool is_number = a->text.length && !a->text.data[strspn(a->text.data, "0123456789")];
    return id >= 0 || !is_number ? id : (int)a->number;
}

static double type_divider(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    int id = type_named(&a[0]);
    const struct channel_type *row = id < 0 ? NULL : channel_type_row((unsigned)id);
    if (!row)
        scenario_bad(s, "a channel type", a[0].text.data);
    return row ? row->divider : 1;
}

/* The first channel whose type has a name that begins so ("Humidity_div10"); -1: none. */
static int first_of(struct scenario *s, const char *type) {
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        const struct channel_type *row = channel_type_row(channel_type(DEVICE, i));
        if (row && strncmp(row->name, type, strlen(type)) == 0)
            return i;
    }
    return -1;
}

static double first_value(struct scenario *s, const char *type) {
    int channel = first_of(s, type);
    return channel < 0 ? 0 : (double)channel_final(DEVICE, channel);
}
NUMBER(has_humidity, first_of(s, "Humidity") >= 0)
NUMBER(first_humidity, first_value(s, "Humidity"))
NUMBER(has_temperature, first_of(s, "Temperature") >= 0)
NUMBER(first_temperature, first_value(s, "Temperature"))

static struct scenario_text body(struct scenario *s, args_t a, unsigned n) {
    (void)a, (void)n;
    return scenario_text_keep(s, s->body.data ? s->body.data : "", s->body.length);
}

static double cfg_int(struct scenario *s, args_t a, unsigned n) {
    static const char *const names[][2] = {{"boot_ok", "boot_ok"},
                                           {"mqtt_port", "mqtt_port"},
                                           {"ping_interval", "ping_interval"},
                                           {"ping_seconds", "ping_seconds"}};
    (void)n;
    const struct obk_config *c = &DEVICE->config;
    const double values[] = {c->boot_ok_seconds, c->mqtt_port, c->ping_interval, c->ping_seconds};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i][0], a[0].text.data) == 0)
            return values[i];
    scenario_bad(s, "mqtt_port, ping_interval, ping_seconds or boot_ok", a[0].text.data);
    return 0;
}

static struct scenario_text cfg(struct scenario *s, args_t a, unsigned n) {
    char buffer[2048];
    (void)n;
    const struct setting *setting = setting_find(a[0].text.data);
    if (!setting) {
        scenario_bad(s, "a configuration key", a[0].text.data);
        return scenario_text_of(s, "");
    }
    setting_print(DEVICE, setting, buffer, sizeof buffer);
    return scenario_text_of(s, buffer);
}

TEXT(role_name, obk_role_row((unsigned)INT) ? (INT ? obk_role_name((unsigned)INT) : " ") : "")
TEXT(ip, "127.0.0.1")

static struct scenario_text label(struct scenario *s, args_t a, unsigned n) {
    char buffer[16];
    (void)n;
    const char *text = channel_label(DEVICE, INT);
    snprintf(buffer, sizeof buffer, "%d", INT);
    return scenario_text_of(s, text ? text : buffer);
}

static struct scenario_text enum_text(struct scenario *s, args_t a, unsigned n) {
    int32_t value;
    (void)n;
    return scenario_text_of(s, channel_enum_at(DEVICE, INT, (unsigned)a[1].number, &value));
}

static struct scenario_text enum_label(struct scenario *s, args_t a, unsigned n) {
    char buffer[16];
    (void)n;
    const char *text = channel_enum_text(DEVICE, INT, (int32_t)a[1].number);
    snprintf(buffer, sizeof buffer, "%d", (int)a[1].number);
    return scenario_text_of(s, text ? text : buffer);
}

static struct scenario_text enum_template(struct scenario *s, int channel,
                                          void (*print)(const struct device *, int,
                                                        struct text *)) {
    char buffer[1024];
    struct text t = text_start(buffer, sizeof buffer);
    print(DEVICE, channel, &t);
    return scenario_text_of(s, buffer);
}

static struct scenario_text enum_value_template(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    return enum_template(s, INT, ha_enum_value_template);
}

static struct scenario_text enum_command_template(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    return enum_template(s, INT, ha_enum_command_template);
}

static struct scenario_text type_unit(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    int id = type_named(&a[0]);
    const struct channel_type *row = id < 0 ? NULL : channel_type_row((unsigned)id);
    return scenario_text_of(s, row ? row->unit : "");
}

static struct scenario_text type_title(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    int id = type_named(&a[0]);
    const struct channel_type *row = id < 0 ? NULL : channel_type_row((unsigned)id);
    return scenario_text_of(s, row ? row->label : "");
}

/* Cuts digits after the point, without rounding. */
static struct scenario_text strip_decimals(struct scenario *s, args_t a, unsigned n) {
    struct scenario_text out = scenario_text_keep(s, a[0].text.data, a[0].text.length);
    (void)n;
    char *point = strchr(out.data, '.');
    size_t keep = a[1].number > 0 ? (size_t)a[1].number + 1 : 0;
    if (point && strlen(point) > keep)
        point[keep] = 0;
    out.length = strlen(out.data);
    return out;
}

static struct scenario_text ident(struct scenario *s, args_t a, unsigned n) {
    (void)n;
    const struct {
        const char *key, *value;
    } words[] = {{"manufacturer", identity_maker(DEVICE)},
                 {"version", identity_version()},
                 {"chip", DEVICE->hal.chip.name},
                 {"prefix_long", "OpenBK7231N"},
                 {"prefix_short", "obk"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].key, a[0].text.data) == 0)
            return scenario_text_of(s, words[i].value);
    scenario_bad(s, "manufacturer, version, chip, prefix_long or prefix_short", a[0].text.data);
    return scenario_text_of(s, "");
}

const struct scenario_query scenario_queries[] = {
    {"channel", "n", channel, NULL},
    {"channel_float", "n", channel_exact, NULL},
    {"channel_final", "n", channel_divided, NULL},
    {"channel_type", "n", type_of, NULL},
    {"channel_on", "n", channel_on, NULL},
    {"channel_used", "n", channel_in_use, NULL},
    {"channel_labeled", "n", labeled, NULL},
    {"pin", "n", pin, NULL},
    {"pin_is_pwm", "n", pin_is_pwm, NULL},
    {"pin_is_input", "n", pin_is_input, NULL},
    {"pin_is_adc", "n", pin_is_adc, NULL},
    {"pwm", "n", pwm, NULL},
    {"pin_role", "n", pin_role, NULL},
    {"pin_channel", "n", pin_channel, NULL},
    {"pin_channel2", "n", pin_channel2, NULL},
    {"pin_index", "t", pin_index, NULL},
    {"role_id", "t", role_id, NULL},
    {"relay_count", "", relay_count, NULL},
    {"pwm_count", "", pwm_count, NULL},
    {"input_count", "", input_count, NULL},
    {"flag", "n", flag, NULL},
    {"flags32", "", flags32, NULL},
    {"flags64", "", flags64, NULL},
    {"cfg_int", "w", cfg_int, NULL},
    {"config_dirty", "", dirty, NULL},
    {"ok", "", ok, NULL},
    {"uptime", "", uptime, NULL},
    {"mqtt_on", "", mqtt_on, NULL},
    {"wifi_on", "", wifi_on, NULL},
    {"reading", "n", scenario_reading, NULL},
    {"type_divider", "w", type_divider, NULL},
    {"led_mode", "", led_mode, NULL},
    {"led_final", "n", led_final, NULL},
    {"led_base", "n", led_base, NULL},
    {"led_map", "n", led_map, NULL},
    {"enum", "n", enum_defined, NULL},
    {"enum_any", "", enum_any, NULL},
    {"enum_count", "n", enum_count, NULL},
    {"enum_value", "nn", enum_value, NULL},
    {"abs", "n", absolute, NULL},
    {"text_len", "t", text_len, NULL},
    {"has_text", "t", has_text, NULL},
    {"text_has", "tt", text_has, NULL},
    {"text_differs", "tt", text_differs, NULL},
    {"text_differs_n", "ttn", text_differs_n, NULL},
    {"has_humidity", "", has_humidity, NULL},
    {"first_humidity", "", first_humidity, NULL},
    {"has_temperature", "", has_temperature, NULL},
    {"first_temperature", "", first_temperature, NULL},
    {"body", "", NULL, body},
    {"cfg", "w", NULL, cfg},
    {"ip", "", NULL, ip},
    {"channel_label", "n", NULL, label},
    {"role_name", "n", NULL, role_name},
    {"type_title", "w", NULL, type_title},
    {"type_unit", "w", NULL, type_unit},
    {"enum_value_template", "n", NULL, enum_value_template},
    {"enum_command_template", "n", NULL, enum_command_template},
    {"enum_text", "nn", NULL, enum_text},
    {"enum_label", "nn", NULL, enum_label},
    {"strip_decimals", "tn", NULL, strip_decimals},
    {"ident", "w", NULL, ident},
    {NULL, NULL, NULL, NULL},
};
