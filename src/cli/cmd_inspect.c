/* plugsmith inspect: what a dump or firmware file is, whether it is healthy, how the plug is wired,
 * and its configuration for the firmware of one's choice. */
#include "cli/command.h"
#include "cli/commands.h"
#include "workbench/emulator/recovery.h"
#include "workbench/host/file.h"
#include "workbench/host/term.h"
#include "workbench/host/unpack.h"
#include "workbench/report/report.h"
#include "workbench/templates/of_inspection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SVG_SIZE = 65536 };

static enum cli_exit write_svg(const struct cli_args *args, const struct inspection *in) {
    char *drawing = malloc(SVG_SIZE), why[300];
    if (!drawing)
        return cli_fail(args, CLI_FAILED, "out of memory");
    enum cli_exit code = CLI_OK;
    struct text text = text_start(drawing, SVG_SIZE);
    if (!in->module)
        code = cli_fail(args, CLI_FAILED, "%s: neither module nor chip is known: nothing to draw",
                        args->positional[0]);
    else {
        module_svg(in->module, &in->uses, &text);
        if (!file_write(cli_get(args, "svg"), drawing, text.length, cli_has(args, "force"), why,
                        sizeof why))
            code = cli_fail(args, CLI_FAILED, "%s", why);
    }
    free(drawing);
    return code;
}

