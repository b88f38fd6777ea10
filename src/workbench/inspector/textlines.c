/* The line forms as tables of patterns. In a pattern `#` is a number that goes into the key, `$`
 * the value (a number or word), `*` one or more blanks. */
#include "workbench/inspector/textlines.h"

#include "base/bytes.h"
#include "codec/tuya/keys.h"
#include "codec/tuya/loose.h"
#include <string.h>

#define LINE_MAX_SIZE 512

const char *span_find(struct span_text span, const char *word) {
    size_t at = bytes_find((const uint8_t *)span.text, span.size, 0, word, strlen(word));
    return at == SIZE_MAX ? NULL : span.text + at;
}

struct lines {
    struct span_text all;
    size_t at, number;
    char line[LINE_MAX_SIZE]; /* trimmed, cut when longer */
};

static bool next_line(struct lines *lines) {
    if (lines->at >= lines->all.size)
        return false;
    const char *start = lines->all.text + lines->at;
    size_t left = lines->all.size - lines->at;
    const char *end = memchr(start, '\n', left);
    size_t size = end ? (size_t)(end - start) : left;
    lines->at += size + (end != NULL);
    lines->number++;
    while (size && text_is_space(start[size - 1]))
        size--;
    while (size && text_is_space(*start)) {
        start++;
        size--;
    }
    struct text text = text_start(lines->line, sizeof lines->line);
    text_add_n(&text, start, size);
    return true;
}

static bool is_key_char(char c) {
    return text_is_alpha(c) || text_is_digit(c) || c == '_';
}

static const struct tuya_key *known_key(const char *key, size_t size) {
    char name[64];
    struct text text = text_start(name, sizeof name);
    text_add_n(&text, key, size);
    return text.truncated ? NULL : tuya_key_find(name);
}

/* A pin or a level that is no number has been mixed up with another line. */
static void add(struct tuya_config *config, const char *key, size_t key_size, const char *value,
                size_t value_size) {
    const struct tuya_key *known = known_key(key, key_size);
    bool number = known && (known->kind == TUYA_KEY_PIN || known->kind == TUYA_KEY_LEVEL);
    if (number && !loose_is_number(value, value_size))
        return;
    tuya_config_add(config, key, key_size, value, value_size,
                    loose_is_number(value, value_size) ? TUYA_NUMBER : TUYA_STRING);
}

/* `,rl1_pin: is 6` (kind U): only lines whose key is known count as evidence. */
static bool key_is_line(const char *line, struct tuya_config *config) {
    const char *mark = strstr(line, ": is ");
    if (!mark)
        return false;
    const char *key = mark;
    while (key > line && is_key_char(key[-1]))
        key--;
    const char *value = mark + 5;
    size_t size = strcspn(value, " ,\t}");
    if (!size || !known_key(key, (size_t)(mark - key)))
        return false;
    add(config, key, (size_t)(mark - key), value, size);
    return true;
}

bool textlines_key_is(struct span_text all, struct tuya_config *config,
                      struct text_finding *finding) {
    struct lines lines = {.all = all};
    size_t found = 0;
    while (next_line(&lines)) {
        if (key_is_line(lines.line, config) && !found++ && !finding->line)
            finding->line = lines.number;
    }
    if (found && finding->source == TEXT_SOURCE_NONE) {
        finding->source = TEXT_SOURCE_BOOT_LOG;
        finding->form = "key is value";
    }
    return found > 0;
}

struct form {
    const char *pattern;
    const char *key; /* `#` is replaced */
};

struct match {
    int number;
    char value[64];
};

/* One element of the pattern against the line; false when it does not fit. */
static bool match_one(char element, const char **line, struct match *match) {
    const char *p = *line;
    if (element == '#') {
        if (!text_is_digit(*p))
            return false;
        for (match->number = 0; text_is_digit(*p) && match->number < 10000; p++)
            match->number = match->number * 10 + (*p - '0');
    } else if (element == '$') {
        struct text value = text_start(match->value, sizeof match->value);
        while (*p && !text_is_space(*p) && *p != ',' && *p != ')')
            text_char(&value, *p++);
        if (!value.length)
            return false;
    } else if (element == '*') {
        while (text_is_space(*p))
            p++;
    } else if (text_lower(*p++) != text_lower(element)) {
        return false;
    }
    *line = p;
    return true;
}

static bool match_line(const char *pattern, const char *line, struct match *match) {
    memset(match, 0, sizeof *match);
    for (; *pattern; pattern++)
        if (!match_one(*pattern, &line, match))
            return false;
    return true;
}

static void add_form(struct tuya_config *config, const char *key, const struct match *match) {
    char name[64];
    struct text text = text_start(name, sizeof name);
    for (; *key; key++) {
        if (*key == '#')
            text_int(&text, match->number);
        else
            text_char(&text, *key);
    }
    size_t size = strlen(match->value);
    while (size && (match->value[size - 1] == '.' || match->value[size - 1] == ';'))
        size--;
    add(config, name, text.length, match->value, size);
}

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
    struct match match;
    if (match_line("Device seems to be using $ module", line, &match))
        add(config, "module", 6, match.value, strlen(match.value));
    else if (match_line("Device internal platform - $", line, &match))
        tuya_config_set_platform(config, match.value);
    else if (match_line("Baud keyword found, this device may be TuyaMCU or BL0942. Baud value is $",
                        line, &match) ||
             match_line("This device seems to be using UART at $", line, &match))
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
        struct match match;
        struct text text = text_start(pattern, sizeof pattern);
        text_add(&text, drivers[i].type);
        size_t type = text.length;
        text_add(&text, "DAT on P$");
        bool data = match_line(pattern, line, &match);
        text.length = type;
        text_add(&text, "CLK on P$");
        bool clock = !data && match_line(pattern, line, &match);
        if (!data && !clock)
            continue;
        add(config, data ? "iicsda" : "iicscl", 6, match.value, strlen(match.value));
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
            add(config, keys[i], 4, p, size);
        p += size;
        p += *p == ' ';
    }
    return true;
}

