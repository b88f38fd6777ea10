/* The compatible lines: bullets by the pin rows, then the LED driver, battery, baud, module,
 * platform and position. */
#include "codec/tuya/describe.h"

#include "codec/openbeken/roles.h"
#include "codec/tuya/keys.h"
#include "codec/tuya/pin_rows.h"
#include "codec/tuya/platform.h"
#include <string.h>

#define LINE_SIZE 600
#define INTRO     "Device configuration, as extracted from Tuya: "
#define NO_PINS                                                                                    \
    "Sorry, no meaningful pins data found. This device may be TuyaMCU or a custom one with no "    \
    "Tuya config data."
#define BATTERY                                                                                    \
    "Device seems to use Battery Driver. See more details here: "                                  \
    "https://www.elektroda.com/rtvforum/topic3959103.html"

static void emit(const struct line_sink *sink, const struct text *line) {
    sink->line(sink->context, line->data);
}

/* Fills in a row's line: `#` the key's number, `$` the value. */
static void bullet(const struct pin_row *row, const struct tuya_member *member,
                   const struct line_sink *sink) {
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    text_add(&line, "- ");
    for (const char *p = row->line; *p; p++) {
        if (*p == '#')
            text_int(&line, tuya_key_number(member->key));
        else if (*p == '$')
            text_add(&line, member->value);
        else
            text_char(&line, *p);
    }
    emit(sink, &line);
}

static void words(const struct line_sink *sink, const char *before, const char *what,
                  const char *after) {
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    text_add(&line, before);
    text_add(&line, what);
    text_add(&line, after);
    emit(sink, &line);
}

static void current(const struct line_sink *sink, const char *which, const char *value) {
    words(sink, which, value ? value : "Unknown", " mA");
}

static void driver_lines(const struct tuya_driver *driver, const struct line_sink *sink) {
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    text_add(&line, "- ");
    text_add(&line, driver->name);
    size_t type = line.length;
    text_add(&line, "DAT on P");
    text_add(&line, driver->data);
    emit(sink, &line);
    line.length = type;
    text_add(&line, "CLK on P");
    text_add(&line, driver->clock);
    emit(sink, &line);
    line = text_start(buffer, sizeof buffer);
    text_add(&line, "- LED remap is");
    for (int i = 0; i < 5; i++) {
        text_char(&line, ' ');
        text_int(&line, driver->map[i]);
    }
    emit(sink, &line);
    if (strcmp(driver->name, "Unknown") == 0)
        return;
    current(sink, "- RGB current is ", driver->colour);
    if (strcmp(driver->name, "BP5758D_") == 0) {
        current(sink, "- Warm white current is ", driver->warm);
        current(sink, "- Cold white current is ", driver->cold);
    } else {
        current(sink, "- White current is ", driver->warm);
    }
}

static bool has_bullet(const struct pin_row *row) {
    return row && row->line;
}

static void bullets(const struct tuya_config *config, const struct line_sink *sink) {
    struct tuya_driver driver = tuya_driver_find(config);
    bool any = driver.name != NULL;
    for (size_t i = 0; i < config->member_count && !any; i++)
        any = has_bullet(pin_row_find(config->members[i].key));
    sink->line(sink->context, any ? INTRO : NO_PINS);
    for (size_t i = 0; i < config->member_count; i++) {
        const struct pin_row *row = pin_row_find(config->members[i].key);
        if (has_bullet(row))
            bullet(row, &config->members[i], sink);
    }
    if (driver.name)
        driver_lines(&driver, sink);
}

static void module_line(const struct tuya_config *config, const struct line_sink *sink) {
    if (!config->module) {
        sink->line(sink->context, "No module information found.");
        return;
    }
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    const char *chip = tuya_chip_by_letters(config->module);
    text_add(&line, "Device seems to be using ");
    text_add(&line, config->module);
    text_add(&line, " module");
    if (chip) {
        text_add(&line, ", which is using ");
        text_add(&line, chip);
    }
    text_char(&line, '.');
    emit(sink, &line);
}

static void platform_line(const struct tuya_config *config, const struct line_sink *sink) {
    if (!config->platform)
        return;
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    const char *chip = tuya_chip_of_platform_listed(config->platform);
    text_add(&line, "Device internal platform - ");
    text_add(&line, config->platform);
    if (chip) {
        text_add(&line, ", equals ");
        text_add(&line, chip);
    }
    text_char(&line, '.');
    emit(sink, &line);
}

static void place_line(int64_t offset, const struct line_sink *sink) {
    if (offset < 0 || offset == 0 || offset == 0x1000)
        return;
    char buffer[LINE_SIZE];
    struct text line = text_start(buffer, sizeof buffer);
    const struct tuya_place *place = tuya_place_find((uint32_t)offset);
    text_add(&line, "And the Tuya section starts");
    text_add(&line, !place           ? " at an UNCOMMON POSITION "
                    : !*place->chips ? ", as usual, at "
                                     : " at ");
    text_int(&line, offset);
    text_add(&line, " (0x");
    text_hex(&line, (uint64_t)offset, 1);
    text_char(&line, ')');
    if (place && *place->chips) {
        text_add(&line, ", which is a default ");
        text_add(&line, place->chips);
        text_add(&line, " offset.");
    }
    emit(sink, &line);
}

void tuya_describe(const struct tuya_config *config, int64_t storage_offset,
                   const struct line_sink *sink) {
    bullets(config, sink);
    if (tuya_config_get(config, "max_V") || tuya_config_get(config, "min_V"))
        sink->line(sink->context, BATTERY);
    if (config->baud)
        words(sink, "Baud keyword found, this device may be TuyaMCU or BL0942. Baud value is ",
              config->baud, "");
    module_line(config, sink);
    platform_line(config, sink);
    place_line(storage_offset, sink);
}