static enum cli_exit put_template(const struct cli_args *args, const struct template_output *out) {
    char why[300];
    const char *path = cli_get(args, "out");
    for (size_t i = 0; i < out->warning_count; i++)
        fprintf(stderr, "plugsmith inspect: note: %s\n", out->warnings[i]);
    if (!path)
        path = "-";
    if (!file_write(path, out->text.data, out->text.length, cli_has(args, "force"), why,
                    sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    return CLI_OK;
}

static enum cli_exit write_template(const struct cli_args *args, const struct inspection *in) {
    char *buffer = malloc(TEMPLATE_TEXT_SIZE);
    struct template_output *out = calloc(1, sizeof *out);
    enum cli_exit code;
    if (!buffer || !out)
        code = cli_fail(args, CLI_FAILED, "out of memory");
    else {
        int kind = template_kind_find(cli_get(args, "template"));
        template_start(out, buffer, TEMPLATE_TEXT_SIZE);
        if (template_of_inspection((enum template_kind)kind, in, out) == STATUS_OK)
            code = put_template(args, out);
        else
            code = cli_fail(args, CLI_FAILED, "%s: %s", args->positional[0],
                            out->warning_count ? out->warnings[0]
                                               : "no configuration to make a template of");
    }
    free(buffer);
    free(out);
    return code;
}

/* One line of JSON, or an indented object when there is one file and somebody looks. */
static void print_json(const struct cli_args *args, json_t *root) {
    bool pretty = args->count == 1 && !cli_has(args, "compact");
    json_dumpf(root, stdout, pretty ? JSON_INDENT(2) : JSON_COMPACT);
    fputc('\n', stdout);
    json_decref(root);
}

static enum cli_exit refuse(const struct cli_args *args, const char *path, const char *why) {
    if (cli_has(args, "json"))
        print_json(args, report_json_failure(path, why));
    return cli_fail(args, CLI_FAILED, "%s", why);
}

static enum cli_exit show(const struct cli_args *args, const struct inspection *in,
                          const struct report_options *options) {
    if (cli_has(args, "svg")) {
        enum cli_exit code = write_svg(args, in);
        if (code != CLI_OK || (!cli_has(args, "json") && !cli_has(args, "template")))
            return code;
    }
    if (cli_has(args, "template"))
        return write_template(args, in);
    if (cli_has(args, "json")) {
        json_t *root = report_json(in, options);
        if (!root)
            return cli_fail(args, CLI_FAILED, "out of memory");
        print_json(args, root);
    } else if (args->count > 1)
        report_row(in, options, stdout);
    else
        report_text(in, options, stdout);
    return CLI_OK;
}

/* A file that tells nothing is a failure in one line. */
static bool says_nothing(const struct inspection *in, char *why, size_t size, const char *path) {
    const struct survey *s = &in->survey;
    bool stores = in->storage.found || in->storage.protected_count || in->storage.psm.found ||
                  in->storage.easyflash_count || in->storage.uf.found || in->config_found;
    if (in->size == 0)
        snprintf(why, size, "%s: empty file", path);
    else if (s->kind == IMAGE_FOREIGN)
        snprintf(why, size, "%s: %s", path, s->foreign);
    else if (s->kind == IMAGE_BLANK)
        snprintf(why, size, "%s: every byte is 0x%02X: an erased or unread flash", path, s->blank);
    else if (s->kind == IMAGE_TEXT && !in->text_found)
        snprintf(why, size, "%s: text without a boot log, configuration or pin listing in it",
                 path);
    else if (s->kind == IMAGE_UNKNOWN && !stores)
        snprintf(why, size,
                 "%s: nothing known in it: no bootloader, application, storage or configuration",
                 path);
    else
        return false;
    return true;
}

/* Compares with the bootloader of --good FILE. */
static enum cli_exit compare_boot(const struct cli_args *args, struct inspection *in) {
    const char *path = cli_get(args, "good"), *packed;
    struct file file = {0};
    char why[400];
    if (!file_read(path, FILE_IMAGE_LIMIT, &file, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    struct inspection *good = file_unpack(&file, FILE_IMAGE_LIMIT, &packed, why, sizeof why)
                                  ? inspection_make(file.data, file.size)
                                  : NULL;
    const char *reason = good ? inspection_compare_boot(in, good) : "it cannot be read";
    inspection_free(good);
    file_free(&file);
    return reason ? cli_fail(args, CLI_FAILED, "--good %s: %s", path, reason) : CLI_OK;
}

/* Booting takes a moment, pressing everything a few seconds: a terminal sees at once what goes on,
 * elsewhere a line comes for what begins later than this. */
enum { SILENT_S = 1 };

struct wait_view {
    bool terminal, shown;
    time_t began;
};

static void on_progress(void *context, const char *what) {
    struct wait_view *view = context;
    if (view->terminal)
        fprintf(stderr, "\r\033[K%s ...", what);
    else if (time(NULL) - view->began > SILENT_S)
        fprintf(stderr, "%s\n", what);
    view->shown |= view->terminal;
}

static enum inspection_boot boot_when(const struct cli_args *args) {
    return cli_has(args, "no-text")      ? INSPECTION_BOOT_BLIND
           : cli_has(args, "emulate")    ? INSPECTION_BOOT_ALWAYS
           : cli_has(args, "no-emulate") ? INSPECTION_BOOT_NEVER
                                         : INSPECTION_BOOT_IF_NEEDED;
}

static enum cli_exit inspect_bytes(const struct cli_args *args, struct file *file,
                                   struct report_options *options) {
    char why[400];
    struct wait_view view = {.terminal = isatty(STDERR_FILENO), .began = time(NULL)};
    const struct recovery_progress progress = {on_progress, &view};
    struct inspection *in =
        file->size ? inspection_make_booted(file->data, file->size, boot_when(args), &progress)
                   : calloc(1, sizeof *in);
    if (view.shown)
        fputs("\r\033[K", stderr);
    if (!in)
        return cli_fail(args, CLI_FAILED, "%s: out of memory", options->path);
    enum cli_exit code = CLI_OK;
    if (says_nothing(in, why, sizeof why, options->path))
        code = refuse(args, options->path, why);
    else if (cli_has(args, "good"))
        code = compare_boot(args, in);
    if (code == CLI_OK)
        code = show(args, in, options);
    inspection_free(in);
    return code;
}

static enum cli_exit inspect_file(const struct cli_args *args, const char *path, bool colour) {
    struct file file = {0};
    char why[400], reason[300];
    struct report_options options = {.path = path,
                                     .colour = colour,
                                     .reveal = cli_has(args, "reveal"),
                                     .table = cli_has(args, "map")};
    if (!file_read(path, FILE_IMAGE_LIMIT, &file, why, sizeof why))
        return refuse(args, path, why);
    enum cli_exit code;
    if (file_unpack(&file, FILE_IMAGE_LIMIT, &options.packed, reason, sizeof reason))
        code = inspect_bytes(args, &file, &options);
    else {
        snprintf(why, sizeof why, "%s: %s", path, reason);
        code = refuse(args, path, why);
    }
    file_free(&file);
    return code;
}

static enum cli_exit run(const struct cli_args *args) {
    bool one = cli_has(args, "template") || cli_has(args, "svg");
    bool colour = term_colour(stdout, cli_get(args, "color"));
    enum cli_exit worst = CLI_OK;
    if (one && args->count > 1)
        return cli_fail(args, CLI_USAGE, "--template and --svg take one file at a time");
    if (cli_has(args, "out") && !cli_has(args, "template"))
        return cli_fail(args, CLI_USAGE, "--out goes with --template");
    if (args->count > 1 && !cli_has(args, "json"))
        report_row_head(stdout, colour);
    for (int i = 0; i < args->count; i++) {
        enum cli_exit code = inspect_file(args, args->positional[i], colour);
        fflush(stdout);
        worst = code > worst ? code : worst;
    }
    return worst;
}

static const struct cli_option options[] = {
    {"json", 'j', NULL, "one JSON object for each file (docs/reference/inspect-json.md)", NULL,
     false},
    {"compact", 0, NULL, "with --json: one line even for a single file", NULL, false},
    {"map", 'm', NULL, "show the regions as a table, too", NULL, false},
    {"reveal", 0, NULL, "show Wi-Fi names, passwords, keys and ids instead of masking them", NULL,
     false},
    {"emulate", 0, NULL, "boot the dump in software even if its configuration was found", NULL,
     false},
    {"no-text", 0, NULL,
     "boot it and find pins only by watching and pressing, as if no configuration were in it", NULL,
     false},
    {"no-emulate", 0, NULL, "do not boot it, even if no configuration was found", NULL, false},
    {"template", 't', "KIND", "write the configuration for another firmware instead of the report",
     "obk|esphome|tasmota", false},
    {"out", 'o', "FILE", "where the template goes (default: standard output)", NULL, false},
    {"good", 0, "FILE", "tell to the byte where the bootloader differs from this file's", NULL,
     false},
    {"svg", 0, "FILE", "draw the module with its roles as a picture", NULL, false},
    {"force", 'f', NULL, "replace files that exist", NULL, false},
    {"color", 0, "WHEN", "colour: auto (on a terminal, unless NO_COLOR is set), always, never",
     "auto|always|never", false},
    {0},
};

static const struct cli_example examples[] = {
    {"inspect plug.bin", "everything the dump knows about the plug"},
    {"inspect --template obk --out plug.json plug.bin", "its template for OpenBeken"},
    {"inspect --template esphome plug.bin", "the same as an ESPHome configuration"},
    {"inspect dumps/*.bin.xz", "one line for each of many dumps"},
    {"inspect --json plug.bin", "for a program to read"},
    {"inspect --good other.bin plug.bin", "which bytes of a damaged bootloader are wrong"},
    {"inspect --no-text plug.bin", "what pins tell by themselves, held against the stored ones"},
    {"inspect boot.log", "pins out of a saved boot log"},
    {0},
};

const struct cli_command cmd_inspect = {
    .name = "inspect",
    .face = CLI_WORKBENCH,
    .summary = "say what a dump or firmware file is, and how the plug is wired",
    .arguments = "FILE...",
    .least = 1,
    .most = -1,
    .description =
        "Takes any flash dump or firmware file of a Beken plug (full or partial dumps, QIO, UA, "
        "RBL and UG files, also packed with xz or gzip), a saved boot log, or a copied forum "
        "listing, and tells what it is: chip and bootloader and whether they are whole, what runs "
        "on it, the pin configuration in words, the module's pin-out, the datapoints, and what to "
        "do next. '-' reads standard input.\n\n"
        "Secrets (Wi-Fi, cloud keys, device ids) are masked unless --reveal is given.\n\n"
        "With several files one line is printed for each, or one JSON object a line with --json; a "
        "bad file does not stop the others. The exit code is 1 when any file could not be read or "
        "tells nothing.",
    .options = options,
    .examples = examples,
    .run = run,
};
