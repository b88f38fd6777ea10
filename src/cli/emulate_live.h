/* plugsmith emulate with somebody at the other end: UART1 behind a pty or a TCP port, or a
 * debugger. The guest then runs in step with the clock on the wall. */
#ifndef CLI_EMULATE_LIVE_H
#define CLI_EMULATE_LIVE_H
#include "cli/command.h"
#include "workbench/emulator/soc_client.h"

struct emulate_live {
    const char *uart1; /* "pty", "tcp:ADDRESS:PORT", or NULL */
    const char *link;  /* of the pty, or NULL */
    const char *gdb;   /* ADDRESS:PORT, or NULL */
    uint64_t for_ms;   /* virtual time; 0: until Ctrl-C */
};

/* As soc_run, but led step by step. */
bool emulate_live_run(const struct emulate_live *options, const struct soc_request *request,
                      const uint8_t *image, size_t size,
                      void (*on)(void *context, const struct soc_record *record), void *context,
                      char *why, size_t why_size);
#endif
