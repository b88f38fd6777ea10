/* Completion for bash and zsh, from the command table: subcommands, verbs, options and the values
 * of options that have a fixed set; file names everywhere else. */
#include "cli/render.h"

#include <string.h>

static void words(FILE *out, const char *choices) {
    for (; *choices; choices++)
        fputc(*choices == '|' ? ' ' : *choices, out);
}

static void option_words(FILE *out, const struct cli_option *options) {
    for (const struct cli_option *o = options; o && o->name; o++)
        fprintf(out, " --%s", o->name);
}

void completion_bash(FILE *out) {
    fputs("# bash completion for plugsmith; generated from the command table\n"
          "_plugsmith() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    local command=${COMP_WORDS[1]} options=\"\" verbs=\"\"\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        COMPREPLY=($(compgen -W \"",
          out);
    for (const struct cli_command *const *c = cli_commands; *c; c++)
        fprintf(out, "%s ", (*c)->name);
    fputs("--help --version\" -- \"$word\"))\n        return\n    fi\n    case \"$command $last\" "
          "in\n",
          out);
    for (const struct cli_command *const *c = cli_commands; *c; c++)
        for (const struct cli_option *o = (*c)->options; o && o->name; o++)
            if (o->choices) {
                fprintf(out, "    \"%s --%s\") COMPREPLY=($(compgen -W \"", (*c)->name, o->name);
                words(out, o->choices);
                fputs("\" -- \"$word\")); return ;;\n", out);
            }
    fputs("    esac\n    case \"$command\" in\n", out);
    for (const struct cli_command *const *c = cli_commands; *c; c++) {
        fprintf(out, "    %s) options=\"", (*c)->name);
        option_words(out, (*c)->options);
        option_words(out, cli_common_options);
        fputs("\" verbs=\"", out);
        if ((*c)->verbs)
            words(out, (*c)->verbs);
        fputs("\" ;;\n", out);
    }
    fputs("    esac\n"
          "    if [[ $word == -* ]]; then\n"
          "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
          "    elif [ \"$COMP_CWORD\" -eq 2 ] && [ -n \"$verbs\" ]; then\n"
          "        COMPREPLY=($(compgen -W \"$verbs\" -- \"$word\"))\n"
          "    else\n"
          "        compopt -o filenames 2>/dev/null\n"
          "        COMPREPLY=($(compgen -f -- \"$word\"))\n"
          "    fi\n"
          "}\n"
          "complete -F _plugsmith plugsmith\n",
          out);
}

/* Text inside single quotes and brackets of zsh's _arguments. */
static void zsh_text(FILE *out, const char *text) {
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", out);
        else if (strchr("[]:", *text))
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
}

static void zsh_options(FILE *out, const struct cli_option *options) {
    for (const struct cli_option *o = options; o && o->name; o++) {
        fprintf(out, " \\\n            '--%s%s[", o->name, o->argument ? "=" : "");
        zsh_text(out, o->help);
        fputs("]", out);
        if (o->argument) {
            fputs(":", out);
            zsh_text(out, o->argument);
            fputs(":", out);
            if (o->choices) {
                fputs("(", out);
                words(out, o->choices);
                fputs(")", out);
            } else
                fputs("_files", out);
        }
        fputs("'", out);
    }
}

void completion_zsh(FILE *out) {
    fputs("#compdef plugsmith\n# zsh completion for plugsmith; generated from the command table\n"
          "_plugsmith() {\n    local -a commands=(\n",
          out);
    for (const struct cli_command *const *c = cli_commands; *c; c++) {
        fprintf(out, "        '%s:", (*c)->name);
        zsh_text(out, (*c)->summary);
        fputs("'\n", out);
    }
    fputs("    )\n    if (( CURRENT == 2 )); then\n        _describe subcommand commands\n        "
          "return\n    fi\n    case ${words[2]} in\n",
          out);
    for (const struct cli_command *const *c = cli_commands; *c; c++) {
        fprintf(out, "    %s)\n        shift words; (( CURRENT-- ))\n        _arguments",
                (*c)->name);
        zsh_options(out, (*c)->options);
        zsh_options(out, cli_common_options);
        if ((*c)->verbs) {
            fputs(" \\\n            '1:verb:(", out);
            words(out, (*c)->verbs);
            fputs(")'", out);
        }
        fputs(" \\\n            '*:file:_files' ;;\n", out);
    }
    fputs("    esac\n}\n_plugsmith \"$@\"\n", out);
}
