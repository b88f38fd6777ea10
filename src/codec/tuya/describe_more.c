/* What the compatible lines leave out, in the order a person asks: which further pins, which way
 * round they work, what protects, how it pairs, what was not understood. */
#include "codec/openbeken/roles.h"
#include "codec/tuya/describe.h"
#include "codec/tuya/keys.h"
#include "codec/tuya/pin_rows.h"
#include <string.h>

#define LINE_SIZE 600

struct more {
    const struct tuya_config *config;
    const struct line_sink *sink;
};

static void emit(const struct more *m, struct text *line) {
    m->sink->line(m->sink->context, line->data);
    line->length = 0;
    line->truncated = false;
    line->data[0] = '\0';
}

/* "<before><number><after>", when the key is there. */
static void number_line(const struct more *m, const char *before, const char *key,
                        const char *after) {
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    const char *value = tuya_config_get(m->config, key);
    if (!value)
        return;
    text_add(&line, before);
    text_add(&line, value);
    text_add(&line, after);
    emit(m, &line);
}

static void scaled_line(const struct more *m, const char *before, int32_t value, int decimals,
                        const char *after) {
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    if (!value)
        return;
    text_add(&line, before);
    text_fixed(&line, value, decimals);
    text_add(&line, after);
    emit(m, &line);
}

static void further_pins(const struct more *m) {
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    for (size_t i = 0; i < m->config->pin_count; i++) {
        const struct tuya_pin *pin = &m->config->pins[i];
        const struct pin_row *row = pin_row_find(pin->key);
        if ((row && row->line) || strncmp(pin->key, "iics", 4) == 0)
            continue;
        text_add(&line, "- ");
        text_add(&line, row ? pin->function : "Unknown function");
        text_add(&line, " on P");
        text_int(&line, pin->gpio);
        text_add(&line, " (");
        text_add(&line, pin->key);
        text_char(&line, ')');
        emit(m, &line);
    }
}

/* Pins whose level is the unusual one for what they are. */
static void levels(const struct more *m) {
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    for (size_t i = 0; i < m->config->pin_count; i++) {
        const struct tuya_pin *pin = &m->config->pins[i];
        if (pin->level < 0)
            continue;
        text_add(&line, "- P");
        text_int(&line, pin->gpio);
        text_add(&line, " (");
        text_add(&line, pin->function);
        text_add(&line, pin->level ? ") is active high" : ") is active low");
        emit(m, &line);
    }
}

static const char *choice(int32_t value, const char *const *words, int32_t count) {
    return value >= 0 && value < count ? words[value] : "unknown";
}

static void meter(const struct more *m) {
    static const char *const chips[] = {"BL0937", "HLW8012", "HLW8032", "BL0942"};
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    int32_t chip = tuya_config_number(m->config, "chip_type", -1);
    if (chip >= 0) {
        text_add(&line, "- Metering chip: ");
        text_add(&line, choice(chip, chips, 4));
        emit(m, &line);
    }
    number_line(m, "- Shunt: ", "resistor", " mOhm");
    number_line(m, "- Shunt: ", "sample_resistor", " mOhm");
    if (tuya_config_get(m->config, "sel_pin_lv"))
        number_line(m, "- SEL level: ", "sel_pin_lv", " (1 is the usual polarity)");
}

static void protections(const struct more *m) {
    const struct tuya_protections *p = &m->config->protections;
    scaled_line(m, "- Protection: switches off above ", p->over_current_ma, 3, " A");
    scaled_line(m, "- Protection: switches off above ", p->over_voltage_v, 0, " V");
    scaled_line(m, "- Protection: under-voltage below ", p->under_voltage_v, 0, " V");
    scaled_line(m, "- Working voltage: ", p->working_voltage_v, 0, " V");
    scaled_line(m, "- Battery is full at ", p->battery_max_mv, 3, " V");
    scaled_line(m, "- Battery is empty at ", p->battery_min_mv, 3, " V");
}

