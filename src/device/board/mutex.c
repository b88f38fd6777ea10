/* Pairs of exclusive outputs; see mutex.h. */
#include "device/board/mutex.h"

#include "device/board/pins.h"
#include "device/device.h"

static void off(struct device *d, const struct mutex_pair *m) {
    pin_drive(d, m->down, false);
    pin_drive(d, m->up, false);
}

enum status mutex_set(struct device *d, unsigned index, const struct mutex_pair *pair) {
    if (index >= MUTEX_COUNT || pair->down >= d->hal.chip.pins || pair->up >= d->hal.chip.pins ||
        pair->down == pair->up)
        return STATUS_BAD_ARGUMENT;
    struct mutex_pair *m = &d->board.mutexes[index];
    if (m->used)
        off(d, m);
    *m = *pair;
    m->used = true;
    m->state = 0;
    m->left_ms = 0;
    off(d, m);
    return STATUS_OK;
}

static unsigned wanted(const struct device *d, const struct mutex_pair *m) {
    int32_t value = d->channels.value[m->channel];
    return value == 1 || value == 2 ? (unsigned)value : 0;
}

static void tick(struct device *d, struct mutex_pair *m, uint32_t elapsed_ms) {
    unsigned want = wanted(d, m);
    if (m->state && m->state != want) {
        off(d, m);
        m->state = 0;
        m->left_ms = m->dead_ms;
        return;
    }
    m->left_ms = elapsed_ms < m->left_ms ? (uint16_t)(m->left_ms - elapsed_ms) : 0;
    if (m->state == want || m->left_ms)
        return;
    pin_drive(d, want == 2 ? m->up : m->down, true);
    m->state = (uint8_t)want;
}

void mutex_tick(struct device *d, uint32_t elapsed_ms) {
    for (unsigned i = 0; i < MUTEX_COUNT; i++)
        if (d->board.mutexes[i].used)
            tick(d, &d->board.mutexes[i], elapsed_ms);
}

uint32_t mutex_next_ms(const struct device *d) {
    uint32_t next = UINT32_MAX;
    for (unsigned i = 0; i < MUTEX_COUNT; i++) {
        const struct mutex_pair *m = &d->board.mutexes[i];
        if (m->used && (m->left_ms || m->state != wanted(d, m)))
            next = m->left_ms < next ? m->left_ms : next;
    }
    return next;
}

void mutex_stop(struct device *d) {
    for (unsigned i = 0; i < MUTEX_COUNT; i++)
        if (d->board.mutexes[i].used) {
            off(d, &d->board.mutexes[i]);
            d->board.mutexes[i].used = false;
        }
}
