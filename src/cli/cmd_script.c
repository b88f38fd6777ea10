/* plugsmith script check: loads a script the way a plug does and shows what the loader finds. The
 * same compiler speaks in both places, so what passes here passes there. */
#include "cli/commands.h"
#include "device/device.h"
#include "device/script/script.h"
#include "device/store/files.h"
#include "virtual/plug/plug.h"
#include "workbench/host/file.h"

#include <stdlib.h>
#include <string.h>

struct checking {
    const char *path;
    unsigned findings;
};

/* Lines of the loader begin with the name it knows, then line and column. */
static void show(void *context, enum log_level level, const char *module, const char *text) {
    struct checking *c = context;
    if (strcmp(module, "script") != 0 || level > LOG_WARN)
        return;
    const char *place = strchr(text, ':');
    printf("%s%s\n", c->path, place ? place : text);
    c->findings++;
}

static enum cli_exit check(const struct cli_args *args, struct plug *plug, struct file *file) {
    struct checking checking = {.path = args->positional[1]};
    enum status status = store_file_write(&plug->device.store, "script", file->data, file->size);
    if (status != STATUS_OK)
        return cli_fail(args, CLI_FAILED, "%s: %s (a plug takes files up to %d bytes)",
                        checking.path, status_text(status), FILE_SIZE_MAX);
    plug->device.log.sink = (struct log_sink){show, &checking};
    bool loaded = script_load(&plug->device, "script") != NULL;
    if (!loaded && !checking.findings)
        return cli_fail(args, CLI_FAILED, "%s: cannot be loaded", checking.path);
    if (checking.findings)
        printf("%u finding%s; the other lines run\n", checking.findings,
               checking.findings == 1 ? "" : "s");
    else
        printf("%s: nothing to object to\n", checking.path);
    return checking.findings ? CLI_FAILED : CLI_OK;
}

static enum cli_exit run(const struct cli_args *args) {
    struct file file;
    char why[512];
    struct plug *plug = calloc(1, sizeof *plug);
    enum cli_exit code = CLI_FAILED;
    if (!plug || !plug_init(plug, "BK7231N")) {
        free(plug);
        return cli_fail(args, CLI_FAILED, "out of memory");
    }
    if (!file_read(args->positional[1], 1 << 20, &file, why, sizeof why)) {
        code = cli_fail(args, CLI_FAILED, "%s", why);
    } else {
        code = check(args, plug, &file);
        file_free(&file);
    }
    plug_free(plug);
    free(plug);
    return code;
}

static const struct cli_example examples[] = {
    {"script check autoexec.bat", "what a plug would say about it"},
    {NULL, NULL},
};

const struct cli_command cmd_script = {
    .name = "script",
    .face = CLI_VIRTUAL,
    .summary = "check a script before a plug runs it",
    .arguments = "check FILE",
    .least = 2,
    .most = 2,
    .verbs = "check",
    .description = "Compiles FILE as a plug does and shows every finding with line and column: "
                   "unknown commands with\nthe nearest known one, malformed conditions, unknown "
                   "constants, what does not fit. Exit code 1\nwhen there is any.",
    .examples = examples,
    .run = run,
};
