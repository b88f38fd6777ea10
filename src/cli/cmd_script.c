/* plugsmith script: looks at a script the way a plug does, or runs it on a virtual plug in virtual
 * time. The same compiler speaks here and in the plug, so what passes here passes there. */
#include "cli/commands.h"
#include "cli/plug_source.h"
#include "cli/script_lint.h"
#include "cli/script_missing.h"
#include "cli/script_run.h"
#include "cli/sim_load.h"
#include "device/script/script.h"
#include "device/store/files.h"
#include "workbench/host/file.h"

#include <stdlib.h>
#include <string.h>

enum { WHY = 512, READ_LIMIT = 4 << 20 };

struct checking {
    struct lint_finding *findings;
    unsigned count, room;
};

static void add(void *context, const struct lint_finding *finding) {
    struct checking *c = context;
    if (c->count == c->room) {
        unsigned room = c->room ? c->room * 2 : 64;
        struct lint_finding *grown = realloc(c->findings, room * sizeof *grown);
        if (!grown)
            return;
        c->findings = grown;
        c->room = room;
    }
    c->findings[c->count++] = *finding;
}

/* Lines of the loader are "name:line:column: text". */
static void hear(void *context, enum log_level level, const char *module, const char *text) {
    struct lint_finding f = {0};
    if (strcmp(module, "script") != 0 || level > LOG_WARN)
        return;
    const char *place = strchr(text, ':');
    char *end = NULL;
    f.line = place ? (unsigned)strtoul(place + 1, &end, 10) : 0;
    f.column = f.line && *end == ':' ? (unsigned)strtoul(end + 1, &end, 10) : 0;
    bool placed = f.column && *end == ':';
    if (!placed)
        f.line = f.column = 0;
    snprintf(f.text, sizeof f.text, "%s", placed ? end + 1 + strspn(end + 1, " ") : text);
    add(context, &f);
}

static int by_place(const void *a, const void *b) {
    const struct lint_finding *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return x->column < y->column ? -1 : x->column > y->column;
}

static void show(const char *path, const struct checking *c) {
    for (unsigned i = 0; i < c->count; i++) {
        const struct lint_finding *f = &c->findings[i];
        if (f->line)
            printf("%s:%u:%u: %s\n", path, f->line, f->column, f->text);
        else
            printf("%s: %s\n", path, f->text);
    }
    if (c->count)
        printf("%u finding%s; the other lines run\n", c->count, c->count == 1 ? "" : "s");
    else
        printf("%s: nothing to object to\n", path);
}

static enum cli_exit check(const struct cli_args *args, struct plug *plug, const char *path,
                           const struct file *file) {
    struct checking checking = {0};
    plug->device.log.sink = (struct log_sink){hear, &checking};
    if (!script_load(&plug->device, "autoexec.bat") && !checking.count) {
        free(checking.findings);
        return cli_fail(args, CLI_FAILED, "%s: cannot be loaded", path);
    }
    plug->device.log.sink = (struct log_sink){0};
    script_lint(&plug->device, cli_has(args, "template") || cli_has(args, "set"),
                (const char *)file->data, file->size, add, &checking);
    if (checking.count)
        qsort(checking.findings, checking.count, sizeof *checking.findings, by_place);
    show(path, &checking);
    free(checking.findings);
    return checking.count ? CLI_FAILED : CLI_OK;
}

/* Pins as asked for; a plug with one button and one relay when nothing was. */
static bool configure(const struct cli_args *args, struct plug *plug, bool runs, char *why) {
    const char *text = cli_get(args, "template");
    if (text && !plug_source_template(plug, text, why, WHY))
        return false;
    for (int i = 0; (text = cli_get_nth(args, "set", i)) != NULL; i++)
        if (!plug_source_set(plug, text, why, WHY))
            return false;
    text = cli_get(args, "load");
    bool metered = text && plug_source_is_bare(plug);
    if (runs)
        plug_source_bare(plug);
    if (metered)
        sim_load_meter(plug);
    settings_save(&plug->device);
    return !text || sim_load(plug, text, why, WHY);
}

