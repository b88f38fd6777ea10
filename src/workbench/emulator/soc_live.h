/* The emulator led step by step: time passes for the guest only when told so, bytes are exchanged
 * with its UARTs in between. The commands are described in virtual/soc/control.c. */
#ifndef WORKBENCH_EMULATOR_SOC_LIVE_H
#define WORKBENCH_EMULATOR_SOC_LIVE_H
#include "workbench/emulator/soc_client.h"

enum {
    SOC_LIVE_REGISTERS = 17, /* r0 to r15, cpsr */
    SOC_LIVE_PC = 15,
    SOC_LIVE_BREAKPOINTS = 64,
    SOC_LIVE_MEMORY_MAX = 4096, /* bytes in one read or write */
};

struct soc_live;

struct soc_live_options {
    struct soc_request request; /* for_ms, enough_ms and saved mean nothing here */
    void (*on)(void *context, const struct soc_record *record); /* all but SOC_AT */
    void *context;
};

/* Boots a private copy of the image; no time has passed yet. NULL with one line in `why`. */
struct soc_live *soc_live_start(const struct soc_live_options *options, const uint8_t *image,
                                size_t size, char *why, size_t why_size);
/* Each gives false when the emulator is gone. Records come in during the call. */
bool soc_live_run(struct soc_live *live, uint64_t us);
bool soc_live_send(struct soc_live *live, int uart, const uint8_t *bytes, size_t size);
bool soc_live_drive(struct soc_live *live, int pin, int level);
/* The flash chip's status register (low byte first), whose bits protect it. */
bool soc_live_flash_status(struct soc_live *live, unsigned status);
bool soc_live_power(struct soc_live *live);
/* For debuggers. How many bytes there were at the address. */
bool soc_live_registers(struct soc_live *live, uint32_t out[SOC_LIVE_REGISTERS]);
bool soc_live_set_register(struct soc_live *live, unsigned n, uint32_t value);
size_t soc_live_read(struct soc_live *live, uint32_t address, uint8_t *out, size_t size);
bool soc_live_write(struct soc_live *live, uint32_t address, const uint8_t *bytes, size_t size);
/* `width` 4 or 2 (Thumb); soc_live_refused tells whether it could be set. */
bool soc_live_break(struct soc_live *live, uint32_t address, unsigned width);
bool soc_live_unbreak(struct soc_live *live, uint32_t address);
bool soc_live_refused(const struct soc_live *live);
bool soc_live_step(struct soc_live *live);
/* Did the last soc_live_run end at a breakpoint? */
bool soc_live_stopped(const struct soc_live *live);
/* Virtual microseconds since the start. */
uint64_t soc_live_us(const struct soc_live *live);
/* Ends it. With `save` set, the flash goes into `flash` (`size` bytes); how much came. */
size_t soc_live_end(struct soc_live *live, uint8_t *flash, size_t size);
#endif
