/* Events: their names, the handlers they run, newest first, and the threads they wake.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_eventHandlers.c. */
#include "device/script/events.h"

#include "base/text.h"
#include "device/device.h"
#include "device/number.h"
#include "device/script/command_row.h"
#include "device/script/expression.h"
#include "device/script/script.h"

#include <string.h>

static bool holds(unsigned relation, int32_t value, int32_t limit) {
    switch (relation) {
    case EXPR_EQ:
        return value == limit;
    case EXPR_NE:
        return value != limit;
    case EXPR_LT:
        return value < limit;
    case EXPR_GT:
        return value > limit;
    case EXPR_LE:
        return value <= limit;
    default:
        return value >= limit;
    }
}

/* A number that was not given counts as 0, on both sides. */
static bool fits(const struct handler *h, unsigned code, const int32_t *values) {
    return h->event == code && h->arguments >= 1 && h->arguments <= HANDLER_VALUES &&
           memcmp(h->values, values, sizeof h->values) == 0;
}

unsigned events_fire(struct device *d, unsigned code, int32_t a, int32_t b, int32_t c) {
    const int32_t values[HANDLER_VALUES] = {a, b, c};
    unsigned ran = 0;
    d->script.running++;
    for (struct block *k = block_first(d, BLOCK_HANDLER); k; k = block_next(d, k))
        if (fits(block_fields(k), code, values)) {
            block_run(d, k);
            ran++;
        }
    d->script.running--;
    threads_wake(d, code, a);
    return ran;
}

unsigned events_fire_text(struct device *d, unsigned code, const char *text) {
    unsigned ran = 0;
    d->script.running++;
    for (struct block *k = block_first(d, BLOCK_HANDLER); k; k = block_next(d, k)) {
        const struct handler *h = block_fields(k);
        if (h->event == code && h->arguments == HANDLER_ON_TEXT &&
            text_same((const char *)(h + 1), text)) {
            block_run(d, k);
            ran++;
        }
    }
    d->script.running--;
    return ran;
}

unsigned events_change(struct device *d, unsigned code, int32_t before, int32_t after) {
    unsigned ran = 0;
    d->script.running++;
    for (struct block *k = block_first(d, BLOCK_HANDLER); k; k = block_next(d, k)) {
        const struct handler *h = block_fields(k);
        if (h->event == code && h->arguments == HANDLER_ON_CHANGE &&
            !holds(h->relation, before, h->values[0]) && holds(h->relation, after, h->values[0])) {
            block_run(d, k);
            ran++;
        }
    }
    d->script.running--;
    threads_wake(d, code, after);
    return ran;
}

/* The source text stands behind the node. */
const char *handler_command(const struct device *d, unsigned code, int32_t a, int32_t b) {
    const int32_t values[HANDLER_VALUES] = {a, b};
    for (struct block *k = block_first(d, BLOCK_HANDLER); k; k = block_next(d, k))
        if (fits(block_fields(k), code, values)) {
            const uint8_t *node = block_code(d, k);
            return (const char *)node + script_get16(node);
        }
    return NULL;
}

unsigned events_remove(struct device *d, enum block_kind kind, bool all, int32_t id) {
    unsigned n = 0;
    for (struct block *b = block_first(d, kind); b; b = block_next(d, b)) {
        const void *fields = block_fields(b);
        int32_t its = kind == BLOCK_REPEAT  ? ((const struct repeat *)fields)->id
                      : kind == BLOCK_CLOCK ? ((const struct clock_event *)fields)->id
                                            : 0;
        if (!all && its != id)
            continue;
        block_kill(d, b);
        n++;
    }
    return n;
}

static const struct {
    const char *name;
    uint8_t code;
} events[] = {
    {"OnClick", 1},         {"OnDblClick", 2},
    {"OnHold", 3},          {"OnHoldStart", 4},
    {"OnChannelChange", 5}, {"voltage", 70},
    {"current", 71},        {"power", 72},
    {"frequency", 73},      {"energy", 74},
    {"energycounter", 74},  {"energycounter_last_hour", 75},
    {"OnToggle", 76},       {"OnUART", 77},
    {"IR_Samsung", 78},     {"IR_RC5", 79},
    {"IR_RC6", 80},         {"IR_SONY", 81},
    {"IR_PANASONIC", 82},   {"IR_SAMSUNG_LG", 83},
    {"IR_SHARP", 84},       {"IR_NEC", 85},
    {"MQTTState", 86},      {"OnRelease", 87},
    {"OnPress", 88},        {"LEDState", 89},
    {"IPChange", 90},       {"WiFiState", 91},
    {"On3Click", 92},       {"On4Click", 93},
    {"On5Click", 94},       {"noPingTime", 95},
    {"TuyaMCUParsed", 96},  {"LEDMode", 97},
    {"NoMQTTTime", 98},     {"OnADCButton", 99},
    {"NTPState", 100},      {"OnCustomDown", 101},
    {"OnCustomUP", 102},    {"MissedHeartbeats", 103},
    {"OnMQTT", 104},        {"OnDP", 105},
    {"OnHTTP", 106},        {"OnCMD", 107},
    {"OnDiscovery", 108},   {"RC", 109},
};
enum { EVENTS = sizeof events / sizeof *events };

const char *event_name(unsigned i) {
    return i < EVENTS ? events[i].name : NULL;
}

int event_find(const char *name) {
    if (text_is_digit(*name) || (text_starts(name, "Channel") && text_is_digit(name[7]))) {
        const char *digits = text_is_digit(*name) ? name : name + 7;
        int value = number_int(number_read(digits, strlen(digits)));
        if (digits == name)
            return value < 256 ? value : -1;
        return value < CHANNEL_COUNT ? EVENT_CHANNEL0 + value : -1;
    }
    for (unsigned i = 0; i < EVENTS; i++)
        if (text_same(events[i].name, name))
            return events[i].code;
    return -1;
}
