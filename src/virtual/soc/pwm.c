/* PWM in its three register layouts. What they share: a channel has a period and a duty in 26 MHz
 * counts; at the end of a period its flag rises, and IRQ 9 when the channel's interrupt is on.
 * A flag that is still up is not scheduled again, or unused channels in timer mode would slow the
 * run to a crawl. Source: vendor SDK driver/pwm (pwm.h, pwm_new.h). */
#include "virtual/soc/board.h"

enum { IRQ_PWM = 9 };

static void channel_arm(struct board *b, int channel, uint32_t period, bool wanted) {
    if (!wanted || period == 0 || b->pwm_flags >> channel & 1) {
        board_cancel(b, SOC_EVENT_PWM + channel);
        return;
    }
    if (b->deadline[SOC_EVENT_PWM + channel] == SOC_NEVER)
        board_schedule(b, SOC_EVENT_PWM + channel,
                       b->now + (uint64_t)period * b->ticks_per_us / 26 + 1);
}

static void report(struct board *b, int channel, uint32_t period, uint32_t duty) {
    if (b->watch.pwm)
        b->watch.pwm(b->watch.context, board_us(b), channel, period, duty);
}

/* The old layouts: 4 control bits a channel (enable, interrupt, mode) and one status word. */
struct old_layout {
    const struct peripheral *window;
    uint32_t first, stride;
    bool packed; /* period and duty are the halves of one word */
};

static const struct old_layout *old_layout(const struct board *b) {
    static const struct old_layout t = {&soc_pwm_old, 0x08, 12, false};
    static const struct old_layout original = {&soc_pwm_original, 0x08, 8, true};
    for (const struct peripheral *const *p = b->chip->peripherals; *p; p++)
        if (*p == &soc_pwm_original)
            return &original;
    return &t;
}

static uint32_t old_period(struct board *b, const struct old_layout *l, int channel) {
    uint32_t word = *board_word(b, l->window->base + l->first + l->stride * (uint32_t)channel);
    return l->packed ? word & 0xFFFF : word;
}

static uint32_t old_duty(struct board *b, const struct old_layout *l, int channel) {
    uint32_t at = l->window->base + l->first + l->stride * (uint32_t)channel;
    return l->packed ? *board_word(b, at) >> 16 : *board_word(b, at + 4);
}

static void old_update(struct board *b) {
    uint32_t irq = 0;
    const struct old_layout *l = old_layout(b);
    for (int c = 0; c < SOC_PWMS; c++) {
        uint32_t bits = b->pwm_control_old >> 4 * c;
        channel_arm(b, c, old_period(b, l, c), (bits & 3) == 3);
        irq |= b->pwm_flags >> c & bits >> 1 & 1;
    }
    board_irq(b, IRQ_PWM, irq != 0);
}

static uint32_t old_read(struct board *b, uint32_t offset) {
    const struct old_layout *l = old_layout(b);
    return offset == 0   ? b->pwm_control_old
           : offset == 4 ? b->pwm_flags
                         : *board_word(b, l->window->base + offset);
}

static void old_write(struct board *b, uint32_t offset, uint32_t value) {
    const struct old_layout *l = old_layout(b);
    uint32_t before = b->pwm_control_old;
    if (offset == 0)
        b->pwm_control_old = value;
    else if (offset == 4)
        b->pwm_flags &= ~value;
    else
        *board_word(b, l->window->base + offset) = value;
    old_update(b);
    for (int c = 0; c < SOC_PWMS; c++) {
        bool touched = offset >= 8 && (int)((offset - 8) / l->stride) == c;
        bool started = (value & ~before) >> 4 * c & 1 && offset == 0;
        if (b->pwm_control_old >> 4 * c & 1 && (started || touched))
            report(b, c, old_period(b, l, c), old_duty(b, l, c));
    }
}

static void old_due(struct board *b, int event) {
    b->pwm_flags |= 1u << (event - SOC_EVENT_PWM);
    old_update(b);
}

static void pwm_reset(struct board *b) {
    b->pwm_flags = b->pwm_control_old = 0;
}

#define OLD_WINDOW(at)                                                                             \
    {                                                                                              \
        .name = "pwm", .base = (at), .size = 0x80, .read = old_read, .write = old_write,           \
        .due = old_due, .first_event = SOC_EVENT_PWM, .event_count = SOC_PWMS, .reset = pwm_reset  \
    }
const struct peripheral soc_pwm_old = OLD_WINDOW(0x802A80);
const struct peripheral soc_pwm_original = OLD_WINDOW(0x802A00);

/* The new layout: three groups of two channels; the control word holds both channels' bits. */
enum { GROUP = 0x40, NEW_MODE = 7, NEW_ENABLE = 1 << 3, NEW_INTERRUPT = 1 << 4, NEW_FLAGS = 30 };

static uint32_t *group_word(struct board *b, int channel, uint32_t offset) {
    return board_word(b, soc_pwm_new.base + GROUP * (uint32_t)(channel / 2) + offset);
}

static uint32_t new_period(struct board *b, int channel) {
    return *group_word(b, channel, channel % 2 ? 0x20 : 0x10);
}

static void new_update(struct board *b) {
    uint32_t irq = 0;
    for (int c = 0; c < SOC_PWMS; c++) {
        uint32_t bits = *group_word(b, c, 0) >> 8 * (c % 2);
        uint32_t on = bits & (NEW_ENABLE | NEW_INTERRUPT);
        channel_arm(b, c, new_period(b, c), on == (NEW_ENABLE | NEW_INTERRUPT));
        irq |= b->pwm_flags >> c & on >> 4 & 1;
    }
    board_irq(b, IRQ_PWM, irq != 0);
}

static uint32_t new_read(struct board *b, uint32_t offset) {
    uint32_t word = *board_word(b, soc_pwm_new.base + offset);
    if (offset % GROUP == 0 && offset < 3 * GROUP)
        word |= (b->pwm_flags >> 2 * (offset / GROUP) & 3) << NEW_FLAGS;
    return word;
}

static void new_write(struct board *b, uint32_t offset, uint32_t value) {
    uint32_t group = offset / GROUP;
    if (offset % GROUP == 0 && group < 3) {
        b->pwm_flags &= ~((value >> NEW_FLAGS & 3) << 2 * group);
        value &= ~(3u << NEW_FLAGS);
    }
    *board_word(b, soc_pwm_new.base + offset) = value;
    if (group >= 3)
        return;
    new_update(b);
    for (int s = 0; s < 2 && offset % GROUP == 0; s++) {
        int channel = (int)(2 * group) + s;
        uint32_t bits = value >> 8 * s;
        if ((bits & NEW_MODE) == 1 && bits & NEW_ENABLE)
            report(b, channel, new_period(b, channel), *group_word(b, channel, s ? 0x14 : 0x04));
    }
}

static void new_due(struct board *b, int event) {
    b->pwm_flags |= 1u << (event - SOC_EVENT_PWM);
    new_update(b);
}

const struct peripheral soc_pwm_new = {.name = "pwm",
                                       .base = 0x802B00,
                                       .size = 0x100,
                                       .read = new_read,
                                       .write = new_write,
                                       .due = new_due,
                                       .first_event = SOC_EVENT_PWM,
                                       .event_count = SOC_PWMS,
                                       .reset = pwm_reset};
