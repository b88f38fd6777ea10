/* The interactive virtual plug: a console in real (or faster) time. */
#ifndef CLI_SIM_CONSOLE_H
#define CLI_SIM_CONSOLE_H
#include "cli/sim_net.h"
#include "virtual/plug/plug.h"

/* Runs until end of input or :quit. `speed` virtual seconds per second. Returns an exit code. */
int sim_console(struct plug *plug, double speed);
/* The same for a plug on the network. At the end of input it goes on serving until Ctrl-C. */
int sim_console_net(struct sim_plug *plug, struct posix_net *net, double speed);
/* i-th word for what happens around the plug (":press"); NULL beyond. */
const char *sim_console_word(unsigned i);
#endif
