/* The line protocol between plugsmith-soc and plugsmith. One event a line, fields by single
 * blanks, times in microseconds of virtual time; text is the rest of the line with bytes outside
 * 0x20..0x7E written \xNN.
 *
 *   chip NAME KEY TURNED          what is booted; KEY "encrypted" or "plain", TURNED 0 or 1
 *   log US UART TEXT              one line of text sent on a UART
 *   serial US UART T|R HEX        bytes on UART1 that are not text
 *   baud US UART BAUD             firmware set a UART to this rate, as the divider gives it
 *   pin US PIN BEFORE AFTER       a GPIO mode word changed (hex)
 *   pwm US CHANNEL PERIOD DUTY    a PWM channel runs, in 26 MHz counts
 *   text US TEXT                  configuration text found in guest memory
 *   unmapped US ADDRESS PC        first use of an address nothing stands at
 *   reset US                      the watchdog or a wake-up restarted the chip
 *   sleep US UNTIL PINS           deep sleep until then (0: no timer) or an edge on one of PINS
 *                                 (hex, a bit each)
 *   wake US PIN                   woken by a pin; 40: by the timer
 *   mcu US PRODUCT                the module is started over with the product that it expects
 *   level US PIN WORD LEVEL       state of a pin when the run came to rest; LEVEL bit 0 is the
 *                                 level, bit 1: firmware wants an interrupt from it
 *   press US PIN FROM TO          experiment: an input was pulled to the other level; PIN 40: none,
 *                                 41: pulses follow
 *   said US UART TEXT             experiment: a line of text sent during it
 *   moved US PIN BEFORE AFTER     experiment: and this pin changed because of it
 *   counted US PIN COUNTS KEEPS   experiment: pulses were fed to an input; COUNTS 1: the firmware
 *                                 has a counter of them, KEEPS 1: that lost none of a long train
 *   rest US                       tried all that was asked for; what else?
 *   hold US PIN                   experiment: a button is held from now on
 *   blinks US LINE GAP HELD       experiment: LINE (a pin, or 40 + PWM channel) changed six times
 *                                 every GAP us, the button had been held for HELD us
 *   registers HEX                 r0 to r15 and cpsr, as the guest would store them
 *   memory HEX                    guest memory
 *   refused                       there is no such memory
 *   stopped US                    a breakpoint was reached
 *   at US                         led step by step: a command was obeyed (control.c)
 *   end US TICKS HASH REASON      the run is over after TICKS instructions; HASH covers all lines
 *                                 before */
#ifndef VIRTUAL_SOC_REPORT_H
#define VIRTUAL_SOC_REPORT_H
#include "virtual/soc/identify.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REPORT_ASIDE = 1 << 20 };

/* Lines that a copy of the machine reports, for the one it was copied from. */
struct report_aside {
    size_t length;
    bool full;
    char text[REPORT_ASIDE];
};
/* From now on lines go there, and are not hashed. What does not fit is lost from there on. */
void report_aside(struct report_aside *lines);
/* Reports the whole lines of a copy. */
void report_take(const struct report_aside *lines);

void report_identity(const struct soc_identity *who);
void report_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "<head><escaped text>" as one line. */
void report_text(const char *head, const uint8_t *text, size_t size);
void report_hex(const char *head, const uint8_t *bytes, size_t size);
void report_end(uint64_t us, uint64_t ticks, uint64_t hash, const char *reason);
/* Hands out what was reported so far. */
void report_flush(void);
/* FNV-1a, 64 bit, over everything reported so far. */
uint64_t report_hash(void);
#endif
