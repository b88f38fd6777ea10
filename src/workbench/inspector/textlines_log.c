/* Lines of boot logs: `,rl1_pin: is 6`, `IO - relay[0]: pin-18 type high` and `[RELAY] - pin:24`.
 */
#include "workbench/inspector/line_form.h"

#include "codec/tuya/keys.h"

#include <string.h>

static bool is_key_char(char c) {
    return text_is_alpha(c) || text_is_digit(c) || c == '_';
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
    if (!size || !line_known_key(key, (size_t)(mark - key)))
        return false;
    line_add(config, key, (size_t)(mark - key), value, size);
    return true;
}

bool textlines_key_is(struct span_text all, struct tuya_config *config,
                      struct text_finding *finding) {
    struct lines lines = {.all = all};
    size_t found = 0;
    while (lines_next(&lines)) {
        if (key_is_line(lines.line, config) && !found++ && !finding->line)
            finding->line = lines.number;
    }
    if (found && finding->source == TEXT_SOURCE_NONE) {
        finding->source = TEXT_SOURCE_BOOT_LOG;
        finding->form = "key is value";
    }
    return found > 0;
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

static void add_level(struct tuya_config *config, const char *key, struct line_match *match,
                      bool high) {
    if (!key)
        return;
    match->value[0] = high ? '1' : '0';
    match->value[1] = '\0';
    line_add_form(config, key, match);
}

static bool io_line(const char *line, struct tuya_config *config) {
    const char *p = strstr(line, "IO - ");
    struct line_match match;
    for (size_t i = 0; p && i < sizeof io_forms / sizeof *io_forms; i++) {
        if (!line_match(io_forms[i].pattern, p + 5, &match))
            continue;
        match.number++;
        if (has_pin(config, match.value))
            return true;
        line_add_form(config, io_forms[i].pin, &match);
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
        struct line_match match;
        if (!pin || !line_match("pin:*$", pin, &match))
            continue;
        match.number = bracket_forms[i].counted ? ++counts[i] : 0;
        if (has_pin(config, match.value))
            return true;
        line_add_form(config, bracket_forms[i].pin, &match);
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
    while (lines_next(&lines))
        if ((io_line(lines.line, config) || bracket_line(lines.line, counts, config)) && !found++)
            finding->line = finding->line ? finding->line : lines.number;
    if (found && finding->source == TEXT_SOURCE_NONE) {
        finding->source = TEXT_SOURCE_BOOT_LOG;
        finding->form = "IO lines";
    }
    return found > 0;
}
