/* One debugger at a time on a TCP port: carries bytes between it and the stub. */
#ifndef CLI_GDB_SERVER_H
#define CLI_GDB_SERVER_H
#include "virtual/serve/endpoint.h"
#include "workbench/emulator/gdb_stub.h"

struct gdb_server {
    struct gdb_stub stub;
    struct endpoint endpoint;
    char address[160];
};

bool gdb_server_open(struct gdb_server *server, struct soc_live *live, const char *where,
                     char *error, size_t error_size);
void gdb_server_close(struct gdb_server *server);
/* What came from the debugger since the last call is obeyed; false when the emulator is gone. */
bool gdb_server_turn(struct gdb_server *server);
/* Takes what the guest did in the last stretch of time (a breakpoint reached) to the debugger. */
void gdb_server_tell(struct gdb_server *server);
#endif
