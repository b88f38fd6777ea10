/* docs/reference/cli.md: every subcommand with its options and examples, as Markdown. */
#include "cli/render.h"

#include <string.h>

static void cell(FILE *out, const char *text) {
    for (; *text; text++)
        fputs((char[3]){*text == '|' ? '\\' : *text, *text == '|' ? '|' : '\0', '\0'}, out);
}

static void options_table(FILE *out, const struct cli_option *options) {
    char left[96];
    for (const struct cli_option *o = options; o && o->name; o++) {
        render_option(left, sizeof left, o);
        fputs("| `", out);
        cell(out, left + strspn(left, " "));
        fputs("` | ", out);
        cell(out, o->help);
        if (o->choices) {
            fputs(" (", out);
            cell(out, o->choices);
            fputs(")", out);
        }
        fputs(" |\n", out);
    }
}

static void command_section(FILE *out, const struct cli_command *c) {
    fprintf(out, "\n## plugsmith %s\n%s.\n\n    plugsmith %s%s%s%s\n\n", c->name, c->summary,
            c->name, c->options ? " [options]" : "", *c->arguments ? " " : "", c->arguments);
    if (c->description)
        fprintf(out, "%s\n\n", c->description);
    fputs("| option | meaning |\n|---|---|\n", out);
    options_table(out, c->options);
    options_table(out, cli_common_options);
    for (const struct cli_example *e = c->examples; e && e->line; e++)
        fprintf(out, "%s- `plugsmith %s`: %s\n", e == c->examples ? "\nExamples:\n\n" : "", e->line,
                e->what);
}

void reference_cli(FILE *out) {
    fputs("# Command line\n\nGenerated from the command table; `plugsmith SUBCOMMAND --help` says "
          "the same.\nExit codes: 0 done, 1 the work failed, 2 wrong usage.\n",
          out);
    for (int face = 0; face < 3; face++)
        for (const struct cli_command *const *c = cli_commands; *c; c++)
            if ((int)(*c)->face == face)
                command_section(out, *c);
}
