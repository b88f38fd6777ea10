/* The operations of the scenario format: structure, life cycle, stimuli. A row per operation. */
#include "base/text.h"
#include "codec/openbeken/channel_types.h"
#include "device/script/command.h"
#include "device/script/events.h"
#include "device/script/script.h"
#include "device/service/inbox.h"
#include "device/service/mqtt/mqtt.h"
#include "device/store/files.h"
#include "virtual/plug/scenario_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

OP(op_none) {
    (void)s, (void)a, (void)n;
}

OP(op_scenario) {
    (void)n;
    snprintf(s->title, sizeof s->title, "%s", a[0].text.data);
}

OP(op_let) {
    (void)n;
    const char *rest = a[1].text.data;
    while (*rest == ' ' || *rest == '\t')
        rest++;
    if (*rest++ != '=') {
        scenario_bad(s, "let name = expression", a[1].text.data);
        return;
    }
    double value = scenario_expression(s, &rest, true);
    for (unsigned i = 0; i < s->variable_count; i++)
        if (strcmp(s->variables[i].name, a[0].text.data) == 0) {
            scenario_bad(s, "a name that is new in this file", a[0].text.data);
            return;
        }
    struct scenario_variable *grown =
        realloc(s->variables, (s->variable_count + 1) * sizeof *grown);
    if (!grown)
        abort();
    s->variables = grown;
    s->variables[s->variable_count++] = (struct scenario_variable){strdup(a[0].text.data), value};
}

OP(op_when) {
    (void)n;
    const char *condition = a[0].text.data, *rest = a[1].text.data;
    double value = scenario_expression(s, &condition, false);
    if (value != 0 && !s->bad[0])
        scenario_perform(s, rest);
}

OP(op_reset) {
    (void)a, (void)n;
    scenario_reset(s);
}

OP(op_shutdown) {
    (void)a, (void)n;
    device_stop(DEVICE);
    device_factory(DEVICE);
}

OP(op_boot) {
    (void)a, (void)n;
    scenario_boot(s);
}

OP(op_config_save) {
    (void)a, (void)n;
    settings_save(DEVICE);
}

OP(op_reset_mqtt) {
    (void)n;
    scenario_reset(s);
    scenario_forget_history(s);
    setting_parse(DEVICE, setting_find("mqtt_client"), a[0].text.data);
    setting_parse(DEVICE, setting_find("mqtt_group"), a[1].text.data);
    device_on_wifi(DEVICE, HAL_WIFI_CONNECTED);
    mqtt_carry(DEVICE);
    for (int i = 0; i < 20; i++)
        mqtt_second(DEVICE);
}

OP(op_wifi) {
    (void)n;
    device_on_wifi(DEVICE, (enum hal_wifi_state)a[0].number);
}

OP(op_run_frames) {
    (void)n;
    uint64_t frames = a[0].number > 0 ? (uint64_t)a[0].number : 0;
    for (uint64_t i = 0; i < frames; i++)
        plug_frame(&s->plug);
}

OP(op_run_ms) {
    (void)n;
    if (a[0].number > 0)
        plug_run_ms(&s->plug, (uint64_t)a[0].number);
}

OP(op_run_s) {
    (void)n;
    if (a[0].number > 0)
        plug_run_ms(&s->plug, (uint64_t)(1000 * a[0].number));
}

OP(op_second) {
    (void)a, (void)n;
    device_second(DEVICE);
}

OP(op_cmd) {
    (void)n;
    s->ok = (int)command_run(DEVICE, a[0].text.data, 0);
}

OP(op_cfg) {
    (void)n;
    const struct setting *setting = setting_find(a[0].text.data);
    if (!setting) {
        scenario_bad(s, "a configuration key", a[0].text.data);
        return;
    }
    if (setting_parse(DEVICE, setting, a[1].text.data) != STATUS_OK)
        scenario_bad(s, "a value in the range of that key", a[1].text.data);
}

OP(op_flag) {
    (void)n;
    settings_set_flag(DEVICE, (unsigned)a[0].number, a[1].number != 0);
}

OP(op_pin_role) {
    (void)n;
    int role = obk_role_find(a[1].text.data);
    if (role < 0)
        scenario_bad(s, "a pin role", a[1].text.data);
    else
        board_set_role(DEVICE, (unsigned)a[0].number, (unsigned)role);
}

OP(op_pin_channel) {
    (void)n;
    board_set_channel(DEVICE, (unsigned)a[0].number, (unsigned)a[1].number);
}

OP(op_pin_channel2) {
    (void)n;
    board_set_channel2(DEVICE, (unsigned)a[0].number, (unsigned)a[1].number);
}

OP(op_pin_set) {
    (void)n;
    plug_pin_set(&s->plug, (unsigned)a[0].number, a[1].number != 0);
}

OP(op_pin_click) {
    (void)n;
    plug_pin_set(&s->plug, (unsigned)a[0].number, false);
    plug_run_ms(&s->plug, 150);
    plug_pin_set(&s->plug, (unsigned)a[0].number, true);
    plug_run_ms(&s->plug, 450);
}

OP(op_adc_set) {
    (void)n;
    if (a[0].number >= 0 && a[0].number < VIRTUAL_PINS)
        s->plug.chip.pins[(unsigned)a[0].number].adc = (int16_t)a[1].number;
}

