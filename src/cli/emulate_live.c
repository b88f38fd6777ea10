/* Puts the emulator, the port and the debugger together and lets soc_wire turn the wheel. */
#include "cli/emulate_live.h"

#include "cli/gdb_server.h"
#include "cli/soc_wire.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { TICKS_PER_US = 60 };

struct run {
    struct soc_wire wire;
    void (*on)(void *context, const struct soc_record *record);
    void *context;
};

static volatile sig_atomic_t stop;

static void on_signal(int number) {
    (void)number;
    stop = 1;
}

static void on_record(void *context, const struct soc_record *r) {
    struct run *run = context;
    soc_wire_take(&run->wire, r);
    run->on(run->context, r);
}

static void uart_ready(void *context, const char *address) {
    (void)context;
    fprintf(stderr, "UART1 is %s\n", address);
}

/* "pty" or "tcp:ADDRESS:PORT" as a place to serve. */
static struct serve_options place_of(const struct emulate_live *options) {
    bool tcp = strncmp(options->uart1, "tcp:", 4) == 0;
    return (struct serve_options){.kind = tcp ? SERVE_TCP : SERVE_PTY,
                                  .where = tcp ? options->uart1 + 4 : options->link,
                                  .stop = &stop,
                                  .ready = uart_ready};
}

static bool serve(struct run *run, const struct emulate_live *options, char *why, size_t why_size) {
    struct gdb_server debugger;
    struct serve_options place = {.stop = &stop};
    if (options->gdb) {
        if (!gdb_server_open(&debugger, run->wire.live, options->gdb, why, why_size))
            return false;
        fprintf(stderr, "waiting for a debugger: target remote %s\n", debugger.address);
        run->wire.debugger = &debugger;
    }
    if (options->uart1)
        place = place_of(options);
    bool ok = soc_wire_serve(&run->wire, options->uart1 ? &place : NULL, &stop, why, why_size);
    if (options->gdb)
        gdb_server_close(&debugger);
    return ok;
}

bool emulate_live_run(const struct emulate_live *options, const struct soc_request *request,
                      const uint8_t *image, size_t size,
                      void (*on)(void *context, const struct soc_record *record), void *context,
                      char *why, size_t why_size) {
    struct run *run = calloc(1, sizeof *run);
    if (!run)
        return false;
    *run = (struct run){.on = on, .context = context};
    run->wire.limit_us = options->for_ms * 1000;
    struct soc_live_options live = {.request = *request, .on = on_record, .context = run};
    live.request.save = request->saved != NULL;
    live.request.raw_uart1 |= options->uart1 != NULL;
    if (!live.request.ticks_per_us)
        live.request.ticks_per_us = TICKS_PER_US;
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    run->wire.live = soc_live_start(&live, image, size, why, why_size);
    bool ok = run->wire.live && serve(run, options, why, why_size);
    if (run->wire.live)
        soc_live_end(run->wire.live, request->saved, request->saved_size);
    free(run);
    return ok;
}
