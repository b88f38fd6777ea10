/* The virtual board: a Beken BK7231-class chip as its firmware sees it, on libunicorn's ARM core.
 *
 * Time is counted in guest instructions ("ticks"), so a run is deterministic: same dump, same
 * options, same output. Peripherals keep deadlines in ticks; the run loop executes guest code up
 * to the nearest one, serves it, delivers interrupts and goes on. A peripheral is one file with
 * one `struct peripheral`: a register window with a read and a write function. Registers that
 * need no behaviour are plain memory (`apb`).
 *
 * Register facts: the public vendor SDKs (beken378/driver) and observation of public images. */
#ifndef VIRTUAL_SOC_BOARD_H
#define VIRTUAL_SOC_BOARD_H
#include "base/status.h"
#include "virtual/soc/identify.h"

#include <stdbool.h>
#include <stdint.h>
#include <unicorn/unicorn.h>

enum {
    SOC_PINS = 40,
    SOC_UARTS = 2,
    SOC_UART_FIFO = 128,
    SOC_UART_QUEUE = 65536, /* what a hurried host sends ahead must not get lost on the wire */
    SOC_TIMERS = 6,
    SOC_PWMS = 6,
    SOC_MAC_PAGE = 0x1000,
    SOC_BREAKPOINTS = 64,
    SOC_ALWAYS_ON_WORDS = 24, /* always-on registers from 0x800100 */
};

#define SOC_APB_BASE     0x00800000u
#define SOC_APB_SIZE     0x00020000u
#define SOC_RAM_BASE     0x00400000u
#define SOC_RAM_SIZE     0x00100000u
#define SOC_MAC_BASE     0xC0000000u
#define SOC_MAC_PLATFORM 0x8000u
#define SOC_NEVER        UINT64_MAX

/* Everything that can be due at a time. */
enum soc_event {
    SOC_EVENT_TIMER, /* six in a row */
    SOC_EVENT_PWM = SOC_EVENT_TIMER + SOC_TIMERS,
    SOC_EVENT_UART_RX = SOC_EVENT_PWM + SOC_PWMS, /* next byte reaches the FIFO */
    SOC_EVENT_UART_IDLE = SOC_EVENT_UART_RX + SOC_UARTS,
    SOC_EVENT_WATCHDOG = SOC_EVENT_UART_IDLE + SOC_UARTS,
    SOC_EVENT_MAC,
    SOC_EVENT_WAKE,     /* from deep sleep, by its timer */
    SOC_EVENT_STIMULUS, /* a button, a pulse train: see stimulus.h */
    SOC_EVENT_WATCHER,  /* periodic look at guest memory */
    SOC_EVENT_RECHECK,  /* an interrupt is pending but masked */
    SOC_EVENT_COUNT
};

/* What the outside is told. Every call carries the time in microseconds of virtual time. */
struct soc_watch {
    void (*uart_tx)(void *context, uint64_t us, int uart, uint8_t byte);
    void (*uart_baud)(void *context, uint64_t us, int uart, uint32_t baud);
    void (*uart_rx)(void *context, uint64_t us, int uart, uint8_t byte);
    void (*pin)(void *context, uint64_t us, int pin, uint32_t before, uint32_t after);
    void (*pwm)(void *context, uint64_t us, int channel, uint32_t period, uint32_t duty);
    void (*periodic)(void *context, uint64_t us);
    void (*stimulus)(void *context, uint64_t us);
    void (*unmapped)(void *context, uint64_t us, uint32_t address, uint32_t pc);
    void (*reset)(void *context, uint64_t us);
    /* Deep sleep until `until_us` (0: no timer) or an edge on one of `pins`; woken by a pin, or by
     * the timer (SOC_PINS). */
    void (*sleep)(void *context, uint64_t us, uint64_t until_us, uint32_t pins);
    void (*wake)(void *context, uint64_t us, int pin);
    void *context;
};

struct soc_uart {
    uint32_t config, fifo_config, int_enable, int_status;
    uint8_t fifo[SOC_UART_FIFO];
    int fifo_head, fifo_count;
    uint8_t queue[SOC_UART_QUEUE]; /* bytes on their way over the wire */
    int queue_head, queue_count;
};

struct soc_timer_bank {
    uint32_t end[3];
    uint32_t control;
    uint32_t latched;
    uint64_t started[3];
};

struct soc_flash {
    uint8_t *data; /* physical image; a private copy, `size` bytes */
    uint32_t size;
    uint8_t *view; /* what the CPU sees from address 0: CRC removed, decrypted */
    uint32_t view_size;
    uint8_t page[32]; /* words written before a page program */
    uint8_t burst[32];
    int page_fill, burst_at;
    uint16_t status;
    bool write_enabled;
    uint32_t erases, programs;
};