static void switches(const struct more *m) {
    static const char *const states[] = {"off", "on", "as before"};
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    number_line(m, "- Channels: ", "ch_num", "");
    int32_t all = tuya_config_number(m->config, "total_stat", -1);
    if (all >= 0) {
        text_add(&line, "- After a power cut all channels are: ");
        text_add(&line, choice(all, states, 3));
        emit(m, &line);
    }
    for (int n = 1; n <= 8; n++) {
        int32_t one = tuya_config_indexed(m->config, "ch#_stat", n, -1);
        if (one < 0)
            continue;
        text_add(&line, "- After a power cut channel ");
        text_int(&line, n);
        text_add(&line, " is: ");
        text_add(&line, choice(one, states, 3));
        emit(m, &line);
    }
    for (int n = 1; n <= 8; n++) {
        int32_t pulse = tuya_config_indexed(m->config, "rl#_drvtime", n, -1);
        if (pulse < 0)
            continue;
        text_add(&line, "- Latching relay ");
        text_int(&line, n);
        text_add(&line, " is driven for ");
        text_int(&line, pulse);
        text_add(&line, " ms");
        emit(m, &line);
    }
}

static void leds(const struct more *m) {
    static const char *const words[] = {"off", "on", "showing the relay"};
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    if (tuya_config_number(m->config, "netled_reuse", 0) == 1) {
        text_add(&line, "- The Wi-Fi LED also shows the relay");
        emit(m, &line);
    }
    static const char *const keys[] = {"nety_led", "netn_led"};
    static const char *const when[] = {"connected", "not connected"};
    for (int i = 0; i < 2; i++) {
        int32_t state = tuya_config_number(m->config, keys[i], -1);
        if (state < 0)
            continue;
        text_add(&line, "- Wi-Fi LED when ");
        text_add(&line, when[i]);
        text_add(&line, ": ");
        text_add(&line, choice(state, words, 3));
        text_add(&line, " (");
        text_add(&line, keys[i]);
        text_char(&line, ' ');
        text_int(&line, state);
        text_char(&line, ')');
        emit(m, &line);
    }
}

static void pairing(const struct more *m) {
    number_line(m, "- Pairing: hold the button for ", "reset_t", " s");
    number_line(m, "- Pairing trigger: ", "net_trig", " (net_trig)");
    number_line(m, "- Pairing: toggle the power ", "rstnum", " times");
    number_line(m, "- Pairing: toggle the wall switch ", "on_off_cnt", " times");
    number_line(m, "- Pairing: press ", "rstcnt", " times");
    number_line(m, "- Pairing mode of the light: ", "wfcfg", "");
    number_line(m, "- Bluetooth pairing time: ", "ble_pair_time", " s");
}

static void light(const struct more *m) {
    struct tuya_driver driver = tuya_driver_find(m->config);
    number_line(m, "- Colours: ", "cmod", "");
    if (tuya_config_number(m->config, "cwtype", 0) == 1)
        m->sink->line(m->sink->context,
                      "- White outputs are brightness (c) and temperature (w), not cold and warm");
    const char *const codes[] = {"ehccur", "ehwcur", "iicccur", "iicwcur"};
    for (size_t i = 0; driver.name && i < 4; i++) {
        int32_t code = tuya_config_number(m->config, codes[i], -1);
        if (code >= 0)
            scaled_line(m,
                        i % 2 ? "- SM2135 white current in real units: "
                              : "- SM2135 colour current in real units: ",
                        10 + 5 * code, 0, " mA");
    }
    if (driver.name && strcmp(driver.name, "Unknown") == 0)
        m->sink->line(m->sink->context, "- LED driver of unknown type: no key tells its current");
}

static void integrity(const struct more *m) {
    if (m->config->crc == TUYA_CRC_BAD)
        m->sink->line(m->sink->context,
                      "- The stored CRC-7 does not match: the text is damaged or was edited");
    if (m->config->truncated)
        m->sink->line(m->sink->context, "- The text ends early: some keys may be missing");
}

static void unknown_keys(const struct more *m) {
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    for (size_t i = 0; i < m->config->member_count; i++) {
        const struct tuya_member *member = &m->config->members[i];
        if (tuya_key_find(member->key) || pin_row_find(member->key))
            continue;
        text_add(&line, "- Unknown key ");
        text_add(&line, member->key);
        text_add(&line, ": ");
        text_add(&line, member->value);
        emit(m, &line);
    }
}

void tuya_describe_more(const struct tuya_config *config, const struct line_sink *sink) {
    const struct more m = {.config = config, .sink = sink};
    further_pins(&m);
    levels(&m);
    meter(&m);
    protections(&m);
    switches(&m);
    leds(&m);
    light(&m);
    pairing(&m);
    integrity(&m);
    unknown_keys(&m);
}
