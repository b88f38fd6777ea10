/* Slots and report; see energy_stats.h.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_bl_shared.c. */
#include "device/meter/energy_stats.h"

#include <string.h>

static int32_t clamp(int32_t value, int32_t least, int32_t most) {
    return value < least ? least : value > most ? most : value;
}

void energy_stats_clear(struct energy_stats *s) {
    memset(s->slot, 0, sizeof s->slot);
    s->window_wh = 0;
}

void energy_stats_setup(struct energy_stats *s, bool enable, int32_t interval_s, int32_t count,
                        bool json) {
    uint16_t interval =
        (uint16_t)clamp(interval_s, ENERGY_STATS_SHORTEST_S, ENERGY_STATS_LONGEST_S);
    uint16_t slots = (uint16_t)clamp(count, ENERGY_STATS_LEAST, ENERGY_STATS_MOST);
    if (!enable) {
        energy_stats_clear(s);
        s->enabled = false;
        s->interval_s = interval;
        s->count = slots;
        return;
    }
    if (interval != s->interval_s || slots != s->count)
        energy_stats_clear(s);
    s->enabled = true;
    s->json = json;
    s->interval_s = interval;
    s->count = slots;
    s->elapsed_s = 0;
    s->index = 0;
}

static void end_interval(struct energy_stats *s) {
    float sum = 0;
    for (unsigned i = 0; i < s->count; i++)
        sum += s->slot[i];
    s->window_wh = sum;
    s->elapsed_s = 0;
}

static void shift(struct energy_stats *s) {
    memmove(s->slot + 1, s->slot, (s->count - 1u) * sizeof *s->slot);
    s->slot[0] = 0;
    s->index++;
}

bool energy_stats_second(struct energy_stats *s, float wh) {
    bool ended = false;
    if (!s->enabled)
        return false;
    if (++s->elapsed_s >= s->interval_s) {
        end_interval(s);
        shift(s);
        ended = true;
    }
    s->slot[0] += wh;
    return ended;
}

static void add_number(struct text *out, double value) {
    text_fixed(out, (int64_t)(value * 1e3 + (value < 0 ? -0.5 : 0.5)), 3);
}

static void member(struct text *out, const char *name, double value) {
    text_add(out, ",\"");
    text_add(out, name);
    text_add(out, "\":");
    add_number(out, value);
}

static void whole(struct text *out, const char *name, uint32_t value) {
    text_add(out, ",\"");
    text_add(out, name);
    text_add(out, "\":");
    text_uint(out, value);
}

static void list(struct text *out, const char *name, unsigned count, const float *values) {
    text_add(out, ",\"");
    text_add(out, name);
    text_add(out, "\":[");
    for (unsigned i = 0; i < count; i++) {
        if (i)
            text_char(out, ',');
        add_number(out, (double)values[i]);
    }
    text_char(out, ']');
}

void energy_stats_json(const struct energy_stats *s, const struct energy_report *r,
                       struct text *out) {
    double scale = r->kwh ? 0.001 : 1;
    text_add(out, "{\"uptime\":");
    text_uint(out, r->uptime_s);
    member(out, "consumption_total", r->total * scale);
    member(out, "consumption_last_hour", r->last_hour * scale);
    whole(out, "consumption_stat_index", s->index);
    whole(out, "consumption_sample_count", s->count);
    whole(out, "consumption_sampling_period", s->interval_s);
    if (r->dated) {
        member(out, "consumption_today", r->day[0] * scale);
        member(out, "consumption_yesterday", r->day[1] * scale);
        text_add(out, ",\"consumption_clear_date\":\"");
        text_add(out, r->clear_date);
        text_char(out, '"');
    }
    list(out, "consumption_samples", s->count, s->slot);
    if (r->dated) {
        float days[4] = {(float)r->day[0], (float)r->day[1], (float)r->day[2], (float)r->day[3]};
        list(out, "consumption_daily", 4, days);
    }
    text_char(out, '}');
}
