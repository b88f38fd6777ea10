/* The constants that expressions and texts may name: finding them, and their values.
 * Source: openshwprojects/OpenBK7231T_App: docs/constants.md. */
#include "device/script/constants.h"

#include "base/text.h"
#include "device/clock.h"
#include "device/device.h"
#include "device/number.h"
#include "device/script/expression.h"
#include "device/script/script.h"

#include <math.h>
#include <string.h>

static const struct row {
    const char *name;
    uint8_t id;
} rows[] = {
#define ROW(name, id, help) {name, id},
    CONSTANT_LIST(ROW)
#undef ROW
};
enum { ROWS = sizeof rows / sizeof *rows };

const char *constant_name(unsigned i) {
    return i < ROWS ? rows[i].name : NULL;
}

static size_t match_row(const char *pattern, const char *text, size_t length, unsigned *index) {
    size_t i = 0;
    *index = 0;
    for (; pattern[i]; i++) {
        if (i >= length)
            return 0;
        if (pattern[i] == '*') {
            if (!text_is_digit(text[i]))
                return 0;
            *index = *index * 10 + (unsigned)(text[i] - '0');
        } else if (text_lower(pattern[i]) != text_lower(text[i])) {
            return 0;
        }
    }
    return i;
}

size_t constant_match(const char *text, size_t length, struct constant_ref *out) {
    if (length == 0 || (text[0] != '$' && text_lower(text[0]) != 'm'))
        return 0;
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned index;
        size_t n = match_row(rows[i].name, text, length, &index);
        if (n) {
            *out = (struct constant_ref){rows[i].id, (uint16_t)index};
            return n;
        }
    }
    return 0;
}

static float clock_value(const struct device *d, unsigned id) {
    struct civil t = clock_local(d);
    const int fields[] = {t.weekday, t.hour, t.minute, t.second, t.day, t.month, t.year};
    return (float)fields[id - C_DAY];
}

static uint32_t random_bits(struct device *d) {
    return d->hal.random ? d->hal.random(d->hal.context) : d->uptime_s * 2654435761u;
}

float constant_value(struct device *d, struct constant_ref ref) {
    const struct light *l = &d->light;
    switch (ref.id) {
    case C_CHANNEL:
        return (float)channel_get(d, ref.index);
    case C_MQTT:
        return d->mqtt_connected;
    case C_FLAG:
        return settings_flag(d, ref.index);
    case C_DIMMER:
        return l->dimmer;
    case C_ENABLE:
        return l->on;
    case C_HUE:
        return l->hue;
    case C_RED:
        return l->base[0];
    case C_GREEN:
        return l->base[1];
    case C_BLUE:
        return l->base[2];
    case C_SATURATION:
        return l->saturation * 100;
    case C_TEMPERATURE:
        return l->temperature;
    case C_REPEATING:
        return (float)block_count(d, BLOCK_REPEAT);
    case C_FLASH:
        return channel_retained(d, ref.index);
    case C_VOLTAGE:
        return (float)meter_reading_or_0(d, METER_VOLTAGE);
    case C_CURRENT:
        return (float)meter_reading_or_0(d, METER_CURRENT);
    case C_POWER:
        return (float)meter_reading_or_0(d, METER_POWER);
    case C_FREQUENCY:
        return (float)meter_reading_or_0(d, METER_FREQUENCY);
    case C_ENERGY:
        return (float)meter_reading_or_0(d, METER_ENERGY_TOTAL);
    case C_YESTERDAY:
        return (float)meter_reading_or_0(d, METER_ENERGY_YESTERDAY);
    case C_TODAY:
        return (float)meter_reading_or_0(d, METER_ENERGY_TODAY);
    case C_DST:
        return clock_dst(d);
    case C_SUNRISE:
        return (float)clock_sun(d, true);
    case C_SUNSET:
        return (float)clock_sun(d, false);
    case C_NTP:
        return d->clock_set;
    case C_UPTIME:
        return (float)d->uptime_s;
    case C_FAILED:
        return (float)device_failed_boots(d);
    case C_RAND01:
        return (float)(random_bits(d) >> 8) / 16777216.0f;
    case C_RAND:
        return (float)(random_bits(d) >> 1);
    case C_REBOOT:
        return d->cause <= HAL_RESET_TIMER_WAKE ? (float)d->cause : 2;
    case C_INT_TEMP:
        return d->hal.temperature ? (float)d->hal.temperature(d->hal.context) / 10 : 0;
    case C_BATTERY_MV:
        return (float)d->board.battery.mv;
    case C_BATTERY_PERCENT:
        return (float)d->board.battery.percent;
    default:
        return clock_value(d, ref.id);
    }
}

bool constant_text(struct device *d, const char *text, struct text *out) {
    struct constant_ref ref;
    if (strcmp(text, "$ShortName") == 0) {
        text_add(out, d->config.short_name);
    } else if (strcmp(text, "$Name") == 0) {
        text_add(out, d->config.long_name);
    } else if (strcmp(text, "$IP") == 0) {
        uint32_t ip = d->hal.wifi_address ? d->hal.wifi_address(d->hal.context) : 0;
        for (int shift = 24; shift >= 0; shift -= 8) {
            text_uint(out, ip >> shift & 0xFF);
            if (shift)
                text_char(out, '.');
        }
    } else if (constant_match(text, strlen(text), &ref)) {
        text_int(out, number_int(constant_value(d, ref)));
    } else {
        return false;
    }
    return true;
}

size_t number_print(float value, char *out, size_t size) {
    struct text t = text_start(out, size);
    float nearest = floorf(value + 0.5f);
    if (!(fabsf(value) < 2147483000.0f))
        text_add(&t, value != value ? "nan" : value > 0 ? "2147483647" : "-2147483648");
    else if (fabsf(value - nearest) < 0.001f)
        text_int(&t, (int64_t)nearest);
    else
        text_fixed(&t, (int64_t)floor((double)value * 1e6 + 0.5), 6);
    return t.length;
}

static size_t expand_name(struct device *d, const char *text, struct text *out) {
    const struct {
        const char *name, *value;
    } names[] = {{"$mqtt_client", d->config.mqtt_client_id},
                 {"$shortName", d->config.short_name},
                 {"$name", d->config.long_name}};
    for (unsigned i = 0; i < 3; i++)
        if (text_starts(text, names[i].name)) {
            text_add(out, names[i].value);
            return strlen(names[i].name);
        }
    return 0;
}

size_t constant_expand(struct device *d, const char *text, char *out, size_t size) {
    struct text t = text_start(out, size);
    while (*text) {
        struct constant_ref ref;
        char number[24];
        size_t n = *text == '$' ? constant_match(text, strlen(text), &ref) : 0;
        if (n) {
            number_print(constant_value(d, ref), number, sizeof number);
            text_add(&t, number);
        } else if (*text == '$') {
            n = expand_name(d, text, &t);
        }
        if (!n) {
            text_char(&t, *text);
            n = 1;
        }
        text += n;
    }
    return t.length;
}
