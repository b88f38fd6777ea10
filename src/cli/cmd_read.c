/* plugsmith read: a range of the flash into a file. */
#include "cli/chip_job.h"
#include "cli/commands.h"
#include "workbench/host/file.h"

static enum cli_exit run(const struct cli_args *args) {
    struct chip_job job;
    struct backup b;
    char why[256];
    if (!file_can_write(args->positional[2], cli_has(args, "force"), why, sizeof why))
        return cli_fail(args, CLI_FAILED, "%s", why);
    enum cli_exit code = chip_job_begin(&job, args);
    if (code != CLI_OK)
        return code;
    struct session *s = &job.session;
    uint32_t start, size;
    if (!chip_job_range(&job, args->positional[0], args->positional[1], &start, &size))
        return chip_job_close(&job, CLI_USAGE);
    if (!backup_alloc(&b, start, size))
        return chip_job_end(&job, session_fail(s, STATUS_NO_SPACE, "no memory"));
    enum status status = backup_run(s, &b);
    if (backup_count(&b, SECTOR_UNREAD) < size / BEKEN_SECTOR &&
        !file_write(args->positional[2], b.data, size, cli_has(args, "force"), why, sizeof why))
        status = session_fail(s, STATUS_IO, "%s", why);
    if (status == STATUS_OK)
        chip_job_say(&job, "read", NULL, "%s: %u bytes from %06X, verified", args->positional[2],
                     (unsigned)size, (unsigned)start);
    backup_free(&b);
    return chip_job_end(&job, status);
}

static const struct cli_option options[] = {
    CHIP_JOB_OPTIONS,
    {"force", 'f', NULL, "replace an existing file", NULL, false},
    {0},
};
static const struct cli_example examples[] = {
    {"read -p /dev/ttyUSB0 0x1D0000 0x1000 rf.bin", "the RF block of a BK7231N"},
    {0},
};
const struct cli_command cmd_read = {
    .name = "read",
    .face = CLI_WORKBENCH,
    .summary = "read a range of a chip's flash",
    .arguments = "OFFSET SIZE FILE",
    .least = 3,
    .most = 3,
    .description = "Reads SIZE bytes from OFFSET (multiples of 0x1000), verified by the chip's own "
                   "checksum.",
    .options = options,
    .examples = examples,
    .run = run,
};
