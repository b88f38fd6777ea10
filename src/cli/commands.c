/* The list of subcommands, in the order that help shows them within each face. */
#include "cli/commands.h"

#include <string.h>

// clang-format off
const struct cli_command *const cli_commands[] = {
    &cmd_inspect,
    &cmd_image,
    &cmd_ports,
    &cmd_doctor,
    &cmd_backup,
    &cmd_read,
    &cmd_verify,
    &cmd_info,
    &cmd_write,
    &cmd_erase,
    &cmd_flash,
    &cmd_restore,
    &cmd_repair,
    &cmd_reboot,
    &cmd_make_dump,
    &cmd_sanitize,
    &cmd_diff,
    &cmd_chip,
    &cmd_sim,
    &cmd_board,
    &cmd_script,
    &cmd_emulate,
    NULL,
};
// clang-format on

const struct cli_command *cli_find_command(const char *name) {
    for (const struct cli_command *const *c = cli_commands; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}
