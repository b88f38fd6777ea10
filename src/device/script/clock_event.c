/* Clock events: commands at a time of day, at sunrise or sunset, on chosen weekdays. Every second
 * that passed is looked at once, also when the clock jumps a little; a long jump replays the first
 * 100 seconds only. Source: openshwprojects/OpenBK7231T_App: src/driver/drv_timed_events.c. */
#include "device/clock.h"
#include "device/device.h"
#include "device/script/script.h"

enum { DAY_S = 86400, REPLAY_MAX_S = 100 };

/* When the event happens on that local day; -1 never. The sun is computed once a day. */
static int32_t due_on(const struct device *d, struct clock_event *e, int64_t day) {
    if (e->time_s >= 0)
        return e->time_s;
    if (e->due_on != (int32_t)day) {
        e->due_on = (int32_t)day;
        e->due_s = clock_sun_on(d, day, e->time_s == CLOCK_SUNRISE);
    }
    return e->due_s;
}

static bool on_weekday(const struct clock_event *e, int64_t day) {
    return e->days >> ((day + 4) % 7) & 1;
}

static void run_second(struct device *d, int64_t second) {
    int64_t day = second / DAY_S;
    d->script.running++;
    for (struct block *b = block_first(d, BLOCK_CLOCK); b; b = block_next(d, b)) {
        struct clock_event *e = block_fields(b);
        if (on_weekday(e, day) && second % DAY_S == due_on(d, e, day))
            block_run(d, b);
    }
    d->script.running--;
}

void clock_events_run(struct device *d, int64_t now, bool valid) {
    int64_t seen = d->script.clock_seen;
    d->script.clock_seen = valid ? now : 0;
    if (!valid || seen == 0 || now < seen)
        return;
    int64_t stop = now - seen > REPLAY_MAX_S ? seen + REPLAY_MAX_S : now;
    for (; seen < stop; seen++)
        run_second(d, seen);
}

int32_t clock_event_time(const struct device *d, int32_t id) {
    int64_t now = clock_now(d) + clock_offset(d);
    for (struct block *b = block_first(d, BLOCK_CLOCK); b; b = block_next(d, b)) {
        struct clock_event e = *(const struct clock_event *)block_fields(b);
        if (e.id != id)
            continue;
        int64_t day = now / DAY_S;
        for (unsigned i = 0; i < 7 && !on_weekday(&e, day); i++)
            day++;
        return due_on(d, &e, day);
    }
    return -1;
}

void clock_events_renew(struct device *d) {
    for (struct block *b = block_first(d, BLOCK_CLOCK); b; b = block_next(d, b))
        ((struct clock_event *)block_fields(b))->due_on = -1;
}