static enum cli_exit work(const struct cli_args *args, struct plug *plug, const struct file *file) {
    const char *path = args->positional[1];
    bool runs = strcmp(args->positional[0], "run") == 0;
    char why[WHY];
    if (!configure(args, plug, runs, why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    enum status status =
        store_file_write(&plug->device.store, "autoexec.bat", file->data, file->size);
    if (status != STATUS_OK)
        return cli_fail(args, CLI_FAILED, "%s: %s (a plug takes files up to %d bytes)", path,
                        status_text(status), FILE_SIZE_MAX);
    return runs ? script_run(args, plug) : check(args, plug, path, file);
}

static enum cli_exit run(const struct cli_args *args) {
    struct file file;
    char why[WHY];
    const char *chip = cli_get(args, "chip");
    struct plug *plug = calloc(1, sizeof *plug);
    if (!plug || !plug_init(plug, chip ? chip : "BK7231N")) {
        free(plug);
        return cli_fail(args, CLI_USAGE, "unknown chip \"%s\"", chip ? chip : "BK7231N");
    }
    enum cli_exit code = CLI_FAILED;
    if (strcmp(args->positional[0], "missing") == 0) {
        code = script_missing(&plug->device.hal.chip);
    } else if (args->count < 2) {
        code = cli_fail(args, CLI_USAGE, "%s needs a FILE", args->positional[0]);
    } else if (!file_read(args->positional[1], READ_LIMIT, &file, why, sizeof why)) {
        code = cli_fail(args, CLI_FAILED, "%s", why);
    } else {
        code = work(args, plug, &file);
        file_free(&file);
    }
    plug_free(plug);
    free(plug);
    return code;
}

static const struct cli_option options[] = {
    {"chip", 0, "NAME", "the chip the plug has (default BK7231N)", NULL, false},
    {"template", 't', "FILE", "pins, flags and startup command from an OpenBeken template", NULL,
     false},
    {"set", 0, "KEY=VALUE", "a setting, flag<n>, P<n>=Role;channel or ch<n>", NULL, true},
    {"load", 'l', "PROFILE",
     "run: what is plugged in, like \"0m 60W; 20m 3W\", or a file of V,A,W; shows truth beside "
     "reading",
     NULL, false},
    {"for", 0, "TIME", "run: how long, like 90s, 15m, 1h, 2d (default 1h)", NULL, false},
    {"press", 'p', "PIN@TIME", "run: a finger on a button, P24@5m, or P24@5m+2s to hold it", NULL,
     true},
    {NULL, 0, NULL, NULL, NULL, false},
};

static const struct cli_example examples[] = {
    {"script check autoexec.bat", "what a plug would say about it, and what it would not"},
    {"script check autoexec.bat --chip BK7231N --template plug.json", "with its pins known"},
    {"script missing --chip BK7231T", "what a script for that chip had better not need"},
    {"script run charger.bat --load \"0m 60W; 20m 3W\" --press P24@1m --for 40m",
     "when does it switch off?"},
    {NULL, NULL},
};

const struct cli_command cmd_script = {
    .name = "script",
    .face = CLI_VIRTUAL,
    .summary = "check a script, or run it on a virtual plug with a timeline",
    .arguments = "check|run FILE, or missing",
    .least = 1,
    .most = 2,
    .verbs = "check|run|missing",
    .description =
        "check compiles FILE as a plug does and shows every finding with line and column: unknown "
        "commands,\nroles, types, events and constants with the nearest known one, malformed "
        "conditions, channels that\nare read but never set, handlers that can never run, loops "
        "that never wait, pins and commands that\nthe chip lacks. Exit code 1 when there is "
        "any.\n\n"
        "run puts FILE into a virtual plug as its autoexec.bat and prints what changes, in virtual "
        "time.\nWithout --template the plug has a relay on P26 and a button on P24, both channel "
        "1, and with\n--load a BL0937 on P6, P7 and P8.\n\n"
        "missing lists what a script cannot use: what OpenBeken lacks on the chip, and commands, "
        "drivers and\npin roles that this build knows by name only.",
    .options = options,
    .examples = examples,
    .run = run,
};
