/* The texts made from the command table: help on the terminal, man pages, shell completion and the
 * Markdown reference. */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H
#include "cli/command.h"

void help_overview(FILE *out);
void help_command(FILE *out, const struct cli_command *command);

void manual_overview(FILE *out);
void manual_command(FILE *out, const struct cli_command *command);

void completion_bash(FILE *out);
void completion_zsh(FILE *out);

void reference_cli(FILE *out);
void reference_commands(FILE *out);
void reference_openapi(FILE *out);
void reference_pins(FILE *out);
void reference_settings(FILE *out);
void reference_scripts(FILE *out);

/* "--out FILE" or "-p, --port PORT": how an option is written in help. */
void render_option(char *buffer, size_t size, const struct cli_option *option);
/* Heading of each face, in the order of enum cli_face. */
extern const char *const render_face_names[3];
#endif