OP(op_adc_volt) {
    (void)n;
    unsigned pin = (unsigned)a[0].number % VIRTUAL_PINS;
    double volts = a[1].number < 0 ? 0 : a[1].number > 3.3 ? 3.3 : a[1].number;
    if (DEVICE->board.is_adc >> pin & 1)
        s->plug.chip.pins[pin].adc = (int16_t)(volts / 3.3 * 1024);
}

OP(op_channel_set) {
    channel_set(DEVICE, (int)a[0].number, (int32_t)a[1].number, n > 2 ? (unsigned)a[2].number : 0);
}

OP(op_channel_type) {
    (void)n;
    int type = channel_type_find(a[1].text.data);
    if (type < 0)
        scenario_bad(s, "a channel type", a[1].text.data);
    else
        channel_set_type(DEVICE, (int)a[0].number, (unsigned)type);
}

OP(op_mqtt_clear) {
    (void)a, (void)n;
    scenario_forget_history(s);
}

/* A message on <prefix><name>/<middle><suffix>, then one frame. */
static void deliver(struct scenario *s, const char *prefix, const char *name, const char *middle,
                    const char *suffix, const char *payload) {
    char topic[512];
    snprintf(topic, sizeof topic, "%s%s/%s%s", prefix, name, middle, suffix);
    device_on_mqtt(DEVICE, topic, payload);
    plug_frame(&s->plug);
}

OP(op_mqtt_in) {
    (void)n;
    device_on_mqtt(DEVICE, a[0].text.data, a[1].text.data);
    plug_frame(&s->plug);
}

OP(op_mqtt_cmnd) {
    (void)n;
    deliver(s, "cmnd/", DEVICE->config.mqtt_client_id, a[0].text.data, "", a[1].text.data);
}

OP(op_mqtt_group_cmnd) {
    (void)n;
    deliver(s, "cmnd/", DEVICE->config.mqtt_group, a[0].text.data, "", a[1].text.data);
}

OP(op_mqtt_set) {
    (void)n;
    deliver(s, "", DEVICE->config.mqtt_client_id, scenario_number_text(s, a[0].number), "/set",
            a[1].text.data);
}

OP(op_mqtt_group_set) {
    (void)n;
    deliver(s, "", DEVICE->config.mqtt_group, scenario_number_text(s, a[0].number), "/set",
            a[1].text.data);
}

OP(op_file_write) {
    (void)n;
    enum status status =
        store_file_write(&DEVICE->store, a[0].text.data, a[1].text.data, a[1].text.length);
    if (status != STATUS_OK)
        scenario_check(s, false, "the file to be written", status_text(status));
}

OP(op_file_remove) {
    (void)n;
    store_file_remove(&DEVICE->store, a[0].text.data);
}

/* Signatures: see scenario_run.h. */
const struct scenario_op scenario_ops[] = {
    {"scenario-format", "n", op_none},
    {"scenario", "t", op_scenario},
    {"section", "t", op_none},
    {"let", "l*", op_let},
    {"when", "l*", op_when},
    {"do", "r", op_none},
    {"reset", "", op_reset},
    {"shutdown", "", op_shutdown},
    {"boot", "", op_boot},
    {"config-save", "", op_config_save},
    {"reset-mqtt", "tt", op_reset_mqtt},
    {"wifi", "n", op_wifi},
    {"run-frames", "n", op_run_frames},
    {"run-ms", "n", op_run_ms},
    {"run-s", "n", op_run_s},
    {"second", "", op_second},
    {"cmd", "t", op_cmd},
    {"cfg", "wt", op_cfg},
    {"flag", "nn", op_flag},
    {"pin-role", "nt", op_pin_role},
    {"pin-channel", "nn", op_pin_channel},
    {"pin-channel2", "nn", op_pin_channel2},
    {"pin-set", "nn", op_pin_set},
    {"pin-click", "n", op_pin_click},
    {"adc-set", "nn", op_adc_set},
    {"adc-volt", "nn", op_adc_volt},
    {"channel-set", "nnN", op_channel_set},
    {"channel-type", "nw", op_channel_type},
    {"mqtt-clear", "", op_mqtt_clear},
    {"mqtt-init", "", scenario_mqtt_init},
    {"mqtt-second", "", scenario_mqtt_second},
    {"json-mqtt", "tw", scenario_json_mqtt},
    {"mqtt-in", "tt", op_mqtt_in},
    {"mqtt-cmnd", "tt", op_mqtt_cmnd},
    {"mqtt-group-cmnd", "tt", op_mqtt_group_cmnd},
    {"mqtt-set", "nw", op_mqtt_set},
    {"mqtt-group-set", "nw", op_mqtt_group_set},
    {"file-write", "tt", op_file_write},
    {"file-remove", "t", op_file_remove},
    {"http-get", "t", scenario_http_get},
    {"http-post", "tt", scenario_http_post},
    {"http-json", "t", scenario_http_json},
    {"http-post-json", "tt", scenario_http_post_json},
    {"meter-in", "wnnnNN", scenario_meter_in},
    {NULL, NULL, NULL},
};
