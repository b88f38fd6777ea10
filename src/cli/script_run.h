/* A script on a virtual plug in virtual time, with a timeline of what changed. */
#ifndef CLI_SCRIPT_RUN_H
#define CLI_SCRIPT_RUN_H
#include "cli/command.h"
#include "virtual/plug/plug.h"

/* Runs the plug, which has the script as its autoexec.bat, as the options --for and --press say. */
enum cli_exit script_run(const struct cli_args *args, struct plug *plug);
#endif
