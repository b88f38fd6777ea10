/* When a change is told; see load_view.h. */
#include "cli/load_view.h"

#include "cli/plug_view.h"
#include "device/meter/meter.h"

#include <math.h>

enum { SETTLES_MS = 4000, LEAST_MS = 60000 };
#define CHANGE   0.05 /* of what was told */
#define CHANGE_W 0.05

static double counted_wh(const struct plug *plug) {
    return meter_reading(&plug->device, METER_ENERGY_TOTAL);
}

void load_view_start(struct load_view *v, const struct plug *plug) {
    *v = (struct load_view){.counted_before = counted_wh(plug)};
}

void load_view_print(const struct load_view *v, const struct plug *plug, FILE *out) {
    const struct truth *t = plug_truth(plug);
    const struct device *d = &plug->device;
    plug_view_time(plug, out);
    fprintf(out, "load: %.2f W %.3f A flow, %.2f W %.3f A read; %.3f Wh flowed, %.3f Wh counted\n",
            t->watts, t->amps, meter_reading_or_0(d, METER_POWER),
            meter_reading_or_0(d, METER_CURRENT), t->joules / 3600,
            counted_wh(plug) - v->counted_before);
}

void load_view_follow(struct load_view *v, const struct plug *plug, FILE *out) {
    const struct truth *t = plug_truth(plug);
    uint64_t now = plug_now_ms(plug);
    if (!t)
        return;
    bool changed = fabs(t->watts - v->watts) > CHANGE * v->watts + CHANGE_W;
    if (!changed)
        v->due_ms = 0;
    else if (!v->due_ms)
        v->due_ms = now + SETTLES_MS > v->told_ms + LEAST_MS || v->told_ms == 0
                        ? now + SETTLES_MS
                        : v->told_ms + LEAST_MS;
    if (!v->due_ms || now < v->due_ms)
        return;
    load_view_print(v, plug, out);
    *v = (struct load_view){.watts = t->watts, .told_ms = now, .counted_before = v->counted_before};
}
