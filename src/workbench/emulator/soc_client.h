/* The other end of plugsmith-soc: starts the emulator as a process of its own, hands it an image
 * over a pipe and turns the lines it reports into records. Whatever the guest does, this side only
 * reads bounded lines from a pipe. The protocol is described in virtual/soc/report.h. */
#ifndef WORKBENCH_EMULATOR_SOC_CLIENT_H
#define WORKBENCH_EMULATOR_SOC_CLIENT_H
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOC_PRESSES_MAX = 64 };

/* Why a run ended whose `until` came true. */
#define SOC_TEXT_FOUND "the text was found"

struct soc_request {
    const char *chip;      /* NULL: recognised from the image */
    uint32_t for_ms;       /* virtual time */
    uint32_t ticks_per_us; /* guest instructions per microsecond; 0: the emulator's default */
    const char *mcu;       /* product id of a TuyaMCU microcontroller on UART1, "auto", or NULL */
    const char *until;     /* stop when a log line holds this text, or NULL */
    const char *press[SOC_PRESSES_MAX];
    int press_count;
    bool events, experiment, memory;
    bool raw_uart1;        /* UART1 in bytes also where it carries text */
    uint32_t enough_ms;    /* stop so long after the last new piece of configuration; 0: never */
    uint32_t wall_limit_s; /* the process is ended after this long; 0: 120 */
    uint8_t *saved;        /* room for the flash as the guest left it, or NULL */
    size_t saved_size;
    /* At rest, after the experiments: buttons to hold next, as "hold 7 8"; false for nothing more.
     * NULL: nothing. Called with the context of `on`. */
    bool (*more)(void *context, char *command, size_t size);
    bool save; /* led step by step: soc_live_end hands out the flash */
};

enum soc_kind {
    SOC_CHIP,     /* text: name; a: encrypted, b: turned */
    SOC_LOG,      /* a: UART 1 or 2; text: the line */
    SOC_SERIAL,   /* a: UART, b: 'T' or 'R'; text: bytes */
    SOC_BAUD,     /* a: UART, b: rate */
    SOC_PIN,      /* a: pin, b: mode word before, c: after */
    SOC_PWM,      /* a: channel, b: period, c: duty, in 26 MHz counts */
    SOC_TEXT,     /* text: configuration text found in memory */
    SOC_UNMAPPED, /* b: address, c: PC */
    SOC_RESET,
    SOC_SLEEP,     /* b: a bit for each pin that wakes; ticks: until this time, 0: for ever */
    SOC_WAKE,      /* a: pin that woke the chip (40: its timer) */
    SOC_MCU,       /* text: product of the microcontroller that it is started over with */
    SOC_LEVEL,     /* a: pin, b: mode word, c: bit 0 level, bit 1 interrupt wanted; at rest */
    SOC_PRESS,     /* a: pin (40: none is pressed), b: level before, c: level pulled to */
    SOC_SAID,      /* as SOC_LOG, during a press */
    SOC_MOVED,     /* as SOC_PIN, because of the press before */
    SOC_COUNTED,   /* a: pin that got pulses, b: the firmware counts them, c: and keeps them all */
    SOC_REST,      /* all that was asked for is tried */
    SOC_HOLD,      /* a: pin, held from now on */
    SOC_BLINKS,    /* a: pin, or 40 + PWM channel; b: time between edges, c: held so long; in us */
    SOC_REGISTERS, /* text: words of r0 to r15 and cpsr */
    SOC_MEMORY,    /* text: bytes */
    SOC_REFUSED,   /* there is no such memory */
    SOC_STOPPED,   /* a breakpoint was reached */
    SOC_AT,        /* led step by step: a command was obeyed */
    SOC_END,       /* ticks, hash; text: the reason */
};

struct soc_record {
    enum soc_kind kind;
    uint64_t us; /* virtual time */
    uint32_t a, b, c;
    uint64_t ticks, hash;
    const char *text; /* unescaped, NUL-terminated, valid during the call */
    size_t text_size;
};

/* Path of the emulator's program: beside this one, or in its libexec folder. */
bool soc_program(char *path, size_t size);

/* Parses one line (changed in place); false when it is none of the protocol's. */
bool soc_parse_line(char *line, struct soc_record *out);

/* Runs the image and calls `on` for every record. False with one line in `why` when the emulator
 * could not be started, was ended by the time limit, or broke off. */
bool soc_run(const struct soc_request *request, const uint8_t *image, size_t size,
             void (*on)(void *context, const struct soc_record *record), void *context, char *why,
             size_t why_size);
#endif
