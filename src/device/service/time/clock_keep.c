/* Time in retained RAM, behind the log; see clock_keep.h. */
#include "device/service/time/clock_keep.h"

#include "base/crc.h"
#include "device/clock.h"
#include "device/device.h"

#include <string.h>

enum { RESTART_TAKES_S = 1 };
static const uint32_t magic = 0x4B434C43; /* "CLCK" */

struct kept {
    uint32_t magic;
    int64_t epoch;
    uint32_t check;
};

static uint32_t check_of(const struct kept *k) {
    return fnv1a_update(FNV1A_START, &k->epoch, sizeof k->epoch);
}

/* The last bytes of the area; the log has the first. NULL: this platform keeps too little. */
static uint8_t *place(const struct device *d) {
    size_t size = 0;
    uint8_t *base = d->hal.retained ? d->hal.retained(d->hal.context, &size) : NULL;
    return base && size >= sizeof(struct device_log_ring) + sizeof(struct kept)
               ? base + size - sizeof(struct kept)
               : NULL;
}

void clock_keep_start(struct device *d) {
    struct kept k;
    const uint8_t *at = place(d);
    bool warm = d->cause == HAL_RESET_SOFTWARE || d->cause == HAL_RESET_WATCHDOG ||
                d->cause == HAL_RESET_CRASH;
    if (!at || !warm || d->clock_set)
        return;
    memcpy(&k, at, sizeof k);
    if (k.magic != magic || k.check != check_of(&k))
        return;
    clock_set(d, k.epoch + RESTART_TAKES_S);
    d->sntp.estimated = true;
    device_log(d, LOG_INFO, "ntp", "the clock goes on from before the restart, estimated");
}

void clock_keep_second(struct device *d) {
    uint8_t *at = place(d);
    if (!at || !d->clock_set)
        return;
    struct kept k = {.magic = magic, .epoch = clock_now(d)};
    k.check = check_of(&k);
    memcpy(at, &k, sizeof k);
}
