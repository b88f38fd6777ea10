/* The interactive virtual plug: a console in real (or faster) time. */
#ifndef CLI_SIM_CONSOLE_H
#define CLI_SIM_CONSOLE_H
#include "virtual/plug/plug.h"

/* Runs until end of input or :quit. `speed` virtual seconds per second. Returns an exit code. */
int sim_console(struct plug *plug, double speed);
#endif
