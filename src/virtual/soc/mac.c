/* The Wi-Fi MAC at 0xC0000000 (core) and 0xC0008000 (platform), as far as time goes: its
 * microsecond counter, ten absolute timers and the idle state. No frame is ever sent or received,
 * but a scan runs through its channels, finds nothing and ends, and the firmware goes on to what it
 * does without a network: pairing, blinking, serving its buttons. Source: registers of the
 * RivieraWaves core as the public vendor SDKs use them (reg_mac_core.h, reg_mac_pl.h), and
 * observation of public images. */
#include "virtual/soc/mac.h"

enum {
    STATE_CONTROL = 0x038, /* bits 0-3 current state, 4-7 the next one */
    TIME_US = 0x120,
    TIMER_FIRST = 0x128,
    TIMERS = 10,
    TIMER_TRANSMIT = 4, /* timers below watch over frames being sent: nothing hangs here */
    SCHEDULING_BUSY = 0x050,
    GENERAL_STATUS = 0x06C,
    GENERAL_CLEAR = 0x070,
    GENERAL_UNMASK = 0x074,
    TIMERS_STATUS = 0x084,
    TIMERS_CLEAR = 0x088,
    TIMERS_UNMASK = 0x08C,
    GENERAL_IDLE = 1 << 2,
    GENERAL_TIMERS = 1 << 3,
    FIQ_MAC_GENERAL = 22,
    WORDS = SOC_MAC_PAGE / 4,
};
#define GENERAL_MASTER (1u << 31)

static uint32_t now_us(const struct board *b) {
    return (uint32_t)board_us(b);
}

static uint32_t general_status(const struct board *b) {
    uint32_t timers = b->mac.timers & b->mac.platform[TIMERS_UNMASK / 4];
    return b->mac.general | (timers ? (uint32_t)GENERAL_TIMERS : 0);
}

static void update(struct board *b) {
    uint32_t unmask = b->mac.platform[GENERAL_UNMASK / 4];
    board_irq(b, FIQ_MAC_GENERAL, unmask & GENERAL_MASTER && general_status(b) & unmask);
}

/* The timer that expires next decides when the board looks here again. */
static void schedule(struct board *b) {
    uint32_t soonest = UINT32_MAX, now = now_us(b);
    for (int i = TIMER_TRANSMIT; i < TIMERS; i++) {
        uint32_t left = b->mac.core[TIMER_FIRST / 4 + i] - now;
        if (b->mac.armed >> i & 1 && left < soonest)
            soonest = left;
    }
    if (soonest == UINT32_MAX)
        board_cancel(b, SOC_EVENT_MAC);
    else
        board_schedule(b, SOC_EVENT_MAC, (board_us(b) + soonest + 1) * b->ticks_per_us);
}

static void expire(struct board *b, int event) {
    (void)event;
    uint32_t now = now_us(b);
    for (int i = TIMER_TRANSMIT; i < TIMERS; i++)
        if (b->mac.armed >> i & 1 && (int32_t)(b->mac.core[TIMER_FIRST / 4 + i] - now) <= 0) {
            b->mac.timers |= 1u << i;
            b->mac.armed &= ~(1u << i);
        }
    schedule(b);
    update(b);
}

static uint32_t core_read(struct board *b, uint32_t offset) {
    uint32_t word = b->mac.core[offset / 4 % WORDS];
    return offset == STATE_CONTROL ? (word & 0xF0) | (word >> 4 & 0x0F)
           : offset == TIME_US     ? now_us(b)
                                   : word;
}

static void core_write(struct board *b, uint32_t offset, uint32_t value) {
    uint32_t timer = (offset - TIMER_FIRST) / 4;
    b->mac.core[offset / 4 % WORDS] = value;
    if (offset == STATE_CONTROL && !(value & 0xF0)) {
        b->mac.general |= GENERAL_IDLE;
        update(b);
    } else if (offset >= TIMER_FIRST && timer < TIMERS) {
        /* a moment that is past already expires at once, not after 71 minutes */
        b->mac.armed |= 1u << timer;
        if ((int32_t)(value - now_us(b)) <= 0)
            b->mac.core[offset / 4] = now_us(b);
        schedule(b);
    }
}

static uint32_t platform_read(struct board *b, uint32_t offset) {
    switch (offset) {
    case SCHEDULING_BUSY:
        return 0;
    case GENERAL_STATUS:
        return general_status(b);
    case TIMERS_STATUS:
        return b->mac.timers & b->mac.platform[TIMERS_UNMASK / 4];
    default:
        return b->mac.platform[offset / 4 % WORDS];
    }
}

static void platform_write(struct board *b, uint32_t offset, uint32_t value) {
    b->mac.platform[offset / 4 % WORDS] = value;
    if (offset == GENERAL_CLEAR)
        b->mac.general &= ~value;
    else if (offset == TIMERS_CLEAR)
        b->mac.timers &= ~value;
    if (offset >= GENERAL_STATUS && offset <= TIMERS_UNMASK)
        update(b);
}

uint32_t mac_read(struct board *b, uint32_t offset) {
    return offset < SOC_MAC_PAGE ? core_read(b, offset)
                                 : platform_read(b, offset - SOC_MAC_PLATFORM);
}

void mac_write(struct board *b, uint32_t offset, uint32_t value) {
    if (offset < SOC_MAC_PAGE)
        core_write(b, offset, value);
    else
        platform_write(b, offset - SOC_MAC_PLATFORM, value);
}

static void mac_reset(struct board *b) {
    memset(&b->mac, 0, sizeof b->mac);
}

const struct peripheral soc_mac = {.name = "mac",
                                   .due = expire,
                                   .first_event = SOC_EVENT_MAC,
                                   .event_count = 1,
                                   .reset = mac_reset};