struct soc_pin {
    uint32_t word;
    int8_t external; /* level applied from outside, or -1 */
};

/* Bits of a radio word that always read the same; a list of them ends with mask 0. */
struct soc_fixed {
    uint32_t offset, mask, value;
};
struct soc_window {
    uint32_t words[0x1000 / 4];
    const struct soc_fixed *fixed;
};

/* Where a debugger wants the guest held: debug.c. */
struct soc_debug {
    struct {
        uint32_t address, width; /* width of the instruction in bytes */
        uint8_t original[4];
    } at[SOC_BREAKPOINTS];
    int count;
    bool hit;
};

struct soc_mac {
    uint32_t core[SOC_MAC_PAGE / 4], platform[SOC_MAC_PAGE / 4];
    uint32_t general, timers, armed; /* interrupt flags; timers that run */
};

struct board {
    uc_engine *uc;
    uc_hook block_hook, interrupt_hook, memory_hook;
    const struct soc_chip *chip;
    uint32_t key[4];
    uint32_t entry; /* where the core starts: 0, or the application when there is no bootloader */
    uint32_t ticks_per_us;

    uint64_t now;  /* ticks since power-on */
    uint64_t stop; /* the block hook stops the core at this tick */
    uint64_t deadline[SOC_EVENT_COUNT];

    uint32_t irq; /* level image of the interrupt sources */
    uint32_t apb[SOC_APB_SIZE / 4];
    struct soc_window xvr; /* transceiver page at 0x900000 */
    struct soc_mac mac;
    uint8_t *ram;
    bool ram_executes; /* set when code in RAM is first reached: stores get slower then */
    struct soc_uart uart[SOC_UARTS];
    struct soc_timer_bank bank[2];
    uint32_t pwm_flags, pwm_control_old;
    struct soc_flash flash;
    struct soc_pin pin[SOC_PINS];
    uint32_t pin_int_status;
    int adc_samples;
    uint64_t random;
    bool reset_requested;
    bool asleep;      /* in deep sleep: no instruction is executed */
    uint64_t skipped; /* ticks in which none was */
    struct soc_debug debug;
    bool halt; /* board_run returns as soon as it can */
    unsigned unmapped_pages, resets, aborts;

    struct soc_watch watch;
};

/* A register window below SOC_APB_BASE; `offset` counts from `base`. */
struct peripheral {
    const char *name;
    uint32_t base, size;
    uint32_t (*read)(struct board *b, uint32_t offset);
    void (*write)(struct board *b, uint32_t offset, uint32_t value);
    void (*due)(struct board *b, int event); /* or NULL */
    int first_event, event_count;
    void (*reset)(struct board *b); /* or NULL */
};
extern const struct peripheral soc_icu, soc_uarts, soc_timers, soc_pwm_old, soc_pwm_new,
    soc_pwm_original, soc_gpio, soc_flash_controller, soc_watchdog, soc_sctrl, soc_trng, soc_adc,
    soc_radio_ble, soc_mac, soc_sleep;

/* Takes a physical image (copied) for what it was recognised as; `ticks_per_us` is the pace of
 * virtual time (120 is about real, 30 to 60 finds boot logs sooner). */
enum status board_start(struct board *b, const struct soc_identity *who, const uint8_t *image,
                        uint32_t size, uint32_t ticks_per_us);
void board_free(struct board *b);
/* Instructions executed so far: ticks without those that were slept. */
uint64_t board_executed(const struct board *b);
/* Runs until tick `until`; returns STATUS_OK, or STATUS_INTERNAL when the core gave up. */
enum status board_run(struct board *b, uint64_t until);

/* As if the power had gone: RAM and retained words are lost, flash is not. */
void board_power_cycle(struct board *b);

/* For peripherals. */
uint64_t board_us(const struct board *b);
void board_schedule(struct board *b, int event, uint64_t tick);
void board_cancel(struct board *b, int event);
void board_cancel_all(struct board *b); /* of the peripherals */
void board_irq(struct board *b, int source, bool level);
/* Plain-memory word of a register. */
uint32_t *board_word(struct board *b, uint32_t address);

/* sleep.c: a pin has changed to `level`; that may wake the chip. */
void sleep_pin_moved(struct board *b, int pin, int level);

/* The world outside the chip. */
void board_uart_send(struct board *b, int uart, const uint8_t *bytes, int count);
/* Level on a pin from outside: 0, 1, or -1 for let go. */
void board_pin_drive(struct board *b, int pin, int level);
/* What a voltmeter sees on the pin: driven level, else external, else pull, else 0. */
int board_pin_level(const struct board *b, int pin);
/* 1 when firmware wants an interrupt from the pin. */
int board_pin_listens(struct board *b, int pin);
#endif
