/* What can go wrong between a flasher and a chip, by name. A fault is given as NAME or
 * NAME:ARGUMENT; rows of faults.c say what each means. Everything random is drawn from one seed,
 * so that a seed repeats a run. */
#ifndef VIRTUAL_WIRE_FAULTS_H
#define VIRTUAL_WIRE_FAULTS_H
#include "base/status.h"
#include "virtual/flash/spi_flash.h"

enum wire_noise { WIRE_QUIET, WIRE_NOISE_LOG, WIRE_NOISE_MCU };

struct wire_faults {
    double flip, lose, dup, late; /* probability per byte, both directions */
    uint32_t late_ms;
    bool echo;             /* RX and TX are bridged: the host hears itself */
    bool silence;          /* the chip's TX is not connected */
    bool swapped;          /* RX and TX exchanged: nobody hears anybody */
    bool log_port;         /* connected to the log UART instead */
    enum wire_noise noise; /* the running application talks */
    uint32_t hum_per_s;    /* random bytes per second, always */
    uint32_t max_baud;     /* above it the line (adapter, long wires) only makes garbage; 0: none */
    uint64_t pull_at;      /* the cable is pulled after so many bytes; 0: never */
};

struct fault_row {
    const char *name;
    const char *argument; /* NULL: none */
    const char *help;
    /* False when the argument is wrong. */
    bool (*apply)(const char *argument, struct wire_faults *wire, struct spi_flash_defects *flash);
};
/* Ends with a NULL name. */
extern const struct fault_row fault_rows[];

/* Adds one fault; BAD_ARGUMENT with one line in `error` when name or argument is wrong. */
enum status fault_parse(const char *spec, struct wire_faults *wire, struct spi_flash_defects *flash,
                        char *error, size_t error_size);
#endif
