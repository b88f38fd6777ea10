/* Help on the terminal: the story with all subcommands, and one page per subcommand. */
#include "cli/render.h"

#include <string.h>

const char *const render_face_names[3] = {
    [CLI_WORKBENCH] = "Workbench: the plug on the bench, and its dumps",
    [CLI_DEVICE] = "Device: the firmware and its scripts",
    [CLI_VIRTUAL] = "Virtual: everything without hardware",
};

void render_option(char *buffer, size_t size, const struct cli_option *option) {
    char letter[8] = "    ";
    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    snprintf(buffer, size, "%s--%s%s%s", letter, option->name, option->argument ? " " : "",
             option->argument ? option->argument : "");
}

void help_overview(FILE *out) {
    fputs("Plugsmith frees Wi-Fi smart plugs from their cloud and runs them well afterwards.\n"
          "\n"
          "The story, step by step:\n"
          "  1. save what is on the plug      plugsmith backup -p PORT plug.bin\n"
          "  2. see what is inside            plugsmith inspect plug.bin\n"
          "  3. write a firmware, safely      plugsmith flash -p PORT image.bin\n"
          "  4. try it without any hardware   plugsmith sim, plugsmith chip\n",
          out);
    for (int face = 0; face < 3; face++) {
        bool heading = false;
        for (const struct cli_command *const *c = cli_commands; *c; c++) {
            if ((int)(*c)->face != face)
                continue;
            if (!heading)
                fprintf(out, "\n%s\n", render_face_names[face]);
            heading = true;
            fprintf(out, "  %-12s %s\n", (*c)->name, (*c)->summary);
        }
    }
    fputs("\nplugsmith SUBCOMMAND --help shows options and examples; --version the version.\n",
          out);
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
