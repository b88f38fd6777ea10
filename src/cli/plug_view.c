/* The virtual plug in words; see plug_view.h. */
#include "cli/plug_view.h"

#include <stdlib.h>
#include <string.h>

/* The wires to a pulse meter are busy all the time, and say nothing. */
static bool is_meter(const struct plug *plug, unsigned pin) {
    static const uint8_t roles[] = {OBK_ROLE_BL0937CF, OBK_ROLE_BL0937CF1, OBK_ROLE_BL0937SEL,
                                    OBK_ROLE_BL0937SEL_N};
    return memchr(roles, (int)board_role(&plug->device, pin), sizeof roles) != NULL;
}

static uint64_t levels(const struct plug *plug) {
    uint64_t bits = 0;
    for (unsigned pin = 0; pin < plug->device.hal.chip.pins; pin++)
        if (!is_meter(plug, pin) && virtual_pin_level(&plug->chip, pin))
            bits |= (uint64_t)1 << pin;
    return bits;
}

bool plug_view_same(const struct plug_view *a, const struct plug_view *b) {
    bool dimmed = a->dimmer < b->dimmer || a->dimmer > b->dimmer;
    return memcmp(a->channels, b->channels, sizeof a->channels) == 0 && a->levels == b->levels &&
           a->light == b->light && !dimmed;
}

void plug_view_start(struct plug_view *view, const struct plug *plug) {
    for (int i = 0; i < CHANNEL_COUNT; i++)
        view->channels[i] = plug->device.channels.value[i];
    view->levels = levels(plug);
    view->light = plug->device.light.on;
    view->dimmer = plug->device.light.dimmer;
}

void plug_view_time(const struct plug *plug, FILE *out) {
    uint64_t ms = plug_now_ms(plug);
    fprintf(out, "%3u:%02u:%02u.%02u  ", (unsigned)(ms / 3600000), (unsigned)(ms / 60000 % 60),
            (unsigned)(ms / 1000 % 60), (unsigned)(ms / 10 % 100));
}

static void print_pin(const struct plug *plug, unsigned pin, FILE *out) {
    fprintf(out, "P%u %s %s", pin, obk_role_name(board_role(&plug->device, pin)),
            virtual_pin_level(&plug->chip, pin) ? "high" : "low");
}

static void print_channel(const struct plug *plug, int channel, int32_t from, int32_t to,
                          FILE *out) {
    const char *label = channel_label(&plug->device, channel);
    plug_view_time(plug, out);
    fprintf(out, "channel %d%s%s%s: %d -> %d", channel, label ? " (" : "", label ? label : "",
            label ? ")" : "", from, to);
}

bool plug_view_changes(struct plug_view *view, const struct plug *plug, FILE *out) {
    struct plug_view now;
    bool any = false;
    plug_view_start(&now, plug);
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (now.channels[i] == view->channels[i])
            continue;
        print_channel(plug, i, view->channels[i], now.channels[i], out);
        fputc('\n', out);
        any = true;
    }
    for (unsigned pin = 0; pin < plug->device.hal.chip.pins; pin++) {
        if (!((now.levels ^ view->levels) >> pin & 1) || !board_role(&plug->device, pin))
            continue;
        plug_view_time(plug, out);
        print_pin(plug, pin, out);
        fputc('\n', out);
        any = true;
    }
    if (now.light != view->light || now.dimmer > view->dimmer || now.dimmer < view->dimmer) {
        plug_view_time(plug, out);
        fprintf(out, "light %s, %.0f %%\n", now.light ? "on" : "off", (double)now.dimmer);
        any = true;
    }
    *view = now;
    return any;
}

/* The one channel in which the views differ; -1: none, or something else differs too. */
static int only_channel(const struct plug_view *a, const struct plug_view *b) {
    struct plug_view same = *a;
    int found = -1;
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (a->channels[i] == b->channels[i])
            continue;
        if (found >= 0)
            return -1;
        found = i;
        same.channels[i] = b->channels[i];
    }
    return plug_view_same(&same, b) ? found : -1;
}

void plug_timeline_end(struct plug_timeline *t, const struct plug *plug, FILE *out) {
    if (t->steps) {
        print_channel(plug, t->counting, t->from, t->view.channels[t->counting], out);
        fprintf(out, ", %u steps\n", t->steps);
    }
    t->steps = 0;
    t->counting = -1;
}

void plug_timeline_changes(struct plug_timeline *t, const struct plug *plug, FILE *out) {
    struct plug_view now;
    plug_view_start(&now, plug);
    int channel = only_channel(&t->view, &now);
    if (channel < 0 && plug_view_same(&t->view, &now))
        return;
    if (channel >= 0 && channel == t->counting) {
        t->from = t->steps++ ? t->from : t->view.channels[channel];
        t->view = now;
        return;
    }
    plug_timeline_end(t, plug, out);
    t->counting = channel;
    plug_view_changes(&t->view, plug, out);
}

void plug_view_state(const struct plug *plug, FILE *out) {
    const struct device *d = &plug->device;
    plug_view_time(plug, out);
    fprintf(out, "%s, up %u s%s%s\n", d->config.long_name, d->uptime_s, d->safe ? "\n  " : "",
            device_safe_text(d));
    for (unsigned pin = 0; pin < d->hal.chip.pins; pin++) {
        if (!board_role(d, pin))
            continue;
        fputs("  ", out);
        print_pin(plug, pin, out);
        if (d->board.is_pwm >> pin & 1)
            fprintf(out, ", duty %.1f %%", (double)board_duty(d, pin));
        fprintf(out, ", channel %u\n", d->config.pins[pin].channel);
    }
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channel_used(d, i) || d->channels.value[i])
            fprintf(out, "  channel %d = %d\n", i, d->channels.value[i]);
    if (d->metering.present)
        fprintf(out, "  meter: %.1f V, %.3f A, %.2f W\n", meter_reading_or_0(d, METER_VOLTAGE),
                meter_reading_or_0(d, METER_CURRENT), meter_reading_or_0(d, METER_POWER));
    const struct truth *truth = plug_truth(plug);
    if (truth)
        fprintf(out, "  truth: %.1f V, %.3f A, %.2f W\n", truth->volts, truth->amps, truth->watts);
}
