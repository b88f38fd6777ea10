/* One declaration per subcommand; each is defined in cmd_<name>.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H
#include "cli/command.h"

extern const struct cli_command cmd_emulate;
extern const struct cli_command cmd_inspect;
extern const struct cli_command cmd_image;
extern const struct cli_command cmd_make_dump;
extern const struct cli_command cmd_sanitize;
extern const struct cli_command cmd_diff;
extern const struct cli_command cmd_chip;
extern const struct cli_command cmd_sim;
extern const struct cli_command cmd_board;
extern const struct cli_command cmd_script;
extern const struct cli_command cmd_ports;
extern const struct cli_command cmd_doctor;
extern const struct cli_command cmd_backup;
extern const struct cli_command cmd_read;
extern const struct cli_command cmd_verify;
extern const struct cli_command cmd_reboot;
extern const struct cli_command cmd_info;
extern const struct cli_command cmd_write;
extern const struct cli_command cmd_erase;
extern const struct cli_command cmd_flash;
extern const struct cli_command cmd_restore;
extern const struct cli_command cmd_repair;
#endif
