/* A virtual plug that checks itself over HTTP once and ends. */
#ifndef CLI_SIM_ONCE_H
#define CLI_SIM_ONCE_H
#include "cli/sim_net.h"

/* Asks the plug what its clients ask, over a real socket, and prints a line for each; true when all
 * answers were good. */
bool sim_once(struct sim_plug *plug, struct posix_net *net);
#endif
