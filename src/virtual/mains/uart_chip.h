/* Power meters that speak over a UART, as chips: they measure, answer when asked (CSE7766 talks
 * unasked), and send their bytes at the pace of the line. Bytes can be corrupted, lost or the chip
 * be silent, on demand. */
#ifndef VIRTUAL_UART_CHIP_H
#define VIRTUAL_UART_CHIP_H
#include "virtual/mains/chip_registers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum uart_chip_kind { UART_BL0942, UART_BL0940, UART_CSE7766, UART_RN8209, UART_KINDS };
enum { UART_CHIP_QUEUE = 64 };

struct uart_chip {
    uint8_t kind;
    bool silent;                /* no power, or a loose wire */
    double corrupt, drop;       /* chance that a byte arrives wrong, or not at all */
    double v_off, a_off, w_off; /* how far this specimen is off, as a fraction */
    uint64_t random;
    struct chip_registers registers;
    struct chip_period period[3];  /* CSE7766: voltage, current, power */
    double fast_ratio, fast_noise; /* I_FAST_RMS by I_RMS; rms of one of its readings */
    bool unlocked;                 /* RN8209: registers may be written */
    bool keeps_pace;               /* RN8209: a specimen that refuses the quick refresh */
    uint16_t control;              /* RN8209: EMUCON2 */
    uint8_t parity;                /* of its line: 0 none, 1 odd, 2 even */
    double counter;                /* energy in units of the chip's counter */
    uint64_t queue_us[UART_CHIP_QUEUE];
    uint8_t queue[UART_CHIP_QUEUE];
    uint8_t first, waiting;
    uint64_t line_free_us, talk_us;
    uint8_t heard[8], heard_count;
    uint64_t sent, spoilt; /* bytes */
};

void uart_chip_init(struct uart_chip *c, enum uart_chip_kind kind, uint64_t seed);
/* What flows, for `seconds`. */
void uart_chip_feed(struct uart_chip *c, double volts, double amps, double watts, double hz,
                    double seconds);
/* The device says something to the chip. */
void uart_chip_hear(struct uart_chip *c, const uint8_t *data, size_t size, uint64_t now_us);
/* Lets chips that talk unasked do so. */
void uart_chip_run(struct uart_chip *c, uint64_t now_us);
/* The next byte that has arrived by `now_us`, with its time; false: none. */
bool uart_chip_byte(struct uart_chip *c, uint64_t now_us, uint8_t *byte, uint64_t *at_us);
const char *uart_chip_name(enum uart_chip_kind kind);
#endif
