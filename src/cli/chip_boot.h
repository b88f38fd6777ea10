/* plugsmith chip --boot: the genuine bootloader of a dump behind a virtual port. */
#ifndef CLI_CHIP_BOOT_H
#define CLI_CHIP_BOOT_H
#include "cli/command.h"
#include "virtual/serve/serve.h"

/* Serves as `options` say (kind, where, stop, ready). */
enum cli_exit chip_boot(const struct cli_args *args, const struct serve_options *options);
#endif
