/* Help of one subcommand on the terminal. */
#include "cli/render.h"

#include <string.h>

void render_option(char *buffer, size_t size, const struct cli_option *option) {
    char letter[8] = "    ";
    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    snprintf(buffer, size, "%s--%s%s%s", letter, option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
}

static void options_table(FILE *out, const struct cli_option *options) {
    char left[96];
    for (const struct cli_option *o = options; o && o->name; o++) {
        render_option(left, sizeof left, o);
        if (strlen(left) > 24)
            fprintf(out, "  %s\n  %24s  %s", left, "", o->help);
        else
            fprintf(out, "  %-24s  %s", left, o->help);
        if (o->choices)
            fprintf(out, " (%s)", o->choices);
        fputc('\n', out);
    }
}

void help_command(FILE *out, const struct cli_command *command) {
    fprintf(out, "plugsmith %s: %s\n\nusage: plugsmith %s%s%s%s\n", command->name, command->summary,
            command->name, command->options ? " [options]" : "", *command->arguments ? " " : "",
            command->arguments);
    if (command->description)
        fprintf(out, "\n%s\n", command->description);
    fputs("\nOptions:\n", out);
    options_table(out, command->options);
    options_table(out, cli_common_options);
    if (command->examples && command->examples->line)
        fputs("\nExamples:\n", out);
    for (const struct cli_example *e = command->examples; e && e->line; e++)
        fprintf(out, "  plugsmith %s\n      %s\n", e->line, e->what);
}