static bool current_line(const char *line, int driver, struct tuya_config *config) {
    struct match match;
    if (driver < 0)
        return false;
    const char *key = match_line("RGB current is $ mA", line, &match)     ? drivers[driver].colour
                      : match_line("White current is $ mA", line, &match) ? drivers[driver].white
                      : match_line("Warm white current is $ mA", line, &match)
                          ? drivers[driver].white
                      : match_line("Cold white current is $ mA", line, &match) ? "dccur"
                                                                               : NULL;
    if (!key || !loose_is_number(match.value, strlen(match.value)))
        return key != NULL;
    add(config, key, strlen(key), match.value, strlen(match.value));
    return true;
}

static bool words_line(const char *line, struct tuya_config *config) {
    struct match match;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (match_line(words[i].pattern, line, &match)) {
            add_form(config, words[i].key, &match);
            return true;
        }
    return false;
}

bool textlines_description(struct span_text all, struct tuya_config *config,
                           struct text_finding *finding) {
    struct lines lines = {.all = all};
    size_t found = 0;
    int driver = -1;
    while (next_line(&lines)) {
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
        add(config, drivers[driver].marker, strlen(drivers[driver].marker), "1", 1);
    finding->source = TEXT_SOURCE_DESCRIPTION;
    finding->form = "lines in words";
    return true;
}

/* `IO - relay[0]: pin-18 type high`, indexes count from 0, and `[RELAY] - pin:24,  io_drive:2`,
 * where a drive of 2 is active high and 1 low. */
static const struct {
    const char *pattern, *pin, *level;
} io_forms[] = {
    {"relay[#]:*pin-$", "rl#_pin", "rl#_lv"},
    {"button[#]:*pin-$", "bt#_pin", "bt#_lv"},
    {"led[#]:*pin-$", "led#_pin", "led#_lv"},
    {"wifi_stat:*pin-$", "netled_pin", "netled_lv"},
};

static const struct {
    const char *mark, *pin, *level;
    bool counted; /* the n-th line is channel n */
} bracket_forms[] = {
    {"[RELAY]", "rl#_pin", "rl#_lv", true},
    {"[BUTTON]", "bt#_pin", "bt#_lv", true},
    {"[KEY]", "bt#_pin", "bt#_lv", true},
    {"[LED]", "led#_pin", "led#_lv", true},
    {"[NETLED]", "netled_pin", "netled_lv", false},
    {"[WIFI LED]", "netled1_pin", "netled1_lv", false},
    {"[TOTAL KEY]", "total_bt_pin", "total_bt_lv", false},
    {"[433 REMOTER]", "remote_io", NULL, false},
};

/* Is the pin known under some key already? Lines count channels by themselves. */
static bool has_pin(const struct tuya_config *config, const char *value) {
    for (size_t i = 0; i < config->member_count; i++) {
        const struct tuya_key *known = tuya_key_find(config->members[i].key);
        if (known && known->kind == TUYA_KEY_PIN && strcmp(config->members[i].value, value) == 0)
            return true;
    }
    return false;
}

static void add_level(struct tuya_config *config, const char *key, struct match *match, bool high) {
    if (!key)
        return;
    match->value[0] = high ? '1' : '0';
    match->value[1] = '\0';
    add_form(config, key, match);
}

static bool io_line(const char *line, struct tuya_config *config) {
    const char *p = strstr(line, "IO - ");
    struct match match;
    for (size_t i = 0; p && i < sizeof io_forms / sizeof *io_forms; i++) {
        if (!match_line(io_forms[i].pattern, p + 5, &match))
            continue;
        match.number++;
        if (has_pin(config, match.value))
            return true;
        add_form(config, io_forms[i].pin, &match);
        const char *type = strstr(p, "type ");
        if (type)
            add_level(config, io_forms[i].level, &match, text_starts(type + 5, "high"));
        return true;
    }
    return false;
}

static bool bracket_line(const char *line, int counts[], struct tuya_config *config) {
    for (size_t i = 0; i < sizeof bracket_forms / sizeof *bracket_forms; i++) {
        const char *p = strstr(line, bracket_forms[i].mark), *pin = p ? strstr(p, "pin:") : NULL;
        struct match match;
        if (!pin || !match_line("pin:*$", pin, &match))
            continue;
        match.number = bracket_forms[i].counted ? ++counts[i] : 0;
        if (has_pin(config, match.value))
            return true;
        add_form(config, bracket_forms[i].pin, &match);
        const char *drive = strstr(pin, "io_drive:");
        if (drive && (drive[9] == '1' || drive[9] == '2'))
            add_level(config, bracket_forms[i].level, &match, drive[9] == '2');
        return true;
    }
    return false;
}

bool textlines_io(struct span_text all, struct tuya_config *config, struct text_finding *finding) {
    struct lines lines = {.all = all};
    int counts[sizeof bracket_forms / sizeof *bracket_forms] = {0};
    size_t found = 0;
    while (next_line(&lines))
        if ((io_line(lines.line, config) || bracket_line(lines.line, counts, config)) && !found++)
            finding->line = finding->line ? finding->line : lines.number;
    if (found && finding->source == TEXT_SOURCE_NONE) {
        finding->source = TEXT_SOURCE_BOOT_LOG;
        finding->form = "IO lines";
    }
    return found > 0;
}
