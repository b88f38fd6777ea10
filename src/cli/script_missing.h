/* `plugsmith script missing`: what a script cannot use on a chip. */
#ifndef CLI_SCRIPT_MISSING_H
#define CLI_SCRIPT_MISSING_H
#include "cli/command.h"
#include "device/hal.h"

enum cli_exit script_missing(const struct hal_chip *chip);
#endif
