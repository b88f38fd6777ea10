/* The remote serial protocol of gdb: bytes of a debugger in, answers out, the guest led in between.
 * Registers, memory, breakpoints, step, continue, interrupt, detach. Source: "Remote Serial
 * Protocol" in the manual of gdb. */
#ifndef WORKBENCH_EMULATOR_GDB_STUB_H
#define WORKBENCH_EMULATOR_GDB_STUB_H
#include "workbench/emulator/soc_live.h"

enum { GDB_PACKET_MAX = 4096 };

struct gdb_stub {
    struct soc_live *live;
    void (*put)(void *context, const char *bytes, size_t size);
    void *context;
    bool running; /* guest time may pass */
    bool no_acks;
    enum { GDB_IDLE, GDB_BODY, GDB_SUM_HIGH, GDB_SUM_LOW } state;
    char packet[GDB_PACKET_MAX];
    size_t size;
    uint8_t sum, told; /* of the packet: as counted, and as its sender says */
    uint32_t breakpoints[SOC_LIVE_BREAKPOINTS];
    int breakpoint_count;
};

/* The guest is held until a debugger lets it go. */
void gdb_stub_start(struct gdb_stub *stub, struct soc_live *live,
                    void (*put)(void *context, const char *bytes, size_t size), void *context);
/* Takes one byte; false when the emulator is gone or shall end. */
bool gdb_stub_feed(struct gdb_stub *stub, char byte);
/* After guest time has passed: tells the debugger of a breakpoint reached. */
void gdb_stub_after_run(struct gdb_stub *stub);
void gdb_stub_attach(struct gdb_stub *stub);
/* The debugger has gone: breakpoints go with it, the guest runs on. */
void gdb_stub_detach(struct gdb_stub *stub);
#endif
