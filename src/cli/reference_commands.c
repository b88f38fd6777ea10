/* docs/reference/commands.md: the commands of the device, from their table. */
#include "cli/render.h"
#include "device/command/groups.h"
#include "device/script/command_row.h"

static void cell(FILE *out, const char *text) {
    for (; text && *text; text++)
        fprintf(out, *text == '|' ? "\\%c" : "%c", *text);
}

void reference_commands(FILE *out) {
    const struct command_row *row;
    fputs("# Commands of the device\n\nThey work in the console, in scripts and over the network. "
          "Made from the table of commands.\n\n| Command | Arguments | What it does "
          "|\n|---|---|---|\n",
          out);
    for (unsigned i = 0; (row = command_row(&command_words, i)) != NULL; i++) {
        fprintf(out, "| `%s` | ", row->name);
        cell(out, row->arguments);
        fputs(" | ", out);
        cell(out, row->run ? row->help : "not in this build; brought by: ");
        cell(out, row->run ? "" : row->where);
        fputs(" |\n", out);
    }
}
