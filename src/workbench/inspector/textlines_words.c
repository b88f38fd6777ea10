/* The description in words, as people paste it from a forum: "Relay (channel 1) on P26". */
#include "workbench/inspector/line_form.h"

#include "codec/tuya/loose.h"

#include <string.h>

struct form {
    const char *pattern;
    const char *key; /* `#` is replaced */
};

/* The words of description lines, with and without leading "- ". */
static const struct form words[] = {
    {"LED (channel #) on P$", "led#_pin"},
    {"WiFi LED on P$", "netled_pin"},
    {"Status LED on P$", "status_led_pin"},
    {"Buzzer Pin (TODO) on P$", "buzzer_io"},
    {"RF Remote on P$", "remote_io"},
    {"RF Pin on P$", "remote_io"},
    {"Battery Relay on P$", "samp_sw_pin"},
    {"Battery ADC on P$", "samp_pin"},
    {"Battery Max Voltage: $", "max_V"},
    {"Battery Min Voltage: $", "min_V"},
    {"I2C SCL on P$", "i2c_scl_pin"},
    {"I2C SDA on P$", "i2c_sda_pin"},
    {"ALT pin on P$", "alt_pin_pin"},
    {"OneWire IO pin on P$", "one_wire_pin"},
    {"Backlit IO pin on P$", "backlit_io_pin"},
    {"Relay (channel 0) on P$", "rl"},
    {"Relay (channel #) on P$", "rl#_pin"},
    {"Bridge Relay On (channel #) on P$", "rl_on#_pin"},
    {"Bridge Relay Off (channel #) on P$", "rl_off#_pin"},
    {"Bridge Relay On on P$", "rl_on1_pin"},
    {"Bridge Relay Off on P$", "rl_off1_pin"},
    {"Button (channel 0) on P$", "bt_pin"},
    {"Button (channel #) on P$", "bt#_pin"},
    {"Button is on P$", "reset_pin"},
    {"Pair/Toggle All Button on P$", "total_bt_pin"},
    {"Pair/Toggle All Pin on P$", "total_bt_pin"},
    {"Pair/Reset All Pin on P$", "reset_pin"},
    {"Door Sensor (channel #) on P$", "door#_magt_pin"},
    {"Door/Gate sensor on P$", "gate_sensor_pin_pin"},
    {"TglChannelToggle (channel #) on P$", "onoff#"},
    {"PIR sensor on P$", "basic_pin_pin"},
    {"PIR Input $", "pirin_pin"},
    {"BL0937 ELE (CF) on P$", "ele_pin"},
    {"BL0937 ELE on P$", "ele_pin"},
    {"BL0937 VI (CF1) on P$", "vi_pin"},
    {"BL0937 VI on P$", "vi_pin"},
    {"BL0937 SEL on P$", "sel_pin_pin"},
    {"LED Red (Channel 1) on P$", "r_pin"},
    {"LED Green (Channel 2) on P$", "g_pin"},
    {"LED Blue (Channel 3) on P$", "b_pin"},
    {"LED Cool (Channel 4) on P$", "c_pin"},
    {"LED Warm (Channel 5) on P$", "w_pin"},
    {"Microphone (TODO) on P$", "mic"},
    {"Control Pin (TODO) on P$", "ctrl_pin"},
    {"IR Receiver is on P$", "infrr"},
    {"IR Receiver on P$", "infrr"},
    {"IR Transmitter is on P$", "infre"},
    {"IR Sender on P$", "infre"},
    {"PWM Frequency $", "pwmhz"},
    {"SPI MOSI $", "mosi"},
    {"BL0942 (?) RX on P$", "ele_rx"},
    {"BL0942 (?) TX on P$", "ele_tx"},
};

