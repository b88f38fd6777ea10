/* Six timers at 0x00802A00: bank A counts 26 MHz, bank B 32 kHz. FreeRTOS ticks on timer 3. An end
 * count of 0 runs freely without interrupt; treating it as a short period would be a storm.
 * A flag that is still up is not raised again, or a short period that nobody serves would be one.
 * Source: vendor SDK driver/pwm (bk_timer). */
#include "virtual/soc/board.h"

#include <string.h>

enum {
    CONTROL = 0x0C,
    READ_CONTROL = 0x10,
    READ_VALUE = 0x14,
    BANK_STRIDE = 0x40,
    FLAG_FIRST = 7,
    FLAGS = 7 << FLAG_FIRST,
    IRQ_TIMER = 8,
};

static uint64_t count_ticks(const struct board *b, int bank, uint64_t count) {
    const struct soc_timer_bank *t = &b->bank[bank];
    uint64_t divider = (t->control >> 3 & 7) + 1;
    uint64_t per_us = count * divider * b->ticks_per_us;
    uint64_t ticks = bank == 0 ? per_us / 26 : per_us * 1000 / 32;
    return ticks ? ticks : 1;
}

static uint32_t counter(const struct board *b, int bank, int i) {
    const struct soc_timer_bank *t = &b->bank[bank];
    uint64_t divider = (t->control >> 3 & 7) + 1;
    uint64_t ran = b->now - t->started[i];
    uint64_t count =
        bank == 0 ? ran * 26 / b->ticks_per_us : ran * 32 / (1000ull * b->ticks_per_us);
    count /= divider;
    return (uint32_t)(t->end[i] ? count % t->end[i] : count);
}

static void update(struct board *b) {
    board_irq(b, IRQ_TIMER, ((b->bank[0].control | b->bank[1].control) & FLAGS) != 0);
}

static void arm(struct board *b, int bank, int i) {
    struct soc_timer_bank *t = &b->bank[bank];
    int event = SOC_EVENT_TIMER + 3 * bank + i;
    if (!(t->control >> i & 1) || t->end[i] == 0) {
        board_cancel(b, event);
        return;
    }
    t->started[i] = b->now;
    board_schedule(b, event, b->now + count_ticks(b, bank, t->end[i]));
}

/* The flag was cleared: the end of the period that runs now raises it again. */
static void arm_again(struct board *b, int bank, int i) {
    const struct soc_timer_bank *t = &b->bank[bank];
    if (!(t->control >> i & 1) || t->end[i] == 0)
        return;
    uint64_t period = count_ticks(b, bank, t->end[i]);
    uint64_t periods = (b->now - t->started[i]) / period + 1;
    board_schedule(b, SOC_EVENT_TIMER + 3 * bank + i, t->started[i] + periods * period);
}

static void write_control(struct board *b, int bank, uint32_t value) {
    struct soc_timer_bank *t = &b->bank[bank];
    uint32_t before = t->control;
    t->control = (value & ~(uint32_t)FLAGS) | (before & ~value & FLAGS);
    for (int i = 0; i < 3; i++)
        if ((before ^ t->control) & (1u << i | 7u << 3))
            arm(b, bank, i);
        else if (before & ~t->control & 1u << (FLAG_FIRST + i))
            arm_again(b, bank, i);
    update(b);
}

static uint32_t timers_read(struct board *b, uint32_t offset) {
    const struct soc_timer_bank *t = &b->bank[offset / BANK_STRIDE];
    switch (offset % BANK_STRIDE) {
    case 0x00:
    case 0x04:
    case 0x08:
        return t->end[offset % BANK_STRIDE / 4];
    case CONTROL:
        return t->control;
    case READ_VALUE:
        return t->latched;
    default:
        return *board_word(b, soc_timers.base + offset) & ~1u;
    }
}

static void timers_write(struct board *b, uint32_t offset, uint32_t value) {
    int bank = (int)(offset / BANK_STRIDE);
    struct soc_timer_bank *t = &b->bank[bank];
    uint32_t reg = offset % BANK_STRIDE;
    if (reg < CONTROL) {
        t->end[reg / 4] = value;
        arm(b, bank, (int)(reg / 4));
    } else if (reg == CONTROL)
        write_control(b, bank, value);
    else if (reg == READ_CONTROL && value & 1)
        t->latched = counter(b, bank, (value >> 2 & 3) < 3 ? (int)(value >> 2 & 3) : 0);
    else
        *board_word(b, soc_timers.base + offset) = value;
}

static void timers_due(struct board *b, int event) {
    int bank = (event - SOC_EVENT_TIMER) / 3, i = (event - SOC_EVENT_TIMER) % 3;
    b->bank[bank].control |= 1u << (FLAG_FIRST + i);
    update(b);
}

static void timers_reset(struct board *b) {
    memset(b->bank, 0, sizeof b->bank);
}

const struct peripheral soc_timers = {.name = "timers",
                                      .base = 0x802A00,
                                      .size = 0x80,
                                      .read = timers_read,
                                      .write = timers_write,
                                      .due = timers_due,
                                      .first_event = SOC_EVENT_TIMER,
                                      .event_count = SOC_TIMERS,
                                      .reset = timers_reset};
