/* Help on the terminal: the story with all subcommands. */
#include "cli/render.h"

const char *const render_face_names[3] = {
    [CLI_WORKBENCH] = "Workbench: the plug on the bench, and its dumps",
    [CLI_DEVICE] = "Device: the firmware and its scripts",
    [CLI_VIRTUAL] = "Virtual: everything without hardware",
};

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
