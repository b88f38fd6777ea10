/* Man pages in roff, from the same records as the help. */
#include "cli/render.h"

#include <string.h>

/* Writes text with roff's special characters made harmless; a blank line starts a paragraph. */
static void roff(FILE *out, const char *text) {
    bool line_start = true;
    for (; *text; text++) {
        if (text[0] == '\n' && text[1] == '\n') {
            fputs("\n.PP\n", out);
            text++;
            line_start = true;
            continue;
        }
        if (line_start && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
        line_start = *text == '\n';
    }
}

static void title(FILE *out, const char *name, const char *summary) {
    fprintf(out, ".TH %s 1 \"\" \"plugsmith %s\" \"Plugsmith manual\"\n.SH NAME\n", name,
            PLUGSMITH_VERSION);
    roff(out, name);
    fputs(" \\- ", out);
    roff(out, summary);
    fputc('\n', out);
}

static void options_section(FILE *out, const struct cli_option *options) {
    char left[96];
    for (const struct cli_option *o = options; o && o->name; o++) {
        render_option(left, sizeof left, o);
        fputs(".TP\n.B ", out);
        roff(out, left + strspn(left, " "));
        fputc('\n', out);
        roff(out, o->help);
        if (o->choices) {
            fputs("; one of ", out);
            roff(out, o->choices);
        }
        fputc('\n', out);
    }
}

void manual_command(FILE *out, const struct cli_command *command) {
    char name[64];
    snprintf(name, sizeof name, "plugsmith-%s", command->name);
    title(out, name, command->summary);
    fprintf(out, ".SH SYNOPSIS\n.B plugsmith %s\n", command->name);
    if (command->options)
        fputs("[options] ", out);
    roff(out, command->arguments);
    fputs("\n.SH DESCRIPTION\n", out);
    roff(out, command->description ? command->description : command->summary);
    fputs("\n.SH OPTIONS\n", out);
    options_section(out, command->options);
    options_section(out, cli_common_options);
    fputs(".SH EXIT STATUS\n0 done, 1 the work failed, 2 wrong usage.\n", out);
    if (command->examples && command->examples->line)
        fputs(".SH EXAMPLES\n", out);
    for (const struct cli_example *e = command->examples; e && e->line; e++) {
        fputs(".TP\n.B plugsmith ", out);
        roff(out, e->line);
        fputc('\n', out);
        roff(out, e->what);
        fputc('\n', out);
    }
    fputs(".SH SEE ALSO\n.BR plugsmith (1)\n", out);
}

void manual_overview(FILE *out) {
    title(out, "plugsmith", "frees Wi-Fi smart plugs from their cloud");
    fputs(".SH SYNOPSIS\n.B plugsmith\nSUBCOMMAND [options] ...\n.SH SUBCOMMANDS\n", out);
    for (const struct cli_command *const *c = cli_commands; *c; c++) {
        fprintf(out, ".TP\n.BR plugsmith\\-%s (1)\n", (*c)->name);
        roff(out, (*c)->summary);
        fputc('\n', out);
    }
    fputs(".SH EXIT STATUS\n0 done, 1 the work failed, 2 wrong usage.\n", out);
}
