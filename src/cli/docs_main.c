/* plugsmith-docs: writes what is derived from the tables (reference pages, man pages, completion)
 * into a folder. Used by `make docs`, `make check` and `make install`.
 * Adding a reference page: one row in `pages`. */
#include "cli/render.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const struct page {
    const char *set; /* "reference", "completion" */
    const char *file;
    void (*write)(FILE *out);
} pages[] = {
    {"reference", "cli.md", reference_cli},
    {"reference", "commands.md", reference_commands},
    {"reference", "pins.md", reference_pins},
    {"reference", "settings.md", reference_settings},
    {"reference", "scripts.md", reference_scripts},
    {"reference", "openapi.json", reference_openapi},
    {"completion", "plugsmith", completion_bash},
    {"completion", "_plugsmith", completion_zsh},
    {"man", "plugsmith.1", manual_overview},
};

static FILE *open_in(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    if (!out)
        fprintf(stderr, "plugsmith-docs: %s: %s\n", path, strerror(errno));
    return out;
}

static bool make_folders(const char *path) {
    char part[4096];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = part + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        mkdir(part, 0777);
    }
    return mkdir(part, 0777) == 0 || errno == EEXIST;
}

static int write_manuals(const char *folder) {
    for (const struct cli_command *const *c = cli_commands; *c; c++) {
        char name[96];
        snprintf(name, sizeof name, "plugsmith-%s.1", (*c)->name);
        FILE *out = open_in(folder, name);
        if (!out)
            return 1;
        manual_command(out, *c);
        fclose(out);
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fputs("usage: plugsmith-docs reference|man|completion FOLDER\n", stderr);
        return CLI_USAGE;
    }
    if (!make_folders(argv[2])) {
        fprintf(stderr, "plugsmith-docs: %s: %s\n", argv[2], strerror(errno));
        return CLI_FAILED;
    }
    bool known = false;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (strcmp(pages[i].set, argv[1]) != 0)
            continue;
        known = true;
        FILE *out = open_in(argv[2], pages[i].file);
        if (!out)
            return CLI_FAILED;
        pages[i].write(out);
        fclose(out);
    }
    if (!known) {
        fprintf(stderr, "plugsmith-docs: no set '%s' (reference, man, completion)\n", argv[1]);
        return CLI_USAGE;
    }
    return strcmp(argv[1], "man") == 0 ? write_manuals(argv[2]) : CLI_OK;
}