/* Lines about the whole device. */
static bool device_line(const char *line, struct tuya_config *config) {
    struct line_match match;
    if (line_match("Device seems to be using $ module", line, &match))
        line_add(config, "module", 6, match.value, strlen(match.value));
    else if (line_match("Device internal platform - $", line, &match))
        tuya_config_set_platform(config, match.value);
    else if (line_match("Baud keyword found, this device may be TuyaMCU or BL0942. Baud value is $",
                        line, &match) ||
             line_match("This device seems to be using UART at $", line, &match))
        tuya_config_set_baud(config, match.value);
    else
        return false;
    return true;
}

static const struct {
    const char *type, *marker, *colour, *white;
} drivers[] = {
    {"SM2135", "wampere", "campere", "wampere"},
    {"BP5758D_", "dccur", "drgbcur", "dwcur"},
    {"BP1658CJ_", "cjwcur", "cjccur", "cjwcur"},
    {"SM2235", "2235ccur", "2235ccur", "2235wcur"},
    {"KP18058_", "kp58wcur", "kp58ccur", "kp58wcur"},
};

/* "SM2135DAT on P26": the driver of the line, -1 when it is none; *data tells which wire. */
static int driver_line(const char *line, struct tuya_config *config) {
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        char pattern[32];
        struct line_match match;
        struct text text = text_start(pattern, sizeof pattern);
        text_add(&text, drivers[i].type);
        size_t type = text.length;
        text_add(&text, "DAT on P$");
        bool data = line_match(pattern, line, &match);
        text.length = type;
        text_add(&text, "CLK on P$");
        bool clock = !data && line_match(pattern, line, &match);
        if (!data && !clock)
            continue;
        line_add(config, data ? "iicsda" : "iicscl", 6, match.value, strlen(match.value));
        return (int)i;
    }
    return -1;
}

/* "LED remap is 2 1 0 4 3". */
static bool remap_line(const char *line, struct tuya_config *config) {
    static const char *const keys[] = {"iicr", "iicg", "iicb", "iicc", "iicw"};
    if (!text_starts(line, "LED remap is "))
        return false;
    const char *p = line + 13;
    for (size_t i = 0; i < 5 && *p; i++) {
        size_t size = strcspn(p, " ");
        if (*p != '-' && size)
            line_add(config, keys[i], 4, p, size);
        p += size;
        p += *p == ' ';
    }
    return true;
}

static bool current_line(const char *line, int driver, struct tuya_config *config) {
    struct line_match match;
    if (driver < 0)
        return false;
    const char *key = line_match("RGB current is $ mA", line, &match)     ? drivers[driver].colour
                      : line_match("White current is $ mA", line, &match) ? drivers[driver].white
                      : line_match("Warm white current is $ mA", line, &match)
                          ? drivers[driver].white
                      : line_match("Cold white current is $ mA", line, &match) ? "dccur"
                                                                               : NULL;
    if (!key || !loose_is_number(match.value, strlen(match.value)))
        return key != NULL;
    line_add(config, key, strlen(key), match.value, strlen(match.value));
    return true;
}

static bool words_line(const char *line, struct tuya_config *config) {
    struct line_match match;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (line_match(words[i].pattern, line, &match)) {
            line_add_form(config, words[i].key, &match);
            return true;
        }
    return false;
}

bool textlines_description(struct span_text all, struct tuya_config *config,
                           struct text_finding *finding) {
    struct lines lines = {.all = all};
    size_t found = 0;
    int driver = -1;
    while (lines_next(&lines)) {
        const char *line = lines.line;
        while (*line == '-' || *line == '*' || *line == '>' || text_is_space(*line))
            line++;
        int of_line = driver_line(line, config);
        driver = of_line >= 0 ? of_line : driver;
        bool hit = of_line >= 0 || words_line(line, config) || remap_line(line, config) ||
                   current_line(line, driver, config) || device_line(line, config);
        if (hit && !found++)
            finding->line = lines.number;
    }
    if (!found)
        return false;
    if (driver >= 0)
        line_add(config, drivers[driver].marker, strlen(drivers[driver].marker), "1", 1);
    finding->source = TEXT_SOURCE_DESCRIPTION;
    finding->form = "lines in words";
    return true;
}
