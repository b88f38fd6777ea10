/* Charging limits: a command that runs once, when a channel has moved far enough from where it was,
 * or when the time is over. Blocks of BLOCK_LIMIT, looked at every second.
 * Source: openshwprojects/OpenBK7231T_App: src/driver/drv_main.c (ChargingLimit). */
#include "device/channel/channel.h"
#include "device/device.h"
#include "device/script/script.h"

static bool reached(struct device *d, struct limit *l) {
    int64_t moved = (int64_t)channel_get(d, l->channel) - l->start;
    if (l->left_s > 0 && --l->left_s == 0)
        return true;
    return (moved < 0 ? -moved : moved) > l->delta;
}

void limits_second(struct device *d) {
    d->script.running++;
    for (struct block *b = block_first(d, BLOCK_LIMIT); b; b = block_next(d, b)) {
        if (!reached(d, block_fields(b)))
            continue;
        block_kill(d, b);
        block_run(d, b);
    }
    d->script.running--;
}

void limits_stop(struct device *d) {
    events_remove(d, BLOCK_LIMIT, true, 0);
}
