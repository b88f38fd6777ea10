/* Watchdog at 0x00802900: a period in milliseconds, loaded by writing it with key 0x5A and then
 * 0xA5; period 0 or its clock switched off stops it. Source: vendor SDK driver/wdt. */
#include "virtual/soc/board.h"

enum { CLOCK_OFF_BIT = 8 };

static uint32_t watchdog_read(struct board *b, uint32_t offset) {
    return *board_word(b, soc_watchdog.base + offset);
}

static void watchdog_write(struct board *b, uint32_t offset, uint32_t value) {
    *board_word(b, soc_watchdog.base + offset) = value;
    if (offset != 0 || (value >> 16 & 0xFF) != 0xA5)
        return;
    uint64_t period_ms = value & 0xFFFF;
    if (period_ms)
        board_schedule(b, SOC_EVENT_WATCHDOG, b->now + period_ms * 1000 * b->ticks_per_us);
    else
        board_cancel(b, SOC_EVENT_WATCHDOG);
}

static void watchdog_due(struct board *b, int event) {
    (void)event;
    if (!(*board_word(b, 0x802008) >> CLOCK_OFF_BIT & 1))
        b->reset_requested = true;
}

const struct peripheral soc_watchdog = {.name = "watchdog",
                                        .base = 0x802900,
                                        .size = 0x100,
                                        .read = watchdog_read,
                                        .write = watchdog_write,
                                        .due = watchdog_due,
                                        .first_event = SOC_EVENT_WATCHDOG,
                                        .event_count = 1};
