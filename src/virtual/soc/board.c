/* Life of the board: memory, reset, the run loop, and the few services peripherals share. */
#include "virtual/soc/board.h"

#include "virtual/soc/bus.h"
#include "virtual/soc/core.h"
#include "virtual/soc/flash_view.h"
#include "virtual/soc/handover.h"

#include <stdlib.h>
#include <string.h>

enum { RECHECK_TICKS = 2000, APPLICATION = 0x10000 };

uint64_t board_us(const struct board *b) {
    return b->now / b->ticks_per_us;
}

uint32_t *board_word(struct board *b, uint32_t address) {
    return &b->apb[(address - SOC_APB_BASE) / 4 % (SOC_APB_SIZE / 4)];
}

void board_schedule(struct board *b, int event, uint64_t tick) {
    b->deadline[event] = tick;
    if (tick < b->stop)
        b->stop = tick;
}

void board_cancel(struct board *b, int event) {
    b->deadline[event] = SOC_NEVER;
}

void board_cancel_all(struct board *b) {
    for (int i = 0; i < SOC_EVENT_STIMULUS; i++)
        b->deadline[i] = SOC_NEVER;
}

uint64_t board_executed(const struct board *b) {
    return b->now - b->skipped;
}

void board_irq(struct board *b, int source, bool level) {
    uint32_t before = b->irq;
    b->irq = level ? b->irq | 1u << source : b->irq & ~(1u << source);
    if (b->irq & ~before)
        b->stop = b->now; /* never stop the core from here: the store would be replayed */
}

static void reset_peripherals(struct board *b) {
    board_cancel_all(b);
    b->irq = 0;
    for (const struct peripheral *const *p = b->chip->peripherals; *p; p++)
        if ((*p)->reset)
            (*p)->reset(b);
}

/* Words that a reset by the watchdog leaves alone, in which firmware keeps why it restarts: of the
 * T bootloader, and of the system control. In the latter a bit tells that it outlived a reset;
 * without it firmware takes the reset for a jump to address 0 and restarts for ever. Observed on
 * public images (bk_misc_init_start_type). Waking from deep sleep leaves more. */
enum { RETAINED_T = 0x80A080, RETAINED = 0x800150, OUTLIVED_RESET = 1 << 16 };

/* Registers start over; RAM and the retained words keep their content, but in deep sleep RAM has no
 * power. */
static void restart(struct board *b) {
    uint32_t of_t = *board_word(b, RETAINED_T), word = *board_word(b, RETAINED);
    uint32_t always_on[SOC_ALWAYS_ON_WORDS];
    memcpy(always_on, board_word(b, soc_sleep.base), sizeof always_on);
    b->reset_requested = false;
    b->resets++;
    memset(b->apb, 0, sizeof b->apb);
    if (b->asleep) {
        memset(b->ram, 0, SOC_RAM_SIZE);
        memcpy(board_word(b, soc_sleep.base), always_on, sizeof always_on);
    }
    *board_word(b, RETAINED_T) = of_t;
    *board_word(b, RETAINED) = word | OUTLIVED_RESET;
    b->asleep = false;
    reset_peripherals(b);
    core_reset(b);
    if (b->watch.reset)
        b->watch.reset(b->watch.context, board_us(b));
}

void board_power_cycle(struct board *b) {
    memset(b->ram, 0, SOC_RAM_SIZE);
    b->asleep = false;
    restart(b);
    *board_word(b, RETAINED_T) = *board_word(b, RETAINED) = 0;
}

enum status board_start(struct board *b, const struct soc_identity *who, const uint8_t *image,
                        uint32_t size, uint32_t ticks_per_us) {
    struct soc_watch watch = b->watch;
    memset(b, 0, sizeof *b);
    b->watch = watch;
    b->chip = who->chip;
    b->ticks_per_us = ticks_per_us;
    b->random = 0x2545F4914F6CDD1Du;
    memcpy(b->key, who->key, sizeof b->key);
    b->entry = who->app_only ? APPLICATION : 0;
    for (int i = 0; i < SOC_EVENT_COUNT; i++)
        b->deadline[i] = SOC_NEVER;
    for (int i = 0; i < SOC_PINS; i++)
        b->pin[i].external = -1;
    b->flash.size = size;
    b->flash.data = malloc(size);
    b->ram = calloc(1, SOC_RAM_SIZE);
    if (!b->flash.data || !b->ram)
        return STATUS_NO_SPACE;
    memcpy(b->flash.data, image, size);
    enum status status = flash_view_build(b);
    if (!status && who->app_only)
        handover_install(b);
    if (!status)
        status = core_open(b);
    if (!status)
        status = bus_map(b);
    if (!status) {
        reset_peripherals(b);
        core_reset(b);
    }
    return status;
}

void board_free(struct board *b) {
    if (b->uc)
        uc_close(b->uc);
    free(b->flash.data);
    free(b->flash.view);
    free(b->ram);
    b->uc = NULL;
    b->flash.data = b->flash.view = b->ram = NULL;
}

static void serve_events(struct board *b) {
    for (const struct peripheral *const *p = b->chip->peripherals; *p; p++)
        for (int e = (*p)->first_event; e < (*p)->first_event + (*p)->event_count; e++)
            if (b->deadline[e] <= b->now) {
                b->deadline[e] = SOC_NEVER;
                (*p)->due(b, e);
            }
    if (b->deadline[SOC_EVENT_WATCHER] <= b->now) {
        b->deadline[SOC_EVENT_WATCHER] = SOC_NEVER;
        if (b->watch.periodic)
            b->watch.periodic(b->watch.context, board_us(b));
    }
    if (b->deadline[SOC_EVENT_STIMULUS] <= b->now) {
        b->deadline[SOC_EVENT_STIMULUS] = SOC_NEVER;
        if (b->watch.stimulus)
            b->watch.stimulus(b->watch.context, board_us(b));
    }
    if (b->deadline[SOC_EVENT_RECHECK] <= b->now)
        b->deadline[SOC_EVENT_RECHECK] = SOC_NEVER;
}

static uint64_t nearest(const struct board *b, uint64_t until) {
    for (int i = 0; i < SOC_EVENT_COUNT; i++)
        if (b->deadline[i] < until)
            until = b->deadline[i];
    return until;
}

/* Time passes without instructions. */
static void skip(struct board *b, uint64_t tick) {
    b->skipped += tick - b->now;
    b->now = tick;
}

enum status board_run(struct board *b, uint64_t until) {
    while (b->now < until && !b->halt) {
        if (b->reset_requested)
            restart(b);
        serve_events(b);
        if (b->asleep) {
            if (!b->reset_requested)
                skip(b, nearest(b, until));
            continue;
        }
        if (core_interrupt_masked(b))
            b->deadline[SOC_EVENT_RECHECK] = b->now + RECHECK_TICKS;
        b->stop = nearest(b, until);
        enum status status = core_run(b);
        if (status)
            return status;
    }
    serve_events(b);
    return STATUS_OK;
}
