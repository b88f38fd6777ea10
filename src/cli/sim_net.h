/* Virtual plugs on the real network: each has an address of this computer and its own sockets. */
#ifndef CLI_SIM_NET_H
#define CLI_SIM_NET_H
#include "port/posix/posix_net.h"
#include "virtual/plug/plug.h"

/* One plug and where it lives. */
struct sim_plug {
    struct plug plug;
    struct posix_host host;
};

/* A plug of that chip on the loop; `number` makes its hardware address its own. port 0: 80, or
 * 8080 where 80 is not allowed. NULL with a reason in `why` (256 bytes). */
struct sim_plug *sim_net_plug(struct posix_net *net, const char *chip, unsigned number,
                              uint32_t address, uint16_t port, char *why);
void sim_net_free(struct sim_plug *plug);
/* Where its web server listens; 0: it does not. */
uint16_t sim_net_web_port(const struct sim_plug *plug);
/* What came in reaches the devices; call after posix_net_wait. */
void sim_net_deliver(struct posix_net *net);
/* As many open files as this computer allows: a thousand plugs need a few thousand. */
void sim_net_raise_limits(void);
/* Set by Ctrl-C and SIGTERM after sim_net_catch_signals. */
void sim_net_catch_signals(void);
bool sim_net_stopped(void);
#endif
