/* Deep sleep, in the always-on registers from 0x00800100. The word 0xADC1 in SLEEP stops the CPU
 * and all peripherals; a 32 kHz timer or the edge of a pin wakes the chip, which then starts as
 * after power-on, but for these registers: the timer's flag or the pin's tell the firmware why.
 * RAM is not kept. Sources: names from the public vendor SDK (sys_ctrl.h: SCTRL_SLEEP,
 * SCTRL_ROSC_TIMER, SCTRL_GPIO_WAKEUP_EN, _TYPE, _INT_STATUS, SCTRL_SW_RETENTION at 0x150); the
 * timer's upper half and the rate, 32000 a second, observed in public BK7231N images, the divider
 * in images for BK7231T. */
#include "virtual/soc/board.h"

enum {
    SLEEP = 0x04,
    TIMER = 0x1C, /* 16-31 lower half of the period, 8 expired (write 1 to clear), 0 enable */
    WAKE_PINS = 0x20,
    WAKE_FALLING = 0x24, /* a bit a pin: 1 falling edge, 0 rising */
    WAKE_STATUS = 0x28,  /* write 1 to clear */
    TIMER_DIVIDER = 0x3C,
    TIMER_HIGH = 0x40,
    DEEP_SLEEP = 0xADC1,
    TIMER_ENABLE = 1 << 0,
    TIMER_EXPIRED = 1 << 8,
    DIVIDER_MASK = 0x1FF,
    US_PER_MS = 1000,
    COUNTS_PER_MS = 32,
};

static uint32_t *word(struct board *b, uint32_t offset) {
    return board_word(b, soc_sleep.base + offset);
}

/* Microseconds until the timer wakes; 0: it does not. */
static uint64_t timer_us(struct board *b) {
    uint64_t period = (uint64_t)(*word(b, TIMER_HIGH) & 0xFFFF) << 16 | *word(b, TIMER) >> 16;
    uint32_t divider = *word(b, TIMER_DIVIDER) & DIVIDER_MASK;
    if (!(*word(b, TIMER) & TIMER_ENABLE))
        return 0;
    return period * (divider ? divider : 1) * US_PER_MS / COUNTS_PER_MS;
}

static void fall_asleep(struct board *b) {
    uint64_t left_us = timer_us(b), now_us = board_us(b);
    b->asleep = true;
    b->stop = b->now;
    board_cancel_all(b);
    if (left_us)
        board_schedule(b, SOC_EVENT_WAKE, b->now + left_us * b->ticks_per_us);
    if (b->watch.sleep)
        b->watch.sleep(b->watch.context, now_us, left_us ? now_us + left_us : 0,
                       *word(b, WAKE_PINS));
}

static void wake(struct board *b, int pin) {
    b->reset_requested = true;
    if (b->watch.wake)
        b->watch.wake(b->watch.context, board_us(b), pin);
}

void sleep_pin_moved(struct board *b, int pin, int level) {
    bool falling = *word(b, WAKE_FALLING) >> pin & 1;
    if (!b->asleep || b->reset_requested || !(*word(b, WAKE_PINS) >> pin & 1) || level == falling)
        return;
    *word(b, WAKE_STATUS) |= 1u << pin;
    wake(b, pin);
}

static void timer_due(struct board *b, int event) {
    (void)event;
    *word(b, TIMER) |= TIMER_EXPIRED;
    wake(b, SOC_PINS);
}

static uint32_t sleep_read(struct board *b, uint32_t offset) {
    return *word(b, offset);
}

static void sleep_write(struct board *b, uint32_t offset, uint32_t value) {
    if (offset == WAKE_STATUS)
        value = *word(b, offset) & ~value;
    else if (offset == TIMER)
        value = (value & ~(uint32_t)TIMER_EXPIRED) | (*word(b, TIMER) & ~value & TIMER_EXPIRED);
    *word(b, offset) = value;
    if (offset == SLEEP && (value & 0xFFFF) == DEEP_SLEEP)
        fall_asleep(b);
}

const struct peripheral soc_sleep = {.name = "sleep",
                                     .base = 0x800100,
                                     .size = SOC_ALWAYS_ON_WORDS * 4,
                                     .read = sleep_read,
                                     .write = sleep_write,
                                     .due = timer_due,
                                     .first_event = SOC_EVENT_WAKE,
                                     .event_count = 1};
