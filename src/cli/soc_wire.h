/* UART1 of a booted dump as a port that other programs can open: pty or TCP. Either the firmware
 * runs in step with the clock on the wall, or, for flashers, its bootloader is kept waiting: the
 * power is cycled when a host calls, and guest time stands still while there is nothing to do. */
#ifndef CLI_SOC_WIRE_H
#define CLI_SOC_WIRE_H
#include "virtual/serve/serve.h"
#include "workbench/emulator/soc_live.h"

struct gdb_server;

struct soc_wire {
    struct soc_live *live;
    struct gdb_server *debugger; /* decides when guest time may pass; or NULL */
    bool bootloader;             /* keep it waiting for a host */
    uint64_t limit_us;           /* of guest time; 0: until stopped */
    /* To be called with every record of UART1 that the guest sends. */
    uint8_t sent[1 << 16];
    size_t sent_size;
    uint32_t baud;  /* of UART1; 0: not known yet */
    bool restarted; /* the guest was reset since somebody last looked */
    bool linked;    /* the bootloader has answered since the power came on */
};

/* For soc_live's record handler: keeps what UART1 sends. */
void soc_wire_take(struct soc_wire *wire, const struct soc_record *record);
/* Serves UART1 as `options` say (NULL: not at all) until *stop, the limit, or the end of the
 * emulator. One line in `error` when the port could not be opened. */
bool soc_wire_serve(struct soc_wire *wire, const struct serve_options *options,
                    const volatile sig_atomic_t *stop, char *error, size_t error_size);
#endif
