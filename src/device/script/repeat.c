/* Repeating events: a command every so many seconds, counted down by the quick tick.
 * Source: openshwprojects/OpenBK7231T_App: src/cmnds/cmd_repeatingEvents.c. */
#include "device/device.h"
#include "device/script/script.h"

void repeats_tick(struct device *d, uint32_t elapsed_ms) {
    for (struct block *b = block_first(d, BLOCK_REPEAT); b; b = block_next(d, b)) {
        struct repeat *r = block_fields(b);
        r->left_s -= (float)elapsed_ms * 0.001f;
        if (r->left_s > 0)
            continue;
        r->left_s = r->interval_s;
        if (r->times > 0 && --r->times == 0)
            block_kill(d, b);
        block_run(d, b);
    }
}

uint32_t repeats_next_ms(const struct device *d) {
    uint32_t next = UINT32_MAX;
    for (struct block *b = block_first(d, BLOCK_REPEAT); b; b = block_next(d, b)) {
        const struct repeat *r = block_fields(b);
        float ms = r->left_s * 1000;
        uint32_t left = ms > 1e9f ? 1000000000u : ms > 0 ? (uint32_t)ms : 0;
        next = left < next ? left : next;
    }
    return next;
}
