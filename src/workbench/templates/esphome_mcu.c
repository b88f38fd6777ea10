/* TuyaMCU devices: the UART bridge, and one entity per datapoint when the schema is known. */
#include "codec/tuya/loose.h"
#include "workbench/templates/esphome.h"

#include <string.h>

static void words_of(char *out, size_t size, const struct schema_datapoint *row) {
    struct text text = text_start(out, size);
    text_add(&text, "Datapoint ");
    text_int(&text, row->id);
}

static const char *scale_factor(int32_t scale) {
    static const char *const factors[] = {"1",       "0.1",      "0.01",      "0.001", "0.0001",
                                          "0.00001", "0.000001", "0.0000001", "1e-8",  "1e-9"};
    return factors[scale];
}

static void value(struct esphome *e, const struct schema_datapoint *row, const char *name,
                  bool writable) {
    const char *section = writable ? "number" : "sensor";
    yaml_add(&e->yaml, section, "  - platform: tuya\n    name: %s\n", name);
    yaml_add(&e->yaml, section,
             writable ? "    number_datapoint: %d\n" : "    sensor_datapoint: %d\n", (int)row->id);
    char unit[16];
    if (*row->unit)
        yaml_add(&e->yaml, section, "    unit_of_measurement: \"%s\"\n",
                 yaml_plain(unit, sizeof unit, row->unit));
    if (writable) {
        char limits[96];
        struct text text = text_start(limits, sizeof limits);
        text_add(&text, "    min_value: ");
        text_fixed(&text, row->least, row->scale);
        text_add(&text, "\n    max_value: ");
        text_fixed(&text, row->most, row->scale);
        text_add(&text, "\n    step: ");
        text_fixed(&text, row->step > 0 ? row->step : 1, row->scale);
        yaml_add(&e->yaml, section, "%s\n", limits);
        if (row->scale)
            yaml_add(&e->yaml, section, "    multiply: 1e%d\n", (int)row->scale);
    } else if (row->scale) {
        yaml_add(&e->yaml, section, "    filters:\n      - multiply: %s\n",
                 scale_factor(row->scale));
    }
}

static void enumeration(struct esphome *e, const struct schema_datapoint *row, const char *name) {
    yaml_add(&e->yaml, "select",
             "  - platform: tuya\n    name: %s\n    enum_datapoint: %d\n    optimistic: true\n"
             "    options:\n",
             name, (int)row->id);
    int number = 0;
    char words[SCHEMA_RANGE_MAX];
    for (const char *p = yaml_plain(words, sizeof words, row->range); *p; number++) {
        size_t size = strcspn(p, ",");
        yaml_add(&e->yaml, "select", "      %d: \"%.*s\"\n", number, (int)size, p);
        p += size;
        p += *p == ',';
    }
}

static void datapoint(struct esphome *e, const struct schema_datapoint *row) {
    char name[32];
    bool writable = strchr(row->mode, 'w') != NULL;
    words_of(name, sizeof name, row);
    if (row->type == SCHEMA_BOOL && writable)
        yaml_add(&e->yaml, "switch", "  - platform: tuya\n    name: %s\n    switch_datapoint: %d\n",
                 name, (int)row->id);
    else if (row->type == SCHEMA_BOOL)
        yaml_add(&e->yaml, "binary_sensor",
                 "  - platform: tuya\n    name: %s\n    sensor_datapoint: %d\n", name,
                 (int)row->id);
    else if (row->type == SCHEMA_VALUE)
        value(e, row, name, writable);
    else if (row->type == SCHEMA_ENUM && writable)
        enumeration(e, row, name);
    else if (row->type == SCHEMA_ENUM || row->type == SCHEMA_STRING)
        yaml_add(&e->yaml, "text_sensor",
                 "  - platform: tuya\n    name: %s\n    sensor_datapoint: %d\n", name,
                 (int)row->id);
    else
        template_warn(e->out, "datapoint %d (%s) is left out", (int)row->id,
                      schema_type_name(row->type));
}

void esphome_mcu(struct esphome *e) {
    if (!e->config->baud || tuya_config_number(e->config, "chip_type", -1) == 3)
        return;
    bool plain = loose_is_number(e->config->baud, strlen(e->config->baud));
    yaml_add(&e->yaml, "uart", "  rx_pin: RX1\n  tx_pin: TX1\n  baud_rate: %s\n",
             plain ? e->config->baud : "REPLACEME");
    if (!plain)
        template_warn(e->out, "the stored baud rate is no number: replace REPLACEME");
    yaml_add(&e->yaml, "tuya", "%s", "");
    e->components++;
    for (size_t i = 0; i < e->in->schema_count; i++)
        datapoint(e, &e->in->schema[i]);
    if (!e->in->schema_count)
        template_warn(e->out, "TuyaMCU without a datapoint schema: add entities from a capture");
    else
        template_warn(e->out, "names of datapoints are not stored: rename them after a look at "
                              "what they do");
}
