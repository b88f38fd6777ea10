/* The program: finds the subcommand in the table and hands over. Nothing else happens here. */
#include "base/suggest.h"
#include "cli/command.h"
#include "cli/render.h"

#include <signal.h>
#include <string.h>

static enum cli_exit unknown(const char *name) {
    struct suggestion s = suggest_start(name);
    for (const struct cli_command *const *c = cli_commands; *c; c++)
        suggest_offer(&s, (*c)->name);
    const char *near = suggest_result(&s);
    if (near)
        fprintf(stderr, "plugsmith: unknown subcommand '%s', did you mean '%s'?\n", name, near);
    else
        fprintf(stderr, "plugsmith: unknown subcommand '%s'; plugsmith alone lists them\n", name);
    return CLI_USAGE;
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_DFL);
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        const struct cli_command *about = argc > 2 ? cli_find_command(argv[2]) : NULL;
        if (argc > 2 && !about)
            return (int)unknown(argv[2]);
        if (about)
            help_command(stdout, about);
        else
            help_overview(stdout);
        return CLI_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("plugsmith " PLUGSMITH_VERSION);
        return CLI_OK;
    }
    const struct cli_command *command = cli_find_command(argv[1]);
    return (int)(command ? cli_run(command, argc - 2, argv + 2) : unknown(argv[1]));
}
