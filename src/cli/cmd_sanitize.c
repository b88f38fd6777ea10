/* plugsmith sanitize: a copy of a dump that is fit to publish. */
#include "cli/commands.h"
#include "workbench/host/file.h"
#include "workbench/inspector/sanitize.h"

#include <stdlib.h>

static void print_report(FILE *out, const struct sanitize *report) {
    if (report->row_count == 0)
        fprintf(out, "nothing to remove was found\n");
    else
        fprintf(out, "removed:\n");
    for (int i = 0; i < report->row_count; i++)
        fprintf(out, "  %4d x %s\n", report->row[i].count, report->row[i].what);
}

static enum cli_exit sanitize_file(const struct cli_args *args, const struct file *in,
                                   uint8_t *copy, struct sanitize *report) {
    const char *from = args->positional[0], *to = args->positional[1];
    char why[256];
    memcpy(copy, in->data, in->size);
    if (!sanitize_image(copy, in->size, report, why, sizeof why) ||
        !sanitize_verify(in->data, copy, in->size, report, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s: %s; nothing written", from, why);
    if (!file_write(to, copy, in->size, cli_has(args, "force"), why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    FILE *out = strcmp(to, "-") == 0 ? stderr : stdout;
    print_report(out, report);
    if (!report->storage_found)
        fprintf(stderr,
                "plugsmith sanitize: warning: %s: no Tuya storage is readable in it; whatever is "
                "encrypted there is unchanged\n",
                from);
    fprintf(out,
            "%s: read back and checked: everything else is as it was, none of the removed "
            "texts is left. The storage key stays; it only opens this storage.\n",
            to);
    return CLI_OK;
}

static enum cli_exit run(const struct cli_args *args) {
    struct file in;
    char why[256];
    if (!file_read(args->positional[0], FILE_IMAGE_LIMIT, &in, why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    uint8_t *copy = malloc(in.size + 1);
    struct sanitize *report = calloc(1, sizeof *report);
    enum cli_exit code = CLI_FAILED;
    if (in.size == 0)
        cli_fail(args, CLI_FAILED, "%s: the file is empty", args->positional[0]);
    else if (!copy || !report)
        cli_fail(args, CLI_FAILED, "out of memory");
    else
        code = sanitize_file(args, &in, copy, report);
    if (report)
        sanitize_free(report);
    free(report);
    free(copy);
    file_free(&in);
    return code;
}

static const struct cli_option options[] = {
    {"force", 'f', NULL, "replace OUT when it exists", NULL, false},
    {0},
};

static const struct cli_example examples[] = {
    {"sanitize plug.bin plug-public.bin", "a copy to attach to a bug report"},
    {0},
};

const struct cli_command cmd_sanitize = {
    .name = "sanitize",
    .face = CLI_WORKBENCH,
    .summary = "copy a dump without its secrets",
    .arguments = "IN OUT",
    .least = 2,
    .most = 2,
    .description =
        "Writes a copy that is fit to publish. Wi-Fi names and passwords, cloud keys, device ids, "
        "tokens and MAC addresses are replaced by placeholders of the same length: in the live "
        "values, in older copies and swap sectors, in protected blocks, user files, the RF block "
        "and OpenBeken's configuration. Pages and blocks that nothing refers to are wiped, all "
        "sums made right again and the sectors encrypted as before, so that every other tool still "
        "reads the copy. Code regions are not touched.\n\n"
        "It says what was removed by name, never a value, and reads its own result again: when a "
        "removed text is left or another value changed, nothing is written.",
    .options = options,
    .examples = examples,
    .run = run,
};
